"""Looking after dead letters of handlers (platform work); each decision stands in the installation's log."""

from datetime import timedelta
from uuid import UUID

from event_manager import eventlog
from event_manager.eventlog.errors import DeadLetterNotFound
from event_manager.eventlog.event_types import DeadLetterDiscarded, DeadLetterRetried
from event_manager.eventlog.handling import handler_id, handlers
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

GONE = """
    DELETE FROM event_handlers WHERE name <> ALL (%(known)s) AND created_at < %(before)s
       AND coalesce(lease_until < %(before)s, true) RETURNING name"""
GONE_CURSORS = "DELETE FROM event_cursors WHERE tenant_id = '00000000-0000-0000-0000-000000000000' AND name = ANY (%s)"
GONE_LEFTOVERS = (
    "DELETE FROM event_inbox WHERE handler = ANY (%s)",
    "DELETE FROM event_handler_failures WHERE handler = ANY (%s)",
)


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


async def forget_removed(work: Work, days: int) -> list[str]:
    """Forget handlers that the code has no more and that no process has led for so many days; returns their names.

    Their cursors would keep the log's old months for ever. The days are for an installation where old and new programs
    run side by side.
    """
    given = {"known": list(handlers()), "before": work.now() - timedelta(days=days)}
    names = [row["name"] for row in await work.sql(GONE, given)]
    if names:
        await work.sql(GONE_CURSORS, ([f"handler.{name}" for name in names],))
        for leftover in GONE_LEFTOVERS:
            await work.sql(leftover, (names,))
    return names


def _one(rows: list[Row]) -> Row:
    if not rows:
        raise DeadLetterNotFound("There is no such dead letter; perhaps somebody has dealt with it.")
    return rows[0]
