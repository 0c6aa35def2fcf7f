"""The unit of work: who acts, for which tenant, when, and the one transaction in which it happens.

Made at the edge (request, job, command, test), handed first to every service and query function, committed at the
edge. Nobody else commits; nobody reads globals.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from psycopg.rows import dict_row
from sqlalchemy.ext.asyncio import AsyncSession

from event_manager.kit.access import ANONYMOUS, Actor, Path
from event_manager.kit.clock import Clock, SystemClock
from event_manager.kit.db import Database, Role, Row, tenant_session
from event_manager.kit.errors import Forbidden

Params = Sequence[Any] | Mapping[str, Any]
AfterCommit = Callable[[], Awaitable[None] | None]


class Work:
    """One unit of work. Use as ``async with``: leaving without `commit` rolls back."""

    def __init__(
        self,
        database: Database,
        *,
        tenant_id: UUID | None = None,
        actor: Actor = ANONYMOUS,
        correlation_id: str = "",
        clock: Clock | None = None,
        role: Role = "app",
    ) -> None:
        self.database = database
        self.tenant_id = tenant_id
        self.actor = actor
        self.correlation_id = correlation_id
        self.causation_id: UUID | None = None
        self.clock = clock or SystemClock()
        self.role: Role = role
        self.address = ""
        self.user_agent = ""
        self._session: AsyncSession | None = None
        self._after_commit: list[AfterCommit] = []

    def now(self) -> datetime:
        """The time of this work (aware, UTC)."""
        return self.clock.now()

    @property
    def tenant(self) -> UUID:
        """The tenant; Forbidden when the work has none."""
        if self.tenant_id is None:
            raise Forbidden("Choose an organisation first.")
        return self.tenant_id

    def identify(self, actor: Actor, tenant_id: UUID | None) -> None:
        """Say who acts and where; only before the transaction has begun, since row security is set at its start."""
        if self.begun:
            raise RuntimeError("the work has begun; make a new one for another actor or tenant")
        self._session = None
        self.actor, self.tenant_id = actor, tenant_id

    def allow(self, permission: str, path: Path = ()) -> None:
        """Raise Forbidden unless the actor has the permission at this path of ids (empty: the whole tenant)."""
        if not self.actor.can(permission, path):
            raise Forbidden(f"This needs the permission '{permission}' here.")

    @property
    def session(self) -> AsyncSession:
        """SQLAlchemy session of the transaction (begun at the first statement)."""
        if self._session is None:
            engine = self.database.pool(self.role).engine
            self._session = tenant_session(engine, self.tenant_id, self.actor.user_id)
        return self._session

    @property
    def begun(self) -> bool:
        """Whether a transaction is open."""
        return self._session is not None and self._session.in_transaction()

    async def sql(self, query: str, params: Params | None = None) -> list[Row]:
        """Run a statement in the same transaction as `session` by psycopg; rows as dictionaries."""
        await self.session.flush()
        fairy = await (await self.session.connection()).get_raw_connection()
        driver = fairy.driver_connection
        if driver is None:
            raise RuntimeError("the connection was given back before the statement ran")
        async with driver.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(query, params)
            rows: list[Row] = await cursor.fetchall() if cursor.description else []
            return rows

    async def single(self, query: str, params: Params | None = None) -> list[Row]:
        """Run one statement as a transaction of its own, in one round trip (hot paths, SQL functions only).

        Joins the open transaction when there is one, so that the effect is never split.
        """
        if self.begun:
            return await self.sql(query, params)
        async with self.database.pool(self.role).single() as conn:
            cursor = await conn.execute(query, params)
            return await cursor.fetchall() if cursor.description else []

    def after_commit(self, action: AfterCommit) -> None:
        """Run something (wake a dispatcher, poke a stream) once the transaction is safe. It may be lost in a crash."""
        self._after_commit.append(action)

    async def commit(self) -> None:
        """Make everything durable, then run the after-commit actions."""
        if self._session is not None:
            await self._session.commit()
        actions, self._after_commit = self._after_commit, []
        for action in actions:
            pending = action()
            if pending is not None:
                await pending

    async def rollback(self) -> None:
        """Undo everything since the last commit."""
        self._after_commit.clear()
        if self._session is not None:
            await self._session.rollback()

    async def close(self) -> None:
        """Roll back what is open and give the connection back."""
        self._after_commit.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
