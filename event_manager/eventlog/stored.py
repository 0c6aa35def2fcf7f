"""Reads of the sealed log: seals in order, tiles, and the entries that level-0 tiles name."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from event_manager.eventlog import leaves
from event_manager.eventlog.merkle import WIDTH
from event_manager.kit.db import Row
from event_manager.kit.work import Work

TILES_AT_ONCE = 16
SEALS_AT_ONCE = 1000

TILES = """
    SELECT number, hashes, entries FROM event_tiles
     WHERE tenant_id = %s AND level = 0 AND number >= %s ORDER BY number LIMIT %s"""
ENTRIES = f"""
    SELECT {leaves.SELECT} FROM event_log WHERE id = ANY(%s)"""  # noqa: S608 - constants
SEALS = """
    SELECT size, first_xid::text::bigint AS first_xid, first_id, last_xid::text::bigint AS last_xid, last_id, root,
           checkpoint, at
      FROM event_seals WHERE tenant_id = %s AND size > %s ORDER BY size LIMIT %s"""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of the tree as a tile holds it: its number, the entry's id and hash; the entry as it is now, if any."""

    position: int
    entry_id: UUID
    hash: bytes
    row: Row | None


async def slots(work: Work, tenant: UUID) -> AsyncIterator[Slot]:
    """Every place in order, until the tiles end or one is missing or malformed."""
    position = number = 0
    while True:
        places: list[tuple[UUID, bytes]] = []
        for tile in await work.sql(TILES, (tenant, number, TILES_AT_ONCE)):
            if tile["number"] != number or len(places) % WIDTH:
                break
            places += _places(tile)
            number += 1
        rows = {row["id"]: row for row in await work.sql(ENTRIES, ([entry for entry, _ in places],))}
        for entry, hashed in places:
            yield Slot(position, entry, hashed, rows.get(entry))
            position += 1
        if len(places) < TILES_AT_ONCE * WIDTH:
            return


def _places(tile: Row) -> list[tuple[UUID, bytes]]:
    hashes, ids = bytes(tile["hashes"]), bytes(tile["entries"] or b"")
    count = min(len(hashes) // 32, len(ids) // 16)
    return [(UUID(bytes=ids[16 * i : 16 * i + 16]), hashes[32 * i : 32 * i + 32]) for i in range(count)]


async def seals(work: Work, tenant: UUID) -> AsyncIterator[Row]:
    """Every seal, smallest first."""
    size = 0
    while rows := await work.sql(SEALS, (tenant, size, SEALS_AT_ONCE)):
        for row in rows:
            yield row
        size = rows[-1]["size"]
