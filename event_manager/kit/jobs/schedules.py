"""Schedules: rows that defer a job at the times of a cron line, in a time zone, each time once among all workers.

Times missed while no worker ran are made up for once, not one by one.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import orjson
from cronsim import CronSim, CronSimError

from event_manager.kit import logs
from event_manager.kit.clock import Clock
from event_manager.kit.db import Database
from event_manager.kit.errors import Invalid
from event_manager.kit.jobs.models import NO_TENANT
from event_manager.kit.jobs.queue import Args, defer
from event_manager.kit.jobs.tasks import tasks
from event_manager.kit.work import Work

BATCH = 100
log = logs.logger(__name__)
PUT = """
    INSERT INTO job_schedules (tenant_id, name, task, args, cron, time_zone, next_at)
    VALUES (%(tenant)s, %(name)s, %(task)s, %(args)s::jsonb, %(cron)s, %(zone)s, %(next)s)
    ON CONFLICT (tenant_id, name) DO UPDATE
       SET task = excluded.task, args = excluded.args, cron = excluded.cron, time_zone = excluded.time_zone,
           next_at = CASE WHEN (job_schedules.cron, job_schedules.time_zone) = (excluded.cron, excluded.time_zone)
                          THEN job_schedules.next_at ELSE excluded.next_at END"""


class BadSchedule(Invalid):
    """These times cannot be understood."""


def next_time(cron: str, time_zone: str, after: datetime) -> datetime:
    """First time of a cron line (five fields) after a moment, in UTC. Raises BadSchedule.

    Where clocks change, times follow Debian's cron: a skipped one runs right after the gap, a doubled one once.
    """
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadSchedule(f"There is no time zone '{time_zone}'; use a name such as Europe/Berlin.") from error
    if len(cron.split()) != 5:
        raise BadSchedule(f"'{cron}' needs five fields: minute, hour, day of month, month, day of week.")
    try:
        return next(CronSim(cron, after.astimezone(zone))).astimezone(UTC)
    except CronSimError as error:
        raise BadSchedule(f"'{cron}' cannot be read: {error}.") from error
    except StopIteration as error:
        raise BadSchedule(f"'{cron}' names a time that never comes.") from error


async def set_schedule(
    work: Work, name: str, task: str, cron: str, *, time_zone: str = "UTC", args: Args | None = None
) -> datetime:
    """Make or change a schedule of the work's tenant; returns its next time. Raises BadSchedule."""
    following = next_time(cron, time_zone, work.now())
    await work.sql(
        PUT,
        {
            "tenant": work.tenant_id or NO_TENANT, "name": name, "task": task,
            "args": orjson.dumps(dict(args or {})).decode(), "cron": cron, "zone": time_zone, "next": following,
        },
    )  # fmt: skip
    return following


async def remove_schedule(work: Work, name: str) -> bool:
    """Take a schedule of the work's tenant away; False when there was none."""
    gone = await work.sql(
        "DELETE FROM job_schedules WHERE tenant_id = %s AND name = %s RETURNING name",
        (work.tenant_id or NO_TENANT, name),
    )
    return bool(gone)


async def declare(database: Database, clock: Clock | None = None) -> None:
    """Write down the schedules that tasks declare themselves (``@task(..., cron=...)``)."""
    async with Work(database, role="platform", clock=clock) as work:
        for task in tasks().values():
            if task.cron:
                await set_schedule(work, task.name, task.name, task.cron)
        await work.commit()


async def run_due(database: Database, clock: Clock | None = None) -> int:
    """Defer the jobs of all schedules whose time has come; returns how many."""
    async with Work(database, role="platform", clock=clock, correlation_id=uuid4().hex) as work:
        due = await work.sql(
            """SELECT tenant_id, name, task, args, cron, time_zone FROM job_schedules
                WHERE next_at <= %s AND task = ANY(%s) ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED""",
            (work.now(), list(tasks()), BATCH),
        )
        for row in due:
            await _run_one(work, row)
        await work.commit()
    return len(due)


async def _run_one(work: Work, row: dict[str, Any]) -> None:
    tenant: UUID = row["tenant_id"]
    try:
        following = next_time(row["cron"], row["time_zone"], work.now())
    except BadSchedule as error:  # was good when it was made; the time zone's rules or name have changed
        log.error("schedule is not understood any more", name=row["name"], reason=error.detail)  # noqa: TRY400
        following = work.now() + timedelta(days=1)
    await work.sql(
        "UPDATE job_schedules SET next_at = %s, last_at = %s WHERE tenant_id = %s AND name = %s",
        (following, work.now(), tenant, row["name"]),
    )
    await defer(work, row["task"], row["args"], tenant_id=tenant, key=f"schedule {row['name']}")
