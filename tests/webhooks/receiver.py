"""A receiver of webhooks on this machine: answers as it is told, keeps what came."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def answer(status: int, *headers: str, body: str = "") -> bytes:
    """The bytes of an answer."""
    return "\r\n".join([f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers, "", body]).encode()


@dataclass
class Received:
    """A request as it came; header names in small letters."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        """The webhook-id."""
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """``says`` gives the answer to a request; None lets it hang until `release`. ``most``: requests at one time."""

    port: int = 0
    says: Callable[[Received], bytes | None] = lambda _request: OK
    received: list[Received] = field(default_factory=list)
    now: int = 0
    most: int = 0
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)
    _release: asyncio.Event = field(default_factory=asyncio.Event)
    _open: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)

    def url(self, path: str = "/hook") -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}{path}"

    def of(self, path: str) -> list[Received]:
        """What came to a path."""
        return [request for request in self.received if request.path == path]

    async def wait_for(self, count: int, path: str = "", seconds: float = 20) -> list[Received]:
        """What came, once it is so much; TimeoutError."""

        def there() -> bool:
            return len(self.of(path) if path else self.received) >= count

        async with self._came:
            await asyncio.wait_for(self._came.wait_for(there), seconds)
        return self.of(path) if path else self.received

    def release(self) -> None:
        """Answer what hangs, and what comes from now on would hang, with 200."""
        self._release.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await self._one(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        request = Received(first.split(" ")[1], headers, body)
        self.now += 1
        self.most = max(self.most, self.now)
        async with self._came:
            self.received.append(request)
            self._came.notify_all()
        try:
            said = self.says(request)
            if said is None:
                await self._release.wait()
                said = OK
            writer.write(said)
            await writer.drain()
        finally:
            self.now -= 1


@asynccontextmanager
async def receiver(says: Callable[[Received], bytes | None] | None = None) -> AsyncIterator[Receiver]:
    """A receiver that listens until the block is left."""
    made = Receiver()
    if says is not None:
        made.says = says
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        closed = asyncio.create_task(server.wait_closed())
        for _turn in range(5):
            await asyncio.sleep(0)
        server.close()
        made.release()
        for writer in made._open.values():
            writer.transport.abort()
        await asyncio.gather(*made._open, return_exceptions=True)
        await closed
