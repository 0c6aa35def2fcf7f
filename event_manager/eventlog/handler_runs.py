"""Calling a handler with entries: each in one transaction with its row of the inbox, failures written down.

Of a projection several entries of a tenant share a transaction; when one fails, they are done again one by one.
"""

import asyncio
import heapq
from collections import defaultdict
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy.exc import DBAPIError

from event_manager import eventlog
from event_manager.eventlog import handler_store as store
from event_manager.eventlog.event_types import HandlerFailed, HandlerParked
from event_manager.eventlog.handler_store import Due
from event_manager.eventlog.handling import Effect, Entry, Handler, attribute, handler_id
from event_manager.kit import logs
from event_manager.kit.access import system_actor
from event_manager.kit.db import Database
from event_manager.kit.errors import Unavailable
from event_manager.kit.jobs.runner import describe
from event_manager.kit.jobs.tasks import Permanent
from event_manager.kit.loops import Around
from event_manager.kit.metrics import HANDLED
from event_manager.kit.work import Work

TOGETHER = 100
SPARED_CONNECTIONS = 3
AWAY = ("08", "57P", "53")
LOCK = "SELECT pg_advisory_xact_lock_shared(hashtext('event handler'), hashtext(%s))"
INBOX = """
    INSERT INTO event_inbox (tenant_id, handler, epoch, event_id, xid)
    SELECT %(tenant)s, %(name)s, %(epoch)s, e.id, e.xid::xid8
      FROM unnest(%(ids)s::uuid[], %(xids)s::text[]) AS e (id, xid)
     WHERE %(replay)s OR EXISTS (SELECT 1 FROM event_handlers WHERE name = %(name)s AND epoch = %(epoch)s)
        ON CONFLICT DO NOTHING RETURNING event_id"""
DONE = "DELETE FROM event_handler_failures WHERE tenant_id = %s AND handler = %s AND epoch = %s AND event_id = %s"
BLOCKED = """
    SELECT DISTINCT entity_id FROM event_handler_failures
     WHERE tenant_id = %s AND handler = %s AND epoch = %s AND state <> 'dead' AND entity_id = ANY (%s)"""
log = logs.logger(__name__)


