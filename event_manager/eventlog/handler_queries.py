"""What the operator sees of the handlers (platform work), and what a log's chart shows of its activity."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from event_manager.eventlog.handler_models import Activity, HandlerFailure
from event_manager.eventlog.handling import handlers
from event_manager.eventlog.models import PLATFORM
from event_manager.kit.db import Row
from event_manager.kit.paging import keyset
from event_manager.kit.work import Work

STATES = """
    SELECT h.name, h.mode, h.epoch, c.xid::text AS xid, c.id, c.updated_at,
           h.held AND h.rebuild_until > clock_timestamp() AS held,
           (SELECT e.at FROM event_log e WHERE (e.xid, e.id) > (c.xid, c.id) AND e.xid < event_log_horizon()
             ORDER BY e.xid, e.id LIMIT 1) AS next_at,
           (SELECT count(*) FROM event_handler_failures f WHERE f.handler = h.name AND f.state <> 'dead') AS failing,
           (SELECT count(*) FROM event_handler_failures f WHERE f.handler = h.name AND f.state = 'dead') AS dead
      FROM event_handlers h JOIN event_cursors c ON c.tenant_id = %s AND c.name = 'handler.' || h.name
     WHERE h.name = ANY (%s) ORDER BY h.name"""


async def states(work: Work) -> list[Row]:
    """Each registered handler that has begun: name, mode, epoch, position, lag in seconds, failing and dead entries."""
    rows = await work.sql(STATES, (PLATFORM, list(handlers())))
    for row in rows:
        behind = row.pop("next_at")
        row["lag_seconds"] = max(0.0, (work.now() - behind).total_seconds()) if behind is not None else 0.0
    return rows


async def dead_letters(
    work: Work, *, handler: str | None, cursor: str | None, limit: int
) -> tuple[list[HandlerFailure], str | None]:
    """Entries that handlers have given up, newest first."""
    dead: Select[Any] = select(HandlerFailure).where(HandlerFailure.state == "dead")
    if handler is not None:
        dead = dead.where(HandlerFailure.handler == handler)
    return await keyset(work, dead, [HandlerFailure.id], cursor=cursor, limit=limit, descending=True)


async def activity(work: Work, start: date, end: date) -> Sequence[Activity]:
    """Entries of the work's log by day and type, from ``start`` to ``end`` (both included), oldest first."""
    tenant: UUID = work.tenant
    days = select(Activity).where(Activity.tenant_id == tenant, Activity.day >= start, Activity.day <= end)
    return (await work.session.scalars(days.order_by(Activity.day, Activity.type))).all()
