"""From the log to the queue: for each entry a waiting delivery for every endpoint that wants it.

One process at a time follows the log (the cursor is locked); the rows and the cursor's move are one transaction, so
that each entry is dealt with exactly once. Endpoints that are off or paused get their rows too: those are held.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from event_manager.eventlog import reading
from event_manager.eventlog.reading import Position, position_of
from event_manager.kit import logs
from event_manager.kit.clock import given_time
from event_manager.kit.db import Row
from event_manager.kit.work import Work
from event_manager.webhooks import compiled
from event_manager.webhooks.compiled import Compiled, compile_endpoint
from event_manager.webhooks.messages import Addresses, message_of
from event_manager.webhooks.waking import wake_dispatchers

CURSOR = "webhooks.fan-out"
BATCH = 1000
VERSIONS = """
    SELECT id, version FROM webhook_endpoints WHERE tenant_id = ANY (%s) AND kind = 'http'"""
ENDPOINTS = f"""
    SELECT {compiled.COLUMNS}, t.slug FROM webhook_endpoints e JOIN tenants t ON t.id = e.tenant_id
     WHERE e.tenant_id = ANY (%s) AND e.id = ANY (%s)"""  # noqa: S608 - constants
FIRST = """
    SELECT start_xid::text::bigint AS xid, start_id AS id FROM webhook_endpoints WHERE kind = 'http'
     ORDER BY start_xid, start_id LIMIT 1"""
# In the order given, since ids are drawn in that order, and ordered endpoints are served by them. The statement's time,
# not now(): a process whose transaction began early and got the cursor late must not queue before what was queued.
QUEUE = """
    INSERT INTO webhook_queue (tenant_id, endpoint_id, event_id, event_type, ord_key, next_at)
    SELECT t, e, v, n, o, coalesce(%s, statement_timestamp())
      FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::uuid[]) AS u (t, e, v, n, o)"""
log = logs.logger(__name__)


class FanOut:
    """Remembers compiled endpoints from batch to batch."""

    def __init__(self, secret_key: str, addresses: Addresses) -> None:
        self._secret_key = secret_key
        self._addresses = addresses
        self._begun = False
        self._kept: dict[UUID, tuple[Compiled, str]] = {}
        self._wanted: dict[tuple[UUID, int, str], bool] = {}

    async def run(self, work: Work, limit: int = BATCH) -> tuple[int, Row | None]:
        """Deal with the next entries; returns how many, and the last of them. The caller commits (platform work).

        0 when nothing waits or another process is at it.
        """
        start = reading.BEGINNING if self._begun else await self._start(work)
        cursor = await reading.take_cursor(work, CURSOR, start=start)
        self._begun = True
        if cursor is None:
            return 0, None
        entries = await reading.read_after(work, cursor, limit)
        if not entries:
            return 0, None
        by_tenant = await self._endpoints(work, {row["tenant_id"] for row in entries})
        rows = [
            (row["tenant_id"], endpoint.id, row["id"], row["type"], row["entity_id"])
            for row in entries
            for endpoint in self._wanting(row, by_tenant.get(row["tenant_id"], ()))
        ]
        if rows:
            await work.sql(QUEUE, (given_time(work.clock), *(list(column) for column in zip(*rows, strict=True))))
            wake_dispatchers(work)
        await reading.advance(work, CURSOR, position_of(entries[-1]))
        return len(entries), entries[-1]

    async def _start(self, work: Work) -> Position:
        """Where a first fan-out begins: nothing before the oldest endpoint concerns anybody."""
        rows = await work.sql(FIRST)
        return Position(rows[0]["xid"], rows[0]["id"]) if rows else await reading.newest(work)

    async def _endpoints(self, work: Work, tenants: set[UUID]) -> Mapping[UUID, Sequence[tuple[Compiled, str]]]:
        """The endpoints of these tenants, compiled, with their tenant's short name; what changed is read anew."""
        current = {row["id"]: row["version"] for row in await work.sql(VERSIONS, (list(tenants),))}
        stale = [
            key for key, version in current.items() if key not in self._kept or self._kept[key][0].version != version
        ]
        if stale:
            for row in await work.sql(ENDPOINTS, (list(tenants), stale)):
                self._kept[row["id"]] = (compile_endpoint(row, self._secret_key), row["slug"])
        by_tenant: defaultdict[UUID, list[tuple[Compiled, str]]] = defaultdict(list)
        for key in current:
            if key in self._kept:
                by_tenant[self._kept[key][0].tenant_id].append(self._kept[key])
        return by_tenant

    def _wanting(self, row: Row, endpoints: Sequence[tuple[Compiled, str]]) -> list[Compiled]:
        place = position_of(row)
        return [
            endpoint
            for endpoint, slug in endpoints
            if place > endpoint.start and self._wants(endpoint, row, slug) and not _about(row, endpoint.id)
        ]

    def _wants(self, endpoint: Compiled, row: Row, slug: str) -> bool:
        """Whether type and content fit. An endpoint that cannot be used gets its rows, which end as dead, with why."""
        if not self._wants_type(endpoint, row["type"]):
            return False
        if endpoint.matches is None:
            return True
        try:
            return endpoint.wants(message_of(row, slug, self._addresses))
        except Exception:  # one tenant's filter must not stop the others' deliveries
            log.exception("filter failed", endpoint=str(endpoint.id))
            return True

    def _wants_type(self, endpoint: Compiled, name: str) -> bool:
        key = (endpoint.id, endpoint.version, name)
        found = self._wanted.get(key)
        if found is None:
            if len(self._wanted) > 100_000:
                self._wanted.clear()
            found = self._wanted[key] = endpoint.wants_type(name)
        return found


def _about(row: Row, endpoint: UUID) -> bool:
    """An endpoint is never told about itself: what tells of its failure would fail as well, and so on."""
    return row["entity_id"] == endpoint and bool(row["type"].startswith("webhook."))
