"""The live tail: entries of one organisation as server-sent events, in the order of commits, without a gap.

Each event's id is its place in the log; a client that comes back with the last one goes on behind it. No connection of
the database is held between looks, and the sign-in is checked at each.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import UUID

import orjson
from starlette.requests import Request

from event_manager.eventlog import queries
from event_manager.eventlog.cursors import Cursors
from event_manager.eventlog.queries import Filters
from event_manager.eventlog.reading import Position, position_of, read_after
from event_manager.eventlog.shown import entry_of
from event_manager.eventlog.tail import Listener, Tail
from event_manager.kit.access import identify
from event_manager.kit.db import Row
from event_manager.kit.errors import Forbidden, Problem
from event_manager.kit.metrics import STREAMS
from event_manager.kit.work import Work

STREAM_SECONDS = 900
STILL_HERE_SECONDS = 10
STOP_SECONDS = 0.5
RETRY_MS = 1000
AT_ONCE = 200


class Stream:
    """One client's stream. ``after``: where it goes on; None to begin with what is committed from now on."""

    def __init__(self, request: Request, tenant: UUID, filters: Filters, *, after: Position | None) -> None:
        self._request = request
        self._tenant = tenant
        self._fits = matcher(filters)
        self._words = filters.words
        self._at = after
        self._cursors = live_cursors(request, tenant)
        self._stopping: asyncio.Event = request.app.state.stopping

    async def events(self, tail: Tail) -> AsyncIterator[str]:
        """Until the sign-in ends, the server stops or a quarter of an hour is over."""
        with STREAMS.track_inprogress():
            async with tail.listen(self._tenant) as listener:
                try:
                    yield f"retry: {RETRY_MS}\n{self._here(listener)}"
                    async for event in self._follow(listener):
                        yield event
                except Problem:
                    return

    async def _follow(self, listener: Listener) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        end, said = loop.time() + STREAM_SECONDS, loop.time()
        listener.behind = listener.behind or (self._at or listener.seen) < listener.seen
        while not self._stopping.is_set() and loop.time() < end:
            if listener.behind:
                async for event in self._catch_up(listener):
                    yield event
            rows, seen = await listener.take(STOP_SECONDS)
            for event in await self._told([row for row in rows if position_of(row) > self._place(listener)]):
                yield event
                said = loop.time()
            if not listener.behind:
                self._at = max(self._place(listener), seen)
            if loop.time() - said >= STILL_HERE_SECONDS:
                async with self._work():  # which ends the stream of a sign-in that has ended
                    pass
                yield self._here(listener)
                said = loop.time()

    async def _catch_up(self, listener: Listener) -> AsyncIterator[str]:
        """What was committed before the reader of this process began, or faster than this client takes it."""
        seen = listener.catch_up()
        while (at := self._place(listener)) < seen and not self._stopping.is_set():
            async with self._work() as work:
                rows = await read_after(work, at, AT_ONCE, tenant=self._tenant)
            for event in await self._told(rows):
                yield event
            at = position_of(rows[-1]) if rows else at
            self._at = at if len(rows) == AT_ONCE else max(at, seen)

    async def _told(self, rows: Sequence[Row]) -> list[str]:
        """The events of those rows that are wanted, read anew with the rights of whoever listens."""
        chosen = [row for row in rows if self._fits(row)]
        told: list[str] = []
        for start in range(0, len(chosen), AT_ONCE):
            some = chosen[start : start + AT_ONCE]
            async with self._work() as work:
                entries = await queries.by_ids(work, [row["id"] for row in some], words=self._words)
            told += [self._event(position_of(row), entries[row["id"]]) for row in some if row["id"] in entries]
        return told

    def _event(self, position: Position, row: Row) -> str:
        shown = orjson.dumps(entry_of(row).model_dump(mode="json", by_alias=True)).decode()
        return f"id: {self._cursors.write(position)}\nevent: entry\ndata: {shown}\n\n"

    def _here(self, listener: Listener) -> str:
        """A comment with the place reached, so that whoever is cut off loses nothing though no event has come yet."""
        return f": still here\nid: {self._cursors.write(self._place(listener))}\n\n"

    def _place(self, listener: Listener) -> Position:
        if self._at is None:
            self._at = listener.seen
        return self._at

    def _work(self) -> AbstractAsyncContextManager[Work]:
        return work_again(self._request, self._tenant)


@asynccontextmanager
async def work_again(request: Request, tenant: UUID) -> AsyncIterator[Work]:
    """A unit of work with the request's credential as it is now. Raises Unauthenticated, Forbidden."""
    async with request.app.state.new_work(request) as work:
        request.state.work, request.state.identified = work, False
        await identify(request)
        work.allow("log:read")
        if work.tenant_id != tenant:
            raise Forbidden("The sign-in works for another organisation now.")
        yield work


def live_cursors(request: Request, tenant: UUID) -> Cursors:
    """The ids of the live tail's events."""
    return Cursors(request.app.state.secret_key, tenant, "live")


def matcher(filters: Filters) -> Callable[[Row], bool]:
    """Whether an entry fits all but the words. Raises UnknownEventType."""
    names = queries.type_names(filters)
    types = frozenset(names) if names is not None else None

    def fits(row: Row) -> bool:
        return (
            (types is None or row["type"] in types)
            and filters.entity_id in (None, row["entity_id"])
            and filters.actor_id in (None, row["actor_id"])
            and filters.correlation_id in (None, row["correlation_id"])
            and (filters.start is None or row["at"] >= filters.start)
            and (filters.end is None or row["at"] < filters.end)
        )

    return fits
