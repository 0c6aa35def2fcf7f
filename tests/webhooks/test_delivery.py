"""From an entry of the log to a signed request and its record, and what follows from each kind of answer."""

import json
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook

from event_manager.kit.clock import SystemClock
from event_manager.webhooks import signing
from event_manager.webhooks.credentials import Basic, Credentials
from event_manager.webhooks.fanout import FanOut
from event_manager.webhooks.messages import Addresses
from tests.conftest import SECRET
from tests.webhooks.receiver import OK, Received, Receiver, answer
from tests.webhooks.stage import Stage, whispered


async def test_an_entry_is_delivered_signed_and_recorded(stage: Stage, hook: Receiver) -> None:
    old, new = signing.generate_secret(), signing.generate_secret()
    endpoint = await stage.endpoint(hook.url(), old, new, types=["category.*"])
    [entry] = await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        [delivery] = await stage.ended(endpoint, 1)

    [request] = hook.received
    message = json.loads(request.body)
    signatures = request.headers["webhook-signature"].split(" ")
    stamp = stage.clock.now()
    assert request.id == message["id"] == f"evt_{entry.hex}"
    assert message["data"] == {"categoryId": message["entity"]["id"], "ruleSet": "steps", "ruleSetVersion": "1"}
    assert {Webhook(secret).sign(request.id, stamp, request.body.decode()) for secret in (old, new)} == set(signatures)
    assert (delivery["outcome"], delivery["attempts"], delivery["status"]) == ("succeeded", 1, 200)
    assert (delivery["event_id"], delivery["ended_at"], delivery["ip"]) == (entry, stamp, "127.0.0.1")
    assert bytes(delivery["response_body"]) == b"ok"
    assert await stage.queued(endpoint) == []


async def test_what_an_endpoint_does_not_want_is_not_queued(stage: Stage, hook: Receiver) -> None:
    types = await stage.endpoint(hook.url("/types"), types=["contest.*"])
    content = await stage.endpoint(hook.url("/content"), filter={"data": {"ruleSetVersion": {"$gte": 2}}})
    await stage.step(3)

    await stage.fan_out()

    assert await stage.queued(types) == []
    assert len(await stage.queued(content)) == 2


async def test_an_entry_is_fanned_out_once_and_not_to_endpoints_that_came_later(stage: Stage, hook: Receiver) -> None:
    first = await stage.endpoint(hook.url())
    await stage.step(2)
    later = await stage.endpoint(hook.url())

    await stage.fan_out()
    await stage.fan_out()

    assert len(await stage.queued(first)) == 2
    assert await stage.queued(later) == []


async def test_secrets_go_out_and_are_stored_masked(stage: Stage, hook: Receiver) -> None:
    kept = Credentials(headers=(("X-Key", "k-123"),), basic=Basic(username="ann", password="pw-456"))
    endpoint = await stage.endpoint(hook.url(), kept=kept)
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        [delivery] = await stage.ended(endpoint, 1)

    [request] = hook.received
    assert request.headers["x-key"] == "k-123"
    assert request.headers["authorization"] == "Basic YW5uOnB3LTQ1Ng=="
    assert "X-Key: ***" in delivery["request_headers"]
    assert "Authorization: ***" in delivery["request_headers"]
    assert "k-123" not in str(delivery)
    assert "YW5uOnB3LTQ1Ng" not in str(delivery)


async def test_what_is_embargoed_never_leaves(stage: Stage, hook: Receiver) -> None:
    plain = await stage.endpoint(hook.url("/plain"))
    shaped = await stage.endpoint(hook.url("/shaped"), transform="@")
    told = await stage.endpoint(hook.url("/chat"), template="slack")
    asking = await stage.endpoint(hook.url("/asking"), filter={"data": {"marks": {"$exists": True}}})
    await stage.emit(whispered())
    await stage.fan_out()

    async with stage.dispatching():
        for endpoint in (plain, shaped, told):
            [delivery] = await stage.ended(endpoint, 1)
            assert "webhook-payload-omitted: embargoed" in delivery["request_headers"]

    assert len(hook.received) == 3
    assert all(b"whispered" not in request.body for request in hook.received)
    assert await stage.queued(asking) == await stage.deliveries(asking) == []


