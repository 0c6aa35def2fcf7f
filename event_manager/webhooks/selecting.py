"""Which entries of the log a replay sends to which endpoints: one walk, by which it is both counted and queued.

An entry is chosen for an endpoint if it fits the endpoint's types and filter as they are now, the replay's own
conditions, and what became of it there so far ("failed", "never-sent", "all"). Entries of a type that only made sense
at its moment (`EventType.replayable`) are never chosen.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from event_manager.eventlog import reading
from event_manager.eventlog.queries import known_types
from event_manager.eventlog.reading import IN_ORDER, Position, position_of
from event_manager.kit.db import Row
from event_manager.kit.work import Work
from event_manager.webhooks import compiled
from event_manager.webhooks.compiled import Compiled, compile_endpoint
from event_manager.webhooks.filters import compile_types
from event_manager.webhooks.messages import Addresses, message_of

Which = Literal["failed", "never-sent", "all"]
LIGHT = "e.id, e.tenant_id, e.type, e.entity_id, e.xid::text::bigint AS xid"
# An entry's id is older than its commit by the length of its transaction; the bounds of ids only spare partitions.
ENTRIES = """
    SELECT {columns} FROM event_log e
     WHERE e.tenant_id = %(tenant)s AND e.xid < event_log_horizon()
       AND (e.xid, e.id) > (%(xid)s::text::xid8, %(id)s) AND (e.xid, e.id) <= (%(until_xid)s::text::xid8, %(until_id)s)
       AND e.type = ANY (%(types)s)
       AND (%(entity)s::uuid IS NULL OR e.entity_id = %(entity)s)
       AND (%(since)s::timestamptz IS NULL
            OR e.at >= %(since)s AND e.id >= uuidv7_floor(%(since)s - interval '1 hour'))
       AND (%(before)s::timestamptz IS NULL
            OR e.at < %(before)s AND e.id < uuidv7_floor(%(before)s + interval '1 hour'))
     ORDER BY e.xid, e.id LIMIT %(limit)s"""
ENDED = """
    SELECT event_id, endpoint_id, bool_or(outcome = 'succeeded') AS succeeded, bool_or(outcome = 'dead') AS dead
      FROM webhook_deliveries
     WHERE tenant_id = %(tenant)s AND event_id = ANY (%(events)s) AND endpoint_id = ANY (%(endpoints)s)
     GROUP BY event_id, endpoint_id"""
WAITING = """
    SELECT event_id, endpoint_id FROM webhook_queue
     WHERE tenant_id = %(tenant)s AND event_id = ANY (%(events)s) AND endpoint_id = ANY (%(endpoints)s)"""
ENDPOINTS = f"""
    SELECT {compiled.COLUMNS}, t.slug FROM webhook_endpoints e JOIN tenants t ON t.id = e.tenant_id
     WHERE e.tenant_id = %s AND e.id = ANY (%s) ORDER BY e.id"""  # noqa: S608 - constants


class Selector(BaseModel):
    """What a replay was asked for, as it is stored. ``types``: patterns, [] is any. ``suffix``: see `models.Queued`."""

    model_config = ConfigDict(frozen=True)

    webhook_ids: tuple[UUID, ...]
    types: tuple[str, ...] = ()
    entity_type: str | None = None
    entity_id: UUID | None = None
    since: datetime | None = None
    before: datetime | None = None
    which: Which = "all"
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An entry, and the endpoints it goes to: none where their filters leave nothing of it."""

    row: Row
    endpoints: tuple[UUID, ...]

    @property
    def position(self) -> Position:
        """The place right behind it."""
        return position_of(self.row)


