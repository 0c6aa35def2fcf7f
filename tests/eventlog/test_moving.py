"""The log goes on after a dump was restored into another server, whose transaction ids begin anew."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import psycopg

from event_manager.eventlog import reading
from event_manager.eventlog.commands import verify_all
from event_manager.kit import migrate
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.setup import scratch_directory
from event_manager.kit.work import Work
from tests.conftest import ROLES, SECRET
from tests.eventlog.test_sealing import SIGNER, fill, seal_all
from tests.snapshot import Snapshot

NAME = "event_manager"


def move(old: EmbeddedServer, new: EmbeddedServer) -> migrate.Logins:
    """What the documentation says of a restore: roles first, then pg_restore, then migrate."""
    with psycopg.connect(new.superuser_dsn, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {NAME}")
    admin = psycopg.conninfo.make_conninfo(new.superuser_dsn, dbname=NAME)
    made = migrate.bootstrap(admin, SECRET, ROLES)
    for server, program, more in (
        (old, "pg_dump", ("--exclude-schema", "snapshot", "--file", "dump")),
        (new, "psql", ("--quiet", "--set", "ON_ERROR_STOP=1", "--file", "dump")),
    ):
        parts = psycopg.conninfo.conninfo_to_dict(server.superuser_dsn)
        given = ["--host", str(parts["host"]), "--port", str(parts["port"]), "--username", "postgres"]
        more = tuple(str(old.socket_dir / "dump") if each == "dump" else each for each in more)
        ran = server.programs.run(program, *given, *more, "--dbname", NAME, env={"PGPASSWORD": str(parts["password"])})
        assert ran.returncode == 0, ran.stdout
    return made


@asynccontextmanager
async def opened(logins: migrate.Logins) -> AsyncIterator[Database]:
    database = Database(app_dsn=logins.app, platform_dsn=logins.platform, pool_size=2, platform_pool_size=2)
    await database.open()
    yield database
    await database.close()


async def read_on(database: Database, tenant: UUID) -> int:
    """How many entries a reader with a cursor of its own has not seen yet; it moves on."""
    async with Work(database, role="platform") as work:
        cursor = await reading.take_cursor(work, "test.reader")
        assert cursor is not None
        rows = await reading.read_after(work, cursor, 1000, tenant=tenant)
        await reading.advance(work, "test.reader", await reading.newest(work))
        await work.commit()
    return len(rows)


async def test_sealing_verifying_and_readers_go_on_in_another_server(
    server: EmbeddedServer, database: Database, clock: FixedClock, snapshot: Snapshot
) -> None:
    tenant = uuid4()
    name = f"tenant {tenant}"
    try:
        with psycopg.connect(server.superuser_dsn, autocommit=True) as conn:
            for _ in range(3000):  # so that this server's ids are far ahead of a new one's
                conn.execute("SELECT pg_current_xact_id()")
        await fill(database, tenant, 40)
        await seal_all(database, clock)
        await read_on(database, tenant)
        await fill(database, tenant, 2)  # not sealed, not read yet
        with scratch_directory() as folder, EmbeddedServer.start(folder, throwaway=True) as new:
            logins = move(server, new)
            assert migrate.pending(logins.owner, ROLES)  # a process that does not migrate refuses to start
            migrate.upgrade(logins.owner, ROLES)
            assert not migrate.pending(logins.owner, ROLES)
            async with opened(logins) as restored:
                await fill(restored, tenant, 5)
                [(_, waiting)] = await verify_all(restored, SIGNER, only=name)
                await seal_all(restored, clock)
                [(_, report)] = await verify_all(restored, SIGNER, only=name)

                assert (waiting.entries, waiting.unsealed, waiting.faults) == (40, 7, [])
                assert (report.entries, report.unsealed, report.faults) == (47, 0, [])
                assert [await read_on(restored, tenant), await read_on(restored, tenant)] == [7, 0]
    finally:
        snapshot.restore()


async def test_nothing_is_raised_while_the_server_stays_the_same(logins: migrate.Logins, database: Database) -> None:
    async with Work(database, role="platform") as work:
        await reading.take_cursor(work, "test.newest", start=await reading.newest(work))
        await work.commit()
    try:
        with psycopg.connect(logins.owner) as conn:
            assert conn.execute("SELECT event_log_go_on()").fetchone() == (False,)
    finally:
        async with Work(database, role="platform") as work:
            await work.sql("DELETE FROM event_cursors WHERE name = 'test.newest'")
            await work.commit()
