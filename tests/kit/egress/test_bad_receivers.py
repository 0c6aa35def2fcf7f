"""Receivers that are slow, huge, broken or absent; and a sender that stops."""

import asyncio
import socket
from dataclasses import replace

import pytest

from event_manager.kit.egress import Guard, Request, Response, Sender
from tests.kit.egress.sink import Sink

LET = Guard(["127.0.0.0/8"])
Delivered = list[tuple[int, Response]]


def post(url: str, timeout: float = 5.0) -> Request:
    return Request("POST", url, (("Content-Type", "application/json"),), b"{}", timeout=timeout)


async def test_no_answer_within_the_time(server: Sink, sender: Sender[int]) -> None:
    response = await sender.fetch(post(server.url("/hang"), 0.2))

    assert (response.status, response.error, response.ok) == (None, "timeout", False)
    assert response.timings.total >= 200


async def test_half_an_answer_within_the_time(server: Sink, sender: Sender[int]) -> None:
    response = await sender.fetch(post(server.url("/half"), 0.2))

    assert (response.status, response.error, response.body, response.ok) == (200, "timeout", b"half", False)


async def test_a_hanging_receiver_holds_up_nobody_else(server: Sink, sender: Sender[int], delivered: Delivered) -> None:
    sender.submit(post(server.url("/hang")), 1)

    others = await asyncio.gather(*(sender.fetch(post(server.url())) for _ in range(20)))

    assert [response.status for response in others] == [200] * 20
    assert (delivered, sender.pending) == ([], 1)


async def test_the_beginning_of_a_long_answer_is_kept(server: Sink, sender: Sender[int]) -> None:
    response = await sender.fetch(post(server.url("/long")))

    assert (response.status, response.error, response.ok) == (200, None, True)
    assert (response.body, response.truncated) == (b"x" * 16384, True)


async def test_an_answer_of_just_the_size_kept_is_whole(server: Sink, sender: Sender[int]) -> None:
    response = await sender.fetch(replace(post(server.url("/long")), keep=100_000))

    assert (len(response.body), response.truncated) == (100_000, False)


async def test_an_endless_answer_is_given_up(server: Sink, sender: Sender[int]) -> None:
    response = await sender.fetch(post(server.url("/endless")))

    assert (response.status, response.error, len(response.body), response.truncated) == (200, "too-large", 16384, True)
    assert response.detail == "The answer is longer than 1048576 bytes."


async def test_endless_headers_are_given_up(server: Sink, sender: Sender[int]) -> None:
    response = await sender.fetch(post(server.url("/endless-head")))

    assert (response.error, response.ok) == ("too-large", False)
    assert 8_000 < sum(len(line) for line in response.head) <= 16_384


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/garbage", None, "protocol"),
        ("/reset", None, "connection-lost"),
        ("/nothing", None, "connection-lost"),
        ("/short", 500, "connection-lost"),
    ],
)
async def test_a_broken_answer_is_told(
    server: Sink, sender: Sender[int], path: str, status: int | None, error: str
) -> None:
    response = await sender.fetch(post(server.url(path)))

    assert (response.status, response.error) == (status, error)
    assert response.detail != ""


async def test_a_failure_leaves_no_trace_in_the_next_response(server: Sink, sender: Sender[int]) -> None:
    await sender.fetch(post(server.url("/endless")))
    await sender.fetch(post(server.url("/half"), 0.2))

    response = await sender.fetch(post(server.url()))

    assert (response.status, response.error, response.detail, response.body) == (200, None, "", b"ok")
    assert (response.truncated, response.headers) == (False, (("content-length", "2"),))


async def test_nobody_listens(sender: Sender[int]) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        response = await sender.fetch(post(f"http://127.0.0.1:{reserved.getsockname()[1]}/"))

    assert (response.status, response.error) == (None, "connect")


async def test_a_name_that_does_not_exist(sender: Sender[int]) -> None:
    response = await sender.fetch(post("http://does-not-exist.invalid/"))

    assert (response.status, response.error) == (None, "dns")


async def test_a_stop_waits_for_answers_within_its_grace(server: Sink, delivered: Delivered) -> None:
    async with Sender(delivered.extend, guard=LET) as sender:
        sender.submit(post(server.url("/late")), 1)
        await server.came.wait()
        asyncio.get_running_loop().call_later(0.1, server.resume.set)
        await sender.stop(grace=5.0)

    assert [(token, response.status) for token, response in delivered] == [(1, 200)]


async def test_a_stop_aborts_what_does_not_end(server: Sink, delivered: Delivered) -> None:
    async with Sender(delivered.extend, guard=LET, slots=1) as sender:
        sender.submit(post(server.url("/hang")), 1)
        sender.submit(post(server.url()), 2)
        await server.came.wait()

        await sender.stop(grace=0.1)

    assert [(token, response.status, response.error) for token, response in sorted(delivered, key=_token)] == [
        (1, None, "aborted"),
        (2, None, "aborted"),
    ]
    assert len(server.requests) == 1


async def test_a_stopped_sender_takes_no_more(server: Sink, sender: Sender[int]) -> None:
    await sender.stop()

    with pytest.raises(RuntimeError, match="stopped"):
        sender.submit(post(server.url()), 1)


async def test_one_who_no_longer_waits_disturbs_nobody(server: Sink, sender: Sender[int]) -> None:
    waiting = asyncio.create_task(sender.fetch(post(server.url("/late"))))
    await server.came.wait()
    waiting.cancel()
    server.resume.set()

    response = await sender.fetch(post(server.url()))

    assert (response.status, sender.pending) == (200, 0)


def _token(pair: tuple[int, Response]) -> int:
    return pair[0]
