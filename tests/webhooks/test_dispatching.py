"""Order, pace, health and ownership: what a dispatcher may send when, and what happens when one goes."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import orjson

from tests.webhooks.receiver import OK, Received, Receiver, answer
from tests.webhooks.stage import STEP, Stage

LOCKS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND classid = 1162696497 AND granted"


def number(request: Received) -> int:
    """Which step of its stage a request tells of."""
    return int(orjson.loads(request.body)["data"]["ruleSetVersion"])


def category(request: Received) -> str:
    """What a request is about."""
    return str(orjson.loads(request.body)["entity"]["id"])


async def test_a_strict_endpoint_gets_one_at_a_time_in_the_order_of_the_log(stage: Stage, hook: Receiver) -> None:
    endpoint = await stage.endpoint(hook.url(), ordering="strict", types=[STEP])
    await stage.step(30)
    await stage.fan_out()

    async with stage.dispatching():
        await stage.ended(endpoint, 30)

    assert [number(request) for request in hook.received] == list(range(1, 31))
    assert hook.most == 1


async def test_a_strict_endpoint_waits_for_what_is_tried_again(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda _request: answer(500) if len(hook.received) == 1 else OK
    endpoint = await stage.endpoint(hook.url(), ordering="strict", delays=[10], types=[STEP])
    await stage.step(3)
    await stage.fan_out()

    async with stage.dispatching():
        await stage.tried(endpoint, 1)
        stage.clock.move(timedelta(seconds=13))
        stage.poke()
        await stage.ended(endpoint, 3)

    assert [number(request) for request in hook.received] == [1, 1, 2, 3]


async def test_a_new_owner_knows_what_holds_up_an_order(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda _request: answer(500) if len(hook.received) == 1 else OK
    endpoint = await stage.endpoint(hook.url("/strict"), ordering="strict", delays=[10], types=[STEP])
    other = await stage.endpoint(hook.url("/other"), types=[STEP], enabled=False)
    await stage.step(3)
    await stage.fan_out()
    async with stage.dispatching():
        await stage.tried(endpoint, 1)
    async with stage.work() as work:
        await work.sql("UPDATE webhook_endpoints SET enabled = true, version = 2 WHERE id = %s", (other,))
        await work.commit()

    async with stage.dispatching():
        await stage.ended(other, 3)
        held = [number(request) for request in hook.of("/strict")]
        stage.clock.move(timedelta(seconds=13))
        stage.poke()
        await stage.ended(endpoint, 3)

    assert held == [1]
    assert [number(request) for request in hook.of("/strict")] == [1, 1, 2, 3]


async def test_by_key_only_what_is_about_the_same_waits(stage: Stage, hook: Receiver) -> None:
    bad, good = uuid4(), uuid4()
    hook.says = lambda request: answer(500) if category(request) == str(bad) else OK
    endpoint = await stage.endpoint(hook.url(), ordering="key", delays=[10, 10], types=[STEP])
    await stage.step(3, key=bad)
    await stage.step(300, key=good)
    await stage.fan_out()

    async with stage.dispatching():
        await stage.ended(endpoint, 300)
        failed = [number(request) for request in hook.received if category(request) == str(bad)]
        hook.says = lambda _request: OK
        stage.clock.move(timedelta(seconds=13))
        stage.poke()
        await stage.ended(endpoint, 303)

    assert failed == [1]
    assert [number(r) for r in hook.received if category(r) == str(bad)] == [1, 1, 2, 3]
    assert [number(r) for r in hook.received if category(r) == str(good)] == list(range(1, 301))


async def test_a_dead_one_is_passed_over_unless_its_owner_wants_to_act(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda request: answer(500) if number(request) == 1 else OK
    passing = await stage.endpoint(hook.url("/passing"), ordering="strict", delays=[], types=[STEP])
    blocking = await stage.endpoint(hook.url("/blocking"), ordering="strict", delays=[], blocks=True, types=[STEP])
    await stage.step(2)
    await stage.fan_out()

    async with stage.dispatching():
        first, second = await stage.ended(passing, 2)
        await stage.tried(blocking, 1)
        [parked, waiting] = await stage.queued(blocking)
        async with stage.work() as work:
            await work.sql("DELETE FROM webhook_queue WHERE id = %s", (parked["id"],))
            await work.commit()
        stage.poke()
        await stage.ended(blocking, 1)

    assert (first["outcome"], second["outcome"]) == ("dead", "succeeded")
    assert (parked["attempts"], parked["next_at"].year, waiting["attempts"]) == (1, 9999, 0)
    assert [number(request) for request in hook.of("/blocking")] == [1, 2]
    assert await stage.told() == ["webhook.delivery.dead"] * 2


async def test_an_endpoint_that_hangs_holds_few_slots_and_nobody_up(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda request: None if request.path == "/bad" else OK
    bad = await stage.endpoint(hook.url("/bad"), timeout=60_000)
    good = await stage.endpoint(hook.url("/good"))
    await stage.step(100)
    await stage.fan_out()

    async with stage.dispatching(webhook_slots=10):
        await stage.ended(good, 100)
        hanging = len(hook.of("/bad"))
        hook.release()
        await stage.ended(bad, 100)

    assert hanging == 5


async def test_an_owner_may_lower_how_many_come_at_once(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda request: None if request.path == "/few" else OK
    few = await stage.endpoint(hook.url("/few"), max=2)
    others = await stage.endpoint(hook.url("/others"))
    await stage.step(40)
    await stage.fan_out()

    async with stage.dispatching():
        await stage.ended(others, 40)
        at_once = len(hook.of("/few"))
        hook.release()
        await stage.ended(few, 40)

    assert at_once == 2


async def test_more_come_at_once_as_they_succeed_and_fewer_after_time_outs(stage: Stage, hook: Receiver) -> None:
    endpoint = await stage.endpoint(hook.url(), timeout=200, delays=[1])
    await stage.step(400)
    await stage.fan_out()

    async with stage.dispatching() as dispatcher:
        await stage.ended(endpoint, 400)
        raised = dispatcher.channel(endpoint).cap
        hook.says = lambda _request: None
        await stage.step()
        await stage.fan_out()
        await stage.tried(endpoint, 1)
        lowered = dispatcher.channel(endpoint).cap

    assert raised > 20
    assert lowered == raised // 2


async def test_a_rate_is_kept_by_the_clock(stage: Stage, hook: Receiver) -> None:
    endpoint = await stage.endpoint(hook.url(), rate=120)
    await stage.step(10)
    await stage.fan_out()

    async with stage.dispatching():
        await stage.ended(endpoint, 2)
        for second in range(1, 5):
            stage.clock.move(timedelta(seconds=1))
            stage.poke()
            await stage.ended(endpoint, 2 + 2 * second)
            assert len(hook.received) == 2 + 2 * second


async def test_three_failures_open_the_breaker_and_a_probe_closes_it(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda _request: answer(503)
    endpoint = await stage.endpoint(hook.url(), max=1, types=[STEP], delays=[1000])
    listener = await stage.endpoint(hook.url("/listener"), types=["webhook.*"])
    await stage.step(6)
    await stage.fan_out()

    async with stage.dispatching():
        await stage.tried(endpoint, 3)

        async def degraded() -> bool:
            return (await stage.health(endpoint)).get("state") == "degraded"

        await stage.until(degraded)
        opened = len(hook.received)
        hook.says = lambda request: answer(503) if request.path == "/hook" else OK
        stage.clock.move(timedelta(seconds=6))
        stage.poke()
        await stage.tried(endpoint, 4)
        probed = len(hook.of("/hook"))
        hook.says = lambda _request: OK
        stage.clock.move(timedelta(seconds=11))
        stage.poke()
        await stage.ended(endpoint, 2)

        async def healthy() -> bool:
            return (await stage.health(endpoint)).get("state") == "healthy"

        await stage.until(healthy)
        await stage.fan_out()
        await stage.ended(listener, 2)

    assert (opened, probed) == (3, 4)
    assert await stage.told() == ["webhook.endpoint.degraded", "webhook.endpoint.recovered"]


async def test_health_is_known_to_the_next_owner(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda request: answer(503) if request.path == "/hook" else OK
    endpoint = await stage.endpoint(hook.url(), max=1, types=[STEP])
    await stage.step(6)
    await stage.fan_out()
    async with stage.dispatching():
        await stage.tried(endpoint, 3)
    other = await stage.endpoint(hook.url("/other"))
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        await stage.ended(other, 1)

    assert len(hook.of("/hook")) == 3
    assert (await stage.health(endpoint))["state"] == "degraded"


async def test_two_dispatchers_share_and_one_takes_over_what_the_other_leaves(stage: Stage, hook: Receiver) -> None:
    endpoints = [await stage.endpoint(hook.url(f"/{n}"), max=1) for n in range(12)]

    async with stage.dispatching() as first:

        async def shared() -> bool:
            return 0 < len(first.owned) < 64 and len(first.owned) + len(second.owned) == 64

        async with stage.dispatching() as second:
            await stage.until(shared)
            assert first.owned & second.owned == set()
            await stage.step(5)
            await stage.fan_out()
            for endpoint in endpoints:
                await stage.ended(endpoint, 5)

        async def alone() -> bool:
            return len(first.owned) == 64

        await stage.until(alone)
        await stage.step(2)
        await stage.fan_out()
        for endpoint in endpoints:
            await stage.ended(endpoint, 7)

    assert len(hook.received) == len({(request.path, request.id) for request in hook.received}) == 12 * 7


async def test_a_lost_session_keeps_answers_and_nothing_is_sent_twice(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda _request: None
    endpoint = await stage.endpoint(hook.url())
    await stage.step(3)
    await stage.fan_out()

    async with stage.dispatching():
        await hook.wait_for(3)
        await stage.rows(f"SELECT pg_terminate_backend(pid) FROM ({LOCKS}) AS l")
        hook.release()
        deliveries = await stage.ended(endpoint, 3)

    assert [row["outcome"] for row in deliveries] == ["succeeded"] * 3
    assert len(hook.received) == 3


async def test_what_was_cancelled_while_under_way_is_not_recorded_again(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda _request: None
    endpoint = await stage.endpoint(hook.url())
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        await hook.wait_for(1)
        async with stage.work() as work:
            await work.sql("DELETE FROM webhook_queue WHERE endpoint_id = %s", (endpoint,))
            await work.commit()
        hook.release()

    assert await stage.deliveries(endpoint) == []


async def test_stopping_lets_what_is_under_way_end_and_be_recorded(stage: Stage, hook: Receiver) -> None:
    hook.says = lambda _request: None
    endpoint = await stage.endpoint(hook.url(), max=1)
    await stage.step(2)
    await stage.fan_out()

    async with stage.dispatching():
        await hook.wait_for(1)
        asyncio.get_running_loop().call_later(0.1, hook.release)

    assert len(await stage.deliveries(endpoint)) == 1
    assert len(await stage.queued(endpoint)) == 1


async def test_what_is_off_is_held_and_delivered_once_it_is_on(stage: Stage, hook: Receiver) -> None:
    off = await stage.endpoint(hook.url("/off"), enabled=False)
    on = await stage.endpoint(hook.url("/on"))
    await stage.step(3)
    await stage.fan_out()

    async with stage.dispatching():
        await stage.ended(on, 3)
        held = len(hook.of("/off"))
        async with stage.work() as work:
            await work.sql("UPDATE webhook_endpoints SET enabled = true, version = 2 WHERE id = %s", (off,))
            await work.commit()
        stage.poke()
        await stage.ended(off, 3)

    assert held == 0
