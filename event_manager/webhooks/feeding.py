"""Pull feeds: entries of the log as messages that a receiver comes to fetch, page by page, in the order of commits.

Nothing is kept of what was fetched: the cursor is the receiver's own, so the same cursor gives the same messages again.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from event_manager.eventlog.queries import known_types
from event_manager.eventlog.reading import Position, newest, position_of, read_after
from event_manager.kit.db import Row
from event_manager.kit.work import Work
from event_manager.webhooks.compiled import Compiled, compile_endpoint
from event_manager.webhooks.errors import FeedOff, NotForThisKind, WebhookNotFound
from event_manager.webhooks.messages import Addresses, message_of
from event_manager.webhooks.requests import shape_or_thin
from event_manager.webhooks.selecting import ENDPOINTS

READ_AT_ONCE = 500
READS_A_PAGE = 10
"""Entries looked at for one page: what fits rarely comes in pages with few messages or none, and `more`."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """``items``: messages as JSON. ``after``: the place to go on from. ``more``: there was more to look at."""

    items: list[bytes]
    after: Position
    more: bool


class Feed:
    """An endpoint of kind feed, ready to be read."""

    def __init__(self, row: Row, secret_key: str, addresses: Addresses) -> None:
        self._endpoint: Compiled = compile_endpoint(row, secret_key)
        if self._endpoint.format == "cloudevents-binary":  # its attributes are headers, of which a page has one set
            self._endpoint = replace(self._endpoint, format="cloudevents-structured")
        self._slug = row["slug"]
        self._addresses = addresses
        self._types = [cls.name for cls in known_types() if self._endpoint.wants_type(cls.name)]

    @property
    def start(self) -> Position:
        """The place from which on the endpoint gets entries."""
        return self._endpoint.start

    async def page(self, work: Work, after: Position, limit: int) -> FeedPage:
        """The next messages behind a place, at most `limit`."""
        horizon, items, at = await newest(work), list[bytes](), max(after, self.start)
        for _ in range(READS_A_PAGE):
            rows = await read_after(work, at, READ_AT_ONCE, tenant=self._endpoint.tenant_id, types=self._types)
            for row in rows:
                at = position_of(row)
                items += self._item(row)
                if len(items) == limit:
                    return FeedPage(items, at, more=True)
            if len(rows) < READ_AT_ONCE:
                return FeedPage(items, max(at, horizon), more=False)
        return FeedPage(items, at, more=True)

    def _item(self, row: Row) -> list[bytes]:
        about_itself = row["entity_id"] == self._endpoint.id and row["type"].startswith("webhook.")
        message = message_of(row, self._slug, self._addresses)
        if about_itself or not self._endpoint.wants(message):
            return []
        return [shape_or_thin(self._endpoint, message).body]


async def open_feed(work: Work, webhook_id: UUID, *, secret_key: str, addresses: Addresses) -> Feed:
    """The feed of a webhook. Raises WebhookNotFound, NotForThisKind, FeedOff."""
    work.allow("log:read")
    rows = await work.sql(ENDPOINTS, (work.tenant, [webhook_id]))
    if not rows:
        raise WebhookNotFound("There is no such webhook; GET /api/events/webhooks lists them.")
    if rows[0]["kind"] != "feed":
        raise NotForThisKind(f"This webhook is of kind {rows[0]['kind']}; what is fetched from is of kind feed.")
    if not rows[0]["enabled"]:
        raise FeedOff("This feed is switched off; whoever manages webhooks can switch it on. Your cursor stays good.")
    return Feed(rows[0], secret_key, addresses)
