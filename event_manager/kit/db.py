"""The database: declarative base, the tenant mixin, and two connection pools (application, platform).

One psycopg pool per role serves both SQLAlchemy (cold paths) and hand-written statements (hot paths). The tenant is
set by ``set_config(..., true)`` at the start of each transaction, never for a session, and never inside a savepoint.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout
from sqlalchemy import MetaData, event, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import NullPool

from event_manager.kit import tracing
from event_manager.kit.errors import Unavailable
from event_manager.kit.signals import Signals

Role = Literal["app", "platform"]
Row = dict[str, Any]

NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_ix",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fk",
    "pk": "%(table_name)s_pk",
}


class Base(DeclarativeBase):
    """Base of every table. Times are timestamptz."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {datetime: TIMESTAMP(timezone=True)}  # noqa: RUF012 - SQLAlchemy's own attribute


class GlobalTable:
    """Mixin of a table that belongs to the installation, not to a tenant."""

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"), sort_order=-10)
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), sort_order=90)


class TenantTable:
    """Mixin of a tenant's table: ``tenant_id`` stands first in the primary key, and in every foreign key."""

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-11)
    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"), sort_order=-10)
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"), sort_order=90)


class _Lent(psycopg.AsyncConnection[Any]):
    """A connection that goes back to its pool when it is closed, lost or not.

    psycopg's own does not go back once the server is gone: the pool would count it as lent for ever, and after as many
    losses as it has connections it would have none to give.
    """

    async def close(self) -> None:
        """Give it back, or end it where it is not lent."""
        pool = getattr(self, "_pool", None)
        if pool is None:
            await super().close()
        else:
            await pool.putconn(self)


def _connection_class() -> type[psycopg.AsyncConnection[Any]]:
    """`_Lent`, with traces where those are on."""
    return cast("type[psycopg.AsyncConnection[Any]]", type("LentConnection", (_Lent, tracing.connection_class()), {}))


class Pool:
    """Connections of one database role: a psycopg pool with an SQLAlchemy engine on top of it."""

    def __init__(self, dsn: str, *, size: int, statement_timeout_ms: int, name: str) -> None:
        options = (
            f"-c statement_timeout={statement_timeout_ms} -c idle_in_transaction_session_timeout=60000"
            " -c timezone=UTC -c search_path=public"
        )
        self.psycopg: AsyncConnectionPool[psycopg.AsyncConnection[Row]] = AsyncConnectionPool(
            make_conninfo(dsn, options=options, application_name=f"event-manager-{name}"),
            min_size=min(2, size),
            max_size=size,
            open=False,
            close_returns=True,
            timeout=10,
            check=AsyncConnectionPool.check_connection if size < 3 else None,
            connection_class=_connection_class(),
            kwargs={"row_factory": dict_row},
            name=name,
        )
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+psycopg://", poolclass=NullPool, async_creator=self._lend
        )

    async def _lend(self) -> psycopg.AsyncConnection[Any]:
        """SQLAlchemy reads rows as tuples; `connection` sets dictionaries for hand-written statements."""
        conn: psycopg.AsyncConnection[Any] = await self.acquire()
        conn.row_factory = psycopg.rows.tuple_row
        return conn

    async def acquire(self) -> psycopg.AsyncConnection[Row]:
        """A connection from the pool; closing it gives it back. Raises Unavailable when none comes free."""
        try:
            return await self.psycopg.getconn()
        except PoolTimeout as error:
            raise Unavailable("The database has no free connection; try again in a moment.") from error

    @asynccontextmanager
    async def single(self) -> AsyncIterator[psycopg.AsyncConnection[Row]]:
        """A connection on which each statement is a transaction of its own (hot paths)."""
        conn = await self.acquire()
        try:
            conn.row_factory = dict_row
            await conn.set_autocommit(True)
            yield conn
        finally:
            if not conn.closed and not conn.broken:
                await conn.set_autocommit(False)
            await self.psycopg.putconn(conn)

    async def open(self) -> None:
        """Connect, and let SQLAlchemy learn the server once, outside of any unit of work."""
        await self.psycopg.open(wait=True, timeout=30)
        async with self.engine.connect() as conn:
            await conn.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Return what is out and disconnect."""
        await self.engine.dispose()
        await self.psycopg.close()


class Database:
    """The two pools. ``app`` is subject to row security; ``platform`` is for named, audited work across tenants.

    ``secret_key`` is the installation's, from which what is stored encrypted takes its keys.

    ``signals`` pokes whoever watches a topic, in this process at once, in others once it is started.
    """

    def __init__(
        self,
        *,
        app_dsn: str,
        platform_dsn: str,
        pool_size: int = 8,
        platform_pool_size: int = 4,
        statement_timeout_ms: int = 15_000,
        secret_key: str = "",
    ) -> None:
        self.app_dsn, self.platform_dsn = app_dsn, platform_dsn
        self.secret_key = secret_key
        self.signals = Signals(app_dsn)
        self.app = Pool(app_dsn, size=pool_size, statement_timeout_ms=statement_timeout_ms, name="app")
        self.platform = Pool(
            platform_dsn, size=platform_pool_size, statement_timeout_ms=statement_timeout_ms, name="platform"
        )

    def pool(self, role: Role) -> Pool:
        """The pool of a role."""
        return self.app if role == "app" else self.platform

    async def open(self) -> None:
        """Connect both pools; raises UnsafeRole if the application's login could bypass row security."""
        await self.app.open()
        await self.platform.open()
        await refuse_unsafe_role(self.app)

    async def close(self) -> None:
        """Disconnect both pools."""
        await self.app.close()
        await self.platform.close()


