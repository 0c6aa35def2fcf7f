"""A lean HTTP client for load: many keep-alive connections on one event loop, nothing parsed but status and length."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Connection:
    """One keep-alive connection to 127.0.0.1."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Status and body. Raises OSError or EOFError when the server goes away."""
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        length = next(
            (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
        )
        return status, await self._reader.readexactly(length)

    def close(self) -> None:
        """Drop the connection; the next `send` makes a new one."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


@asynccontextmanager
async def connection(port: int) -> AsyncIterator[Connection]:
    """A connection that is closed at the end."""
    made = Connection(port)
    try:
        yield made
    finally:
        made.close()
