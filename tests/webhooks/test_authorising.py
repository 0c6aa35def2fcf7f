"""Authorisation of deliveries: basic, and OAuth2 tokens of a real token server, a wrong and a hostile one."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from event_manager.kit.egress import Guard, Sender
from event_manager.webhooks.authorising import FAILURE_KEPT, MARGIN, RENEWALS_APART, Authoriser, Headers, NotAuthorised
from event_manager.webhooks.credentials import Basic, Credentials, OAuth2
from tests.kit.egress.pki import Authority
from tests.kit.egress.sink import sink
from tests.webhooks.token_server import CLIENT, SECRET, TokenServer, token_server

ENDPOINT, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
async def server() -> AsyncIterator[TokenServer]:
    """A token server."""
    async with token_server() as made:
        yield made


@pytest.fixture
async def sender() -> AsyncIterator[Sender[int]]:
    """A sender that may reach this machine."""
    async with Sender[int](lambda _batch: None, guard=Guard(["127.0.0.0/8"])) as made:
        yield made


class Time:
    """Seconds that pass when told."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    """The authoriser's clock."""
    return Time()


@pytest.fixture
def authoriser(sender: Sender[int], time: Time) -> Authoriser:
    """One that has nothing yet."""
    return Authoriser(sender, time)


def client(server: TokenServer, **changes: str) -> Credentials:
    """What an endpoint with this token server holds."""
    given = {"token_url": server.url, "client_id": CLIENT, "client_secret": SECRET} | changes
    return Credentials(oauth2=OAuth2.model_validate(given))


def bearer(token: str) -> Headers:
    return (("Authorization", f"Bearer {token}"),)


async def test_an_endpoint_without_authentication_gets_no_header(authoriser: Authoriser) -> None:
    assert authoriser.ready(ENDPOINT, 1, Credentials()) == ()
    assert await authoriser.headers(ENDPOINT, 1, Credentials(headers=(("X-Own", "1"),))) == ()


async def test_basic_is_sent_as_utf8_without_waiting(authoriser: Authoriser) -> None:
    credentials = Credentials(basic=Basic(username="test", password="123£"))

    wanted = (("Authorization", "Basic dGVzdDoxMjPCow=="),)  # the example of RFC 7617
    assert authoriser.ready(ENDPOINT, 1, credentials) == wanted
    assert await authoriser.headers(ENDPOINT, 1, credentials) == wanted


async def test_a_token_is_fetched_once_and_kept(server: TokenServer, authoriser: Authoriser) -> None:
    credentials = client(server, scope="deliver all")

    assert authoriser.ready(ENDPOINT, 1, credentials) is None
    assert await authoriser.headers(ENDPOINT, 1, credentials) == bearer("token-1")
    assert authoriser.ready(ENDPOINT, 1, credentials) == bearer("token-1")
    assert server.asked == [{"grant_type": "client_credentials", "scope": "deliver all", "basic": f"{CLIENT}:{SECRET}"}]


async def test_a_server_that_reads_only_the_form_is_understood(server: TokenServer, authoriser: Authoriser) -> None:
    server.style = "form"

    assert await authoriser.headers(ENDPOINT, 1, client(server)) == bearer("token-1")
    assert [sorted(form) for form in server.asked] == [
        ["basic", "grant_type"],
        ["client_id", "client_secret", "grant_type"],  # never both ways in one request
    ]


async def test_the_way_that_a_server_takes_is_remembered(
    server: TokenServer, authoriser: Authoriser, time: Time
) -> None:
    server.style = "form"
    await authoriser.headers(ENDPOINT, 1, client(server))
    time.now += 3600

    assert await authoriser.headers(ENDPOINT, 1, client(server)) == bearer("token-2")
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("lifetime", "kept"),
    [(3600, 3600 - MARGIN), ("3600", 3600 - MARGIN), (100, 90), (None, 270), ("soon", 270), (1e300, 86340)],
    ids=str,
)
async def test_a_token_is_renewed_before_its_end(
    server: TokenServer, authoriser: Authoriser, time: Time, lifetime: object, kept: float
) -> None:
    server.lifetime = lifetime
    await authoriser.headers(ENDPOINT, 1, client(server))

    time.now += kept - 0.5
    assert authoriser.ready(ENDPOINT, 1, client(server)) == bearer("token-1")
    time.now += 0.5
    assert authoriser.ready(ENDPOINT, 1, client(server)) is None
    assert await authoriser.headers(ENDPOINT, 1, client(server)) == bearer("token-2")


