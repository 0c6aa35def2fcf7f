"""A worker: claims jobs in batches, runs them side by side, prolongs their leases, records what became of them.

    stop = asyncio.Event()
    await Worker(database, settings=settings, concurrency=5).run(stop)

Any number of workers, in any number of processes, may share a database. After `stop` nothing new is claimed; what runs
may end within ``Timing.drain`` seconds and is given back otherwise. After a crash the leases end, and others go on.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

import psycopg
from sqlalchemy.exc import DBAPIError

from event_manager.config import Settings
from event_manager.kit import logs
from event_manager.kit.clock import Clock
from event_manager.kit.db import Database
from event_manager.kit.errors import Unavailable
from event_manager.kit.jobs import schedules
from event_manager.kit.jobs.queue import TOPIC
from event_manager.kit.jobs.runner import LeaseLost, Runner, Settled, release
from event_manager.kit.jobs.store import Job, Lease, Outcome, Store
from event_manager.kit.metrics import JOBS

log = logs.logger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds: how long a lease lasts, how often it is prolonged, how often to look without being woken, how often to
    look at the whole queue, how long a stopping worker waits for what runs."""

    lease: float = 30.0
    heartbeat: float = 10.0
    poll: float = 1.0
    rescan: float = 10.0
    drain: float = 20.0


DEFAULT = Timing()


