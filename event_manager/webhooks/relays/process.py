"""The relays of a process: each endpoint of a broker's kind is served by one process at a time.

A lock of one database session says which. It ends with the session, so that when a process dies another goes on at
once from the cursor; what that process had published and not saved is sent again, with the same ids.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import psycopg
from sqlalchemy.exc import DBAPIError

from event_manager.config import Settings
from event_manager.kit import logs
from event_manager.kit.access import system_actor
from event_manager.kit.clock import Clock, SystemClock
from event_manager.kit.db import Database, Row
from event_manager.kit.errors import Unavailable
from event_manager.kit.work import Work
from event_manager.webhooks import compiled
from event_manager.webhooks.compiled import compile_endpoint
from event_manager.webhooks.dispatch.session import Session
from event_manager.webhooks.guarding import guard_of
from event_manager.webhooks.messages import Addresses
from event_manager.webhooks.relays.following import CONNECT, Following

TEND_SECONDS = 1.0
BACKOFF_SECONDS = 2.0
DRAIN_SECONDS = 12.0
ENDPOINTS = f"""
    SELECT {compiled.COLUMNS}, t.slug FROM webhook_endpoints e JOIN tenants t ON t.id = e.tenant_id
     WHERE e.kind = ANY (%s) AND e.enabled"""  # noqa: S608 - constants
TAKE = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
LEAVE = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"
log = logs.logger(__name__)


@dataclass(slots=True)
class _AtWork:
    following: Following
    stop: asyncio.Event
    task: asyncio.Task[None]


class Relays:
    """See the module. Any number of processes may run one."""

    def __init__(self, database: Database, *, settings: Settings, secret_key: str, clock: Clock | None = None) -> None:
        self._database = database
        self._secret_key = secret_key
        self._clock = clock or SystemClock()
        self._addresses = Addresses(settings)
        self._guard = guard_of(settings)
        self._at_work: dict[UUID, _AtWork] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Relay in the background of a block; leaving it lets batches under way end."""
        stop = asyncio.Event()
        task = asyncio.create_task(self.run(stop), name="webhooks.relays")
        try:
            yield
        finally:
            stop.set()
            await task

    async def run(self, stop: asyncio.Event) -> None:
        """Relay until `stop` is set."""
        while not stop.is_set():
            try:
                await self._serve(stop)
            except (psycopg.Error, DBAPIError, Unavailable, OSError) as error:
                log.warning("relays interrupted", error=str(error), again_in_seconds=BACKOFF_SECONDS)
            except Exception:
                log.exception("relays failed", again_in_seconds=BACKOFF_SECONDS)
            if not stop.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), BACKOFF_SECONDS)

    async def _serve(self, stop: asyncio.Event) -> None:
        """With one session, whose locks say what is ours; without it nothing goes on."""
        session: Session | None = None
        try:
            while not stop.is_set():
                rows = {row["id"]: row for row in await self._endpoints()}
                if rows and session is None:  # most installations have no relay, and need no session for any
                    session = await Session.open(self._database.platform_dsn)
                if session is not None:
                    await self._tend(session, rows)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), TEND_SECONDS)
        finally:
            await self._end(list(self._at_work))
            if session is not None:
                await session.close()

    async def _tend(self, session: Session, rows: dict[UUID, Row]) -> None:
        stale = [
            key
            for key, one in self._at_work.items()
            if key not in rows or rows[key]["version"] != one.following.endpoint.version or one.task.done()
        ]
        await self._end(stale)
        for key in stale:
            await session.run(LEAVE, (_lock(key),))
        for key, row in rows.items():
            if key in self._at_work:
                continue
            [(ours,)] = await session.run(TAKE, (_lock(key),))
            if ours:
                self._begin(row)
        await session.run("SELECT 1")  # so that a lost session is noticed before another serves what was ours

    def _begin(self, row: Row) -> None:
        following = Following(
            compile_endpoint(row, self._secret_key), row["slug"], database=self._database, addresses=self._addresses,
            guard=self._guard, clock=self._clock,
        )  # fmt: skip
        stop = asyncio.Event()
        task = asyncio.create_task(following.run(stop), name=f"relay {row['id']}")
        self._at_work[row["id"]] = _AtWork(following, stop, task)

    async def _end(self, keys: list[UUID]) -> None:
        ending = [self._at_work.pop(key) for key in keys]
        for one in ending:
            one.stop.set()
        if ending:
            _done, slow = await asyncio.wait([one.task for one in ending], timeout=DRAIN_SECONDS)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)

    async def _endpoints(self) -> list[Row]:
        async with Work(
            self._database, role="platform", actor=system_actor("relays"), correlation_id="relays", clock=self._clock
        ) as work:
            return await work.sql(ENDPOINTS, (list(CONNECT),))


def _lock(endpoint: UUID) -> str:
    return f"relay {endpoint}"