async def test_a_token_without_lifetime_serves_those_who_waited(server: TokenServer, authoriser: Authoriser) -> None:
    server.lifetime = -1

    both = await asyncio.gather(*(authoriser.headers(ENDPOINT, 1, client(server)) for _ in range(2)))

    assert (both, authoriser.ready(ENDPOINT, 1, client(server))) == ([bearer("token-1")] * 2, None)


async def test_one_fetch_at_a_time_serves_all_who_wait(server: TokenServer, authoriser: Authoriser) -> None:
    server.hold.clear()
    waiting = [asyncio.create_task(authoriser.headers(ENDPOINT, 1, client(server))) for _ in range(20)]
    await server.came.wait()
    waiting[0].cancel()  # the first, which began the fetch, gives up
    server.hold.set()

    got = await asyncio.gather(*waiting, return_exceptions=True)

    assert isinstance(got[0], asyncio.CancelledError)
    assert got[1:] == [bearer("token-1")] * 19
    assert len(server.asked) == 1


async def test_endpoints_and_versions_have_tokens_of_their_own(server: TokenServer, authoriser: Authoriser) -> None:
    first = await authoriser.headers(ENDPOINT, 1, client(server))
    other = await authoriser.headers(OTHER, 1, client(server))
    edited = await authoriser.headers(ENDPOINT, 2, client(server))

    assert [first, other, edited] == [bearer("token-1"), bearer("token-2"), bearer("token-3")]
    authoriser.forget(ENDPOINT)
    assert authoriser.ready(ENDPOINT, 2, client(server)) is None


async def test_a_refused_token_is_renewed_once(server: TokenServer, authoriser: Authoriser, time: Time) -> None:
    credentials = client(server)
    first = await authoriser.headers(ENDPOINT, 1, credentials)

    assert authoriser.refused(ENDPOINT, first)
    assert authoriser.refused(ENDPOINT, first)  # another request that was under way with it
    second = await authoriser.headers(ENDPOINT, 1, credentials)
    assert authoriser.refused(ENDPOINT, first)  # a late one: there is a newer token already
    assert second == bearer("token-2")
    assert not authoriser.refused(ENDPOINT, second)  # then it is not the token's fault
    assert authoriser.ready(ENDPOINT, 1, credentials) == second
    time.now += RENEWALS_APART
    assert authoriser.refused(ENDPOINT, second)


async def test_nothing_can_be_renewed_where_no_token_is_in_use(authoriser: Authoriser) -> None:
    credentials = Credentials(basic=Basic(username="a", password="b"))

    assert not authoriser.refused(ENDPOINT, await authoriser.headers(ENDPOINT, 1, credentials))
    assert not authoriser.refused(ENDPOINT, ())


async def reason(authoriser: Authoriser, credentials: Credentials, version: int = 1) -> str:
    with pytest.raises(NotAuthorised) as refusal:
        await authoriser.headers(ENDPOINT, version, credentials)
    return refusal.value.reason


async def test_a_refusal_stands_for_a_moment_and_until_the_settings_change(
    server: TokenServer, authoriser: Authoriser, time: Time
) -> None:
    wrong = client(server, client_secret="wrong")
    first = await reason(authoriser, wrong)

    assert (await reason(authoriser, wrong), len(server.asked)) == (first, 2)
    assert await authoriser.headers(ENDPOINT, 2, client(server)) == bearer("token-1")
    assert await reason(authoriser, wrong) == first
    time.now += FAILURE_KEPT
    await reason(authoriser, wrong)
    assert len(server.asked) == 7


SAYS = "The token server 127.0.0.1 gave no access token: "
ECHO = f"{SECRET} wrong-secret key=in-the-url {'x' * 50}"


