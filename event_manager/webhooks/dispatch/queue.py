"""Reads of the queue: which endpoints have something waiting, and the next deliveries of several of them at once.

The queue is never read in order of time: a blocked endpoint with many rows would be waded through for each claim. One
index probe finds the first row of each endpoint and lane, one more range scan for each that is to be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from event_manager.webhooks import compiled
from event_manager.webhooks.dispatch import packing
from event_manager.webhooks.dispatch.session import Session
from event_manager.webhooks.messages import COLUMNS as ENTRY_COLUMNS

FIRSTS = """
    WITH RECURSIVE walk AS (
      (SELECT q.endpoint_id, q.lane, q.next_at, q.tenant_id FROM webhook_queue q
        ORDER BY q.endpoint_id, q.lane, q.next_at, q.id LIMIT 1)
      UNION ALL
      SELECT n.endpoint_id, n.lane, n.next_at, n.tenant_id FROM walk w CROSS JOIN LATERAL (
        SELECT q.endpoint_id, q.lane, q.next_at, q.tenant_id FROM webhook_queue q
         WHERE (q.endpoint_id, q.lane) > (w.endpoint_id, w.lane)
         ORDER BY q.endpoint_id, q.lane, q.next_at, q.id LIMIT 1) n
    )
    SELECT tenant_id, endpoint_id, lane, extract(epoch FROM next_at - coalesce(%s::timestamptz, now()))::float8
      FROM walk"""
VERSIONS = """
    SELECT e.id, e.version FROM unnest(%s::uuid[], %s::uuid[]) AS u (tenant_id, id)
      JOIN webhook_endpoints e ON e.tenant_id = u.tenant_id AND e.id = u.id"""
ENDPOINTS = f"""
    SELECT {compiled.COLUMNS}, t.slug
      FROM unnest(%s::uuid[], %s::uuid[]) AS u (tenant_id, id)
      JOIN webhook_endpoints e ON e.tenant_id = u.tenant_id AND e.id = u.id JOIN tenants t ON t.id = e.tenant_id"""  # noqa: S608 - constants
NEXT = """
    SELECT c.n, q.tenant_id, q.id, q.event_id, q.ord_key, q.attempts, q.replay_id, q.suffix, q.next_at
      FROM unnest(%s::uuid[], %s::smallint[], %s::timestamptz[], %s::uuid[], %s::smallint[])
           WITH ORDINALITY AS c (endpoint_id, lane, after_at, after_id, want, n)
     CROSS JOIN LATERAL (
       SELECT q.* FROM webhook_queue q
        WHERE q.endpoint_id = c.endpoint_id AND q.lane = c.lane AND (q.next_at, q.id) > (c.after_at, c.after_id)
          AND q.next_at <= coalesce(%s::timestamptz, now())
        ORDER BY q.next_at, q.id LIMIT c.want) q"""
NEXT_UNBLOCKED = """
    SELECT 1::bigint, q.tenant_id, q.id, q.event_id, q.ord_key, q.attempts, q.replay_id, q.suffix,
           q.next_at
      FROM webhook_queue q
     WHERE q.endpoint_id = %s AND q.lane = %s AND (q.next_at, q.id) > ((%s::timestamptz[])[1], (%s::uuid[])[1])
       AND q.next_at <= coalesce(%s::timestamptz, now()) AND q.ord_key <> ALL (%s::uuid[])
     ORDER BY q.next_at, q.id LIMIT %s"""
TRIED = """
    SELECT q.endpoint_id, q.ord_key, q.id FROM unnest(%s::uuid[]) AS u (endpoint_id)
      JOIN webhook_queue q ON q.endpoint_id = u.endpoint_id AND q.lane = 1"""
ENTRIES = f"""
    SELECT {ENTRY_COLUMNS}, uuid_send(e.id) FROM unnest(%s::uuid[]) AS u (id) JOIN event_log e ON e.id = u.id"""  # noqa: S608 - constants
ENTRY_NAMES = tuple(name.strip().removeprefix("e.") for name in ENTRY_COLUMNS.split(","))
ENDPOINT_NAMES = (
    "tenant_id", "id", "name", "kind", "url", "types", "filter", "transform", "template", "format", "credentials",
    "delays", "timeout_ms", "rate_per_minute", "max_in_flight", "ordering", "blocks_on_dead", "enabled", "health",
    "start_xid", "start_id", "version", "sealed", "expiries", "slug",
)  # fmt: skip
Key = tuple[UUID, UUID]
"""Tenant and endpoint."""


@dataclass(frozen=True, slots=True)
class First:
    """The first row of an endpoint and lane; ``due_in`` seconds from now, negative where it is due."""

    tenant_id: UUID
    endpoint_id: UUID
    lane: int
    due_in: float


@dataclass(frozen=True, slots=True)
class Wish:
    """The next ``want`` rows of a lane behind ``after`` are asked for; none of the keys in ``without``."""

    endpoint_id: UUID
    lane: int
    after: tuple[bytes, bytes]
    want: int
    without: tuple[bytes, ...] = ()


async def firsts(session: Session, now: datetime | None) -> list[First]:
    """The first row of each endpoint and lane that has any; ``now``: None for the database's time."""
    return [First(*row) for row in await session.run(FIRSTS, (now,))]


