"""Proofs from stored tiles, under the tenant's row security: which entry stands where, and audit paths."""

from uuid import UUID

from event_manager.eventlog import merkle
from event_manager.eventlog.errors import CheckpointNotFound, NotSealed
from event_manager.eventlog.merkle import HASH, WIDTH
from event_manager.kit.db import Row
from event_manager.kit.work import Work

SEAL = "SELECT size, root, checkpoint, at FROM event_seals"
NEWEST = f"{SEAL} WHERE tenant_id = %s ORDER BY size DESC LIMIT 1"
OLDEST = f"{SEAL} WHERE tenant_id = %s ORDER BY size LIMIT 1"
AT_SIZE = f"{SEAL} WHERE tenant_id = %s AND size = %s"
PAGE = f"{SEAL} WHERE tenant_id = %s AND size < %s ORDER BY size DESC LIMIT %s"
# The seal that took an entry bounds where it stands, so that one or a few tiles are searched and not all.
TOOK = """
    SELECT s.size, coalesce((SELECT max(b.size) FROM event_seals b
                              WHERE b.tenant_id = s.tenant_id AND b.size < s.size), 0) AS before
      FROM event_log e JOIN event_seals s ON s.tenant_id = e.tenant_id
     WHERE e.id = %s AND e.tenant_id = %s
       AND (e.xid, e.id) BETWEEN (s.first_xid, s.first_id) AND (s.last_xid, s.last_id)"""
ENTRIES = """
    SELECT number, entries FROM event_tiles
     WHERE tenant_id = %s AND level = 0 AND number BETWEEN %s AND %s ORDER BY number"""
TILE = "SELECT hashes FROM event_tiles WHERE tenant_id = %s AND level = %s AND number = %s"
LARGEST = 2**62


async def newest(work: Work) -> Row:
    """The newest seal of the tenant's log. Raises CheckpointNotFound when nothing is sealed yet."""
    return await _end(work, NEWEST)


async def oldest(work: Work) -> Row:
    """The first seal of the tenant's log. Raises as `newest`."""
    return await _end(work, OLDEST)


async def _end(work: Work, query: str) -> Row:
    rows = await work.sql(query, (work.tenant,))
    if not rows:
        raise CheckpointNotFound("Nothing of this log is sealed yet; try again in a second.")
    return rows[0]


async def at_size(work: Work, size: int) -> Row:
    """The seal at a size. Raises CheckpointNotFound."""
    rows = await work.sql(AT_SIZE, (work.tenant, min(size, LARGEST)))
    if not rows:
        raise CheckpointNotFound(f"No checkpoint has {size} entries; GET /api/events/checkpoints lists the sizes.")
    return rows[0]


async def page(work: Work, before: int | None, limit: int) -> list[Row]:
    """Seals below a size, largest first."""
    return await work.sql(PAGE, (work.tenant, min(before or LARGEST, LARGEST), limit))


async def position(work: Work, entry_id: UUID) -> int:
    """Where a sealed entry stands in the tenant's tree, from 0. Raises NotSealed."""
    for took in await work.sql(TOOK, (entry_id, work.tenant)):
        first, last = took["before"] // WIDTH, (took["size"] - 1) // WIDTH
        for tile in await work.sql(ENTRIES, (work.tenant, first, last)):
            ids = bytes(tile["entries"] or b"")
            for place in range(len(ids) // 16):
                if ids[16 * place : 16 * place + 16] == entry_id.bytes:
                    return int(tile["number"]) * WIDTH + place
    raise NotSealed("This entry is not sealed yet; try again in a second.")


def reader(work: Work) -> merkle.ReadNode:
    """Reads nodes of the tenant's tree; each tile once."""
    tiles: dict[tuple[int, int], bytes] = {}

    async def read(height: int, index: int) -> bytes:
        level, rest = divmod(height, 8)
        first = index << rest
        place = level, first // WIDTH
        if place not in tiles:
            rows = await work.sql(TILE, (work.tenant, *place))
            tiles[place] = bytes(rows[0]["hashes"]) if rows else b""
        start = HASH * (first % WIDTH)
        wanted = tiles[place][start : start + (HASH << rest)]
        if len(wanted) != HASH << rest:
            raise RuntimeError(f"tile {place[1]} of level {level} of the log {work.tenant} is cut; run verify-log")
        return merkle.full_root(wanted)

    return read
