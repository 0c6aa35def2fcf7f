"""The jobs table against a simple model: any order of deferring, claiming, finishing, crashing and waiting.

Time is a clock that the machine moves; two stores stand for two workers. A worker that "crashes" simply does nothing
more until its leases have ended; what it still says afterwards must be ignored.
"""

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.jobs import JobNotFound, cancel, defer, discard, retry
from event_manager.kit.jobs.store import Job, Outcome, Store, Verdict
from event_manager.kit.migrate import Logins
from event_manager.kit.work import Work

LEASE = timedelta(seconds=30)
PAUSE = timedelta(seconds=20)
TENANTS = [UUID(int=n) for n in (1, 2)]
LONG = os.environ.get("EVENT_MANAGER_LONG_TESTS") == "1"
Fact = tuple[str, int, int, bool]


@dataclass
class Model:
    """What a job should be."""

    tenant: UUID
    lane: str
    priority: int
    due: datetime
    state: str = "ready"
    attempts: int = 0
    token: int = 0
    cancel: bool = False
    key: str | None = None

    def fact(self) -> Fact:
        """What is compared with the table."""
        return self.state, self.attempts, self.token, self.cancel


class Queue(RuleBasedStateMachine):
    """Every step is done to the table and to the model; after each both must be equal."""

    loop: asyncio.Runner
    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.clock = FixedClock(datetime(2100, 1, 1, tzinfo=UTC))
        self.loop.run(self.sql("DELETE FROM jobs"))
        self.stores = [Store(self.database, lease=LEASE, rescan_seconds=0, clock=self.clock) for _ in range(2)]
        self.model: dict[UUID, Model] = {}
        self.leases: list[Job] = []

    async def sql(self, statement: str) -> list[dict[str, object]]:
        """One statement as the platform."""
        async with Work(self.database, role="platform") as work:
            rows = await work.sql(statement)
            await work.commit()
            return rows

    def ready(self) -> dict[UUID, Model]:
        """Jobs of the model that a claim may take: the first live one of a lane in which nothing runs, or no lane."""
        heads: dict[tuple[UUID, str], UUID] = {}
        busy = {(m.tenant, m.lane) for m in self.model.values() if m.state == "leased"}
        for job, m in sorted(self.model.items()):
            if m.state != "dead":
                heads.setdefault((m.tenant, m.lane), job)
        return {
            job: m
            for job, m in self.model.items()
            if m.state == "ready"
            and (not m.lane or (heads[m.tenant, m.lane] == job and (m.tenant, m.lane) not in busy))
        }

    @rule(
        tenant=st.sampled_from(TENANTS),
        lane=st.sampled_from(["", "", "a"]),
        priorities=st.lists(st.sampled_from([0, 5]), min_size=1, max_size=4),
        wait=st.sampled_from([None, None, None, 0, 60]),
        commit=st.sampled_from([True, True, True, False]),
    )
    def defer(self, tenant: UUID, lane: str, priorities: list[int], wait: int | None, commit: bool) -> None:
        """A transaction defers jobs, and may be rolled back."""
        run_at = None if wait is None else self.clock.now() + timedelta(seconds=wait)

        async def run() -> list[UUID]:
            async with Work(self.database, tenant_id=tenant) as work:
                jobs = [await defer(work, "model.any", lane=lane, priority=p, run_at=run_at) for p in priorities]
                if commit:
                    await work.commit()
                return jobs

        for job, priority in zip(self.loop.run(run()), priorities, strict=True):
            if commit:
                due = run_at or self.clock.now()
                self.model[job] = Model(tenant, lane, priority, due, "waiting" if run_at else "ready")

    @rule(tenant=st.sampled_from(TENANTS))
    def defer_keyed(self, tenant: UUID) -> None:
        """A job with a key is added once until it begins."""

        async def run() -> UUID:
            async with Work(self.database, tenant_id=tenant) as work:
                job = await defer(work, "model.any", key="k")
                await work.commit()
                return job

        job = self.loop.run(run())
        same = [j for j, m in self.model.items() if (m.tenant, m.key) == (tenant, "k")]
        assert same in ([], [job])
        if not same:
            self.model[job] = Model(tenant, "", 0, self.clock.now(), key="k")

    @rule(worker=st.integers(0, 1), room=st.integers(1, 6))
    def claim(self, worker: int, room: int) -> None:
        """A worker leases jobs: only what may run, never more than asked for, and something if there is something."""
        may = self.ready()
        rows = self.loop.run(self.sql("SELECT id FROM jobs ORDER BY run_at, id"))
        order = {row["id"]: nr for nr, row in enumerate(rows)}
        jobs = self.loop.run(self.stores[worker].claim(room))
        taken = {job.id for job in jobs}

        assert len(taken) == len(jobs) <= room
        assert taken <= may.keys()
        assert bool(taken) == bool(may)
        self.check_order(may, taken, order)
        self.check_shares(may, jobs, room)
        for job in jobs:
            m = self.model[job.id]
            m.state, m.attempts, m.token, m.key = "leased", m.attempts + 1, m.token + 1, None
            m.due = self.clock.now() + LEASE
            assert (job.token, job.attempts, job.cancel) == (m.token, m.attempts, m.cancel)
        self.leases += jobs

    @staticmethod
    def check_order(may: dict[UUID, Model], taken: set[UUID], order: dict[object, int]) -> None:
        """Within a tenant nothing was passed over by a job of lower priority, or of the same and later."""
        for tenant in TENANTS:
            rank = {j: (-m.priority, order[j]) for j, m in may.items() if m.tenant == tenant and not m.lane}
            chosen = sorted(rank[j] for j in rank if j in taken)
            assert chosen == sorted(rank.values())[: len(chosen)]

    @staticmethod
    def check_shares(may: dict[UUID, Model], jobs: list[Job], room: int) -> None:
        """Where there is room for all tenants, each that has something gets something."""
        left = room - sum(1 for job in jobs if job.lane)
        waiting = {m.tenant for m in may.values() if not m.lane}
        if left >= len(waiting):
            assert {job.tenant_id for job in jobs if not job.lane} == waiting

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        """Workers say what became of leases, even of those they have lost; only present ones count."""
        chosen = data.draw(st.lists(st.sampled_from(self.leases), min_size=1, max_size=4, unique=True))
        verdicts: dict[UUID, Verdict] = {}
        for job in chosen:
            verdicts[job.id] = data.draw(st.sampled_from(["done", "done", "retry", "dead", "release"]))
        batch = [Outcome(job, verdicts[job.id], pause=PAUSE if verdicts[job.id] == "retry" else None) for job in chosen]
        accepted = self.loop.run(self.stores[0].finish(batch))

        valid = {job.id for job in chosen if self.holds(job)}
        assert accepted == valid
        self.leases = [job for job in self.leases if job.id not in valid or not self.holds(job)]
        for job_id in valid:
            self.end(job_id, verdicts[job_id])

    def end(self, job_id: UUID, verdict: str) -> None:
        """What a verdict does to the model."""
        m = self.model[job_id]
        if verdict == "done" or m.cancel:
            del self.model[job_id]
            return
        m.state = {"retry": "waiting", "dead": "dead", "release": "ready"}[verdict]
        m.attempts -= verdict == "release"
        m.due = self.clock.now() + PAUSE

    def holds(self, job: Job) -> bool:
        """Whether this lease is the present one."""
        m = self.model.get(job.id)
        return m is not None and m.state == "leased" and m.token == job.token

    @precondition(lambda self: self.leases)
    @rule(data=st.data())
    def beat(self, data: st.DataObject) -> None:
        """A heartbeat prolongs what is held, and says what is not, and what is to be cancelled."""
        chosen = data.draw(st.lists(st.sampled_from(self.leases), min_size=1, max_size=6, unique=True))
        kept = self.loop.run(self.stores[0].beat(chosen))

        assert kept == {job.lease: self.model[job.id].cancel for job in chosen if self.holds(job)}
        for job_id, _token in kept:
            self.model[UUID(int=job_id)].due = self.clock.now() + LEASE

    @rule(seconds=st.sampled_from([1, 15, 31, 90]))
    def time_passes(self, seconds: int) -> None:
        """Waiting jobs fall due, leases that nobody prolonged end."""
        self.clock.move(timedelta(seconds=seconds))
        made_ready = self.loop.run(self.stores[0].tick())

        now = self.clock.now()
        changed = [m for m in self.model.values() if m.state == "waiting" and m.due <= now]
        changed += [m for m in self.model.values() if m.state == "leased" and m.due < now]
        assert made_ready == len(changed)
        for m in changed:
            m.state = "ready"

    @precondition(lambda self: self.model)
    @rule(data=st.data(), change=st.sampled_from([cancel, cancel, retry, discard]))
    def look_after(self, data: st.DataObject, change: object) -> None:
        """A person cancels, retries or discards; what does not fit the state is refused."""
        job = data.draw(st.sampled_from(sorted(self.model)))
        m = self.model[job]

        async def run() -> None:
            async with Work(self.database, tenant_id=m.tenant) as work:
                await change(work, job)  # type: ignore[operator]
                await work.commit()

        if (m.state == "dead") == (change is cancel):
            with pytest.raises(JobNotFound):
                self.loop.run(run())
            return
        self.loop.run(run())
        if change is cancel and m.state == "leased":
            m.cancel = True
        elif change is retry:
            m.state, m.attempts, m.cancel = "ready", 0, False
        else:
            del self.model[job]

    @invariant()
    def table_equals_model(self) -> None:
        """The one thing to be true after every step."""
        rows = self.loop.run(self.sql("SELECT id, state, attempts, token, cancel FROM jobs"))
        assert {r["id"]: (r["state"], r["attempts"], r["token"], r["cancel"]) for r in rows} == {
            job: m.fact() for job, m in self.model.items()
        }


def test_the_table_behaves_like_the_model(logins: Logins) -> None:
    Queue.database = Database(app_dsn=logins.app, platform_dsn=logins.platform, pool_size=1, platform_pool_size=1)
    with asyncio.Runner() as Queue.loop:
        Queue.loop.run(Queue.database.open())
        try:
            run_state_machine_as_test(
                Queue,
                settings=settings(
                    max_examples=600 if LONG else 25,
                    stateful_step_count=50,
                    deadline=None,
                    suppress_health_check=[HealthCheck.too_slow],
                ),
            )
        finally:
            Queue.loop.run(Queue.database.close())
