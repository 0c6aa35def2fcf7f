"""A worker's side of the jobs table: claim, prolong, finish, each one statement for a whole batch.

The statements are SQL functions of migration 0004; they run on the platform pool, since a worker serves all tenants.
"""

import time
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple
from uuid import UUID

import psycopg
from psycopg.rows import args_row

from event_manager.kit.clock import Clock
from event_manager.kit.db import Database, Row

DAWN = datetime(1970, 1, 1, tzinfo=UTC)
LATE_COMMIT = timedelta(seconds=0.1)
DISCOVER_SECONDS = 0.5
TICK_LIMIT = 1000

Lease = tuple[int, int]
Verdict = Literal["done", "retry", "dead", "release"]


class Job(NamedTuple):
    """A job under a lease. ``token`` is the fence: it grows with each lease, and only the newest may finish."""

    tenant_id: UUID
    id: UUID
    token: int
    task: str
    args: str
    lane: str
    priority: int
    attempts: int
    cancel: bool
    run_at: datetime
    correlation_id: str
    traceparent: str = ""

    @property
    def lease(self) -> Lease:
        """Which lease of which job."""
        return self.id.int, self.token


class Outcome(NamedTuple):
    """What became of a leased job. ``retry`` goes with `pause` and `error`, ``dead`` with `error`; ``release`` gives
    the job back untried."""

    job: Job
    verdict: Verdict
    pause: timedelta | None = None
    error: str | None = None


class Store:
    """Leases of one worker. `lease` is how long one lasts without a heartbeat. Without `clock` the database's counts,
    which is the same for every worker."""

    def __init__(
        self,
        database: Database,
        *,
        lease: timedelta = timedelta(seconds=30),
        rescan_seconds: float = 10.0,
        clock: Clock | None = None,
    ) -> None:
        self._database = database
        self._lease = lease
        self._rescan_seconds = rescan_seconds
        self._clock = clock
        self._floors: dict[tuple[UUID, int], datetime] = {}
        self._lanes = False
        self._queues_first = False
        self._discover_at = 0.0
        self._rescan_at = 0.0

    async def claim(self, room: int) -> list[Job]:
        """Lease up to `room` jobs: heads of free lanes, and an equal share for each tenant; in turns one of both first.

        Empty when there is nothing, or others were faster.
        """
        await self._discover()
        sources = [self._claim_lanes, self._claim_queues]
        if self._queues_first:
            sources.reverse()
        self._queues_first = not self._queues_first
        jobs = await sources[0](room)
        if len(jobs) < room:
            jobs += await sources[1](room - len(jobs))
        return jobs

    async def _claim_lanes(self, room: int) -> list[Job]:
        if not self._lanes:
            return []
        try:
            jobs = await self._lease_jobs(
                "SELECT * FROM jobs_claim_lanes(%s, %s::timestamptz, %s)", (room, self._now(), self._lease)
            )
        except psycopg.errors.UniqueViolation:  # another worker took a head of the same lane; look again next time
            return []
        self._lanes = bool(jobs)
        return jobs

    async def _claim_queues(self, room: int) -> list[Job]:
        tenants = list(dict.fromkeys(tenant for tenant, _ in self._floors))[:room]
        if not tenants:
            return []
        share = room // len(tenants)
        asked = [key for key in self._floors if key[0] in tenants]
        jobs = await self._lease_jobs(
            "SELECT * FROM jobs_claim(%s::uuid[], %s::smallint[], %s::timestamptz[], %s, %s::timestamptz, %s)",
            (
                [tenant for tenant, _ in asked], [priority for _, priority in asked],
                [self._floors[key] for key in asked], share, self._now(), self._lease,
            ),
        )  # fmt: skip
        jobs.sort(key=lambda job: (-job.priority, job.run_at, job.id))
        self._remember(asked, jobs, share)
        return jobs

    def _remember(self, asked: list[tuple[UUID, int]], jobs: list[Job], share: int) -> None:
        """Raise the floors of what has more to give, forget what is empty, and put those served at the end."""
        given: dict[UUID, int] = {}
        for job in jobs:
            given[job.tenant_id] = given.get(job.tenant_id, 0) + 1
        for key in asked:
            floor = self._floors.pop(key)
            if given.get(key[0], 0) == share:
                self._floors[key] = floor
        for job in jobs:
            key = job.tenant_id, job.priority
            if key in self._floors:
                self._floors[key] = max(self._floors[key], job.run_at - LATE_COMMIT)

    async def _discover(self) -> None:
        """Learn which tenants have something ready: at once when none is known, else every half second.

        Floors are dropped every `rescan_seconds`, which finds what was committed late or given back.
        """
        now = time.monotonic()
        if now >= self._rescan_at:
            self.forget()
            self._rescan_at = now + self._rescan_seconds
        if (self._floors or self._lanes) and now < self._discover_at:
            return
        self._discover_at = now + DISCOVER_SECONDS
        self._lanes = False
        for row in await self._call("SELECT * FROM jobs_queues()", ()):
            if row["tenant_id"] is None:
                self._lanes = True
            else:
                self._floors.setdefault((row["tenant_id"], row["priority"]), DAWN)

    def forget(self) -> None:
        """Look at everything again at the next claim."""
        self._floors.clear()
        self._lanes = False

    async def beat(self, jobs: Collection[Job]) -> dict[Lease, bool]:
        """Prolong the leases; returns those still held, each with whether its job is to be cancelled."""
        fences = [j.tenant_id for j in jobs], [j.id for j in jobs], [j.token for j in jobs]
        rows = await self._call(
            "SELECT * FROM jobs_beat(%s::uuid[], %s::uuid[], %s::bigint[], %s::timestamptz, %s)",
            (*fences, self._now(), self._lease),
        )
        return {(row["id"].int, row["token"]): row["cancel"] for row in rows}

    async def finish(self, outcomes: Sequence[Outcome]) -> set[UUID]:
        """Record outcomes; returns the ids accepted. Those of lost leases are ignored."""
        rows = await self._call(
            """SELECT jobs_finish(%b::uuid[], %b::uuid[], %b::bigint[], %b::text[], %s::interval[], %s::text[],
                                  %s::timestamptz) AS id""",
            (
                [o.job.tenant_id for o in outcomes], [o.job.id for o in outcomes], [o.job.token for o in outcomes],
                [o.verdict for o in outcomes], [o.pause for o in outcomes], [o.error for o in outcomes], self._now(),
            ),
        )  # fmt: skip
        return {row["id"] for row in rows}

    async def tick(self) -> int:
        """Make ready what has fallen due and what vanished workers held; returns how many."""
        [row] = await self._call("SELECT jobs_tick(%s::timestamptz, %s) AS ready", (self._now(), TICK_LIMIT))
        ready: int = row["ready"]
        if ready:
            self.forget()
        return ready

    def _now(self) -> datetime | None:
        return None if self._clock is None else self._clock.now()

    async def _lease_jobs(self, query: str, params: tuple[Any, ...]) -> list[Job]:
        async with self._database.platform.single() as conn, conn.cursor(row_factory=args_row(Job)) as cursor:
            return await (await cursor.execute(query, params, binary=True)).fetchall()

    async def _call(self, query: str, params: tuple[Any, ...]) -> list[Row]:
        async with self._database.platform.single() as conn:
            return await (await conn.execute(query, params)).fetchall()
