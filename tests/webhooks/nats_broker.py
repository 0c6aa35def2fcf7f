"""A real nats-server with JetStream, of one test."""

import asyncio
import socket
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nats
from nats.aio.msg import Msg
from nats.js.api import StreamConfig

from tests.brokers import nats_server

SUBJECT = "events"


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what another process does and does not tell of. TimeoutError when it does not."""
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110 - nothing here that an event could be set by
            await asyncio.sleep(0.05)


class Broker:
    """Starts and stops the server on one port and one folder, so that it keeps what it has stored."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self._folder, self._options = folder, options
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}/{SUBJECT}"

    async def start(self, **how: Any) -> None:
        """Run it, and wait until it answers; ``how`` the waiting client signs in."""
        where = ["-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(self._folder)]
        self._begin([str(nats_server()), *where, *self._options])

        async def answers() -> bool:
            try:
                await (await self.client(**how)).close()
            except (OSError, nats.errors.Error):
                return False
            return True

        await until(answers)

    def _begin(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    async def client(self, **how: Any) -> nats.NATS:
        async def quiet(_error: Exception) -> None: ...

        return await nats.connect(
            f"nats://127.0.0.1:{self.port}", allow_reconnect=False, connect_timeout=2, error_cb=quiet, **how
        )

    async def make_stream(self, **how: Any) -> None:
        """A stream of everything below the subject."""
        client = await self.client(**how)
        await client.jetstream().add_stream(StreamConfig(name="EVENTS", subjects=[f"{SUBJECT}.>"]))
        await client.close()

    async def holds(self, count: int) -> None:
        """Wait until the stream has so many messages."""

        async def enough() -> bool:
            return len(await self.stored()) >= count

        await until(enough)

    async def stored(self, **how: Any) -> list[Msg]:
        """All messages of the stream, in its order."""
        client = await self.client(**how)
        stream = client.jetstream()
        count = (await stream.stream_info("EVENTS")).state.messages
        reader = await stream.subscribe(f"{SUBJECT}.>", ordered_consumer=True)
        found = [await reader.next_msg(timeout=10) for _ in range(count)]
        await client.close()
        return found


@contextmanager
def broker(folder: Path, *options: str) -> Iterator[Broker]:
    """A broker that is not started yet, and is ended with the block."""
    made = Broker(folder, *options)
    try:
        yield made
    finally:
        made.kill()
