"""The whole way: set up over HTTP, fanned out and sent by real loops, seen and repeated over HTTP."""

from base64 import b64encode
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from event_manager.app import create_app
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from tests.conftest import SECRET
from tests.webhooks.hooks import WEBHOOKS, create
from tests.webhooks.receiver import Received, Receiver, answer
from tests.webhooks.stage import STEP, Stage

DELIVERIES = "/api/events/deliveries"


@pytest.fixture
def app(database: Database, stage: Stage, clock: FixedClock) -> FastAPI:
    """The application whose webhooks may reach this machine."""
    settings = stage.settings.model_copy(update={"rate_limit_per_minute": 0, "anonymous_rate_limit_per_minute": 0})
    return create_app(settings, database, secret_key=SECRET, clock=clock)


async def test_a_delivery_is_made_seen_and_made_again_under_the_same_id(
    api: httpx.AsyncClient, alice: dict[str, str], stage: Stage, hook: Receiver
) -> None:
    made = await create(api, alice, url=hook.url(), events=[STEP])
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        await stage.ended(UUID(made["id"]), 1)
        [first] = (await api.get(DELIVERIES, headers=alice)).json()["items"]
        again = (await api.post(f"{DELIVERIES}/{first['id']}/redeliver", headers=alice)).json()
        await stage.ended(UUID(made["id"]), 2)
    detail = (await api.get(f"{DELIVERIES}/{again['id']}", headers=alice)).json()

    one, two = hook.received
    assert one.id == two.id == first["messageId"]
    assert one.body == two.body == detail["requestBody"].encode()
    assert (detail["state"], detail["tries"][0]["status"]) == ("succeeded", 200)
    assert f"webhook-id: {one.id}" in detail["tries"][0]["requestHeaders"]


async def test_the_rotated_secret_signs_beside_the_old_one_and_a_revoked_one_no_more(
    api: httpx.AsyncClient, alice: dict[str, str], stage: Stage, hook: Receiver
) -> None:
    made = await create(api, alice, url=hook.url(), events=[STEP])
    here = f"{WEBHOOKS}/{made['id']}/secrets"
    await stage.step()
    await stage.fan_out()
    async with stage.dispatching():
        await stage.ended(UUID(made["id"]), 1)
        await api.post(here, json={}, headers=alice)
        await stage.step()
        await stage.fan_out()
        await stage.ended(UUID(made["id"]), 2)
        await api.delete(f"{here}/{made['secrets'][0]['id']}", headers=alice)
        await stage.step()
        await stage.fan_out()
        await stage.ended(UUID(made["id"]), 3)
    counts = [len(request.headers["webhook-signature"].split()) for request in hook.received]

    assert counts == [1, 2, 1]


async def test_a_delivery_called_off_while_it_is_under_way_is_recorded_once(
    api: httpx.AsyncClient, alice: dict[str, str], stage: Stage, hook: Receiver
) -> None:
    hook.says = lambda _request: None
    made = await create(api, alice, url=hook.url(), events=[STEP])
    await stage.step()
    await stage.fan_out()
    [waiting] = await stage.queued(UUID(made["id"]))

    async with stage.dispatching():
        await hook.wait_for(1)
        called_off = await api.post(f"{DELIVERIES}/{waiting['id']}/cancel", headers=alice)
        hook.release()
        await stage.step()
        await stage.fan_out()
        await stage.ended(UUID(made["id"]), 2)

    ended = await stage.deliveries(UUID(made["id"]))
    outcomes = [(row["id"] == waiting["id"], row["outcome"]) for row in ended]
    assert called_off.status_code == 200
    assert outcomes == [(True, "cancelled"), (False, "succeeded")]


async def test_what_is_switched_off_keeps_its_deliveries_and_a_change_of_address_takes_them_along(
    api: httpx.AsyncClient, alice: dict[str, str], stage: Stage, hook: Receiver
) -> None:
    made = await create(api, alice, url=hook.url("/old"), events=[STEP], enabled=False)
    here = f"{WEBHOOKS}/{made['id']}"
    await stage.step(3)
    await stage.fan_out()

    async with stage.dispatching():
        before = (await api.get(here, headers=alice)).json()["waiting"]
        await api.put(here, json={"url": hook.url("/new"), "enabled": True}, headers=alice)
        await stage.ended(UUID(made["id"]), 3)
    after = (await api.get(here, headers=alice)).json()["waiting"]

    assert (before, after) == (3, 0)
    assert [request.path for request in hook.received] == ["/new"] * 3


async def test_a_receiver_that_is_gone_switches_off_and_a_successful_test_switches_on(
    api: httpx.AsyncClient, alice: dict[str, str], stage: Stage, hook: Receiver
) -> None:
    hook.says = lambda request: None if "webhook-test" in request.headers else answer(410)
    hook.release()
    made = await create(api, alice, url=hook.url(), events=[STEP])
    here = f"{WEBHOOKS}/{made['id']}"
    await stage.step()
    await stage.fan_out()

    async def off() -> bool:
        return not (await api.get(here, headers=alice)).json()["enabled"]

    async with stage.dispatching():
        await stage.until(off)
        reason = (await api.get(here, headers=alice)).json()["disabledReason"]
        [held] = (await api.get(DELIVERIES, headers=alice)).json()["items"]
        tested = (await api.post(f"{here}/test", json={"eventType": STEP}, headers=alice)).json()

    shown = (await api.get(here, headers=alice)).json()
    assert "410" in reason
    assert (held["state"], held["held"], held["status"]) == ("retrying", True, 410)
    assert (tested["delivered"], tested["resumed"], shown["enabled"], shown["disabledReason"]) == (True, True, True, "")


