"""Following the log: entries in the order of commits, each reader from its own cursor.

The order is (xid, id) below the horizon, the oldest transaction still open: none can commit an entry behind a cursor
any more, so nothing is passed over. An entry is seen once every transaction begun before its own has ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from event_manager.eventlog.models import PLATFORM
from event_manager.kit.db import Row
from event_manager.kit.work import Work

COLUMNS = """e.id, e.tenant_id, e.type, e.version, e.entity_type, e.entity_id, e.actor_kind, e.actor_id,
       e.correlation_id, e.causation_id, e.at, e.xid::text::bigint AS xid, e.body"""
# The order is that of an index; statistics of a growing log are always behind and would make a planner sort it all.
IN_ORDER = """
    SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true),
           set_config('enable_seqscan', 'off', true)"""
READ = f"""
    SELECT {COLUMNS} FROM event_log e
     WHERE (e.xid, e.id) > (%(xid)s::text::xid8, %(id)s) AND e.xid < event_log_horizon()
       AND (%(tenant)s::uuid IS NULL OR e.tenant_id = %(tenant)s)
       AND (%(types)s::text[] IS NULL OR e.type = ANY (%(types)s))
     ORDER BY e.xid, e.id LIMIT %(limit)s"""  # noqa: S608 - constants
HELD = """
    SELECT xid::text::bigint AS xid, id FROM event_cursors WHERE tenant_id = %s AND name = %s FOR UPDATE SKIP LOCKED"""
BEGIN = """
    INSERT INTO event_cursors (tenant_id, name, xid, id) VALUES (%s, %s, %s::text::xid8, %s) ON CONFLICT DO NOTHING"""
ADVANCE = """
    UPDATE event_cursors SET xid = %s::text::xid8, id = %s, updated_at = now() WHERE tenant_id = %s AND name = %s"""
WHERE = "SELECT xid::text::bigint AS xid, id FROM event_cursors WHERE tenant_id = %s AND name = %s"
FORGET = "DELETE FROM event_cursors WHERE tenant_id = %s AND name = %s"
HORIZON = "SELECT event_log_horizon()::text::bigint AS xid"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place between entries: everything up to and including (xid, id) lies behind it."""

    xid: int
    id: UUID


BEGINNING = Position(0, UUID(int=0))


def position_of(row: Row) -> Position:
    """The place right behind an entry."""
    return Position(row["xid"], row["id"])


async def read_after(
    work: Work, position: Position, limit: int, *, tenant: UUID | None = None, types: Sequence[str] | None = None
) -> list[Row]:
    """The next entries (`COLUMNS`), of one tenant and of some types only where given, in the order of commits."""
    await work.sql(IN_ORDER)
    given = {"xid": position.xid, "id": position.id, "tenant": tenant, "limit": limit}
    return await work.sql(READ, {**given, "types": list(types) if types is not None else None})


async def newest(work: Work) -> Position:
    """The place behind everything committed by now; whatever is still under way comes after it."""
    [row] = await work.sql(HORIZON)
    return Position(row["xid"], UUID(int=0))


async def take_cursor(
    work: Work, name: str, *, tenant: UUID = PLATFORM, start: Position = BEGINNING
) -> Position | None:
    """Lock a reader's cursor until the end of the transaction; None while another process has it.

    A new reader begins at `start`.
    """
    await work.sql(BEGIN, (tenant, name, start.xid, start.id))
    rows = await work.sql(HELD, (tenant, name))
    return Position(rows[0]["xid"], rows[0]["id"]) if rows else None


async def advance(work: Work, name: str, position: Position, *, tenant: UUID = PLATFORM) -> None:
    """Move a cursor that this transaction has taken."""
    await work.sql(ADVANCE, (position.xid, position.id, tenant, name))


async def begin_at(work: Work, name: str, *, tenant: UUID = PLATFORM, start: Position = BEGINNING) -> Position:
    """Where a reader stands that others are kept from by other means than a lock of its row; a new one at `start`.

    Such a reader may be slow between reading and `advance`, which a locked row must not be: it would hold back the
    horizon, and with it every other reader.
    """
    await work.sql(BEGIN, (tenant, name, start.xid, start.id))
    [row] = await work.sql(WHERE, (tenant, name))
    return Position(row["xid"], row["id"])


async def forget(work: Work, name: str, *, tenant: UUID = PLATFORM) -> None:
    """Drop the cursor of a reader that is no more."""
    await work.sql(FORGET, (tenant, name))
