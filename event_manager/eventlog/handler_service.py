"""Looking after dead letters of handlers (platform work); each decision stands in the installation's log."""

from datetime import timedelta
from uuid import UUID

from event_manager import eventlog
from event_manager.eventlog.errors import DeadLetterNotFound
from event_manager.eventlog.event_types import DeadLetterDiscarded, DeadLetterRetried
from event_manager.eventlog.handling import handler_id
from event_manager.kit.db import Row
from event_manager.kit.work import Work

PERMISSION = "platform:handlers"
AGAIN = """
    UPDATE event_handler_failures SET state = 'retrying', tries = 0, next_at = %s, updated_at = now()
     WHERE id = %s AND state = 'dead' RETURNING handler, event_id, tenant_id"""
AWAY = "DELETE FROM event_handler_failures WHERE id = %s AND state = 'dead' RETURNING handler, event_id, tenant_id"
PRUNE = """
    DELETE FROM event_inbox i USING event_handlers h, event_cursors c
     WHERE h.name = i.handler AND c.tenant_id = '00000000-0000-0000-0000-000000000000'
       AND c.name = 'handler.' || h.name AND i.created_at < %s
       AND (i.epoch <> h.epoch OR (i.xid, i.event_id) <= (c.xid, c.id))
       AND NOT EXISTS (SELECT 1 FROM event_handler_failures f
                        WHERE (f.tenant_id, f.handler, f.epoch, f.event_id) =
                              (i.tenant_id, i.handler, i.epoch, i.event_id))"""
ORPHANS = """
    DELETE FROM event_handler_failures f WHERE NOT EXISTS (SELECT 1 FROM event_log e WHERE e.id = f.event_id)"""


async def retry_dead_letter(work: Work, letter_id: UUID) -> None:
    """Let the handler try an entry again, with all its tries. Raises DeadLetterNotFound."""
    work.allow(PERMISSION)
    row = _one(await work.sql(AGAIN, (work.now(), letter_id)))
    await eventlog.append(
        work,
        DeadLetterRetried(
            handler_id=handler_id(row["handler"]), handler=row["handler"], event_id=row["event_id"],
            of_tenant=row["tenant_id"],
        ),
    )  # fmt: skip


async def discard_dead_letter(work: Work, letter_id: UUID) -> None:
    """Give an entry up for good: the handler never deals with it. Raises DeadLetterNotFound."""
    work.allow(PERMISSION)
    row = _one(await work.sql(AWAY, (letter_id,)))
    await eventlog.append(
        work,
        DeadLetterDiscarded(
            handler_id=handler_id(row["handler"]), handler=row["handler"], event_id=row["event_id"],
            of_tenant=row["tenant_id"],
        ),
    )  # fmt: skip


async def prune(work: Work, days: int) -> None:
    """Forget what is done and lies behind its handler's cursor since so many days, and failures whose entry is gone.

    The cursor never goes back, so such an entry is read no more. The days outlast any process that still has it in
    hand.
    """
    await work.sql(PRUNE, (work.now() - timedelta(days=days),))
    await work.sql(ORPHANS)


def _one(rows: list[Row]) -> Row:
    if not rows:
        raise DeadLetterNotFound("There is no such dead letter; perhaps somebody has dealt with it.")
    return rows[0]