@pytest.mark.parametrize("way", ["redeliver", "cancel"])
async def test_what_blocks_the_way_is_sent_again_or_called_off_and_the_others_go_on(
    api: httpx.AsyncClient, alice: dict[str, str], stage: Stage, hook: Receiver, way: str
) -> None:
    made = await create(
        api, alice, url=hook.url(), events=[STEP], ordering="strict", blocksOnDead=True, retryAttempts=1
    )
    hook.says = lambda _request: answer(500)
    await stage.step(3)
    await stage.fan_out()

    async def blocked() -> bool:
        items = (await api.get(DELIVERIES, headers=alice)).json()["items"]
        return any(each["blocking"] for each in items)

    async with stage.dispatching():
        await stage.until(blocked)
        hook.says = lambda _request: answer(200)
        [first] = [e for e in (await api.get(DELIVERIES, headers=alice)).json()["items"] if e["blocking"]]
        done = await api.post(f"{DELIVERIES}/{first['id']}/{way}", headers=alice)
        ended = await stage.ended(UUID(made["id"]), 3)

    assert done.status_code in (200, 202)
    assert [row["outcome"] for row in ended] == ["cancelled" if way == "cancel" else "succeeded", *["succeeded"] * 2]
    assert [request.id for request in hook.received[-2:]] == [f"evt_{row['event_id'].hex}" for row in ended[1:]]


async def test_deliveries_skipped_at_a_resume_hold_up_nothing(
    api: httpx.AsyncClient, alice: dict[str, str], stage: Stage, hook: Receiver
) -> None:
    hook.says = lambda _request: answer(500)
    made = await create(api, alice, url=hook.url(), events=[STEP], ordering="strict")
    await stage.step(3)
    await stage.fan_out()

    async with stage.dispatching():
        await stage.tried(UUID(made["id"]), 1)
        await api.put(f"{WEBHOOKS}/{made['id']}", json={"enabled": False}, headers=alice)
        resumed = await api.post(f"{WEBHOOKS}/{made['id']}/resume", json={"held": "skip"}, headers=alice)
        hook.says = lambda _request: answer(200)
        await stage.step()
        await stage.fan_out()
        ended = await stage.ended(UUID(made["id"]), 4)

    assert resumed.json()["skipped"] == 3
    assert [row["outcome"] for row in ended] == ["skipped", "skipped", "skipped", "succeeded"]


async def test_a_receiver_that_echoes_makes_no_secret_readable(
    api: httpx.AsyncClient, alice: dict[str, str], stage: Stage, hook: Receiver
) -> None:
    def echo(request: Received) -> bytes:
        sent = [request.headers["x-token"], request.headers["authorization"]]
        return answer(200, f"X-Echo: {sent[0]}", body=" and ".join(sent))

    hook.says = echo
    basic = {"kind": "basic", "username": "em", "password": "let me in please"}
    made = await create(api, alice, url=hook.url(), events=[STEP], headers={"X-Token": "s3cret-token"}, auth=basic)
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        await stage.ended(UUID(made["id"]), 1)
    [delivery] = (await api.get(DELIVERIES, headers=alice)).json()["items"]
    detail = await api.get(f"{DELIVERIES}/{delivery['id']}", headers=alice)
    test = await api.post(f"{WEBHOOKS}/{made['id']}/test", json={"eventType": STEP}, headers=alice)

    token = b64encode(b"em:let me in please").decode()
    assert {request.headers["authorization"] for request in hook.received} == {f"Basic {token}"}
    assert test.json()["responseBody"] == "*** and ***"
    assert all(secret not in found.text for secret in ("s3cret-token", token) for found in (detail, test))


async def test_credentials_do_not_go_along_to_another_server(
    api: httpx.AsyncClient, alice: dict[str, str], hook: Receiver
) -> None:
    basic = {"kind": "basic", "username": "em", "password": "let me in please"}
    made = await create(api, alice, url=hook.url(), events=[STEP], headers={"X-Token": "s3cret-token"}, auth=basic)
    here, elsewhere = f"{WEBHOOKS}/{made['id']}", "https://hooks.example.org/in"

    path_only = await api.put(here, json={"url": hook.url("/other")}, headers=alice)
    refused = [
        await api.put(here, json={"url": elsewhere, **more}, headers=alice)
        for more in ({}, {"headers": {"X-Token": None}, "auth": basic}, {"headers": {}})
    ]
    anew = await api.put(here, json={"url": elsewhere, "headers": {"X-Token": "another"}, "auth": basic}, headers=alice)

    assert path_only.status_code == 200
    assert [(one.status_code, one.json()["errors"][0]["pointer"]) for one in refused] == [(422, "/url")] * 3
    assert f"were given for 127.0.0.1:{hook.port}" in refused[0].text
    assert anew.status_code == 200
