"""Every table is in the census, guarded by row security, keyed by tenant; migrations and models agree."""

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from event_manager.kit import census, migrate
from event_manager.kit.db import Base
from event_manager.kit.postgres import EmbeddedServer
from event_manager.migrations.tables import load
from tests.conftest import ROLES, SECRET

load()
TABLES = census.entries(Base.metadata)
TENANT_TABLES = sorted(name for name, entry in TABLES.items() if entry.tenancy == "tenant")


@pytest.fixture
def owner(logins: migrate.Logins) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(logins.owner, autocommit=True)


def rows(conn: psycopg.Connection[tuple[object, ...]], query: str) -> list[tuple[object, ...]]:
    with conn:
        return conn.execute(query).fetchall()


def test_every_table_of_the_database_is_in_the_census(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    found = rows(
        owner,
        """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
            AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'alembic_version'""",
    )

    assert {name for (name,) in found} == set(TABLES)


def test_every_table_forces_row_security_with_a_policy_for_the_application(
    owner: psycopg.Connection[tuple[object, ...]],
) -> None:
    found = rows(
        owner,
        """SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace
            AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'alembic_version'
            AND NOT (relrowsecurity AND relforcerowsecurity
                     AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))""",
    )

    assert found == []


def test_no_partition_is_granted_to_anybody(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    found = rows(
        owner,
        f"""SELECT relname FROM pg_class WHERE relispartition
             AND (has_table_privilege('{ROLES.app}', oid, 'SELECT')
                  OR has_table_privilege('{ROLES.platform}', oid, 'SELECT'))""",
    )

    assert found == []


def test_nobody_but_the_owner_may_truncate(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    found = rows(
        owner,
        f"""SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
             AND (has_table_privilege('{ROLES.app}', oid, 'TRUNCATE')
                  OR has_table_privilege('{ROLES.platform}', oid, 'TRUNCATE'))""",
    )

    assert found == []


@pytest.mark.parametrize("name", TENANT_TABLES)
def test_tenant_id_leads_every_unique_key_of_a_tenant_table(name: str) -> None:
    table = Base.metadata.tables[name]

    assert not table.c.tenant_id.nullable
    if name != "event_log":  # partitioned by its id alone; holds no foreign key
        assert next(iter(table.primary_key)).name == "tenant_id"
    unique = [c for c in table.constraints if type(c).__name__ == "UniqueConstraint"]
    assert all(next(iter(constraint.columns)).name == "tenant_id" for constraint in unique)


@pytest.mark.parametrize("name", TENANT_TABLES)
def test_foreign_keys_between_tenant_tables_carry_the_tenant(name: str) -> None:
    loose = [
        key.name
        for key in Base.metadata.tables[name].foreign_key_constraints
        if TABLES[key.referred_table.name].tenancy == "tenant" and "tenant_id" not in key.column_keys
    ]

    assert loose == []


def test_migrations_go_down_and_up_again_and_agree_with_the_models(server: EmbeddedServer) -> None:
    with psycopg.connect(server.superuser_dsn, autocommit=True) as conn:
        conn.execute("CREATE DATABASE up_and_down")
    admin = psycopg.conninfo.make_conninfo(server.superuser_dsn, dbname="up_and_down")
    made = migrate.bootstrap(admin, SECRET, ROLES)

    migrate.upgrade(made.owner, ROLES)
    migrate.downgrade(made.owner, ROLES, "base")
    migrate.upgrade(made.owner, ROLES)

    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(made.owner), poolclass=NullPool)
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"include_object": _no_partitions, "compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def _no_partitions(_object: object, name: str | None, kind: str, _reflected: bool, _compare: object) -> bool:
    return not (kind == "table" and name is not None and ("_p2" in name or name == "alembic_version"))
