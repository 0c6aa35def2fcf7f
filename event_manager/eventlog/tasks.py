"""Jobs of the log."""

from event_manager.eventlog import handler_service
from event_manager.kit.jobs import JobWork, task

MONTHS_AHEAD = 3
INBOX_DAYS = 3
REMOVED_DAYS = 30


@task("eventlog.ensure-partitions", platform=True, cron="5 2 * * *")
async def ensure_partitions(work: JobWork) -> None:
    """Have the partitions of this month and the next three."""
    await work.sql("SELECT event_log_ensure_partitions(%s)", (MONTHS_AHEAD,))


@task("eventlog.prune-inbox", platform=True, cron="47 3 * * *")
async def prune_inbox(work: JobWork) -> None:
    """Forget what handlers have long done, and handlers that are no more."""
    await handler_service.prune(work, INBOX_DAYS)
    await handler_service.forget_removed(work, REMOVED_DAYS)