class Selection:
    """A selector made ready: its endpoints compiled, its types by name."""

    def __init__(self, tenant: UUID, selector: Selector, endpoints: Sequence[Row], key: str, at: Addresses) -> None:
        self.tenant = tenant
        self.selector = selector
        self._endpoints = [compile_endpoint(row, key) for row in endpoints]
        self._slug = endpoints[0]["slug"] if endpoints else ""
        self._addresses = at
        self._types = self._wanted_types()
        filtered = any(endpoint.matches is not None for endpoint in self._endpoints)
        self._query = ENTRIES.format(columns=reading.COLUMNS if filtered else LIGHT)

    async def read(self, work: Work, after: Position, until: Position, limit: int) -> list[Chosen]:
        """The next entries behind `after`, at most `limit`; fewer means that there are no more for now."""
        chosen = self.selector
        given = {
            "tenant": self.tenant, "xid": after.xid, "id": after.id, "until_xid": until.xid, "until_id": until.id,
            "types": list(self._types), "entity": chosen.entity_id, "since": chosen.since, "before": chosen.before,
            "limit": limit,
        }  # fmt: skip
        await work.sql(IN_ORDER)
        rows = await work.sql(self._query, given)
        fitting = {row["id"]: self._fitting(row) for row in rows}
        passed = await self._passed_over(work, fitting)
        return [Chosen(row, tuple(e for e in fitting[row["id"]] if (row["id"], e) not in passed)) for row in rows]

    async def walk(
        self, work: Work, until: Position, *, after: Position = reading.BEGINNING, batch: int = 2000
    ) -> AsyncIterator[Chosen]:
        """Everything chosen between two places, in order."""
        at = after
        while True:
            found = await self.read(work, at, until, batch)
            for one in found:
                yield one
            if len(found) < batch:
                return
            at = found[-1].position

    def _wanted_types(self) -> frozenset[str]:
        known, chosen = known_types(), self.selector
        names = [cls.name for cls in known if cls.replayable and chosen.entity_type in (None, cls.entity_type)]
        if chosen.types:
            fits = compile_types(chosen.types, [cls.name for cls in known])
            names = [name for name in names if fits(name)]
        return frozenset(name for name in names if any(each.wants_type(name) for each in self._endpoints))

    def _fitting(self, row: Row) -> tuple[UUID, ...]:
        return tuple(each.id for each in self._endpoints if self._fits(each, row))

    def _fits(self, endpoint: Compiled, row: Row) -> bool:
        about_itself = row["entity_id"] == endpoint.id and row["type"].startswith("webhook.")
        if about_itself or not endpoint.wants_type(row["type"]):
            return False
        return endpoint.matches is None or endpoint.wants(message_of(row, self._slug, self._addresses))

    async def _passed_over(self, work: Work, fitting: dict[UUID, tuple[UUID, ...]]) -> set[tuple[UUID, UUID]]:
        """Pairs of entry and endpoint that the state asked for leaves out."""
        pairs = {(event, endpoint) for event, endpoints in fitting.items() for endpoint in endpoints}
        which = self.selector.which
        if which == "all" or not pairs:
            return set()
        given = {
            "tenant": self.tenant, "events": list({event for event, _ in pairs}),
            "endpoints": [endpoint.id for endpoint in self._endpoints],
        }  # fmt: skip
        ended = {(row["event_id"], row["endpoint_id"]): row for row in await work.sql(ENDED, given)}
        waiting = {(row["event_id"], row["endpoint_id"]) for row in await work.sql(WAITING, given)}
        tried = {pair for pair, row in ended.items() if row["succeeded"] or row["dead"]}
        failed = {pair for pair, row in ended.items() if row["dead"] and not row["succeeded"]}
        return (pairs - failed if which == "failed" else tried) | waiting


async def select(work: Work, tenant: UUID, selector: Selector, *, secret_key: str, addresses: Addresses) -> Selection:
    """Make a selector ready; endpoints that are gone are left out."""
    endpoints = await work.sql(ENDPOINTS, (tenant, list(selector.webhook_ids)))
    return Selection(tenant, selector, endpoints, secret_key, addresses)


def unsaved(tenant: UUID, slug: str, types: Sequence[str], content: Mapping[str, Any] | None) -> Row:
    """What `Selection` needs of an endpoint that is not stored yet: its types and its filter, under the nil id."""
    return {
        "tenant_id": tenant, "id": UUID(int=0), "name": "", "version": 1, "enabled": True, "kind": "http", "url": "",
        "types": types, "filter": content, "transform": None, "template": None, "format": "thin", "credentials": None,
        "delays": None, "timeout_ms": 1000, "rate_per_minute": None, "max_in_flight": None, "ordering": "none",
        "blocks_on_dead": False, "health": {}, "start_xid": 0, "start_id": UUID(int=0), "sealed": [], "expiries": [],
        "slug": slug,
    }  # fmt: skip
