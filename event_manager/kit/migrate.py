"""Roles, migrations, and the row-security statements that migrations share.

Three database roles: OWNER (DDL, owns the tables), APP (serves requests, row security forced), PLATFORM (named work
across tenants; its own policy, no BYPASSRLS, so it can be made on managed services too).
"""

from dataclasses import dataclass
from pathlib import Path

import psycopg
from alembic import command, op
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from event_manager.kit.crypto import derive

MINIMUM_VERSION = 170000
TENANT = "nullif(current_setting('app.tenant_id', true), '')::uuid"


@dataclass(frozen=True, slots=True)
class Roles:
    """Names of the three roles of an installation."""

    prefix: str

    @property
    def owner(self) -> str:
        """Owns the tables; used by migrations only."""
        return f"{self.prefix}_owner"

    @property
    def app(self) -> str:
        """Serves requests."""
        return f"{self.prefix}_app"

    @property
    def platform(self) -> str:
        """Works across tenants."""
        return f"{self.prefix}_platform"

    def all(self) -> tuple[str, str, str]:
        """Owner, application, platform."""
        return self.owner, self.app, self.platform


@dataclass(frozen=True, slots=True)
class Logins:
    """How to connect as each role."""

    owner: str
    app: str
    platform: str


class DatabaseTooOld(RuntimeError):
    """The PostgreSQL server is older than the product supports."""


def logins(admin_dsn: str, secret_key: str, roles: Roles) -> Logins:
    """Connection strings of the three roles on the admin's server, with passwords derived from the key."""
    owner, app, platform = (
        make_conninfo(admin_dsn, user=name, password=derive(secret_key, f"database role {name}"))
        for name in roles.all()
    )
    return Logins(owner, app, platform)


def bootstrap(admin_dsn: str, secret_key: str, roles: Roles) -> Logins:
    """Create or update the roles and what they may do in the database. Safe to repeat.

    Raises DatabaseTooOld below PostgreSQL 17, psycopg errors when the admin may not create roles.
    """
    with psycopg.connect(admin_dsn, autocommit=True) as conn:
        if conn.info.server_version < MINIMUM_VERSION:
            raise DatabaseTooOld(
                f"this server is PostgreSQL {conn.info.server_version // 10000}; Event Manager needs 17 or newer"
            )
        with conn.transaction():
            conn.execute("SELECT pg_advisory_xact_lock(hashtext('event-manager roles'))")
            for name in roles.all():
                _ensure_role(conn, name, derive(secret_key, f"database role {name}"))
            _grant_basics(conn, roles)
    return logins(admin_dsn, secret_key, roles)


def _ensure_role(conn: psycopg.Connection[tuple[object, ...]], name: str, password: str) -> None:
    exists = conn.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    verb = sql.SQL("ALTER") if exists else sql.SQL("CREATE")  # a new role has no further attributes
    attributes = sql.SQL("LOGIN PASSWORD {}").format(sql.Literal(password))
    conn.execute(sql.SQL("{} ROLE {} {}").format(verb, sql.Identifier(name), attributes))


def _grant_basics(conn: psycopg.Connection[tuple[object, ...]], roles: Roles) -> None:
    owner, app, platform = (sql.Identifier(name) for name in roles.all())
    database = sql.Identifier(conn.info.dbname)
    conn.execute(sql.SQL("GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {} TO {}").format(database, owner))
    conn.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(database, app, platform))
    conn.execute(sql.SQL("GRANT CREATE, USAGE ON SCHEMA public TO {}").format(owner))
    conn.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}, {}").format(app, platform))
    conn.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(platform))
    conn.execute(sql.SQL("GRANT {} TO {}").format(platform, owner))


def alembic_config(owner_dsn: str, roles: Roles) -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["dsn"] = owner_dsn
    config.attributes["roles"] = roles
    return config


def upgrade(owner_dsn: str, roles: Roles, revision: str = "head") -> None:
    """Bring the schema to a revision."""
    command.upgrade(alembic_config(owner_dsn, roles), revision)


def downgrade(owner_dsn: str, roles: Roles, revision: str) -> None:
    """Bring the schema back to a revision."""
    command.downgrade(alembic_config(owner_dsn, roles), revision)


def pending(owner_dsn: str, roles: Roles) -> bool:
    """Whether the database lacks migrations that the code has, or was restored from a dump and not upgraded since."""
    script = ScriptDirectory.from_config(alembic_config(owner_dsn, roles))
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(owner_dsn), poolclass=NullPool)
    with engine.connect() as conn:
        if set(MigrationContext.configure(conn).get_current_heads()) != set(script.get_heads()):
            return True
        return conn.execute(text("SELECT event_log_behind()")).scalar() is not None


# What follows is called inside migrations.


def roles_here() -> Roles:
    """The roles of the installation that is being migrated."""
    config = op.get_context().config
    if config is None:
        raise RuntimeError("roles are known only while migrating through kit.migrate")
    roles: Roles = config.attributes["roles"]
    return roles


def protect(table: str, *, append_only: bool = False, using: str = "") -> None:
    """Force row security on a tenant's table and grant the application and the platform their rights.

    ``using`` replaces the usual tenant condition (for the few tables that need another one).
    """
    roles = roles_here()
    writes = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
    condition = using or f"tenant_id = (SELECT {TENANT})"
    check = using or f"tenant_id = {TENANT}"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant_only ON {table} TO {roles.app} USING ({condition}) WITH CHECK ({check})")
    op.execute(f"CREATE POLICY platform_all ON {table} TO {roles.platform} USING (true) WITH CHECK (true)")
    op.execute(f"GRANT {writes} ON {table} TO {roles.app}")
    op.execute(f"GRANT {writes} ON {table} TO {roles.platform}")


def share(table: str, *, app: str = "SELECT", platform: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Grant rights on a table of the installation (no tenant, no row security)."""
    roles = roles_here()
    if app:
        op.execute(f"GRANT {app} ON {table} TO {roles.app}")
    if platform:
        op.execute(f"GRANT {platform} ON {table} TO {roles.platform}")


def definer(signature: str, *, app: bool = True) -> None:
    """Make a function run as PLATFORM (it must filter by tenant itself) and let APP call it.

    The function must be created with SECURITY DEFINER and ``SET search_path = public, pg_temp``.
    """
    roles = roles_here()
    op.execute(f"ALTER FUNCTION {signature} OWNER TO {roles.platform}")
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    if app:
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {roles.app}")


def callable_by_app(signature: str) -> None:
    """Let APP and PLATFORM call a function that runs with the caller's own rights."""
    roles = roles_here()
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {roles.app}, {roles.platform}")
