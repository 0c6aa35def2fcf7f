"""From which place in the log on a new webhook gets entries."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from event_manager.eventlog.reading import BEGINNING, Position
from event_manager.kit.work import Work

StartFrom = Literal["now", "beginning"] | datetime
LAST = UUID(int=(1 << 128) - 1)
XID = "SELECT event_log_xid()::text::bigint AS xid"
FIRST_SINCE = """
    SELECT xid::text::bigint AS xid, id FROM event_log
     WHERE tenant_id = %s AND id >= uuidv7_floor(%s) ORDER BY xid, id LIMIT 1"""


async def now_position(work: Work) -> Position:
    """The place right behind this transaction: having an id of its own, it keeps every reader before it until then."""
    [row] = await work.sql(XID)
    return Position(row["xid"], LAST)


async def start_position(work: Work, start: StartFrom) -> Position:
    """The place from which on a webhook is told: behind this transaction, the beginning, or a time.

    What a long transaction wrote around a time may lie after it in the log's order; rather such an entry too many.
    """
    if start == "now":
        return await now_position(work)
    if start == "beginning":
        return BEGINNING
    rows = await work.sql(FIRST_SINCE, (work.tenant, start))
    if not rows:
        return await now_position(work)
    return Position(rows[0]["xid"], UUID(int=rows[0]["id"].int - 1))
