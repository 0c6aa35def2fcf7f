"""A client that does not get on loses its connection; one that waits for an answer keeps it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from event_manager.kit.slow_clients import ImpatientProtocol

WAIT = 20
"""Seconds after which a connection that should have ended counts as open."""


class Impatient(ImpatientProtocol):
    """As the product's, in less time."""

    head_seconds = 0.3
    body_seconds = 0.3


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the body, at /slow only after both times have passed."""
    request = Request(scope, receive)
    try:
        body = await request.body()
    except ClientDisconnect:
        return
    if request.url.path == "/slow":
        await asyncio.sleep(Impatient.head_seconds + Impatient.body_seconds)
    await PlainTextResponse(body or b"nothing")(scope, receive, send)


@pytest.fixture
async def connection() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection to a server of its own."""
    config = uvicorn.Config(echo, port=0, log_config=None, access_log=False, lifespan="off", http=Impatient)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - the server offers a flag, no event
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield reader, writer
    writer.close()
    server.should_exit = True
    await serving


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: here\r\n",
        b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\nhalf",
    ],
    ids=["nothing", "half a head", "half a body"],
)
async def test_an_unfinished_request_ends_the_connection(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], sent: bytes
) -> None:
    reader, writer = connection
    writer.write(sent)

    assert await asyncio.wait_for(reader.read(), WAIT) == b""


async def test_more_bytes_of_a_head_win_no_more_time(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    reader, writer = connection
    ended = asyncio.create_task(asyncio.wait_for(reader.read(), WAIT))
    writer.write(b"GET / HTTP/1.1\r\n")
    while not ended.done():
        writer.write(b"X-More: of the same\r\n")
        await asyncio.sleep(Impatient.head_seconds / 10)

    assert await ended == b""


async def test_an_endless_head_is_refused(connection: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
    reader, writer = connection
    writer.write(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 70_000)

    answer = await asyncio.wait_for(reader.read(), WAIT)

    assert answer.endswith(b"The head of this request is too long.")


async def test_blank_lines_between_requests_do_not_hold_a_connection(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    reader, writer = connection
    writer.write(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
    await asyncio.wait_for(reader.readuntil(b"nothing"), WAIT)
    writer.write(b"\r\n")

    assert await asyncio.wait_for(reader.read(), WAIT) == b""


async def test_an_answer_may_take_longer_than_both_times(
    connection: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    reader, writer = connection
    for _ in range(2):  # the second on the same connection
        writer.write(b"POST /slow HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n\r\nmark")

        assert (await asyncio.wait_for(reader.readuntil(b"mark"), WAIT)).startswith(b"HTTP/1.1 200 OK")
