"""A real server on this machine that behaves well or badly, by path, and counts who came."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Write = asyncio.StreamWriter
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass
class Sink:
    """`connections` counts accepted TCP connections, `requests` holds (head, body) as they came."""

    port: int = 0
    connections: int = 0
    requests: list[tuple[str, bytes]] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    open: dict[asyncio.Task[None], Write] = field(default_factory=dict)
    resume: asyncio.Event = field(default_factory=asyncio.Event)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        """Where it listens."""
        return f"{scheme}://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: Write) -> None:
        """One connection, request after request."""
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self.open[task] = writer
        if (tls := writer.get_extra_info("peercert")) and isinstance(tls, dict):
            self.certificates.append(str(tls.get("subject")))
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._answer(reader, writer):
                pass
        writer.close()
        with suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: Write) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lengths = [line.partition(":")[2] for line in head.split("\r\n") if line.lower().startswith("content-length:")]
        self.requests.append((head, await reader.readexactly(int(lengths[0])) if lengths else b""))
        self.came.set()
        path = head.split(" ")[1]
        if path in _FIXED:
            writer.write(_FIXED[path])
            await writer.drain()
            return path not in _CLOSED_AFTER
        if path in _LIVELY:
            await _LIVELY[path](self, writer)
            return False
        writer.write(_status("307 Over There", f"Location: {path[4:]}") if path.startswith("/to?") else OK)
        await writer.drain()
        return True


def _status(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {line}", "Content-Length: 0", *headers, "", ""]).encode()


_FIXED = {
    "/gone": _status("410 Gone"),
    "/redirect": _status("302 Found", "Location: http://127.0.0.1:1/"),
    "/wait-seconds": _status("429 Too Many Requests", "Retry-After: 120"),
    "/wait-until": _status("503 Service Unavailable", "Retry-After: Mon, 23 Nov 2026 10:00:30 GMT"),
    "/cookie": _status("200 OK", "Set-Cookie: a=b"),
    "/hints": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + _status("200 OK", "X-Final: Yes"),
    "/long": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000,
    "/garbage": b"\x00\x01\x02 what is this\r\n\r\n",
    "/close": OK,
    "/short": b"HTTP/1.1 500 Oh\r\nContent-Length: 10\r\n\r\nfive!",
    "/nothing": b"",
}
_CLOSED_AFTER = {"/garbage", "/close", "/short", "/nothing"}


async def _hang(sink: Sink, _writer: Write) -> None:
    await sink.resume.wait()


async def _late(sink: Sink, writer: Write) -> None:
    await sink.resume.wait()
    writer.write(OK)
    await writer.drain()


async def _half(sink: Sink, writer: Write) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
    await writer.drain()
    await sink.resume.wait()


async def _endless(_sink: Sink, writer: Write) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"y" * 65536)
        await writer.drain()


async def _endless_head(_sink: Sink, writer: Write) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"z" * 8000 + b"\r\n")
        await writer.drain()


async def _reset(_sink: Sink, writer: Write) -> None:
    writer.transport.abort()


_LIVELY: dict[str, Callable[[Sink, Write], Awaitable[None]]] = {
    "/hang": _hang,
    "/late": _late,
    "/half": _half,
    "/endless": _endless,
    "/endless-head": _endless_head,
    "/reset": _reset,
}


@asynccontextmanager
async def sink(host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> AsyncIterator[Sink]:
    """A sink that listens until the block is left."""
    made = Sink()
    server = await asyncio.start_server(made.serve, host, 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        # Waited for from before the close on: later, Python 3.11 no longer waits for handshakes under way.
        closed = asyncio.create_task(server.wait_closed())
        for _turn in range(5):  # those just accepted get their transport, which a closed server would lose
            await asyncio.sleep(0)
        server.close()
        made.resume.set()
        for writer in made.open.values():
            writer.transport.abort()
        await asyncio.gather(*made.open, return_exceptions=True)
        await closed
