"""What webhooks sign in and sign with stays inside, over all of a webhook's life: in no answer, log, export or backup.

The receivers are of the worst kind: they send back all that came to them.
"""

import subprocess
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from event_manager.app import create_app
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.postgres_programs import find_programs
from event_manager.kit.setup import server_user
from event_manager.webhooks import signing
from tests.conftest import SECRET
from tests.webhooks import token_server
from tests.webhooks.hooks import WEBHOOKS, create
from tests.webhooks.receiver import Received, Receiver, answer
from tests.webhooks.stage import STEP, Stage
from tests.webhooks.token_server import CLIENT

HEADER, PASSWORD = "header-value-5521", "password-5521"


@pytest.fixture
def app(database: Database, stage: Stage, clock: FixedClock) -> FastAPI:
    """The application whose webhooks may reach this machine."""
    settings = stage.settings.model_copy(update={"rate_limit_per_minute": 0, "anonymous_rate_limit_per_minute": 0})
    return create_app(settings, database, secret_key=SECRET, clock=clock)


def echo(request: Received) -> bytes:
    """Everything back, as an error where the path says so."""
    sent = "\r\n".join(f"{name}: {value}" for name, value in request.headers.items())
    key = request.headers.get("x-key", "")
    return answer(500 if request.path == "/bad" else 200, f"X-You-Sent: {key}", body=sent)


async def test_no_secret_is_readable_after_a_webhooks_whole_life(
    api: httpx.AsyncClient,
    alice: dict[str, str],
    stage: Stage,
    hook: Receiver,
    superuser: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    hook.says = echo
    first, second, private = signing.generate_secret(), signing.generate_secret(), signing.generate_private_key()
    given = {
        "events": [STEP], "secret": first, "headers": {"X-Key": HEADER}, "retryAttempts": 1,
        "auth": {"kind": "basic", "username": "ann", "password": PASSWORD},
    }  # fmt: skip
    answers = []

    async def ask(method: str, path: str, body: object = None, params: dict[str, str] | None = None) -> httpx.Response:
        told = await api.request(method, f"/api/events{path}", json=body, params=params, headers=alice)
        answers.append(f"{told.headers}{told.text}")
        return told

    async with token_server.token_server() as tokens:
        oauth = {"kind": "oauth2", "tokenUrl": tokens.url, "clientId": CLIENT, "clientSecret": token_server.SECRET}
        good = (await create(api, alice, **given, name="good", url=hook.url("/good")))["id"]
        bad = (await create(api, alice, **given, name="bad", url=hook.url("/bad")))["id"]
        signed_in = (await create(api, alice, name="in", url=hook.url("/in"), events=[STEP], auth=oauth))["id"]
        await stage.step(2)
        await stage.fan_out()
        async with stage.dispatching():
            for each in (good, bad, signed_in):
                await stage.ended(UUID(each), 2)
                await ask("POST", f"/webhooks/{each}/test", {"eventType": STEP})
        await api.post(f"{WEBHOOKS}/{good}/secrets", json={"scheme": "v1", "secret": second}, headers=alice)
        await api.post(f"{WEBHOOKS}/{good}/secrets", json={"scheme": "v1a", "secret": private}, headers=alice)
    for delivery in (await ask("GET", "/deliveries")).json()["items"]:
        await ask("GET", f"/deliveries/{delivery['id']}")
        await ask("POST", f"/deliveries/{delivery['id']}/redeliver")
    for path in ("/webhooks", f"/webhooks/{good}", f"/webhooks/{good}/statistics", "/logs", "/logs/export"):
        await ask("GET", path)
    await ask("PUT", f"/webhooks/{good}", {"headers": {"X-Key": f"{HEADER}\n"}, "auth": {"kind": "basic"}})
    await ask("PUT", f"/webhooks/{bad}", {"auth": {**oauth, "tokenUrl": f"{oauth['tokenUrl']}#x"}})

    captured = capfd.readouterr()
    told = "\n".join([*answers, captured.out, captured.err, dumped(superuser)])
    hidden = {
        "header": HEADER, "password": PASSWORD, "basic": "YW5uOnBhc3N3b3JkLTU1MjE=", "client": token_server.SECRET,
        "token": "token-1", "first": first[6:], "second": second[6:], "private": private[5:],
    }  # fmt: skip
    sent = str([request.headers for request in hook.received])
    assert {HEADER, hidden["basic"], "token-1"} <= {part for part in hidden.values() if part in sent}
    assert told.count("x-key: ***") >= 4, "what is searched must hold what receivers sent back"
    assert [name for name, text in hidden.items() if text in told or text.encode().hex() in told] == []


def dumped(superuser: str) -> str:
    """The whole database as pg_dump writes it down."""
    command = [str(find_programs(server_user()).path("pg_dump")), "--dbname", superuser, "--inserts"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