async def versions(session: Session, keys: Sequence[Key]) -> dict[UUID, int]:
    """The current version of each of these endpoints that exists."""
    rows = await session.run(VERSIONS, ([t for t, _ in keys], [e for _, e in keys]))
    return {endpoint: version for endpoint, version in rows}  # noqa: C416 - typed


async def endpoints(session: Session, keys: Sequence[Key]) -> list[dict[str, Any]]:
    """Rows for `compile_endpoint`, with their tenant's short name."""
    rows = await session.run(ENDPOINTS, ([t for t, _ in keys], [e for _, e in keys]))
    return [dict(zip(ENDPOINT_NAMES, row, strict=True)) for row in rows]


async def following(session: Session, wishes: Sequence[Wish], now: datetime | None) -> list[list[tuple[Any, ...]]]:
    """Rows for each wish, in the queue's order; ids and times are bytes."""
    found: list[list[tuple[Any, ...]]] = [[] for _ in wishes]
    plain = [at for at, wish in enumerate(wishes) if not wish.without]
    if plain:
        chosen = [wishes[at] for at in plain]
        rows = await session.raw(
            NEXT,
            (
                packing.uuids([w.endpoint_id.bytes for w in chosen]), packing.smallints([w.lane for w in chosen]),
                packing.times([w.after[0] for w in chosen]), packing.uuids([w.after[1] for w in chosen]),
                packing.smallints([w.want for w in chosen]), now,
            ),
        )  # fmt: skip
        for row in rows:
            found[plain[row[0] - 1]].append(row)
    for at, wish in enumerate(wishes):
        if wish.without:
            after = packing.times([wish.after[0]]), packing.uuids([wish.after[1]])
            given = (wish.endpoint_id, wish.lane, *after, now, packing.uuids(wish.without), wish.want)
            found[at] = await session.raw(NEXT_UNBLOCKED, given)
    return found


async def tried(session: Session, endpoint_ids: Sequence[UUID]) -> list[tuple[UUID, bytes, bytes]]:
    """(endpoint, order key, id) of deliveries of these endpoints that were tried and wait for another try."""
    rows = await session.raw(TRIED, (list(endpoint_ids),))
    return [(UUID(bytes=endpoint), key, row) for endpoint, key, row in rows]


async def entries(session: Session, ids: Sequence[bytes]) -> dict[bytes, dict[str, Any]]:
    """Entries of the log by id; those that are gone are missing."""
    rows = await session.run(ENTRIES, (packing.uuids(ids),))
    return {row[-1]: dict(zip(ENTRY_NAMES, row)) for row in rows}  # noqa: B905 - the id again comes last
