"""Test calls: sent for real, told in a sentence, and never harmful to a webhook's health."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from standardwebhooks import Webhook

from event_manager.app import create_app
from event_manager.config import Settings
from event_manager.eventlog.queries import known_types
from event_manager.kit.clock import SystemClock
from event_manager.kit.db import Database
from event_manager.kit.egress import Response
from event_manager.webhooks.verdicts import FAILURES, verdict
from tests.conftest import SECRET
from tests.kit.egress.pki import Authority
from tests.kit.egress.sink import Sink, sink
from tests.snapshot import Snapshot
from tests.webhooks.hooks import WEBHOOKS, Past, create, faults, logged

PERSONAL = next(cls for cls in known_types() if cls.personal == ("reason",))
SETTINGS = Settings(
    rate_limit_per_minute=0, anonymous_rate_limit_per_minute=0, database_url=None,
    webhook_allowed_networks=["127.0.0.0/8"],
)  # fmt: skip


@pytest.fixture
def app(database: Database, snapshot: Snapshot) -> Iterator[FastAPI]:
    """The application by the machine's clock, whose webhooks may reach this machine."""
    yield create_app(SETTINGS, database, secret_key=SECRET, clock=SystemClock())
    snapshot.restore()


@pytest.fixture
async def receiver() -> AsyncIterator[Sink]:
    async with sink() as made:
        yield made


async def try_out(
    api: httpx.AsyncClient, who: dict[str, str], hook: str, kind: str = "contest.created", payload: object = None
) -> httpx.Response:
    body = {"eventType": kind} | ({} if payload is None else {"payload": payload})
    return await api.post(f"{WEBHOOKS}/{hook}/test", json=body, headers=who)


async def test_a_sample_is_sent_as_a_delivery_would_be_and_marked_as_a_test(
    api: httpx.AsyncClient, alice: dict[str, str], receiver: Sink
) -> None:
    made = await create(api, alice, url=receiver.url("/in"), headers={"X-Key": "hidden-value"})

    told = (await try_out(api, alice, made["id"])).json()

    [(head, body)] = receiver.requests
    sent = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    message = Webhook(made["secret"]).verify(body, {name.lower(): value for name, value in sent.items()})
    assert isinstance(message, dict)
    assert (message["type"], sent["webhook-test"], sent["X-Key"]) == ("contest.created", "true", "hidden-value")
    assert (told["delivered"], told["status"], told["wanted"], told["resumed"]) == (True, 200, True, False)
    assert told["verdict"].startswith("It works: the receiver took the message (200) in ")
    assert told["requestBody"] == body.decode()
    assert "X-Key: ***" in told["requestHeaders"]
    assert "hidden-value" not in json.dumps(told)
    assert told["responseHead"].startswith("HTTP/1.1 200 OK")


async def test_an_own_payload_goes_out_if_it_is_one_of_the_type(
    api: httpx.AsyncClient, alice: dict[str, str], receiver: Sink
) -> None:
    hook = (await create(api, alice, url=receiver.url("/in")))["id"]
    types = (await api.get("/api/events/types", headers=alice)).json()["items"]
    sample = next(each["sample"] for each in types if each["name"] == "contest.created")

    good = await try_out(api, alice, hook, payload={**sample, "title": "My own"})
    bad = await try_out(api, alice, hook, payload={**sample, "title": 7, "more": 1})
    unknown = await try_out(api, alice, hook, kind="contest.creatd")

    assert good.json()["delivered"] is True
    assert json.loads(receiver.requests[0][1])["data"]["title"] == "My own"
    assert {fault["pointer"] for fault in bad.json()["errors"]} == {"/payload", "/payload/title"}
    assert unknown.json()["errors"] == [
        {"pointer": "/eventType", "detail": "no such type. Did you mean 'contest.created'?"}
    ]
    assert len(receiver.requests) == 1


async def test_a_payload_may_be_nested_so_deep_and_no_deeper(
    api: httpx.AsyncClient, alice: dict[str, str], receiver: Sink
) -> None:
    hook = (await create(api, alice, url=receiver.url("/in")))["id"]
    deep: dict[str, object] = {}
    for _ in range(500):
        deep = {"a": deep}

    answer = await try_out(api, alice, hook, payload=deep)

    assert faults(answer) == {"/payload": "is nested more than 32 deep"}


async def test_what_is_embargoed_stays_so_in_a_test(
    api: httpx.AsyncClient, alice: dict[str, str], receiver: Sink
) -> None:
    hook = (await create(api, alice, url=receiver.url("/in"), filter={"type": "contest.created"}))["id"]

    told = (await try_out(api, alice, hook, kind="score.submitted")).json()

    assert json.loads(receiver.requests[0][1])["payloadOmitted"] == "embargoed"
    assert told["wanted"] is False


async def test_what_is_personal_is_left_out_as_in_a_delivery(
    api: httpx.AsyncClient, alice: dict[str, str], receiver: Sink
) -> None:
    hook = (await create(api, alice, url=receiver.url("/in")))["id"]

    await try_out(api, alice, hook, kind=PERSONAL.name)

    assert "reason" in PERSONAL.sample_payload()
    assert "reason" not in json.loads(receiver.requests[0][1])["data"]


