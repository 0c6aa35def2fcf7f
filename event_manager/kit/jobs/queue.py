"""Defer work into the caller's transaction, and look after what was deferred.

    await defer(work, "mail.send", {"mail_id": mail.id})

Nothing runs unless the transaction commits; after the commit a worker is woken. A job belongs to the work's tenant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from event_manager.kit import tracing
from event_manager.kit.errors import NotFound
from event_manager.kit.jobs.models import NO_TENANT
from event_manager.kit.work import Work

TOPIC = "jobs"
Args = Mapping[str, Any]

INSERT = """
    INSERT INTO jobs (tenant_id, task, args, lane, key, priority, state, run_at, correlation_id, traceparent)
    SELECT %s, %s, a.args::jsonb, %s, %s, %s, %s, coalesce(%s, clock_timestamp()), %s, %s
      FROM unnest(%s::text[]) WITH ORDINALITY AS a(args, nr) ORDER BY a.nr
    ON CONFLICT DO NOTHING RETURNING id"""


async def defer(
    work: Work,
    task: str,
    args: Args | None = None,
    *,
    lane: str = "",
    run_at: datetime | None = None,
    priority: int = 0,
    key: str | None = None,
    tenant_id: UUID | None = None,
) -> UUID:
    """Have `task` run with `args` (JSON values, UUIDs, times) after this transaction; returns the job's id.

    `lane`: jobs of the tenant with the same lane run one at a time, in order; one that waits (for `run_at`, or to be
    tried again) holds up those behind it, a dead one does not. `priority`: higher goes first within the tenant.
    `key`: while a job of this task and key has not begun, another is not added: that one's id is returned, and it
    begins only after this transaction, so that it sees what this one wrote. `tenant_id`: of another tenant than the
    work's (platform work only; row security refuses it to others).
    """
    new = _New(tenant_id or work.tenant_id or NO_TENANT, task, lane, key, priority, run_at)
    while True:
        added = await _insert(work, new, [args or {}])
        if added:
            return added[0]
        # Shared, so that callers do not wait for each other; claims skip the row until we have committed.
        held = await work.sql(
            "SELECT id FROM jobs WHERE tenant_id = %s AND task = %s AND key = %s FOR SHARE",
            (new.tenant_id, task, key),
        )
        if held:
            work.after_commit(lambda: work.database.signals.poke(TOPIC))
            job_id: UUID = held[0]["id"]
            return job_id


async def defer_many(
    work: Work,
    task: str,
    args: Sequence[Args],
    *,
    lane: str = "",
    run_at: datetime | None = None,
    priority: int = 0,
) -> list[UUID]:
    """`defer` of one task with many arguments, in one statement; returns the jobs' ids in order."""
    return await _insert(work, _New(work.tenant_id or NO_TENANT, task, lane, None, priority, run_at), args)


@dataclass(frozen=True, slots=True)
class _New:
    """What jobs deferred together have in common."""

    tenant_id: UUID
    task: str
    lane: str
    key: str | None
    priority: int
    run_at: datetime | None


async def _insert(work: Work, new: _New, args: Sequence[Args]) -> list[UUID]:
    rows = await work.sql(
        INSERT,
        (
            new.tenant_id, new.task, new.lane, new.key, new.priority, "waiting" if new.run_at else "ready", new.run_at,
            work.correlation_id, tracing.traceparent(), [orjson.dumps(dict(each)).decode() for each in args],
        ),
    )  # fmt: skip
    work.after_commit(lambda: work.database.signals.poke(TOPIC))
    return [row["id"] for row in rows]


class JobNotFound(NotFound):
    """There is no such job here; it may be done."""


async def cancel(work: Work, job_id: UUID) -> None:
    """Take a job away: at once if it has not begun, else its worker stops it at the next heartbeat.

    Raises JobNotFound.
    """
    rows = await work.sql(
        """WITH begun AS (UPDATE jobs SET cancel = true WHERE id = %(id)s AND tenant_id = %(tenant)s
                             AND state = 'leased' RETURNING id),
                gone AS (DELETE FROM jobs WHERE id = %(id)s AND tenant_id = %(tenant)s
                            AND state IN ('waiting', 'ready') RETURNING id)
           SELECT id FROM begun UNION ALL SELECT id FROM gone""",
        {"id": job_id, "tenant": work.tenant_id or NO_TENANT},
    )
    if not rows:
        raise JobNotFound(f"There is no job {job_id} that runs or waits.")


async def dead_jobs(work: Work, limit: int = 100) -> list[dict[str, Any]]:
    """The tenant's dead letters, oldest first: id, task, args, attempts, error, created_at, correlation_id."""
    return await work.sql(
        """SELECT id, task, args, attempts, error, created_at, correlation_id FROM jobs
            WHERE tenant_id = %s AND state = 'dead' ORDER BY id LIMIT %s""",
        (work.tenant_id or NO_TENANT, limit),
    )


async def retry(work: Work, job_id: UUID) -> None:
    """Let a dead job run again, with all its attempts. Raises JobNotFound when it is not dead."""
    await _change_dead(
        work, job_id, "UPDATE jobs SET state = 'ready', attempts = 0, run_at = clock_timestamp(), cancel = false"
    )
    work.after_commit(lambda: work.database.signals.poke(TOPIC))


async def discard(work: Work, job_id: UUID) -> None:
    """Throw a dead job away. Raises JobNotFound when it is not dead."""
    await _change_dead(work, job_id, "DELETE FROM jobs")


async def _change_dead(work: Work, job_id: UUID, change: str) -> None:
    rows = await work.sql(
        f"{change} WHERE tenant_id = %s AND id = %s AND state = 'dead' RETURNING id",
        (work.tenant_id or NO_TENANT, job_id),
    )
    if not rows:
        raise JobNotFound(f"There is no dead job {job_id}.")
