"""The end of the log as it grows: one reader in a process tells every open stream what is new in its organisation.

It reads no payloads, only what entries are chosen by; each stream then reads the entries it wants under its own
tenant's row security. It reads while somebody listens and sleeps otherwise.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import psycopg
from sqlalchemy.exc import DBAPIError

from event_manager.eventlog.reading import BEGINNING, IN_ORDER, Position, newest, position_of
from event_manager.kit import logs
from event_manager.kit.access import system_actor
from event_manager.kit.db import Database, Row
from event_manager.kit.errors import TooManyRequests, Unavailable
from event_manager.kit.work import Work

LOOK_SECONDS = 0.2
BATCH = 1000
MOST_WAITING = 10_000
"""Entries that a stream may be behind; one that is slower reads them from the database again."""

MOST_STREAMS = 30
"""Open streams of one organisation in one process."""

NEXT = """
    SELECT e.id, e.tenant_id, e.type, e.entity_id, e.actor_id, e.correlation_id, e.at, e.xid::text::bigint AS xid
      FROM event_log e
     WHERE (e.xid, e.id) > (%s::text::xid8, %s) AND e.xid < event_log_horizon()
     ORDER BY e.xid, e.id LIMIT %s"""
log = logs.logger(__name__)


class TooManyStreams(TooManyRequests):
    """Your organisation follows the log in too many places already."""


class Listener:
    """What one stream has not taken yet. ``seen``: everything of its tenant up to there has been handed over."""

    def __init__(self, seen: Position) -> None:
        self.seen = seen
        self.behind = False
        self._rows: list[Row] = []
        self._rung = asyncio.Event()

    def give(self, rows: list[Row], seen: Position) -> None:
        """Called by the reader: new rows, and how far it has read."""
        self.seen = seen
        if len(self._rows) + len(rows) > MOST_WAITING:
            self.behind = True
            self._rows = []
        elif not self.behind:
            self._rows += rows
        if rows:
            self._rung.set()

    async def take(self, at_most: float) -> tuple[list[Row], Position]:
        """The rows since the last call and the place behind them, waiting up to `at_most` seconds for a row.

        Nothing is promised of what lies before that place once `behind` is set: see `catch_up`.
        """
        with suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), at_most)
        self._rung.clear()
        rows, self._rows = self._rows, []
        return rows, self.seen

    def catch_up(self) -> Position:
        """Begin anew behind everything that the reader has seen; the stream reads the rest itself."""
        self.behind = False
        self._rows = []
        return self.seen


class Tail:
    """The reader and its listeners."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: dict[UUID, set[Listener]] = defaultdict(set)
        self._at = BEGINNING
        self._reader: asyncio.Task[None] | None = None
        self._left = asyncio.Event()
        self._beginning = asyncio.Lock()

    def refuse_too_many(self, tenant: UUID) -> None:
        """Raise TooManyStreams where the organisation has its share."""
        if len(self._listeners.get(tenant, ())) >= MOST_STREAMS:
            raise TooManyStreams(
                f"There are {MOST_STREAMS} open streams of your organisation; close one, or use the pull feed.",
                headers={"Retry-After": "30"},
            )

    @asynccontextmanager
    async def listen(self, tenant: UUID) -> AsyncIterator[Listener]:
        """Hear of what is committed from now on in one organisation. Raises TooManyStreams."""
        self.refuse_too_many(tenant)
        listener = Listener(self._at)
        self._listeners[tenant].add(listener)
        try:
            await self._wake()
            yield listener
        finally:
            self._listeners[tenant].discard(listener)
            if not self._listeners[tenant]:
                del self._listeners[tenant]
            self._left.set()

    async def stop(self) -> None:
        """Wait until the reader has let go of the database; every stream has ended before."""
        if self._reader is not None:
            await self._reader

    async def _wake(self) -> None:
        async with self._beginning:
            if self._reader is not None and not self._reader.done():
                return
            async with self._work() as work:
                self._at = await newest(work)
            self._hand_out([])
            self._reader = asyncio.create_task(self._read_on(), name="eventlog.tail")

    async def _read_on(self) -> None:
        while self._listeners:
            try:
                full = await self._look()
            except (psycopg.Error, DBAPIError, Unavailable) as error:
                log.warning("live tail interrupted", error=str(error))
                full = False
            self._left.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._left.wait(), 0 if full else LOOK_SECONDS)

    async def _look(self) -> bool:
        """Read one batch; whether there is more."""
        async with self._work() as work:
            horizon = await newest(work)
            await work.sql(IN_ORDER)
            rows = await work.sql(NEXT, (self._at.xid, self._at.id, BATCH))
        full = len(rows) == BATCH
        at = position_of(rows[-1]) if rows else self._at
        self._at = at if full else max(at, horizon)
        self._hand_out(rows)
        return full

    def _hand_out(self, rows: list[Row]) -> None:
        by_tenant: dict[UUID, list[Row]] = defaultdict(list)
        for row in rows:
            if row["tenant_id"] in self._listeners:
                by_tenant[row["tenant_id"]].append(row)
        for tenant, listeners in self._listeners.items():
            for listener in listeners:
                listener.give(by_tenant[tenant], self._at)

    def _work(self) -> Work:
        return Work(self._database, role="platform", actor=system_actor("live tail"), correlation_id="live-tail")