@pytest.mark.parametrize("state", ["degraded", "paused"])
async def test_a_success_resumes_and_a_failure_changes_nothing(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, receiver: Sink, state: str
) -> None:
    made = await create(api, alice, url=receiver.url("/gone"))
    here = f"{WEBHOOKS}/{made['id']}"
    await past.sql(
        "UPDATE webhook_endpoints SET health = jsonb_build_object('state', %(state)s::text, 'in_row', 3)", state=state
    )

    failed = (await try_out(api, alice, made["id"])).json()
    between = (await api.get(here, headers=alice)).json()
    await past.sql("UPDATE webhook_endpoints SET url = %(url)s", url=receiver.url("/in"))
    worked = (await try_out(api, alice, made["id"])).json()
    after = (await api.get(here, headers=alice)).json()

    assert (failed["delivered"], failed["status"], failed["resumed"]) == (False, 410, False)
    assert (between["health"]["state"], between["health"]["failuresInRow"], between["enabled"]) == (state, 3, True)
    assert (worked["resumed"], after["health"]["state"]) == (True, "healthy")
    assert [entry["type"] for entry in await logged(api, alice)] == [
        "webhook.endpoint.resumed", "webhook.endpoint.tested", "webhook.endpoint.tested", "webhook.endpoint.created",
    ]  # fmt: skip


async def test_a_success_switches_on_what_the_system_switched_off_and_not_what_a_person_did(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, receiver: Sink
) -> None:
    made = await create(api, alice, url=receiver.url("/in"), enabled=False)

    by_person = (await try_out(api, alice, made["id"])).json()
    await past.sql("UPDATE webhook_endpoints SET disabled_reason = 'The receiver said that it is gone (410).'")
    by_system = (await try_out(api, alice, made["id"])).json()

    shown = (await api.get(f"{WEBHOOKS}/{made['id']}", headers=alice)).json()
    assert (by_person["delivered"], by_person["resumed"], by_system["resumed"]) == (True, False, True)
    assert (shown["enabled"], shown["disabledReason"]) == (True, "")


@pytest.mark.parametrize(
    ("path", "changes", "error", "says"),
    [
        ("/redirect", {}, "", "redirects are not followed: give the final address"),
        ("/wait-seconds", {}, "", "gets too much (429)"),
        ("/wait-until", {}, "", "The receiver failed (503)"),
        ("/garbage", {}, "protocol", "not in HTTP"),
        ("/reset", {}, "connection-lost", "broke off before it had answered"),
        ("/hang", {"timeout": 1000}, "timeout", "did not answer within 1 s"),
        ("/in", {"transform": "data.nothing"}, "transformation", "Not sent: The expression finds nothing"),
        ("closed", {}, "connect", "Nothing answers at this address"),
        ("blocked", {}, "blocked-address", "Not sent: the address is inside a private network"),
    ],
)  # fmt: skip
async def test_each_failure_is_told_in_a_sentence(
    api: httpx.AsyncClient,
    alice: dict[str, str],
    past: Past,
    receiver: Sink,
    path: str,
    changes: dict[str, object],
    error: str,
    says: str,
) -> None:
    url = {
        "closed": "http://127.0.0.1:65000/", "blocked": "https://example.org/",
    }.get(path) or receiver.url(path)  # fmt: skip
    made = await create(api, alice, url=url, **changes)
    if path == "blocked":  # as a name would lead there, which is judged when connecting
        await past.sql("UPDATE webhook_endpoints SET url = 'http://10.0.0.1/'")

    told = (await try_out(api, alice, made["id"])).json()

    assert (told["delivered"], told["error"]) == (False, error)
    assert says in told["verdict"]


async def test_tests_are_few_a_minute_and_take_no_key(
    api: httpx.AsyncClient, alice: dict[str, str], receiver: Sink
) -> None:
    hook = (await create(api, alice, url=receiver.url("/in")))["id"]

    keyed = await api.post(
        f"{WEBHOOKS}/{hook}/test", json={"eventType": "contest.created"}, headers={**alice, "Idempotency-Key": "k"}
    )
    statuses = [(await try_out(api, alice, hook)).status_code for _ in range(11)]
    over = await try_out(api, alice, hook)

    assert (keyed.status_code, statuses) == (400, [200] * 10 + [429])
    assert (over.json()["code"], int(over.headers["retry-after"]) > 0) == ("tested-too-often", True)


async def test_no_transaction_is_open_while_the_receiver_takes_its_time(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, receiver: Sink
) -> None:
    hook = (await create(api, alice, url=receiver.url("/late")))["id"]
    calling = asyncio.create_task(try_out(api, alice, hook))
    await receiver.came.wait()

    open_now = await past.sql(
        """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND state LIKE 'idle in transaction%%'"""
    )
    receiver.resume.set()

    assert (await calling).json()["delivered"] is True
    assert open_now == 0


async def test_a_certificate_that_nobody_vouches_for_is_told_unless_its_authority_is_given(
    api: httpx.AsyncClient, alice: dict[str, str], tmp_path: Path
) -> None:
    authority = Authority()
    async with sink(tls=authority.server(tmp_path, "127.0.0.1")) as receiver:
        made = await create(api, alice, url=receiver.url("/in", scheme="https"))

        alone = (await try_out(api, alice, made["id"])).json()
        await api.put(f"{WEBHOOKS}/{made['id']}", json={"ca": authority.pem.decode()}, headers=alice)
        vouched = (await try_out(api, alice, made["id"])).json()

    assert (alone["error"], vouched["delivered"]) == ("tls", True)
    assert alone["verdict"].startswith("No secure connection could be made")


def test_every_way_to_fail_has_its_sentence() -> None:
    for failure in FAILURES:
        assert verdict(Response(None, failure), 5).strip()
