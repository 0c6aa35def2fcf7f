"""Deliveries to receivers behind OAuth2: a token is fetched, renewed when the receiver refuses it, and never stored."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from event_manager.webhooks.credentials import Credentials, OAuth2
from tests.webhooks.receiver import OK, Received, Receiver, answer
from tests.webhooks.stage import Stage
from tests.webhooks.token_server import CLIENT, SECRET, TokenServer, token_server


@pytest.fixture
async def tokens() -> AsyncIterator[TokenServer]:
    """A token server."""
    async with token_server() as made:
        yield made


def client(tokens: TokenServer) -> Credentials:
    """What an endpoint holds that gets its tokens there."""
    return Credentials(oauth2=OAuth2(token_url=tokens.url, client_id=CLIENT, client_secret=SECRET))


async def stored(stage: Stage, endpoint: UUID) -> str:
    """All that was recorded of the endpoint's deliveries, as text."""
    tables = ("webhook_queue", "webhook_deliveries")
    rows = [
        row for table in tables for row in await stage.rows(f"SELECT * FROM {table} WHERE endpoint_id = %s", endpoint)
    ]
    rows += await stage.rows("SELECT * FROM webhook_attempts")
    rows += await stage.rows("SELECT convert_from(body, 'UTF8') FROM event_log")
    return str(rows)


async def test_many_deliveries_share_one_token_that_is_kept_nowhere(
    stage: Stage, hook: Receiver, tokens: TokenServer
) -> None:
    endpoint = await stage.endpoint(hook.url(), kept=client(tokens))
    await stage.step(30)
    await stage.fan_out()

    async with stage.dispatching():
        ended = await stage.ended(endpoint, 30)

    assert {row["outcome"] for row in ended} == {"succeeded"}
    assert {request.headers["authorization"] for request in hook.received} == {"Bearer token-1"}
    assert len(tokens.asked) == 1
    told = await stored(stage, endpoint)
    assert [word in told for word in ("Authorization: ***", "token-1", SECRET)] == [True, False, False]


async def test_a_token_that_the_receiver_refuses_is_renewed_and_the_delivery_tried_again_at_once(
    stage: Stage, hook: Receiver, tokens: TokenServer
) -> None:
    def says(request: Received) -> bytes:
        return answer(401) if request.headers["authorization"] == "Bearer token-1" else OK

    hook.says = says
    endpoint = await stage.endpoint(hook.url(), kept=client(tokens))
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        [delivery] = await stage.ended(endpoint, 1)

    assert (delivery["outcome"], delivery["attempts"]) == ("succeeded", 2)
    assert [request.headers["authorization"] for request in hook.received] == ["Bearer token-1", "Bearer token-2"]


async def test_a_token_server_that_fails_is_a_failed_try_told_without_secrets(
    stage: Stage, hook: Receiver, tokens: TokenServer
) -> None:
    tokens.answer = ("500 Oh", SECRET.encode())
    endpoint = await stage.endpoint(hook.url(), kept=client(tokens))
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        [failed] = await stage.tried(endpoint, 1)
        tokens.answer = None
        stage.clock.move(timedelta(minutes=1))
        stage.poke()
        again = await stage.ended(endpoint, 1)

    assert again[0]["outcome"] == "succeeded"
    assert failed["error"] == ("sign-in: The token server 127.0.0.1 gave no access token: it answered with status 500.")
    assert SECRET not in str(failed) + await stored(stage, endpoint)
