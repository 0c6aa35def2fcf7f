"""Processes that follow the log are killed with -9 in a loop: nothing is lost, nothing is done twice, order is kept.

Some seconds; EVENT_MANAGER_LONG_TESTS=1 kills a hundred times.
"""

import asyncio
import os
import random
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess as Process
from uuid import UUID

import psycopg
import pytest

from event_manager import eventlog
from event_manager.kit.db import Database
from event_manager.kit.migrate import Logins
from event_manager.kit.work import Work
from event_manager.tenancy.event_types import TenantUpdated
from tests.conftest import ROLES
from tests.eventlog import handlers_victim
from tests.people import People
from tests.snapshot import Snapshot

KILLS = 100 if os.environ.get("EVENT_MANAGER_LONG_TESTS") == "1" else 5
BATCH = 40
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.eventlog.handlers_victim"])


@pytest.fixture
def tables(logins: Logins, snapshot: Snapshot) -> Iterator[None]:
    """What the victims write to."""
    with psycopg.connect(logins.owner, autocommit=True) as conn:
        conn.execute(handlers_victim.TABLES)
        for name in ("handler_effects", "handler_kept", "handler_kept_side"):
            conn.execute(f"GRANT SELECT, INSERT, UPDATE ON {name} TO {ROLES.app}, {ROLES.platform}")
    yield
    snapshot.restore()
    with psycopg.connect(logins.owner, autocommit=True) as conn:
        conn.execute("DROP TABLE handler_effects, handler_kept, handler_kept_side")


def start(logins: Logins) -> Process:
    """One process that follows the log."""
    process = PROCESSES.Process(target=handlers_victim.main, args=(logins.app, logins.platform))
    process.start()
    return process


async def happen(database: Database, people: People, numbers: range) -> None:
    """Entries of both organisations, in several transactions."""
    for at in range(numbers.start, numbers.stop, 8):
        for tenant in (people.a, people.b):
            async with Work(database, tenant_id=tenant, correlation_id="kill") as work:
                told = [TenantUpdated(tenant_id=tenant, changes={"n": ("", str(n))}) for n in range(at, at + 8)]
                await eventlog.append_many(work, told)
                await work.commit()


async def count(database: Database, where: str) -> int:
    async with Work(database, role="platform") as work:
        [row] = await work.sql(f"SELECT count(*) AS n FROM handler_effects WHERE {where}")
        number: int = row["n"]
        return number


async def until(database: Database, where: str, least: int) -> None:
    """Wait at most two minutes for so many effects."""
    for _ in range(6000):
        if await count(database, where) >= least:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"after two minutes there are {await count(database, where)} of {least}")


async def in_order(database: Database, handler: str, tenant: UUID) -> list[int]:
    async with Work(database, role="platform") as work:
        rows = await work.sql(
            "SELECT n FROM handler_effects WHERE handler = %s AND tenant_id = %s ORDER BY nr", (handler, tenant)
        )
        return [row["n"] for row in rows]


async def test_killing_whoever_follows_the_log_loses_nothing_and_doubles_nothing(
    logins: Logins, database: Database, people: People, tables: None
) -> None:
    processes = [start(logins), start(logins)]
    try:
        await ready(database)
        for round_ in range(KILLS):
            done = await count(database, "true")
            await happen(database, people, range(round_ * BATCH, (round_ + 1) * BATCH))
            await until(database, "true", done + random.randrange(1, BATCH))
            for victim in processes[: random.choice([1, 2])]:
                victim.kill()
                victim.join()
                processes.remove(victim)
                processes.append(start(logins))
        await until(database, "true", 4 * KILLS * BATCH)
    finally:
        for process in processes:
            process.kill()
            process.join()

    everything = list(range(KILLS * BATCH))
    for tenant in (people.a, people.b):
        assert await in_order(database, "victim.keep", tenant) == everything
        assert sorted(await in_order(database, "victim.slow-note", tenant)) == everything
    async with Work(database, role="platform") as work:
        kept = await work.sql("SELECT total FROM handler_kept")
        assert [row["total"] for row in kept] == [sum(everything)] * 2
        assert await work.sql("SELECT 1 FROM event_handler_failures") == []


async def ready(database: Database) -> None:
    """Wait until both handlers have begun: an effect begins with what happens from then on."""
    for _ in range(3000):
        async with Work(database, role="platform") as work:
            rows = await work.sql("SELECT 1 FROM event_cursors WHERE name LIKE 'handler.victim.%%'")
        if len(rows) == 2:
            return
        await asyncio.sleep(0.02)
    raise AssertionError("no handler began within a minute")
