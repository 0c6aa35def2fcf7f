"""Named work that repeats beside the jobs as long as the process lives: `Loop` says what, `Loops` keeps it going.

A loop is for what must happen within a second and needs no queue; what may be late, fail for good or be spread over
workers is a job. Any number of processes may run the same loop, so a round guards itself (a lock, SKIP LOCKED).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import psycopg
from sqlalchemy.exc import DBAPIError

from event_manager.config import Settings
from event_manager.kit import logs
from event_manager.kit.clock import Clock, SystemClock
from event_manager.kit.db import Database
from event_manager.kit.errors import Unavailable

LONGEST_BACKOFF = 30.0
DRAIN_SECONDS = 10.0
log = logs.logger(__name__)


@dataclass(frozen=True, slots=True)
class Around:
    """What a round has to work with."""

    database: Database
    settings: Settings
    secret_key: str
    clock: Clock


Round = Callable[[Around], Awaitable[float]]
"""One round; returns how many seconds to wait before the next. Cancelled, it leaves nothing half done."""


@dataclass(frozen=True, slots=True)
class Loop:
    """A round that repeats under a name."""

    name: str
    round: Round


class Loops:
    """Runs loops over an opened database."""

    def __init__(
        self,
        loops: Sequence[Loop],
        database: Database,
        *,
        settings: Settings,
        secret_key: str,
        clock: Clock | None = None,
    ) -> None:
        self._loops = loops
        self._around = Around(database, settings, secret_key, clock or SystemClock())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Repeat in the background of a block; leaving it lets rounds under way end, and cancels slow ones."""
        stop = asyncio.Event()
        tasks = [asyncio.create_task(self._repeat(loop, stop), name=loop.name) for loop in self._loops]
        try:
            yield
        finally:
            stop.set()
            if tasks:
                _done, slow = await asyncio.wait(tasks, timeout=DRAIN_SECONDS)
                for task in slow:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _repeat(self, loop: Loop, stop: asyncio.Event) -> None:
        backoff = 1.0
        while not stop.is_set():
            try:
                pause = await loop.round(self._around)
                backoff = 1.0
            except (psycopg.Error, DBAPIError, Unavailable) as error:  # the database is away: one line, no traceback
                log.warning("loop interrupted", loop=loop.name, error=str(error), again_in_seconds=backoff)
                pause, backoff = backoff, min(2 * backoff, LONGEST_BACKOFF)
            except Exception:
                log.exception("loop failed", loop=loop.name, again_in_seconds=backoff)
                pause, backoff = backoff, min(2 * backoff, LONGEST_BACKOFF)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
