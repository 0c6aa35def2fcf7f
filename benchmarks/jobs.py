"""The job module: no-op jobs a second of one worker, what they cost, and what must not slow them down.

Ratios compare the module with itself (an empty queue, a young queue), so they hold on any machine.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import uvloop

from benchmarks.figures import Figure, figure
from event_manager.config import Settings
from event_manager.kit import logs, migrate
from event_manager.kit.db import Database
from event_manager.kit.jobs import JobWork, Worker, defer, defer_many, task
from event_manager.kit.jobs.store import Outcome, Store
from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.setup import scratch_directory
from event_manager.kit.work import Work

JOBS, ROUNDS, LANES, PROBES = 30_000, 3, 200, 60
CONCURRENCY = 100
TENANT = UUID(int=1)
LATER = datetime(2999, 1, 1, tzinfo=UTC)


@dataclass
class Probe:
    """When no-op jobs began; `all_begun` is set with the last one wanted."""

    wanted: int = 0
    begun: list[float] = field(default_factory=list)
    all_begun: asyncio.Event = field(default_factory=asyncio.Event)

    def expect(self, wanted: int) -> None:
        """Start counting."""
        self.wanted = wanted
        self.begun.clear()
        self.all_begun.clear()


PROBE = Probe()


@task("bench.noop")
async def noop(work: JobWork, *, n: int) -> None:  # noqa: ARG001 - the signature of a task
    """Nothing, at a time."""
    PROBE.begun.append(time.perf_counter())
    if len(PROBE.begun) >= PROBE.wanted:
        PROBE.all_begun.set()


def run() -> list[Figure]:
    """Every figure of this module, on an embedded server of its own with durable commits."""
    logs.configure("ERROR", "console")
    with scratch_logins() as logins:
        return uvloop.run(_measure(logins))


@contextmanager
def scratch_logins() -> Iterator[migrate.Logins]:
    """A migrated database of its own on a scratch server with durable commits."""
    with scratch_directory() as folder, EmbeddedServer.start(folder) as server:
        with psycopg.connect(server.superuser_dsn, autocommit=True) as conn:
            conn.execute("CREATE DATABASE bench")
        admin = psycopg.conninfo.make_conninfo(server.superuser_dsn, dbname="bench")
        roles = migrate.Roles("event_manager")
        made = migrate.bootstrap(admin, "a key of the benchmark's own database", roles)
        migrate.upgrade(made.owner, roles)
        yield made


async def _measure(logins: migrate.Logins) -> list[Figure]:
    database = Database(app_dsn=logins.app, platform_dsn=logins.platform)
    await database.open()
    try:
        runs = [await _run_noops(database, lanes=1) for _ in range(ROUNDS)]
        best = max(rate for _, rate, _ in runs)
        cheapest = min(cpu for _, _, cpu in runs)
        _, in_lanes, _ = await _run_noops(database, lanes=LANES)
        p50 = await _latency(database)
        behind, held = await _claim_ratios(database, logins)
    finally:
        await database.close()
    return [
        figure("jobs: deferred in batches of 5000", max(put for put, _, _ in runs), "jobs/s"),
        figure("jobs: no-op jobs run by one worker", best, "jobs/s", least=10_000),
        figure("jobs: CPU of a no-op job, worker and database", cheapest, "us", most=150),
        figure(f"jobs: no-op jobs in {LANES} ordered lanes", in_lanes, "jobs/s"),
        figure("jobs: from commit to begin, median", p50, "ms", most=10),
        figure("jobs: claim behind 100000 scheduled ones / without", behind, "ratio", most=2),
        figure("jobs: claim after 20000 jobs under a held snapshot / before", held, "ratio", most=3),
    ]


async def _put(database: Database, count: int, lane: str = "", run_at: datetime | None = None) -> None:
    async with Work(database, tenant_id=TENANT) as work:
        for first in range(0, count, 5000):
            numbers = range(first, min(first + 5000, count))
            await defer_many(work, "bench.noop", [{"n": n} for n in numbers], lane=lane, run_at=run_at)
        await work.commit()


async def _run_noops(database: Database, *, lanes: int) -> tuple[float, float, float]:
    """Jobs deferred a second, jobs run a second, CPU microseconds of a run."""
    start = time.perf_counter()
    jobs = JOBS if lanes == 1 else JOBS // 5 // lanes * lanes
    for lane in range(lanes):
        await _put(database, jobs // lanes, lane=f"lane {lane}" if lanes > 1 else "")
    put = time.perf_counter() - start
    backends = [await database.platform.acquire() for _ in range(4)]
    pids = [conn.info.backend_pid for conn in backends]
    for conn in backends:
        await conn.close()
    PROBE.expect(jobs)
    before, start = _cpu(pids), time.perf_counter()
    async with Worker(database, settings=Settings(), concurrency=CONCURRENCY).running():
        await PROBE.all_begun.wait()
    return jobs / put, jobs / (time.perf_counter() - start), (_cpu(pids) - before) / jobs * 1e6


def _cpu(pids: list[int]) -> float:
    """CPU seconds of this process and of the given ones, so far."""
    nanoseconds = sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids)
    return time.process_time() + nanoseconds / 1e9


async def _latency(database: Database) -> float:
    """Milliseconds from the commit to the begin of a job, one at a time."""
    waits = []
    async with Worker(database, settings=Settings()).running():
        await asyncio.sleep(0.2)
        for n in range(PROBES):
            PROBE.expect(1)
            async with Work(database, tenant_id=TENANT) as work:
                await defer(work, "bench.noop", {"n": n})
                await work.commit()
            committed = time.perf_counter()
            await PROBE.all_begun.wait()
            waits.append((PROBE.begun[0] - committed) * 1000)
            await asyncio.sleep(0.02)
    return max(0.0, statistics.median(waits))


async def _claim_ratios(database: Database, logins: migrate.Logins) -> tuple[float, float]:
    """How much a claim takes behind scheduled jobs, and after many jobs that vacuum may not clear away."""
    store = Store(database)
    plain = await _claim_all(store, database, 5000)
    await _put(database, 100_000, run_at=LATER)
    behind = await _claim_all(store, database, 5000)
    with psycopg.connect(logins.platform) as snapshot:
        snapshot.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        snapshot.execute("SELECT count(*) FROM jobs")
        times = await _claim_all(store, database, 25_000)
    first, last = statistics.median(times[:50]), statistics.median(times[-50:])
    return statistics.median(behind) / statistics.median(plain), last / first


async def _claim_all(store: Store, database: Database, count: int) -> list[float]:
    """Seconds of each claim of 100, until nothing is left."""
    await _put(database, count)
    store.forget()
    times: list[float] = []
    while True:
        start = time.perf_counter()
        jobs = await store.claim(CONCURRENCY)
        if not jobs:
            return times
        times.append(time.perf_counter() - start)
        await store.finish([Outcome(job, "done") for job in jobs])