class Slots:
    """Lets so many run at once; of those that wait, the highest priority goes first."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = count()

    @asynccontextmanager
    async def taken(self, priority: int) -> AsyncIterator[None]:
        """Hold a slot for a block."""
        if self._free > 0:
            self._free -= 1
        else:
            turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (-priority, next(self._order), turn))
            try:
                await turn
            except asyncio.CancelledError:
                if turn.done() and not turn.cancelled():  # the slot was handed over in the same moment
                    self._give()
                raise
        try:
            yield
        finally:
            self._give()

    def _give(self) -> None:
        while self._waiting:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


_slots: WeakKeyDictionary[Database, Slots] = WeakKeyDictionary()


def slots_of(around: Around) -> Slots:
    """The slots that all handlers of a process share; some connections are left to those who wait for an answer."""
    if around.database not in _slots:
        spare = around.database.app.psycopg.max_size - SPARED_CONNECTIONS
        _slots[around.database] = Slots(max(1, min(around.settings.handler_concurrency, spare)))
    return _slots[around.database]


class Runs:
    """Runs entries through one handler. With ``replay`` the epoch is the replay's own, not the handler's."""

    def __init__(self, handler: Handler, around: Around, epoch: int, *, replay: bool = False) -> None:
        self._handler, self._around, self._epoch, self._replay = handler, around, epoch, replay
        self._slots = slots_of(around)
        self._actor = system_actor(handler.name, handler.permissions)

    async def run(self, entries: Sequence[Entry]) -> None:
        """Do these entries, or write down that they failed. Raises when the database is away."""
        if isinstance(self._handler, Effect) and not self._handler.in_order:
            await self._all([self._alone(entry) for entry in entries])
            return
        by_tenant: defaultdict[UUID, list[Entry]] = defaultdict(list)
        for entry in entries:
            by_tenant[entry.tenant_id].append(entry)
        await self._all([self._in_order(own) for own in by_tenant.values()])

    async def retry(self, failed: Sequence[Due]) -> None:
        """Try failed entries again; they are of different entities where order matters."""
        await self._all([self._alone(each.entry, epoch=each.epoch, tries=each.tries) for each in failed])

    @staticmethod
    async def _all(running: Sequence[Coroutine[Any, Any, None]]) -> None:
        for result in await asyncio.gather(*running, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result

    async def _in_order(self, entries: Sequence[Entry]) -> None:
        """Entries of one tenant, one after the other."""
        if isinstance(self._handler, Effect):
            for entry in entries:
                await self._alone(entry)
            return
        for at in range(0, len(entries), TOGETHER):
            chunk = entries[at : at + TOGETHER]
            if len(chunk) > 1 and await self._together(chunk):
                continue
            for entry in chunk:
                await self._alone(entry, in_order=True)

    async def _together(self, entries: Sequence[Entry]) -> bool:
        """Do entries of one tenant in one transaction; False, and nothing done, when one of them fails."""
        first = entries[0]
        try:
            async with (
                self._slots.taken(self._handler.priority),
                asyncio.timeout(self._handler.timeout),
                self._work(first) as work,
            ):
                if await self._blocked(work, first.tenant_id, [entry.entity_id for entry in entries]):
                    return False
                fresh = await self._enter(work, entries, self._epoch)
                await self._handler.handle_many(work, fresh)
                await work.commit()
        except Exception as error:
            if is_away(error):
                raise
            return False
        HANDLED.labels(self._handler.name, "done").inc(len(fresh))
        return True

    async def _alone(
        self, entry: Entry, *, epoch: int | None = None, tries: int | None = None, in_order: bool = False
    ) -> None:
        """Do one entry in a transaction of its own, or write down that it failed or waits for an earlier one.

        `tries`: how often it has failed before.
        """
        epoch = self._epoch if epoch is None else epoch
        try:
            async with self._slots.taken(self._handler.priority), self._work(entry) as work:
                async with asyncio.timeout(self._handler.timeout):
                    blocked = in_order and await self._blocked(work, entry.tenant_id, [entry.entity_id])
                    if blocked:
                        await work.rollback()
                        await self._write_down(entry, epoch, state="waiting", tries=0)
                        return
                    fresh = await self._enter(work, [entry], epoch, replay=self._replay or epoch != self._epoch)
                    if fresh:
                        attribute(work, entry)
                        await self._handler.handle(work, entry)
                    if tries is not None:
                        await work.sql(DONE, (entry.tenant_id, self._handler.name, epoch, entry.id))
                    await work.commit()
        except Exception as error:
            if is_away(error):
                raise
            await self._failed(entry, error, epoch, (tries or 0) + 1)
        else:
            HANDLED.labels(self._handler.name, "done").inc(len(fresh))

    def _work(self, entry: Entry) -> Work:
        logs.correlation_id.set(entry.correlation_id)
        return Work(
            self._around.database, tenant_id=entry.tenant_or_none, actor=self._actor,
            correlation_id=entry.correlation_id, clock=self._around.clock,
        )  # fmt: skip

    async def _enter(
        self, work: Work, entries: Sequence[Entry], epoch: int, *, replay: bool | None = None
    ) -> list[Entry]:
        """Write the inbox; returns the entries that nobody has done before. Waits for whoever does one right now."""
        name = self._handler.name
        await work.sql(LOCK, (name,))
        rows = await work.sql(
            INBOX,
            {
                "tenant": entries[0].tenant_id, "name": name, "epoch": epoch, "ids": [e.id for e in entries],
                "xids": [str(e.xid) for e in entries], "replay": self._replay if replay is None else replay,
            },
        )  # fmt: skip
        fresh = {row["event_id"] for row in rows}
        return [entry for entry in entries if entry.id in fresh]

    async def _blocked(self, work: Work, tenant_id: UUID, entities: Sequence[UUID]) -> set[UUID]:
        """Which of these entities have an earlier entry that is not done yet."""
        rows = await work.sql(BLOCKED, (tenant_id, self._handler.name, self._epoch, list(set(entities))))
        return {row["entity_id"] for row in rows}

    async def _failed(self, entry: Entry, error: Exception, epoch: int, tries: int) -> None:
        """Write a failed try down, and tell the installation's log when the handler begins to fail or gives up."""
        handler, dead = self._handler, isinstance(error, Permanent) or tries >= self._handler.max_attempts
        log.warning(
            "handler failed", handler=handler.name, entry=str(entry.id), tries=tries, dead=dead, error=describe(error),
            exc_info=not isinstance(error, Permanent) and tries == 1,
        )  # fmt: skip
        HANDLED.labels(handler.name, "dead" if dead else "retry").inc()
        await self._write_down(entry, epoch, state="dead" if dead else "retrying", tries=tries, error=error)

    async def _write_down(
        self, entry: Entry, epoch: int, *, state: str, tries: int, error: Exception | None = None
    ) -> None:
        told = {
            "handler_id": handler_id(self._handler.name), "handler": self._handler.name, "event_id": entry.id,
            "event_type": entry.type, "of_tenant": entry.tenant_id, "error": type(error).__name__,
        }  # fmt: skip
        async with Work(
            self._around.database, role="platform", actor=self._actor, correlation_id=entry.correlation_id,
            clock=self._around.clock,
        ) as work:  # fmt: skip
            work.causation_id = entry.id
            next_at = work.now() + self._handler.backoff.pause(max(1, tries)) if state == "retrying" else work.now()
            begins = state == "retrying" and not await store.fails_already(work, self._handler, epoch)
            said = describe(error) if error is not None else ""
            await store.record(work, self._handler, epoch, entry, state=state, tries=tries, next_at=next_at, error=said)
            if state == "dead":
                await eventlog.append(work, HandlerParked.model_validate({**told, "tries": tries}))
            elif begins:
                await eventlog.append(work, HandlerFailed.model_validate(told))
            await work.commit()


def is_away(error: BaseException) -> bool:
    """Whether an error says that the database is out of reach, which is no fault of any entry."""
    inner = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(inner, Unavailable | psycopg.InterfaceError):
        return True
    return isinstance(inner, psycopg.OperationalError) and (inner.sqlstate or "08").startswith(AWAY)
