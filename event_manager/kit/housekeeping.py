"""What the kit clears away by itself."""

from datetime import timedelta

from event_manager.kit.jobs import JobWork, task

DEAD_JOB_DAYS = 90


@task("kit.purge-idempotency-keys", platform=True, cron="17 * * * *")
async def purge_idempotency_keys(work: JobWork) -> None:
    """Forget answers that are older than 24 hours."""
    await work.sql("DELETE FROM idempotency_keys WHERE created_at < %s", (work.now() - timedelta(hours=24),))


@task("kit.purge-dead-jobs", platform=True, cron="29 3 * * *")
async def purge_dead_jobs(work: JobWork) -> None:
    """Forget dead letters that nobody looked after for 90 days. (Jobs that are done are deleted at once.)"""
    await work.sql(
        "DELETE FROM jobs WHERE state = 'dead' AND created_at < %s", (work.now() - timedelta(days=DEAD_JOB_DAYS),)
    )