@pytest.mark.parametrize(
    ("answer", "extra", "said"),
    [
        (
            ("401 Unauthorized", b'{"error": "invalid_client", "error_description": "wrong-secret"}'),
            "",
            "it does not know the client id, or the client secret is wrong (invalid_client, status 401)",
        ),
        (
            ("400 Bad Request", b'{"error": "invalid_scope"}'),
            "",
            "it does not give the scope asked for (invalid_scope, status 400)",
        ),
        (("403 Forbidden", f'{{"error": "{ECHO}"}}'.encode()), "", "it answered with status 403"),
        (("500 wrong-secret", b"wrong-secret"), "X-Echo: wrong-secret\r\n", "it answered with status 500"),
        (
            ("302 Found", b""),
            "Location: http://127.0.0.1:1/?wrong-secret\r\n",
            "it redirects elsewhere, which is not followed; enter the address it leads to",
        ),
        (("200 OK", b"<html>wrong-secret"), "", "its answer holds no access_token that can be sent"),
        (("200 OK", b"[1]"), "", "its answer holds no access_token that can be sent"),
        (("200 OK", b"\xff\xfe"), "", "its answer holds no access_token that can be sent"),
        (("200 OK", b"[" * 60_000), "", "its answer holds no access_token that can be sent"),
        (
            ("200 OK", b'{"access_token": "a\\r\\nX-Evil: 1", "token_type": "bearer"}'),
            "",
            "its answer holds no access_token that can be sent",
        ),
        (
            ("200 OK", b'{"access_token": 7, "token_type": "bearer"}'),
            "",
            "its answer holds no access_token that can be sent",
        ),
        (
            ("200 OK", b'{"access_token": "%s", "token_type": "bearer"}' % (b"x" * 9000)),
            "",
            "its answer holds no access_token that can be sent",
        ),
        (
            ("200 OK", b'{"access_token": "a", "token_type": "mac"}'),
            "",
            "the token's type is not Bearer, which is the only one used here",
        ),
        (("200 OK", b" " * 100_000), "", "its answer is larger than 64 KiB"),
        (("two hundred wrong-secret", b""), "", "it does not speak HTTP"),
    ],
)  # fmt: skip
async def test_what_a_wrong_or_hostile_server_says_is_not_repeated(
    server: TokenServer, authoriser: Authoriser, answer: tuple[str, bytes], extra: str, said: str
) -> None:
    server.answer, server.extra = answer, extra

    assert await reason(authoriser, client(server, client_secret="wrong-secret")) == f"{SAYS}{said}."


async def test_a_server_that_never_answers_is_given_up(
    server: TokenServer, authoriser: Authoriser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("event_manager.webhooks.tokens.TIMEOUT", 0.2)
    server.hold.clear()

    assert await reason(authoriser, client(server)) == f"{SAYS}it did not answer within 10 s."


async def test_the_token_server_is_guarded_as_any_receiver(server: TokenServer) -> None:
    async with Sender[int](lambda _batch: None, guard=Guard()) as guarded:
        said = await reason(Authoriser(guarded), client(server))

    assert (said, server.asked) == (f"{SAYS}its address is not one that may be connected to.", [])


async def test_a_stopped_sender_ends_the_wait(server: TokenServer) -> None:
    server.hold.clear()
    async with Sender[int](lambda _batch: None, guard=Guard(["127.0.0.0/8"])) as stopped:
        waiting = asyncio.create_task(reason(Authoriser(stopped), client(server)))
        await server.came.wait()

    assert await waiting == f"{SAYS}the request was broken off because the product is stopping."


async def test_no_secret_goes_to_a_server_whose_certificate_is_not_believed(
    tmp_path: Path, authoriser: Authoriser
) -> None:
    authority = Authority()
    async with sink(tls=authority.server(tmp_path, "127.0.0.1")) as receiver:
        url = receiver.url("/token", scheme="https")
        client = OAuth2(token_url=url, client_id=CLIENT, client_secret=SECRET)

        doubted = await reason(authoriser, Credentials(oauth2=client))
        asked_then = len(receiver.requests)
        believed = await reason(authoriser, Credentials(oauth2=client, ca=authority.pem.decode()), version=2)

    assert (asked_then, "its certificate is not believed" in doubted) == (0, True)
    assert believed == f"{SAYS}its answer holds no access_token that can be sent."  # the sink says only "ok"


def test_the_repr_of_credentials_shows_no_secret() -> None:
    credentials = Credentials.model_validate(
        {
            "headers": [["X-Key", "hidden"]],
            "basic": {"username": "u", "password": "hidden"},
            "oauth2": {"token_url": "https://t.example", "client_id": "c", "client_secret": "hidden"},
            "client_certificate": {"certificate": "c", "key": "hidden"},
            "broker": {"username": "u", "password": "hidden", "token": "hidden"},
        }
    )

    assert "hidden" not in repr(credentials)