class UnsafeRole(RuntimeError):
    """The application's database login could see past row-level security, so the start is refused."""


async def refuse_unsafe_role(pool: Pool) -> None:
    """Check the very login that serves requests: no superuser, no BYPASSRLS, owner of nothing."""
    query = """
        SELECT current_user AS login, r.rolsuper, r.rolbypassrls,
               EXISTS (SELECT 1 FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
                       AND c.relkind IN ('r', 'p') AND pg_has_role(current_user, c.relowner, 'MEMBER')) AS owner,
               ARRAY(SELECT o.rolname FROM pg_roles o WHERE (o.rolsuper OR o.rolbypassrls)
                     AND o.rolname <> current_user AND pg_has_role(current_user, o.oid, 'MEMBER')) AS stronger
          FROM pg_roles r WHERE r.rolname = current_user"""
    async with pool.single() as conn:
        row = await (await conn.execute(query)).fetchone()
    if row is None:
        raise UnsafeRole("the application's login has no role of its own")
    faults = [
        label
        for label, wrong in (
            ("is a superuser", row["rolsuper"]),
            ("may bypass row-level security", row["rolbypassrls"]),
            ("owns, or is a member of the owner of, the tables", row["owner"]),
            (f"is a member of {', '.join(row['stronger'])}", row["stronger"]),
        )
        if wrong
    ]
    if faults:
        raise UnsafeRole(
            f"the application's database login '{row['login']}' {' and '.join(faults)}: tenants would not be kept "
            "apart. Have a database administrator run ALTER ROLE ... NOSUPERUSER NOBYPASSRLS and take away "
            "memberships, or drop the role and run 'python -m event_manager migrate', which makes it anew."
        )


def tenant_session(engine: AsyncEngine, tenant_id: UUID | None, user_id: UUID | None) -> AsyncSession:
    """A session whose transactions carry the tenant and the user for row security."""
    session = AsyncSession(engine, expire_on_commit=False, autoflush=False)

    def set_tenant(_session: Session, _transaction: object, connection: Any) -> None:
        connection.exec_driver_sql(
            "SELECT set_config('app.tenant_id', %s, true), set_config('app.user_id', %s, true)",
            (str(tenant_id or ""), str(user_id or "")),
        )

    event.listen(session.sync_session, "after_begin", set_tenant)
    return session
