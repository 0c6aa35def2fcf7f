"""Run one leased job: open its work, call the handler, and say what became of it."""

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from event_manager.config import Settings
from event_manager.kit import logs, tracing
from event_manager.kit.clock import Clock
from event_manager.kit.db import Database
from event_manager.kit.jobs.models import NO_TENANT
from event_manager.kit.jobs.store import Job, Outcome
from event_manager.kit.jobs.tasks import Backoff, Permanent, Task, Temporary, tasks
from event_manager.kit.work import Work

UNKNOWN_TASK = Backoff(first=30)  # a newer worker may know it
UNKNOWN_ATTEMPTS = 10
OWN_CONNECTIONS = 3  # of the platform pool: claims, ends and heartbeats must not wait for what platform jobs hold
SECRET = re.compile(
    r"(?<=://)[^\s/@]+@"  # user:password@ of an address
    r"|(?i:(?:password|passwd|token|secret|key|authorization)\s*[=:]\s*)\S+"
    r"|\b(?![0-9a-f]{8}-[0-9a-f]{4}-)[A-Za-z0-9_-]{32,}"  # random tokens, but not ids
)
log = logs.logger(__name__)


class LeaseLost(Exception):
    """Another worker holds the job by now; what this one wrote is rolled back."""


class JobWork(Work):
    """The unit of work of a job: system actor, the job's tenant, and the installation's settings."""

    def __init__(self, database: Database, job: Job, task: Task, *, settings: Settings, clock: Clock | None) -> None:
        super().__init__(
            database,
            tenant_id=None if job.tenant_id == NO_TENANT else job.tenant_id,
            actor=task.actor,
            correlation_id=job.correlation_id,
            clock=clock,
            role="platform" if task.platform else "app",
        )
        self.job_id = job.id
        self.settings = settings
        self.attempt = job.attempts
        self.last_attempt = job.attempts >= task.max_attempts

    @property
    def begun(self) -> bool:
        """Whether a transaction is open."""
        return self._session is not None and self._session.in_transaction()


@dataclass(frozen=True, slots=True)
class Settled:
    """The job ended in its own transaction: nothing is left to record."""

    job: Job


class Runner:
    """Runs leased jobs with what a process gives them."""

    def __init__(self, database: Database, *, settings: Settings, clock: Clock | None = None) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        own = database.platform.psycopg.max_size - OWN_CONNECTIONS
        self._platform_slots = asyncio.Semaphore(max(1, own))

    async def run(self, job: Job) -> Outcome | Settled:
        """Run to the end, whatever it is. Raises CancelledError when cancelled, LeaseLost when fenced off."""
        logs.correlation_id.set(job.correlation_id)
        if job.cancel:
            return Outcome(job, "done")
        task = tasks().get(job.task)
        if task is None:
            return self._failed(job, f"no task '{job.task}' is registered here", UNKNOWN_TASK, UNKNOWN_ATTEMPTS)
        if job.attempts > task.max_attempts:
            return Outcome(job, "dead", error=f"its worker vanished in each of {task.max_attempts} attempts")
        if not task.platform:
            return await self._traced(job, task)
        async with self._platform_slots:
            return await self._traced(job, task)

    async def _traced(self, job: Job, task: Task) -> Outcome | Settled:
        with tracing.job(
            task.name, job_id=str(job.id), attempt=job.attempts, correlation_id=job.correlation_id,
            parent=job.traceparent,
        ) as span:  # fmt: skip
            result = await self._attempt(job, task)
            if isinstance(result, Outcome) and result.error:
                span.failed(result.error)
            return result

    async def _attempt(self, job: Job, task: Task) -> Outcome | Settled:
        limit = asyncio.timeout(task.timeout)
        try:
            async with limit, JobWork(self._database, job, task, settings=self._settings, clock=self._clock) as work:
                args: dict[str, Any] = orjson.loads(job.args)
                await task.run(work, **args)
                return await self._end(work, job)
        except LeaseLost:
            raise
        except Permanent as refusal:
            log.warning("job refused for good", task=job.task, job=str(job.id), error=describe(refusal))
            return Outcome(job, "dead", error=describe(refusal))
        except Temporary as refusal:
            log.warning("job refused for now", task=job.task, job=str(job.id), error=describe(refusal))
            return self._failed(job, describe(refusal), task.backoff, task.max_attempts)
        except TimeoutError as error:
            reason = f"took longer than {task.timeout:g} s" if limit.expired() else describe(error)
            return self._failed(job, reason, task.backoff, task.max_attempts)
        except Exception as error:
            log.exception("job failed", task=job.task, job=str(job.id), attempt=job.attempts)
            return self._failed(job, describe(error), task.backoff, task.max_attempts)

    @staticmethod
    async def _end(work: JobWork, job: Job) -> Outcome | Settled:
        """Commit what the handler wrote together with the end of the job, under the fence."""
        if not work.begun:
            await work.commit()  # runs what was left for after the commit
            return Outcome(job, "done")
        ended = await work.sql(
            "DELETE FROM jobs WHERE tenant_id = %s AND id = %s AND token = %s AND state = 'leased' RETURNING id",
            (job.tenant_id, job.id, job.token),
        )
        if not ended:
            raise LeaseLost
        await work.commit()
        return Settled(job)

    @staticmethod
    def _failed(job: Job, reason: str, backoff: Backoff, max_attempts: int) -> Outcome:
        if job.attempts >= max_attempts:
            log.error("job is dead", task=job.task, job=str(job.id), attempts=job.attempts, reason=reason)
            return Outcome(job, "dead", error=reason)
        return Outcome(job, "retry", pause=backoff.pause(job.attempts), error=reason)


def describe(error: BaseException) -> str:
    """An error for people and for storage: its kind and first line, without what looks like a secret."""
    lines = str(error).strip().splitlines()
    text = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
    return SECRET.sub("***", text)[:500]


def release(job: Job) -> Outcome:
    """Give a job back that was stopped through no fault of its own."""
    return Outcome(job, "release", pause=timedelta(0))
