"""A worker process for the kill -9 suite.

Its jobs write one row each, through the work (so together with the end of the job), at different paces.
"""

import asyncio

from event_manager.config import Settings
from event_manager.kit import logs
from event_manager.kit.db import Database
from event_manager.kit.jobs import JobWork, Timing, defer, task
from event_manager.kit.jobs.process import run_worker

WRITE = "INSERT INTO victim_effects (n, lane, follows, attempt) VALUES"
TIMING = Timing(lease=1.0, heartbeat=0.3, poll=0.1, rescan=0.5, drain=2.0)


@task("victim.effect", max_attempts=200)
async def effect(work: JobWork, *, n: int, pause: float, follow: bool) -> None:
    """Write, dawdle (a good moment to be killed), and have something follow."""
    await work.sql(f"{WRITE} (%s, '', false, %s)", (n, work.attempt))
    await asyncio.sleep(pause)
    if follow:
        await defer(work, "victim.follow", {"n": n})


@task("victim.follow", max_attempts=200)
async def follow(work: JobWork, *, n: int) -> None:
    """What an effect deferred."""
    await work.sql(f"{WRITE} (%s, '', true, %s)", (n, work.attempt))


@task("victim.step", max_attempts=200)
async def step(work: JobWork, *, n: int, lane: str) -> None:
    """One step of an ordered lane."""
    await work.sql(f"{WRITE} (%s, %s, false, %s)", (n, lane, work.attempt))


@task("victim.outside", max_attempts=200)
async def outside(work: JobWork, *, n: int) -> None:
    """An effect that the end of the job is not part of: at least once."""
    await work.single(f"{WRITE} (%s, 'outside', false, %s)", (n, work.attempt))
    await asyncio.sleep(0.02)


def main(app_dsn: str, platform_dsn: str) -> None:
    """Work until told to stop, or killed."""
    logs.configure("ERROR", "console")
    database = Database(app_dsn=app_dsn, platform_dsn=platform_dsn, pool_size=6, platform_pool_size=2)
    asyncio.run(run_worker(Settings(worker_concurrency=6), database, timing=TIMING))
