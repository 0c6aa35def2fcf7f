"""Schedules: when the next time is, and that each time defers one job, whoever looks."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from event_manager.eventlog import tasks as eventlog_tasks
from event_manager.kit import housekeeping, mail
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.jobs import BadSchedule, JobWork, next_time, remove_schedule, set_schedule, task, tasks
from event_manager.kit.jobs.schedules import declare, run_due
from event_manager.kit.work import Work

TENANT = UUID(int=9)


@task("probe.scheduled")
async def scheduled(work: JobWork, *, what: str = "") -> None:
    """Never run here; only deferred."""


@pytest.fixture(autouse=True)
async def empty(database: Database) -> AsyncIterator[None]:
    """These tests commit; they leave the tables empty."""
    yield
    async with Work(database, role="platform") as work:
        await work.sql("DELETE FROM jobs")
        await work.sql("DELETE FROM job_schedules")
        await work.commit()


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        ("0 3 * * *", "UTC", "2026-05-01T12:00Z", "2026-05-02T03:00Z"),
        ("0 3 * * *", "Europe/Berlin", "2026-05-01T12:00Z", "2026-05-02T01:00Z"),
        ("*/15 * * * *", "UTC", "2026-05-01T12:00Z", "2026-05-01T12:15Z"),
        ("0 9 * * MON", "America/New_York", "2026-05-01T12:00Z", "2026-05-04T13:00Z"),
        ("0 0 29 2 *", "UTC", "2026-05-01T12:00Z", "2028-02-29T00:00Z"),
        ("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00Z", "2026-03-29T01:00Z"),  # 02:30 is skipped that night
        ("30 2 * * *", "Europe/Berlin", "2026-10-25T00:30Z", "2026-10-26T01:30Z"),  # 02:30 comes twice, runs once
    ],
)
def test_next_time(cron: str, zone: str, after: str, expected: str) -> None:
    assert next_time(cron, zone, datetime.fromisoformat(after)) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("cron", "zone", "reason"),
    [
        ("0 3 * *", "UTC", "needs five fields"),
        ("61 * * * *", "UTC", "Bad minute"),
        ("0 0 31 2 *", "UTC", "Bad day-of-month"),
        ("0 3 * * *", "Mars/Olympus", "no time zone 'Mars/Olympus'"),
        ("0 3 * * *", "../etc/passwd", "no time zone"),
    ],
)
def test_times_that_cannot_be_understood_are_refused(cron: str, zone: str, reason: str, clock: FixedClock) -> None:
    with pytest.raises(BadSchedule, match=reason):
        next_time(cron, zone, clock.now())


async def deferred(database: Database) -> list[dict[str, object]]:
    """Jobs that wait for a worker."""
    async with Work(database, role="platform") as work:
        return await work.sql("SELECT tenant_id, task, args FROM jobs ORDER BY id")


async def schedule(database: Database, clock: FixedClock, cron: str = "0 13 * * *") -> None:
    """A schedule of the tenant."""
    async with Work(database, tenant_id=TENANT, clock=clock) as work:
        await set_schedule(work, "nightly", "probe.scheduled", cron, args={"what": "backup"})
        await work.commit()


async def test_a_schedule_defers_its_job_for_its_tenant_when_it_is_time(database: Database, clock: FixedClock) -> None:
    await schedule(database, clock)

    assert await run_due(database, clock) == 0
    clock.move(timedelta(hours=1))
    assert await run_due(database, clock) == 1
    assert await run_due(database, clock) == 0

    assert await deferred(database) == [
        {"tenant_id": TENANT, "task": "probe.scheduled", "args": {"what": "backup"}},
    ]


async def test_times_missed_are_made_up_for_once(database: Database, clock: FixedClock) -> None:
    await schedule(database, clock, cron="*/5 * * * *")

    clock.move(timedelta(days=3))
    assert await run_due(database, clock) == 1
    clock.move(timedelta(minutes=5))
    assert await run_due(database, clock) == 1


async def test_many_workers_defer_one_job(database: Database, clock: FixedClock) -> None:
    await schedule(database, clock)
    clock.move(timedelta(hours=1))

    counts = await asyncio.gather(*(run_due(database, clock) for _ in range(4)))

    assert sum(counts) == 1


async def test_a_changed_time_counts_at_once_and_a_removed_schedule_is_silent(
    database: Database, clock: FixedClock
) -> None:
    await schedule(database, clock)
    await schedule(database, clock, cron="30 12 * * *")
    clock.move(timedelta(minutes=30))
    assert await run_due(database, clock) == 1

    async with Work(database, tenant_id=TENANT) as work:
        assert (await remove_schedule(work, "nightly"), await remove_schedule(work, "nightly")) == (True, False)
        await work.commit()
    clock.move(timedelta(days=2))
    assert await run_due(database, clock) == 0


async def test_what_tasks_declare_is_scheduled_for_the_installation(database: Database, clock: FixedClock) -> None:
    await declare(database, clock)
    await declare(database, clock)

    async with Work(database, role="platform") as work:
        rows = await work.sql("SELECT tenant_id, name FROM job_schedules")
    assert {row["tenant_id"] for row in rows} == {UUID(int=0)}
    assert {row["name"] for row in rows} == {name for name, known in tasks().items() if known.cron}
    declared = {module.__name__ for module in (housekeeping, mail, eventlog_tasks)}
    assert declared <= {known.run.__module__ for known in tasks().values() if known.cron}
