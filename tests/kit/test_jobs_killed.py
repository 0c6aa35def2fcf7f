"""Workers are killed with -9 in a loop: no job is lost, what jobs write happens once, lanes keep their order.

About fifteen seconds; EVENT_MANAGER_LONG_TESTS=1 kills for five minutes.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess as Process
from uuid import UUID

import psycopg
import pytest

from event_manager.kit.db import Database
from event_manager.kit.jobs import defer_many
from event_manager.kit.migrate import Logins
from event_manager.kit.work import Work
from tests.conftest import ROLES
from tests.kit import jobs_victim

KILLS = 250 if os.environ.get("EVENT_MANAGER_LONG_TESTS") == "1" else 8
BATCH = 60  # jobs of each kind, deferred between two kills
LANES = [f"lane {n}" for n in range(5)]
TENANT = UUID(int=77)
PROCESSES = get_context("forkserver")  # each worker is forked from a process that has imported the product already
PROCESSES.set_forkserver_preload(["tests.kit.jobs_victim"])


@pytest.fixture
async def effects(logins: Logins, database: Database) -> AsyncIterator[None]:
    """The table that the victims write to."""
    with psycopg.connect(logins.owner, autocommit=True) as conn:
        conn.execute(
            "CREATE TABLE victim_effects"
            " (nr bigint GENERATED ALWAYS AS IDENTITY, n int, lane text, follows bool, attempt int)"
        )
        conn.execute(
            f"GRANT INSERT ON victim_effects TO {ROLES.app}; GRANT SELECT ON victim_effects TO {ROLES.platform}"
        )
    yield
    async with Work(database, role="platform") as work:
        await work.sql("DELETE FROM jobs")
        await work.sql("DELETE FROM job_schedules")
        await work.commit()
    with psycopg.connect(logins.owner, autocommit=True) as conn:
        conn.execute("DROP TABLE victim_effects")


def start(logins: Logins) -> Process:
    """One worker process."""
    worker = PROCESSES.Process(target=jobs_victim.main, args=(logins.app, logins.platform))
    worker.start()
    return worker


async def defer_batch(database: Database, batch: int) -> None:
    """Effects with and without followers, ordered lanes, effects outside of the transaction."""
    numbers = range(batch * BATCH, (batch + 1) * BATCH)
    async with Work(database, tenant_id=TENANT) as work:
        paces = [{"n": n, "pause": random.choice([0, 0.01, 0.1]), "follow": n % 3 == 0} for n in numbers]
        await defer_many(work, "victim.effect", paces)
        for lane in LANES:
            await defer_many(work, "victim.step", [{"n": n, "lane": lane} for n in numbers[::10]], lane=lane)
        await defer_many(work, "victim.outside", [{"n": n} for n in numbers])
        await work.commit()


async def count(database: Database, state: str) -> int:
    """Jobs whose state is like this."""
    async with Work(database, role="platform") as work:
        [row] = await work.sql("SELECT count(*) AS n FROM jobs WHERE state LIKE %s", (state,))
        number: int = row["n"]
        return number


async def until(database: Database, state: str, some: bool) -> None:
    """Wait at most two minutes until there are, or are no, jobs in this state."""
    for _ in range(6000):
        if (await count(database, state) > 0) == some:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"after two minutes: {await count(database, state)} jobs are {state}")


async def kill_in_a_loop(logins: Logins, database: Database) -> list[int | None]:
    """Keep two workers going; kill one or both in the middle of something, again and again; then let them finish.

    Returns the exit codes of the last ones, which are asked to stop.
    """
    workers = [start(logins), start(logins)]
    try:
        for batch in range(KILLS):
            await defer_batch(database, batch)
            await until(database, "leased", some=True)
            await asyncio.sleep(random.uniform(0, 0.3))
            for victim in workers[: random.choice([1, 2])]:
                victim.kill()
                victim.join()
                workers.remove(victim)
                workers.append(start(logins))
        await until(database, "%", some=False)
        for worker in workers:
            worker.terminate()
            worker.join(timeout=30)
        return [worker.exitcode for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
            worker.join()


async def test_killing_workers_loses_nothing_and_doubles_nothing(
    logins: Logins, database: Database, effects: None
) -> None:
    codes = await kill_in_a_loop(logins, database)

    async with Work(database, role="platform") as work:
        rows = await work.sql("SELECT n, lane, follows, attempt FROM victim_effects ORDER BY nr")
    everything = list(range(KILLS * BATCH))
    assert (codes, await count(database, "%")) == ([0, 0], 0)
    assert sorted(row["n"] for row in rows if not row["lane"] and not row["follows"]) == everything
    assert sorted(row["n"] for row in rows if row["follows"]) == [n for n in everything if n % 3 == 0]
    for lane in LANES:
        assert [row["n"] for row in rows if row["lane"] == lane] == everything[::10]
    assert {row["n"] for row in rows if row["lane"] == "outside"} == set(everything)
    assert max(row["attempt"] for row in rows) > 1, "no worker was killed in the middle of anything"
