"""What goes out, what comes back, and how connections are kept."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from event_manager import __version__
from event_manager.kit.egress import BadHeader, Guard, Method, Request, Response, Sender, check_headers
from tests.kit.egress.sink import Sink, sink

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def post(url: str) -> Request:
    return Request("POST", url, (("Content-Type", "application/json"),), b"{}", timeout=5)


async def test_a_post_arrives_as_it_was_given(server: Sink, sender: Sender[int]) -> None:
    headers = (("Content-Type", "application/json"), ("webhook-id", "evt_1"), ("X-Empty", ""))

    response = await sender.fetch(Request("POST", server.url("/hook?a=b"), headers, b'{"a": 1}'))

    ((head, body),) = server.requests
    assert head.split("\r\n") == [
        "POST /hook?a=b HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        f"User-Agent: Event-Manager/{__version__}",
        "Accept: */*",
        "Content-Type: application/json",
        "webhook-id: evt_1",
        "X-Empty:",
        "Content-Length: 8",
        "",
        "",
    ]
    assert body == b'{"a": 1}'
    assert (response.status, response.error, response.body, response.ip) == (200, None, b"ok", "127.0.0.1")
    assert response.ok


@pytest.mark.parametrize(
    ("method", "body", "answer"),
    [
        ("GET", b"", b"ok"),
        ("HEAD", b"", b""),
        ("PUT", b"x", b"ok"),
        ("PATCH", b"x", b"ok"),
        ("DELETE", b"", b"ok"),
        ("OPTIONS", b"", b"ok"),
    ],
)
async def test_other_methods_go_out(
    server: Sink, sender: Sender[int], method: Method, body: bytes, answer: bytes
) -> None:
    request = replace(post(server.url()), method=method, body=body)

    response = await sender.fetch(request)

    assert (response.status, response.body) == (200, answer)
    assert [(head.split(" ")[0], sent) for head, sent in server.requests] == [(method, body)]


async def test_a_post_after_another_method_is_a_plain_post_again(server: Sink, sender: Sender[int]) -> None:
    await sender.fetch(replace(post(server.url()), method="DELETE", body=b""))

    await sender.fetch(post(server.url()))

    assert [head.split(" ")[0] for head, _body in server.requests] == ["DELETE", "POST"]


async def test_one_connection_serves_request_after_request(server: Sink, sender: Sender[int]) -> None:
    responses = [await sender.fetch(post(server.url(f"/{n}"))) for n in range(20)]

    assert [response.reused for response in responses] == [False, *[True] * 19]
    assert (server.connections, len(server.requests)) == (1, 20)


async def test_many_requests_share_the_slots_and_their_connections(server: Sink) -> None:
    delivered: list[tuple[int, Response]] = []
    everything = asyncio.Event()

    def deliver(batch: list[tuple[int, Response]]) -> None:
        delivered.extend(batch)
        if len(delivered) == 300:
            everything.set()

    async with Sender(deliver, guard=Guard(["127.0.0.0/8"]), slots=3) as sender:
        for token in range(300):
            sender.submit(post(server.url()), token)
        await everything.wait()

    assert sorted(token for token, _response in delivered) == list(range(300))
    assert {response.status for _token, response in delivered} == {200}
    assert server.connections <= 3


async def test_a_connection_closed_by_the_receiver_is_opened_anew(server: Sink, sender: Sender[int]) -> None:
    first = await sender.fetch(post(server.url("/close")))

    second = await sender.fetch(post(server.url("/close")))

    assert (first.ok, second.ok, server.connections) == (True, True, 2)


async def test_a_redirect_is_only_a_status(server: Sink, sender: Sender[int]) -> None:
    response = await sender.fetch(post(server.url("/redirect")))

    assert (response.status, response.error, response.ok) == (302, None, False)
    assert response.header("location") == "http://127.0.0.1:1/"
    assert len(server.requests) == 1


async def test_gone_is_told(server: Sink, sender: Sender[int]) -> None:
    response = await sender.fetch(post(server.url("/gone")))

    assert (response.status, response.error, response.retry_after(NOW)) == (410, None, None)


@pytest.mark.parametrize(("path", "status", "seconds"), [("/wait-seconds", 429, 120.0), ("/wait-until", 503, 30.0)])
async def test_a_wish_to_wait_is_read(
    server: Sink, sender: Sender[int], path: str, status: int, seconds: float
) -> None:
    response = await sender.fetch(post(server.url(path)))

    assert (response.status, response.retry_after(NOW)) == (status, seconds)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("Mon, 23 Nov 2026 09:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 10:01:00", 60.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("9" * 400, 9_999_999_999.0),
        ("٣", None),
        ("Mon, 99 Nov 2026 10:01:00 GMT", None),
    ],
)
def test_odd_wishes_to_wait(value: str, seconds: float | None) -> None:
    response = Response(429, head=(b"HTTP/1.1 429 No\r\n", f"Retry-After: {value}\r\n".encode()))

    assert response.retry_after(NOW) == seconds


async def test_no_cookie_is_sent_back(server: Sink, sender: Sender[int]) -> None:
    await sender.fetch(post(server.url("/cookie")))

    await sender.fetch(post(server.url("/cookie")))

    assert "\r\nCookie:" not in server.requests[1][0]


async def test_no_proxy_is_taken_from_the_environment(
    server: Sink, sender: Sender[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sink() as proxy:
        for name in ("http_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        response = await sender.fetch(post(server.url()))

    assert (response.status, proxy.connections, server.connections) == (200, 0, 1)


async def test_headers_are_those_of_the_final_answer(server: Sink, sender: Sender[int]) -> None:
    response = await sender.fetch(post(server.url("/hints")))

    assert (response.status, response.headers) == (200, (("content-length", "0"), ("x-final", "Yes")))


@pytest.mark.parametrize(
    "header",
    [
        ("X-A", "b\r\nX-C: d"),
        ("X-A", "b\nX-C: d"),
        ("X-A\r\nX-B", "c"),
        ("X A", "b"),
        ("", "b"),
        ("X-A:", "b"),
        ("X-A", "ü"),
        ("X-A", "b" * 8193),
        ("Host", "example.org"),
        ("content-length", "5"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "close"),
    ],
)
async def test_a_header_that_would_break_the_message_is_not_sent(
    server: Sink, sender: Sender[int], header: tuple[str, str]
) -> None:
    response = await sender.fetch(Request("POST", server.url(), (header,)))

    assert (response.status, response.error) == (None, "bad-header")
    assert server.connections == 0
    with pytest.raises(BadHeader, match="cannot be sent"):
        check_headers((header,))


@pytest.mark.parametrize("url", ["", "http://", "http://ex ample/", "http://bücher.example/", "nonsense://x/"])
async def test_what_is_no_url_is_told_not_raised(sender: Sender[int], url: str) -> None:
    response = await sender.fetch(post(url))

    assert response.error in ("bad-url", "protocol")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "dict://127.0.0.1/"])
async def test_only_http_is_spoken(sender: Sender[int], url: str) -> None:
    response = await sender.fetch(post(url))

    assert (response.status, response.error, response.body) == (None, "protocol", b"")


def test_secrets_stay_out_of_the_text_of_a_request() -> None:
    request = Request("POST", "https://example.org/", (("Authorization", "s3cret"),), b"s3cret")

    assert repr(request) == "Request(POST https://example.org/)"