async def test_a_failed_delivery_is_tried_again_by_the_schedule_with_the_same_id(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda _request: OK if len(hook.received) == 3 else answer(500)
    endpoint = await stage.endpoint(hook.url(), delays=[10, 100])
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        [first] = await stage.tried(endpoint, 1)
        [waiting] = await stage.queued(endpoint)
        stage.clock.move(timedelta(seconds=13))
        stage.poke()
        await stage.tried(endpoint, 2)
        [again] = await stage.queued(endpoint)
        stage.clock.move(timedelta(seconds=121))
        stage.poke()
        [delivery] = await stage.ended(endpoint, 1)

    begun = stage.clock.now() - timedelta(seconds=134)
    assert (first["n"], first["status"], first["error"]) == (1, 500, "status 500")
    assert timedelta(seconds=8) <= waiting["next_at"] - begun <= timedelta(seconds=12)
    assert timedelta(seconds=93) <= again["next_at"] - begun <= timedelta(seconds=133)
    assert (delivery["outcome"], delivery["attempts"]) == ("succeeded", 3)
    assert len({request.id for request in hook.received}) == 1
    assert [request.headers.get("webhook-attempt") for request in hook.received] == [None, "2", "3"]


async def test_without_a_try_left_it_is_dead_and_the_log_says_so(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda _request: answer(500, body="broken")
    endpoint = await stage.endpoint(hook.url(), delays=[], types=["category.*"])
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        [delivery] = await stage.ended(endpoint, 1)

    assert (delivery["outcome"], delivery["attempts"], delivery["error"]) == ("dead", 1, "status 500")
    assert bytes(delivery["response_body"]) == b"broken"
    assert await stage.told() == ["webhook.delivery.dead"]


async def test_a_delivery_that_told_of_a_dead_one_dies_in_silence(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda _request: answer(500)
    first = await stage.endpoint(hook.url(), delays=[], types=["category.*"])
    second = await stage.endpoint(hook.url(), delays=[], types=["webhook.*"])
    await stage.step()

    async with stage.dispatching():
        await stage.fan_out()
        await stage.ended(first, 1)
        await stage.fan_out()
        await stage.ended(second, 1)
        await stage.fan_out()

    assert await stage.told() == ["webhook.delivery.dead"]
    assert await stage.queued(first) == await stage.queued(second) == []


async def test_gone_switches_the_endpoint_off_and_holds_what_waits(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda _request: answer(410)
    endpoint = await stage.endpoint(hook.url(), types=["category.*"], max=1)
    await stage.step(3)
    await stage.fan_out()

    async def off() -> bool:
        [row] = await stage.rows("SELECT enabled, disabled_reason FROM webhook_endpoints WHERE id = %s", endpoint)
        return not row["enabled"] and row["disabled_reason"] == "status 410"

    async with stage.dispatching():
        await stage.until(off)

    assert len(hook.received) == 1
    assert len(await stage.queued(endpoint)) == 3
    assert await stage.told() == ["webhook.endpoint.disabled"]


async def test_retry_after_is_obeyed(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda _request: answer(429, "Retry-After: 60") if len(hook.received) == 1 else OK
    endpoint = await stage.endpoint(hook.url(), max=1)
    await stage.step(2)
    await stage.fan_out()

    async with stage.dispatching():
        await stage.tried(endpoint, 1)
        [first, second] = await stage.queued(endpoint)
        stage.clock.move(timedelta(seconds=59))
        stage.poke()
        held = len(hook.received)
        stage.clock.move(timedelta(seconds=2))
        stage.poke()
        await stage.ended(endpoint, 2)

    assert first["next_at"] - stage.clock.now() == timedelta(seconds=-1)
    assert second["attempts"] == 0
    assert held == 1


@pytest.mark.parametrize(
    ("says", "error"),
    [
        (answer(302, "Location: http://127.0.0.1:1/"), "redirect (302); redirects are not followed"),
        (b"\x00\x01 what is this\r\n\r\n", "protocol: "),
        (answer(401), "status 401"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "timeout: "),
    ],
)  # fmt: skip
async def test_what_is_no_success_is_a_failed_try(stage: Stage, hook: Receiver, says: bytes, error: str) -> None:
    hook.says = lambda _request: says
    endpoint = await stage.endpoint(hook.url(), timeout=300)
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        [tried] = await stage.tried(endpoint, 1)

    assert tried["error"].startswith(error)
    assert len(await stage.queued(endpoint)) == 1


async def test_a_huge_answer_is_taken_and_kept_in_part(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda _request: answer(200, body="x" * 2_000_000)
    endpoint = await stage.endpoint(hook.url())
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        [delivery] = await stage.ended(endpoint, 1)

    assert (delivery["outcome"], delivery["truncated"], len(delivery["response_body"])) == ("succeeded", True, 16384)


async def test_a_transformation_that_fails_ends_its_delivery_and_no_other(stage: Stage, hook: Receiver) -> None:
    wrong = await stage.endpoint(hook.url("/wrong"), transform="nothing.here")
    right = await stage.endpoint(hook.url("/right"), transform="{n: data.ruleSetVersion}")
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        [dead] = await stage.ended(wrong, 1)
        await stage.ended(right, 1)

    assert (dead["outcome"], dead["attempts"]) == ("dead", 0)
    assert dead["error"].startswith("transformation: The expression finds nothing")
    assert [request.body for request in hook.received] == [b'{"n":"1"}']


@pytest.mark.parametrize("broken", [{"filter": {"$nonsense": 1}}, {"transform": "]["}, {"delays": [0]}])
async def test_settings_that_cannot_be_used_end_deliveries_with_the_reason(
    stage: Stage, hook: Receiver, broken: dict[str, object]
) -> None:
    endpoint = await stage.endpoint(hook.url(), **broken)
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        [dead] = await stage.ended(endpoint, 1)

    assert dead["outcome"] == "dead"
    assert dead["error"].startswith("the stored settings of this webhook cannot be used")
    assert hook.received == []


async def test_what_waits_for_a_deleted_endpoint_is_cancelled(stage: Stage, hook: Receiver) -> None:
    endpoint = await stage.endpoint(hook.url(), enabled=False)
    await stage.step(2)
    await stage.fan_out()
    async with stage.work() as work:
        await work.sql("DELETE FROM webhook_endpoints WHERE id = %s", (endpoint,))
        await work.commit()

    async with stage.dispatching():
        ended = await stage.ended(endpoint, 2)

    assert {row["outcome"] for row in ended} == {"cancelled"}
    assert await stage.queued(endpoint) == []


async def test_an_address_that_may_not_be_reached_is_never_connected_to(stage: Stage, hook: Receiver) -> None:
    stage.settings.webhook_allowed_networks.clear()
    endpoint = await stage.endpoint(hook.url(), delays=[])
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        [dead] = await stage.ended(endpoint, 1)

    assert dead["error"].startswith("blocked-address: 127.0.0.1 is not a public address")
    assert hook.received == []


async def test_a_change_of_address_holds_for_what_waits_already(stage: Stage, hook: Receiver) -> None:
    def says(request: Received) -> bytes:
        return OK if request.path == "/new" else answer(500)

    hook.says = says
    endpoint = await stage.endpoint(hook.url("/old"), delays=[10, 10])
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        await stage.tried(endpoint, 1)
        async with stage.work() as work:
            await work.sql(
                "UPDATE webhook_endpoints SET url = %s, version = version + 1 WHERE id = %s",
                (hook.url("/new"), endpoint),
            )
            await work.commit()
        stage.clock.move(timedelta(seconds=13))
        stage.poke()
        [delivery] = await stage.ended(endpoint, 1)

    assert [request.path for request in hook.received] == ["/old", "/new"]
    assert delivery["outcome"] == "succeeded"


async def test_an_endpoint_that_hangs_after_many_successes_leaves_slots_to_the_others(
    stage: Stage, hook: Receiver
) -> None:
    bad, good = await stage.endpoint(hook.url("/bad"), timeout=60_000), await stage.endpoint(hook.url("/good"))

    async with stage.dispatching(webhook_slots=10):
        await stage.step(60)  # it may have more and more under way
        await stage.fan_out()
        await stage.ended(bad, 60)
        await stage.ended(good, 60)
        hook.says = lambda request: None if request.path == "/bad" else OK
        await stage.step(20)
        await stage.fan_out()
        stage.poke()
        await stage.ended(good, 80)
        hanging = len(hook.of("/bad")) - 60
        hook.release()

    assert hanging == 5


async def test_a_fan_out_that_began_before_another_queues_behind_it(stage: Stage, hook: Receiver) -> None:
    endpoint = await stage.endpoint(hook.url(), types=["category.*"])
    fan = FanOut(SECRET, Addresses(stage.settings))
    async with stage.work() as early:
        early.clock = SystemClock()  # so that the database says when, as in a process
        await early.sql("SELECT 1")
        [first] = await stage.step()
        async with stage.work() as late:
            late.clock = SystemClock()
            await fan.run(late)
            await late.commit()
        [second] = await stage.step()
        await fan.run(early)
        await early.commit()

    waiting = await stage.rows(
        "SELECT event_id FROM webhook_queue WHERE endpoint_id = %s ORDER BY next_at, id", endpoint
    )

    assert [row["event_id"] for row in waiting] == [first, second]
