"""The sealer: takes committed entries in the order (xid, id), appends them to their tenants' trees, signs the roots.

Platform work, one batch per transaction, one sealer at a time in an installation (advisory lock).
"""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from event_manager.eventlog import checkpoints
from event_manager.eventlog.checkpoints import Checkpoint, Signer
from event_manager.eventlog.merkle import HASH, WIDTH, Frontier
from event_manager.kit.db import Row
from event_manager.kit.work import Work

BATCH = 8000

# The order is that of an index. Statistics of a growing log are always behind, and a planner that underrates the rows
# past the cursor sorts the whole backlog again for each batch; so in this transaction it may not.
LOCK = """
    SELECT pg_try_advisory_xact_lock(hashtext('event_log sealer')) AS mine, set_config('enable_sort', 'off', true),
           set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true)"""
# Below the horizon no transaction can still commit an entry, so the order never changes behind the cursor. One row
# comes back, its columns end to end: thousands of rows cost more to take apart than their hashes to compute.
UNSEALED = """
    SELECT count(*) AS count, coalesce(string_agg(uuid_send(w.tenant_id), '' ORDER BY w.xid, w.id), '') AS tenants,
           coalesce(string_agg(uuid_send(w.id), '' ORDER BY w.xid, w.id), '') AS ids,
           coalesce(string_agg(xid8send(w.xid), '' ORDER BY w.xid, w.id), '') AS xids,
           coalesce(string_agg(w.leaf, '' ORDER BY w.xid, w.id), '') AS leaves
      FROM (SELECT e.tenant_id, e.id, e.xid, event_log_leaf(e) AS leaf FROM event_log e
             WHERE (e.xid, e.id) > (%s::text::xid8, %s) AND e.xid < event_log_horizon()
             ORDER BY e.xid, e.id LIMIT %s) AS w"""
CURSOR = "SELECT last_xid::text AS xid, last_id AS id FROM event_seals ORDER BY last_xid DESC, last_id DESC LIMIT 1"
OLDEST = """
    SELECT e.at FROM event_log e WHERE (e.xid, e.id) > (%s::text::xid8, %s) ORDER BY e.xid, e.id LIMIT 1"""
LAST_SEALS = """
    SELECT t.id AS tenant_id, s.size, s.checkpoint
      FROM unnest(%s::uuid[]) AS t (id)
     CROSS JOIN LATERAL (SELECT size, checkpoint FROM event_seals WHERE tenant_id = t.id
                          ORDER BY size DESC LIMIT 1) AS s"""
EDGES = """
    SELECT t.tenant_id, t.level, t.number, t.hashes, t.entries
      FROM unnest(%s::uuid[], %s::smallint[], %s::bigint[]) AS w (tenant_id, level, number)
      JOIN event_tiles t USING (tenant_id, level, number)"""
PUT_TILES = """
    INSERT INTO event_tiles (tenant_id, level, number, hashes, entries)
    SELECT * FROM unnest(%s::uuid[], %s::smallint[], %s::bigint[], %s::bytea[], %s::bytea[])
        ON CONFLICT (tenant_id, level, number) DO UPDATE SET hashes = excluded.hashes, entries = excluded.entries"""
PUT_SEALS = """
    INSERT INTO event_seals (tenant_id, size, first_xid, first_id, last_xid, last_id, root, checkpoint, at)
    SELECT t, n, fx::xid8, f, lx::xid8, l, r, c, %s
      FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::uuid[], %s::text[], %s::uuid[], %s::bytea[], %s::text[])
           AS s (t, n, fx, f, lx, l, r, c)"""

Tile = tuple[UUID, int, int, bytes, bytes | None]


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of one tenant in order, 16 bytes an id, 8 a transaction, 32 a leaf hash, each end to end."""

    ids: bytes
    xids: bytes
    leaves: bytes

    def key(self, which: int) -> tuple[str, UUID]:
        """Where the first (0) or last (-1) entry stands in the order of commits."""
        at = which % (len(self.ids) // 16)
        return str(int.from_bytes(self.xids[8 * at : 8 * at + 8], "big")), UUID(bytes=self.ids[16 * at : 16 * at + 16])


class BrokenTiles(RuntimeError):
    """A tenant's tiles do not hold what its last seal says; sealing on would hide it. Run verify-log."""


async def seal_batch(work: Work, signer: Signer, limit: int = BATCH) -> int:
    """Seal up to `limit` entries of the whole installation (platform work); returns how many.

    0 when nothing waits or another process seals. The caller commits. Raises BrokenTiles.
    """
    [lock] = await work.sql(LOCK)
    if not lock["mine"]:
        return 0
    cursor = await _cursor(work)
    [waiting] = await work.sql(UNSEALED, (*cursor, limit))
    if waiting["count"]:
        await _seal(work, signer, _by_tenant(waiting))
    return int(waiting["count"])


