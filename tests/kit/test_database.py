"""Roles, row security of the first tables, the unit of work."""

from contextlib import suppress
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from event_manager.eventlog.models import PLATFORM
from event_manager.kit.db import Database, Pool, UnsafeRole, refuse_unsafe_role
from event_manager.kit.migrate import Logins
from event_manager.kit.work import Work
from event_manager.tenancy.schemas import TenantCreate
from event_manager.tenancy.service import create_tenant


async def test_creating_a_tenant_writes_its_row_and_one_entry_of_the_log(platform: Work) -> None:
    tenant = await create_tenant(platform, TenantCreate(slug="harbour-arts", name="Harbour Arts"))

    [entry] = await platform.sql("SELECT type, tenant_id, entity_id FROM event_log WHERE entity_id = %s", (tenant.id,))
    assert entry == {"type": "tenant.created", "tenant_id": PLATFORM, "entity_id": tenant.id}


async def test_work_left_without_commit_leaves_nothing(database: Database) -> None:
    async with Work(database, role="platform") as work:
        tenant = await create_tenant(work, TenantCreate(slug="never-was", name="Never"))

    async with Work(database, role="platform") as work:
        assert await work.sql("SELECT id FROM tenants WHERE id = %s", (tenant.id,)) == []


async def test_application_login_sees_only_the_tenant_of_its_work(database: Database) -> None:
    async with Work(database, role="platform") as work:
        one = await create_tenant(work, TenantCreate(slug=f"a-{uuid4().hex[:8]}", name="One"))
        await create_tenant(work, TenantCreate(slug=f"b-{uuid4().hex[:8]}", name="Two"))
        await work.commit()

    async with Work(database, tenant_id=one.id) as work:
        assert await work.sql("SELECT id FROM tenants") == [{"id": one.id}]
    async with Work(database) as work:
        assert await work.sql("SELECT id FROM tenants") == []


async def test_a_pooled_connection_forgets_the_tenant_of_the_work_before(database: Database) -> None:
    async with Work(database, tenant_id=uuid4()) as work:
        await work.sql("SELECT 1")
        await work.commit()

    for _ in range(8):
        async with Work(database) as work:
            [row] = await work.single("SELECT nullif(current_setting('app.tenant_id', true), '') AS tenant")
            assert row["tenant"] is None


@pytest.mark.parametrize("statement", ["UPDATE event_log SET type = 'x'", "DELETE FROM event_log"])
async def test_the_log_refuses_changes_even_by_its_owner(logins: Logins, statement: str) -> None:
    with psycopg.connect(logins.owner) as conn:
        conn.execute("SET ROLE event_manager_owner")
        conn.execute("ALTER TABLE event_log NO FORCE ROW LEVEL SECURITY")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            conn.execute(statement)


async def test_start_is_refused_when_the_login_owns_the_tables(logins: Logins) -> None:
    pool = Pool(logins.owner, size=1, statement_timeout_ms=5000, name="unsafe")
    await pool.open()
    try:
        with pytest.raises(UnsafeRole, match="owns"):
            await refuse_unsafe_role(pool)
    finally:
        await pool.close()


async def test_connections_that_are_lost_are_replaced_wherever_that_is_noticed(logins: Logins) -> None:
    database = Database(app_dsn=logins.app, platform_dsn=logins.platform, pool_size=2)
    await database.open()

    async with await psycopg.AsyncConnection.connect(logins.app, autocommit=True) as killer:
        for in_the_middle in (True, True, True, False, False, False):
            with suppress(psycopg.Error, DBAPIError):
                async with Work(database) as work:
                    [row] = await work.sql("SELECT pg_backend_pid() AS pid")
                    if in_the_middle:
                        await killer.execute("SELECT pg_terminate_backend(%s, 5000)", (row["pid"],))
                        await work.sql("SELECT 1")
                await killer.execute("SELECT pg_terminate_backend(%s, 5000)", (row["pid"],))

    for _ in range(3):  # one finds a lost connection at its begin
        with suppress(psycopg.Error, DBAPIError):
            async with Work(database) as work:
                await work.sql("SELECT 1")
    async with Work(database) as work:
        assert await work.sql("SELECT 1 AS one") == [{"one": 1}]
    await database.close()
