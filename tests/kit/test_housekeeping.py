"""What is cleared away, and what is not."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from event_manager.config import Settings
from event_manager.eventlog.tasks import MONTHS_AHEAD, ensure_partitions
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.housekeeping import purge_dead_jobs, purge_idempotency_keys
from event_manager.kit.jobs import JobWork, Worker, defer, tasks
from event_manager.kit.jobs.models import NO_TENANT
from event_manager.kit.jobs.store import Job
from event_manager.kit.mail import purge_mails
from event_manager.kit.work import Work


@pytest.fixture
async def work(database: Database, clock: FixedClock) -> AsyncIterator[JobWork]:
    """The work of a platform job, rolled back."""
    job = Job(NO_TENANT, NO_TENANT, 1, "kit.test", "{}", "", 0, 1, False, clock.now(), "")
    task = tasks()["kit.purge-dead-jobs"]
    async with JobWork(database, job, task, settings=Settings(), clock=clock) as opened:
        yield opened


async def test_answers_are_forgotten_after_a_day(work: JobWork) -> None:
    for hours in (23, 25):
        await work.sql(
            """INSERT INTO idempotency_keys (tenant_id, actor_id, key, request_hash, created_at)
               VALUES (%s, %s, %s, '', %s)""",
            (NO_TENANT, NO_TENANT, f"{hours} h", work.now() - timedelta(hours=hours)),
        )

    await purge_idempotency_keys(work)

    assert await work.sql("SELECT key FROM idempotency_keys") == [{"key": "23 h"}]


async def test_only_old_dead_letters_are_forgotten(work: JobWork) -> None:
    for state, days in (("dead", 89), ("dead", 91), ("waiting", 91)):
        await work.sql(
            "INSERT INTO jobs (tenant_id, task, args, state, created_at) VALUES (%s, %s, '{}', %s, %s)",
            (NO_TENANT, f"{state} {days}", state, work.now() - timedelta(days=days)),
        )

    await purge_dead_jobs(work)

    assert await work.sql("SELECT task FROM jobs ORDER BY task") == [{"task": "dead 89"}, {"task": "waiting 91"}]


async def test_sent_mails_are_forgotten_after_a_month_and_others_after_a_week(work: JobWork) -> None:
    for state, days in (("sent", 29), ("sent", 31), ("waiting", 6), ("waiting", 8), ("dead", 8)):
        await work.sql(
            "INSERT INTO mails (tenant_id, to_address, subject, state, created_at) VALUES (%s, 'a@b.c', %s, %s, %s)",
            (NO_TENANT, f"{state} {days}", state, work.now() - timedelta(days=days)),
        )

    await purge_mails(work)

    assert await work.sql("SELECT subject FROM mails ORDER BY subject") == [
        {"subject": "sent 29"}, {"subject": "waiting 6"},
    ]  # fmt: skip


async def test_partitions_of_the_log_are_there_ahead_of_time(database: Database) -> None:
    async with Work(database, role="platform") as work:
        job = await defer(work, "eventlog.ensure-partitions")
        await work.commit()

    await Worker(database, settings=Settings()).run_until_idle()

    async with Work(database, role="platform") as work:
        [row] = await work.sql("SELECT count(*) AS n FROM pg_inherits WHERE inhparent = 'event_log'::regclass")
        assert await work.sql("SELECT error FROM jobs WHERE id = %s", (job,)) == []
    assert row["n"] == 2 + MONTHS_AHEAD  # this month, those ahead, the default
    assert tasks()["eventlog.ensure-partitions"].run is ensure_partitions
