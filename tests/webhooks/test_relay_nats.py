"""The relay to NATS, with a real server: everything in order, nothing twice, nothing lost while either side is away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
from fastapi import FastAPI

from event_manager.config import Settings
from event_manager.kit.access import system_actor
from event_manager.kit.clock import SystemClock
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from event_manager.webhooks.compiled import compile_endpoint
from event_manager.webhooks.guarding import guard_of
from event_manager.webhooks.messages import Addresses
from event_manager.webhooks.relays.base import Outgoing, RelayFailed
from event_manager.webhooks.relays.following import Following
from event_manager.webhooks.relays.nats import connect
from event_manager.webhooks.relays.process import ENDPOINTS, Relays
from tests.conftest import SECRET
from tests.factories.scoring import a_stage, mark
from tests.people import People
from tests.webhooks.logged import WEBHOOKS, a_webhook, append, contest, event
from tests.webhooks.nats_broker import Broker, broker, until

SETTINGS = Settings(database_url=None, webhook_allowed_networks=("127.0.0.0/8",))
SOON = 30


@pytest.fixture
def alice(people: People) -> dict[str, str]:
    return people["alice"].bearer


@pytest.fixture(autouse=True)
def _this_machine_may_be_reached(app: FastAPI) -> None:
    app.state.settings = app.state.settings.model_copy(update={"webhook_allowed_networks": ("127.0.0.0/8",)})


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[Broker]:
    with broker(tmp_path) as made:
        yield made


async def relayed_to(nats: Broker, api: httpx.AsyncClient, who: dict[str, str], **more: Any) -> dict[str, Any]:
    """A webhook of kind nats."""
    return await a_webhook(api, who, **{"name": "Relay", "kind": "nats", "url": nats.url, **more})


async def following(database: Database, endpoint: str) -> Following:
    """The endpoint as a process would begin to follow it."""
    async with Work(database, role="platform", actor=system_actor("test")) as work:
        rows = {row["id"]: row for row in await work.sql(ENDPOINTS, (["nats"],))}
    row = rows[UUID(endpoint)]
    return Following(
        compile_endpoint(row, SECRET), row["slug"], database=database, addresses=Addresses(SETTINGS),
        guard=guard_of(SETTINGS), clock=SystemClock(),
    )  # fmt: skip


@asynccontextmanager
async def rounds(database: Database, endpoint: str) -> AsyncIterator[Following]:
    """A follower whose rounds the test makes; it lets go of its connection at the end, as a process that dies does."""
    one = await following(database, endpoint)
    try:
        yield one
    finally:
        await one._disconnect()


def titles(messages: Any) -> list[str]:
    return [orjson.loads(message.data)["title"] for message in messages]


async def test_events_come_in_order_as_cloudevents_with_ids_to_drop_repeats_by(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str], nats: Broker
) -> None:
    await nats.start()
    await nats.make_stream()
    hook = await relayed_to(nats, api, alice, format="cloudevents-binary")
    ids = await append(database, people.a, [event(f"{n}") if n % 2 else contest() for n in range(1200)])
    await append(database, people.b, [event("foreign")])

    async with rounds(database, hook["id"]) as relay:
        while await relay.round() == 0:
            pass
    stored = await nats.stored()

    assert titles(stored) == [f"{n}" for n in range(1, 1200, 2)]
    assert {message.subject for message in stored} == {"events.event.created"}
    headers = stored[0].headers or {}
    assert headers["Nats-Msg-Id"] == headers["ce-id"] == f"evt_{ids[1].hex}"
    assert (headers["ce-specversion"], headers["ce-type"]) == ("1.0", "event.created")


async def test_a_batch_that_is_sent_again_leaves_the_stream_as_it_was(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str], nats: Broker
) -> None:
    await nats.start()
    await nats.make_stream()
    hook = await relayed_to(nats, api, alice)
    await append(database, people.a, [event() for _ in range(700)])
    async with rounds(database, hook["id"]) as relay:
        await relay.round()
        before = await _place(database)
        while await relay.round() == 0:
            pass
    await _go_back(database, before)

    async with rounds(database, hook["id"]) as again:
        while await again.round() == 0:
            pass

    assert len(await nats.stored()) == 700


async def test_a_relay_that_dies_before_it_saves_its_place_loses_nothing_and_repeats_nothing(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str], nats: Broker
) -> None:
    await nats.start()
    await nats.make_stream()
    hook = await relayed_to(nats, api, alice, format="cloudevents-binary")
    await append(database, people.a, [event(f"{n}") for n in range(1100)])
    async with rounds(database, hook["id"]) as relay:
        await relay.round()
        rows, _ = await relay._read()
        await relay._publish([made for row in rows[:200] for made in relay._made(row)])  # and no more

    async with rounds(database, hook["id"]) as next_one:
        while await next_one.round() == 0:
            pass

    assert titles(await nats.stored()) == [f"{n}" for n in range(1100)]


async def test_while_the_broker_is_away_nothing_is_lost_and_its_owner_is_told(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str], nats: Broker
) -> None:
    await nats.start()
    await nats.make_stream()
    hook = await relayed_to(nats, api, alice, format="cloudevents-binary")
    relays = Relays(database, settings=SETTINGS, secret_key=SECRET)
    async with relays.running(), asyncio.timeout(SOON):
        await append(database, people.a, [event("before")])
        await nats.holds(1)
        nats.kill()
        await append(database, people.a, [event("while it was away")])
        await is_shown(api, alice, hook, "degraded")
        await nats.start()
        await append(database, people.a, [event("after")])
        await nats.holds(3)
        await is_shown(api, alice, hook, "healthy")

    assert titles(await nats.stored()) == ["before", "while it was away", "after"]
    log = (await api.get("/api/events/logs", params={"eventType": "webhook.*"}, headers=alice)).json()["items"]
    told = {entry["type"] for entry in log}
    assert {"webhook.endpoint.degraded", "webhook.endpoint.recovered"} <= told


async def test_only_one_process_relays_and_another_goes_on_when_it_ends(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str], nats: Broker
) -> None:
    await nats.start()
    await nats.make_stream()
    hook = await relayed_to(nats, api, alice, format="cloudevents-binary")
    one, other = (Relays(database, settings=SETTINGS, secret_key=SECRET) for _ in range(2))
    async with asyncio.timeout(SOON), other.running():
        async with one.running():
            await append(database, people.a, [event("first")])
            await nats.holds(1)
            assert len(one._at_work) + len(other._at_work) == 1
        await append(database, people.a, [event("second")])
        await nats.holds(2)
        assert [str(key) for key in other._at_work] == [hook["id"]]

    assert titles(await nats.stored()) == ["first", "second"]


async def test_embargoed_entries_are_relayed_without_what_they_say(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str], nats: Broker
) -> None:
    await nats.start()
    await nats.make_stream()
    stage = await a_stage(database, people)
    hook = await relayed_to(nats, api, alice, events=["score.*"])
    given = {"marks": [mark(stage, 0, 0, "7.5")]}
    assert (await api.post(f"{stage.base}/marks", json=given, headers=people["judith"].bearer)).status_code == 200

    async with rounds(database, hook["id"]) as relay:
        await relay.round()
    [message] = await nats.stored()

    assert orjson.loads(message.data)["payloadOmitted"] == "embargoed"
    assert b"7.5" not in message.data


async def test_it_signs_in_and_says_what_is_wrong(
    api: httpx.AsyncClient, database: Database, alice: dict[str, str], tmp_path: Path
) -> None:
    with broker(tmp_path, "--user", "em", "--pass", "let me in") as nats:
        await nats.start(user="em", password="let me in")
        right = {"kind": "broker", "username": "em", "password": "let me in"}
        hook = await relayed_to(nats, api, alice, auth=right)
        wrong = await relayed_to(nats, api, alice, name="Wrong", auth={**right, "password": "guess"})

        good = await following(database, hook["id"])
        relay = await connect(good.endpoint, guard_of(SETTINGS))
        messages = [_message()]
        with pytest.raises(RelayFailed, match="No stream of JetStream"):
            await relay.publish(messages)
        await nats.make_stream(user="em", password="let me in")
        await relay.publish(messages)
        await relay.close()
        with pytest.raises(RelayFailed, match="Authorization"):
            await connect((await following(database, wrong["id"])).endpoint, guard_of(SETTINGS))


async def test_addresses_that_may_not_be_reached_and_servers_without_the_asked_for_tls_get_no_credentials(
    api: httpx.AsyncClient, database: Database, alice: dict[str, str], nats: Broker
) -> None:
    await nats.start()
    hook = await relayed_to(nats, api, alice)
    secure = await relayed_to(nats, api, alice, name="Secure", url=nats.url.replace("nats://", "tls://"))
    closed = Settings(database_url=None)

    with pytest.raises(RelayFailed, match="not a public address"):
        await connect((await following(database, hook["id"])).endpoint, guard_of(closed))
    with pytest.raises(RelayFailed, match="does not speak TLS"):
        await connect((await following(database, secure["id"])).endpoint, guard_of(SETTINGS))


def _message() -> Outgoing:
    return Outgoing("evt_1", "event.created", "key", {"content-type": "application/json"}, b"{}")


async def is_shown(api: httpx.AsyncClient, who: dict[str, str], hook: dict[str, Any], state: str) -> None:
    """Wait until the webhook is shown in this state of health."""

    async def shown() -> bool:
        found = (await api.get(f"{WEBHOOKS}/{hook['id']}", headers=who)).json()
        return bool(found["health"]["state"] == state)

    await until(shown)


async def _place(database: Database) -> tuple[int, UUID]:
    async with Work(database, role="platform") as work:
        [row] = await work.sql("SELECT xid::text::bigint AS xid, id FROM event_cursors WHERE name LIKE 'relay.%'")
    return row["xid"], row["id"]


async def _go_back(database: Database, place: tuple[int, UUID]) -> None:
    async with Work(database, role="platform") as work:
        await work.sql("UPDATE event_cursors SET xid = %s::text::xid8, id = %s WHERE name LIKE 'relay.%%'", place)
        await work.commit()