class Worker:
    """See the module. With `clock` the time of everything is the clock's (tests); else leases count by the database."""

    def __init__(
        self,
        database: Database,
        *,
        settings: Settings,
        concurrency: int = 5,
        clock: Clock | None = None,
        timing: Timing = DEFAULT,
    ) -> None:
        self._database = database
        self._concurrency = concurrency
        self._clock = clock
        self._timing = timing
        self._runner = Runner(database, settings=settings, clock=clock)
        lease = timedelta(seconds=timing.lease)
        self._store = Store(database, lease=lease, rescan_seconds=timing.rescan, clock=clock)
        self._held: dict[Lease, Job] = {}
        self._running: dict[Lease, asyncio.Task[None]] = {}
        self._unwanted: set[Lease] = set()
        self._lost: set[Lease] = set()
        self._outcomes: list[Outcome] = []
        self._slot_free = asyncio.Event()
        self._to_record = asyncio.Event()
        self._wake = asyncio.Event()
        self._stop = asyncio.Event()
        self._drained = asyncio.Event()
        self._declared = False

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, then drain."""
        self._stop = stop
        async with self._database.signals.watch(TOPIC) as self._wake:
            first = [self._loop("claim", self._claim, stop), self._loop("tick", self._tick, stop)]
            last = [self._loop("beat", self._beat, self._drained), self._loop("finish", self._finish, self._drained)]
            try:
                await stop.wait()
            finally:
                stop.set()
                self._wake.set()
                self._slot_free.set()
                await asyncio.gather(*first)  # nothing is cut off, or what it has just leased would wait for the lease
                await self._drain()
                self._drained.set()
                self._to_record.set()
                await asyncio.gather(*last)
                await self._retrying("finish", self._record)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work in the background of a block; leaving it drains."""
        stop = asyncio.Event()
        loop = asyncio.create_task(self.run(stop))
        try:
            yield
        finally:
            stop.set()
            await loop

    async def run_until_idle(self) -> int:
        """Run everything that is due now, and what follows from it; returns how many runs that took (tests)."""
        runs = 0
        while True:
            await self._store.tick()
            self._store.forget()
            jobs = await self._store.claim(self._concurrency)
            if not jobs:
                return runs
            for job in jobs:
                self._start(job)
            await asyncio.gather(*self._running.values())
            await self._record()
            runs += len(jobs)

    # The four loops, each one round; `_loop` repeats them.

    async def _claim(self) -> None:
        """Claim as many as may run now, or wait for a slot, a poke, or the poll."""
        room = min(self._concurrency - len(self._running), 2 * self._concurrency - len(self._held))
        if room <= 0:
            self._slot_free.clear()
            await self._slot_free.wait()
            return
        self._wake.clear()
        jobs = await self._store.claim(room)
        for job in jobs:
            self._start(job)
        if not jobs and not self._stop.is_set():
            await _pause(self._wake, self._timing.poll)

    async def _finish(self) -> None:
        await self._to_record.wait()
        self._to_record.clear()
        await self._record()

    async def _beat(self) -> None:
        """Prolong the leases; stop what was lost to another worker or is to be cancelled."""
        await _pause(self._drained, self._timing.heartbeat)
        held = list(self._held.values())
        if not held:
            return
        kept = await self._store.beat(held)
        lost = {job.lease for job in held if job.lease not in kept}
        stop = (lost & self._lost) | {lease for lease, cancel in kept.items() if cancel}
        self._lost = lost  # one that is just being committed looks lost too, but not a second time
        for job in held:
            if job.lease in stop - self._unwanted and job.lease in self._running:
                log.warning("job stopped", task=job.task, job=str(job.id), lost=job.lease in lost)
                self._unwanted.add(job.lease)
                self._running[job.lease].cancel()

    async def _tick(self) -> None:
        """Let time pass: due jobs, expired leases, schedules."""
        if not self._declared:
            await schedules.declare(self._database, self._clock)
            self._declared = True
        ready = await self._store.tick()
        deferred = await schedules.run_due(self._database, self._clock)
        if ready or deferred:
            self._wake.set()
        await _pause(self._stop, self._timing.poll)

    def _start(self, job: Job) -> None:
        self._held[job.lease] = job
        self._running[job.lease] = asyncio.create_task(self._run(job))

    async def _run(self, job: Job) -> None:
        """One job, with its bookkeeping in this process."""
        try:
            result = await self._runner.run(job)
        except LeaseLost:
            self._let_go(job, "lost")
        except asyncio.CancelledError:
            self._outcomes.append(Outcome(job, "done") if job.lease in self._unwanted else release(job))
        else:
            if isinstance(result, Settled):
                self._let_go(job, "done")
            else:
                self._outcomes.append(result)
        finally:
            del self._running[job.lease]
            self._unwanted.discard(job.lease)
            self._slot_free.set()
            self._to_record.set()

    def _let_go(self, job: Job, outcome: str) -> None:
        del self._held[job.lease]
        self._slot_free.set()
        JOBS.labels(job.task, outcome).inc()
        if job.lane:
            self._wake.set()

    async def _record(self) -> None:
        """Write down the outcomes so far; they are kept for the next try when the database does not answer."""
        batch, self._outcomes = self._outcomes, []
        if not batch:
            return
        try:
            accepted = await self._store.finish(batch)
        except BaseException:
            self._outcomes = batch + self._outcomes
            self._to_record.set()
            raise
        for outcome in batch:
            self._let_go(outcome.job, outcome.verdict if outcome.job.id in accepted else "lost")

    async def _drain(self) -> None:
        """Wait for what runs, and give the rest back."""
        if self._running:
            await asyncio.wait(self._running.values(), timeout=self._timing.drain)
        for running in self._running.values():
            running.cancel()
        if self._running:
            await asyncio.wait(self._running.values())

    def _loop(self, name: str, round_: Callable[[], Awaitable[None]], until: asyncio.Event) -> asyncio.Task[None]:
        async def repeat() -> None:
            while not until.is_set():
                await self._retrying(name, round_)

        return asyncio.create_task(repeat())

    async def _retrying(self, name: str, round_: Callable[[], Awaitable[None]]) -> None:
        """One round; waits a second when the database does not answer."""
        try:
            await round_()
        except (psycopg.Error, DBAPIError, Unavailable) as error:
            log.warning("worker interrupted", loop=name, error=str(error))
            await asyncio.sleep(1)
        except Exception:
            log.exception("worker failed", loop=name)
            await asyncio.sleep(1)


async def _pause(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but not longer than this."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
