"""Live pokes between processes: "look again at this topic", sent after a commit and never as part of one.

Pokes carry no data, so nothing embargoed can leak through them; readers look again with their own rights. They are
debounced and sent as NOTIFY from one connection; a lost poke is healed by readers that also look again every while.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import psycopg
from psycopg import sql

from event_manager.kit import logs

CHANNEL = "event_manager_pokes"
DEBOUNCE_SECONDS = 0.03
MAX_PAYLOAD = 7000
log = logs.logger(__name__)


class Signals:
    """Pokes topics in every process that shares the database."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._pending: set[str] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def poke(self, topic: str) -> None:
        """Tell everybody that a topic has changed; call it after the commit (`Work.after_commit`)."""
        self._deliver(topic)
        self._pending.add(topic)
        self._wake.set()

    @asynccontextmanager
    async def watch(self, *topics: str, event: asyncio.Event | None = None) -> AsyncIterator[asyncio.Event]:
        """An event (the given one, if any) that is set at each poke of the topics; clear it before looking again."""
        poked = event or asyncio.Event()
        for topic in topics:
            self._waiting[topic].add(poked)
        try:
            yield poked
        finally:
            for topic in topics:
                self._waiting[topic].discard(poked)
                if not self._waiting[topic]:
                    del self._waiting[topic]

    async def start(self) -> None:
        """Listen and send until `stop`."""
        self._tasks = [
            asyncio.create_task(self._forever(self._listen)),
            asyncio.create_task(self._forever(self._send)),
        ]

    async def stop(self) -> None:
        """End both loops."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task

    def _deliver(self, topic: str) -> None:
        for poked in self._waiting.get(topic, ()):
            poked.set()

    async def _forever(self, loop: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await loop()
            except psycopg.Error as error:
                log.warning("signals interrupted", error=str(error))
                await asyncio.sleep(1)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as conn:
            await conn.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
            for topic in list(self._waiting):  # what was missed while disconnected
                self._deliver(topic)
            async for note in conn.notifies():
                for topic in note.payload.split(" "):
                    self._deliver(topic)

    async def _send(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._dsn, autocommit=True) as conn:
            while True:
                await self._wake.wait()
                await asyncio.sleep(DEBOUNCE_SECONDS)
                self._wake.clear()
                while self._pending:
                    await conn.execute("SELECT pg_notify(%s, %s)", (CHANNEL, self._payload()))

    def _payload(self) -> str:
        taken: list[str] = []
        size = 0
        while self._pending and size < MAX_PAYLOAD:
            topic = self._pending.pop()
            taken.append(topic)
            size += len(topic) + 1
        return " ".join(taken)