async def lag_seconds(work: Work) -> float:
    """Age of the oldest entry that no seal covers (platform work); 0 when all are sealed."""
    rows = await work.sql(OLDEST, await _cursor(work))
    return max(0.0, (work.now() - rows[0]["at"]).total_seconds()) if rows else 0.0


async def _cursor(work: Work) -> tuple[str, UUID]:
    """Where the last seal of the installation ended."""
    rows = await work.sql(CURSOR)
    return (rows[0]["xid"], rows[0]["id"]) if rows else ("0", UUID(int=0))


def _by_tenant(waiting: Row) -> dict[UUID, Batch]:
    """The batch of each tenant."""
    tenants, ids, xids, leaves = (bytes(waiting[name]) for name in ("tenants", "ids", "xids", "leaves"))
    if tenants == tenants[:16] * waiting["count"]:  # the usual event day
        return {UUID(bytes=tenants[:16]): Batch(ids, xids, leaves)}
    places: defaultdict[bytes, list[int]] = defaultdict(list)
    for at in range(waiting["count"]):
        places[tenants[16 * at : 16 * at + 16]].append(at)

    def pick(column: bytes, width: int, own: list[int]) -> bytes:
        return b"".join([column[width * at : width * at + width] for at in own])

    return {
        UUID(bytes=tenant): Batch(pick(ids, 16, own), pick(xids, 8, own), pick(leaves, HASH, own))
        for tenant, own in places.items()
    }


async def _seal(work: Work, signer: Signer, by_tenant: dict[UUID, Batch]) -> None:
    last = {row["tenant_id"]: row for row in await work.sql(LAST_SEALS, (list(by_tenant),))}
    edges, ids = await _edges(work, {tenant: last[tenant]["size"] if tenant in last else 0 for tenant in by_tenant})
    tiles: list[Tile] = []
    seals: list[tuple[UUID, int, str, UUID, str, UUID, bytes, str]] = []
    at = work.now()  # the signed time and the stored one are the same
    for tenant, batch in by_tenant.items():
        edge = edges[tenant]
        tiles += _grow(tenant, edge, ids[tenant], batch)
        previous = checkpoints.digest(last[tenant]["checkpoint"]) if tenant in last else bytes(32)
        root = edge.root()
        note = signer.sign(Checkpoint(checkpoints.origin(tenant), edge.size, root, previous, at))
        seals.append((tenant, edge.size, *batch.key(0), *batch.key(-1), root, note))
    await work.sql(PUT_TILES, [list(column) for column in zip(*tiles, strict=True)])
    await work.sql(PUT_SEALS, [at, *(list(column) for column in zip(*seals, strict=True))])


def _grow(tenant: UUID, edge: Frontier, started: bytes, batch: Batch) -> list[Tile]:
    """Append a tenant's entries to its edge; returns every tile that changed."""
    first = edge.size // WIDTH
    ids = started + batch.ids
    changed = edge.extend(batch.leaves)
    for level, tile in enumerate(edge.levels):
        if tile:
            changed.append((level, edge.size >> (8 * (level + 1)), tile))
    step = 16 * WIDTH
    return [
        (tenant, level, number, tile,
         ids[(number - first) * step : (number - first + 1) * step] if level == 0 else None)
        for level, number, tile in changed
    ]  # fmt: skip


async def _edges(work: Work, sizes: dict[UUID, int]) -> tuple[dict[UUID, Frontier], dict[UUID, bytes]]:
    """Each tenant's unfinished tiles at its sealed size, and the entry ids of its unfinished tile of level 0."""
    wanted = [
        (tenant, level, size >> (8 * (level + 1)), (size >> (8 * level)) % WIDTH)
        for tenant, size in sizes.items()
        for level in range((size.bit_length() + 7) // 8)
    ]
    places = [[w[i] for w in wanted] for i in range(3)]
    found = {(r["tenant_id"], r["level"]): r for r in await work.sql(EDGES, places)} if wanted else {}
    edges = {tenant: Frontier([], size) for tenant, size in sizes.items()}
    ids = dict.fromkeys(sizes, b"")
    for tenant, level, number, count in wanted:
        row = found.get((tenant, level))
        hashes = bytes(row["hashes"]) if row and count else b""
        if len(hashes) != HASH * count:
            raise BrokenTiles(
                f"tile {number} of level {level} of the log {tenant} holds {len(hashes) // HASH} hashes,"
                f" its last seal says {count}; run 'event-manager verify-log'"
            )
        edges[tenant].levels.append(hashes)
        if level == 0 and row and count:
            ids[tenant] = bytes(row["entries"] or b"")
    return edges, ids
