"""A real OAuth2 token server on this machine, well-behaved unless told otherwise, that keeps what it was asked."""

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote_plus

CLIENT = "the client:1"
SECRET = "s3cret &+%: ünlikely"  # every character that one of the encodings could spoil


@dataclass
class TokenServer:
    """Gives `token-1`, `token-2`, ... to CLIENT with SECRET.

    `style`: the way of showing oneself that it takes. `answer`: (status line, body) in place of what is right.
    While `hold` is cleared it reads requests and does not answer.
    """

    port: int = 0
    style: str = "basic"
    lifetime: object = 3600
    answer: tuple[str, bytes] | None = None
    extra: str = ""
    given: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Its token endpoint."""
        return f"http://127.0.0.1:{self.port}/token?key=in-the-url"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                fields = {
                    name.lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in head.split("\r\n")[1:])
                }
                form = parse_qs((await reader.readexactly(int(fields["content-length"]))).decode())
                status, body = self._answer(fields, {name: values[0] for name, values in form.items()})
                self.came.set()
                await self.hold.wait()
                length = f"Content-Length: {len(body)}\r\n"
                writer.write(f"HTTP/1.1 {status}\r\n{length}{self.extra}\r\n".encode() + body)
                await writer.drain()
        writer.close()

    def _answer(self, fields: dict[str, str], form: dict[str, str]) -> tuple[str, bytes]:
        sent = fields.get("authorization", "").removeprefix("Basic ")
        shown = [unquote_plus(part) for part in b64decode(sent).decode().split(":")]
        self.asked.append(form | ({"basic": ":".join(shown)} if sent else {}))
        if self.answer is not None:
            return self.answer
        believed = shown if self.style == "basic" else [form.get("client_id"), form.get("client_secret")]
        if believed != [CLIENT, SECRET]:
            return "401 Unauthorized", b'{"error": "invalid_client"}'
        self.given += 1
        token = {"access_token": f"token-{self.given}", "token_type": "bearer", "expires_in": self.lifetime}
        return "200 OK", json.dumps(token).encode()


@asynccontextmanager
async def token_server() -> AsyncIterator[TokenServer]:
    """A token server that listens until the block is left."""
    made = TokenServer()
    made.hold.set()
    tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks[task] = writer
        await made.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        made.hold.set()
        for writer in tasks.values():
            writer.transport.abort()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
