"""Deliveries over HTTP: one list of what waits and what has ended, with every try; once more, called off, resumed."""

from datetime import timedelta

import httpx
import pytest

from event_manager.kit.clock import FixedClock
from event_manager.webhooks.models import PARKED
from event_manager.webhooks.statistics import percentile
from tests.webhooks.hooks import WEBHOOKS, Past, create, logged

DELIVERIES = "/api/events/deliveries"


@pytest.fixture
async def hook(api: httpx.AsyncClient, alice: dict[str, str]) -> str:
    return str((await create(api, alice, events=["*"]))["id"])


@pytest.fixture
async def event(api: httpx.AsyncClient, alice: dict[str, str], hook: str) -> str:
    """An entry of the log: the making of the webhook."""
    return str((await logged(api, alice))[0]["id"])


async def test_what_waits_and_what_has_ended_is_one_list_in_pages(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, hook: str, event: str
) -> None:
    made = [
        await past.ended(hook, event), await past.waits(hook, event), await past.ended(hook, event, "dead"),
        await past.waits(hook, event, attempts=2), await past.ended(hook, event, "cancelled"),
    ]  # fmt: skip

    first = (await api.get(DELIVERIES, params={"limit": 3}, headers=alice)).json()
    rest = (await api.get(DELIVERIES, params={"limit": 3, "cursor": first["nextCursor"]}, headers=alice)).json()

    items = [*first["items"], *rest["items"]]
    assert [each["id"] for each in items] == made[::-1]
    assert [each["state"] for each in items] == ["cancelled", "retrying", "dead", "waiting", "succeeded"]
    assert rest["nextCursor"] is None
    assert (items[1]["status"], items[1]["attempts"], items[1]["webhookName"]) == (503, 2, "Ticketing")


@pytest.mark.parametrize("state", ["waiting", "retrying", "succeeded", "dead"])
async def test_deliveries_are_found_by_state_webhook_type_and_entry(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, hook: str, event: str, state: str
) -> None:
    other = (await create(api, alice, name="Other"))["id"]
    for each in (hook, other):
        made = {
            "waiting": await past.waits(each, event), "retrying": await past.waits(each, event, attempts=1),
            "succeeded": await past.ended(each, event), "dead": await past.ended(each, event, "dead"),
        }  # fmt: skip
    wanted = {"state": state, "webhookId": other, "eventType": "contest.created", "eventId": event}

    found = await api.get(DELIVERIES, params=wanted, headers=alice)
    none = await api.get(DELIVERIES, params={**wanted, "eventType": "score.submitted"}, headers=alice)

    assert [each["id"] for each in found.json()["items"]] == [made[state]]
    assert none.json()["items"] == []


async def test_a_delivery_shows_each_try_and_the_body_made_again_from_the_log(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, hook: str, event: str
) -> None:
    made = await past.ended(hook, event, attempts=2)
    await past.failed(made, 1)

    shown = (await api.get(f"{DELIVERIES}/{made}", headers=alice)).json()

    first, last = shown["tries"]
    assert (first["n"], first["status"], first["timings"]) == (
        1, 503, {"dns": 1, "connect": 2, "tls": 3, "firstByte": 4},
    )  # fmt: skip
    assert (first["responseHead"], first["responseBody"]) == ("HTTP/1.1 503 Busy", "\ufffd\ufffd")
    assert (last["n"], last["status"], last["responseBody"]) == (2, 200, "ok")
    assert '"type":"webhook.endpoint.created"' in shown["requestBody"]
    assert f'"id":"{shown["messageId"]}"' in shown["requestBody"]


async def test_a_delivery_is_sent_once_more_under_its_own_message_id(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, hook: str, event: str
) -> None:
    made = await past.ended(hook, event, "dead")

    again = await api.post(f"{DELIVERIES}/{made}/redeliver", headers=alice)

    shown = (await api.get(f"{DELIVERIES}/{made}", headers=alice)).json()
    assert again.status_code == 202
    assert (again.json()["state"], again.json()["messageId"]) == ("waiting", shown["messageId"])
    assert again.json()["id"] != made
    assert (await logged(api, alice))[0]["type"] == "webhook.delivery.redelivered"


async def test_one_that_waits_for_another_try_is_tried_at_once(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, hook: str, event: str, clock: FixedClock
) -> None:
    made = await past.waits(hook, event, attempts=3)

    again = await api.post(f"{DELIVERIES}/{made}/redeliver", headers=alice)

    assert (again.json()["id"], again.json()["nextAt"]) == (made, clock.at.isoformat().replace("+00:00", "Z"))


async def test_one_that_was_given_up_and_blocks_the_way_is_shown_as_such_and_sent_again(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, hook: str, event: str
) -> None:
    made = await past.waits(hook, event, attempts=10)
    await past.sql("UPDATE webhook_queue SET next_at = %(never)s", never=PARKED)

    before = (await api.get(f"{DELIVERIES}/{made}", headers=alice)).json()
    again = (await api.post(f"{DELIVERIES}/{made}/redeliver", headers=alice)).json()

    assert (before["state"], before["blocking"], before["nextAt"]) == ("retrying", True, None)
    assert (again["id"], again["blocking"]) == (made, False)


async def test_what_cannot_be_sent_again_says_why(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, hook: str, event: str
) -> None:
    gone = await past.ended(hook, "01930000-0000-7000-8000-0000000000aa", "dead")
    orphan = await past.ended(hook, event, "dead")

    without_entry = await api.post(f"{DELIVERIES}/{gone}/redeliver", headers=alice)
    await api.delete(f"{WEBHOOKS}/{hook}", headers=alice)
    without_webhook = await api.post(f"{DELIVERIES}/{orphan}/redeliver", headers=alice)

    assert (without_entry.status_code, without_entry.json()["detail"]) == (
        409, "The entry of the log that this delivered is no longer kept, so it cannot be sent again.",
    )  # fmt: skip
    assert without_webhook.json()["code"] == "nothing-to-send"
    assert (await api.get(f"{DELIVERIES}/{orphan}", headers=alice)).json()["webhookName"] is None


async def test_a_delivery_that_waits_is_called_off_and_one_that_ended_is_not(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, hook: str, event: str
) -> None:
    made = await past.waits(hook, event, attempts=1)

    first = await api.post(f"{DELIVERIES}/{made}/cancel", headers=alice)
    second = await api.post(f"{DELIVERIES}/{made}/cancel", headers=alice)

    assert (first.json()["state"], first.json()["attempts"]) == ("cancelled", 1)
    assert (second.status_code, second.json()["code"]) == (409, "delivery-ended")


@pytest.mark.parametrize(("held", "state", "skipped"), [("deliver", "waiting", 0), ("skip", "skipped", 2)])
async def test_a_webhook_is_resumed_with_what_waited_or_without(
    api: httpx.AsyncClient,
    alice: dict[str, str],
    past: Past,
    hook: str,
    event: str,
    held: str,
    state: str,
    skipped: int,
) -> None:
    made = [await past.waits(hook, event), await past.waits(hook, event)]
    await past.sql("""UPDATE webhook_endpoints SET health = '{"state": "paused"}'""")
    before = (await api.get(f"{DELIVERIES}/{made[0]}", headers=alice)).json()["held"]

    resumed = await api.post(f"{WEBHOOKS}/{hook}/resume", json={"held": held}, headers=alice)
    again = await api.post(f"{WEBHOOKS}/{hook}/resume", json={"held": held}, headers=alice)

    items = (await api.get(DELIVERIES, headers=alice)).json()["items"]
    assert (resumed.json()["skipped"], resumed.json()["webhook"]["health"]["state"]) == (skipped, "healthy")
    assert [(each["state"], each["held"]) for each in items] == [(state, False)] * 2
    assert before is True
    assert (again.status_code, again.json()["code"]) == (409, "nothing-to-resume")


async def test_a_removed_webhook_takes_along_what_waits_and_leaves_its_past(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, hook: str, event: str
) -> None:
    ended = await past.ended(hook, event)
    await past.waits(hook, event)

    gone = await api.delete(f"{WEBHOOKS}/{hook}", headers=alice)

    items = (await api.get(DELIVERIES, headers=alice)).json()["items"]
    assert gone.status_code == 204
    assert [(each["id"], each["webhookName"]) for each in items] == [(ended, None)]
    assert (await logged(api, alice))[0]["payload"]["waiting"] == 1


async def test_statistics_count_by_the_hour_whenever_a_delivery_was_queued(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past, hook: str, event: str, clock: FixedClock
) -> None:
    hour = timedelta(hours=1)
    for ms in (10, 20, 30):
        await past.ended(hook, event, at=clock.at - 2 * hour, ms=ms)
    late = await past.ended(hook, event, at=clock.at, ms=40, attempts=2, queued=50 * hour)
    await past.failed(late, 1, at=clock.at - 30 * hour)
    dead = await past.ended(hook, event, "dead", at=clock.at - hour, attempts=2, queued=10 * hour)
    await past.failed(dead, 1, at=clock.at - 2 * hour)
    await past.ended(hook, event, at=clock.at - 40 * hour)

    shown = (await api.get(f"{WEBHOOKS}/{hook}/statistics", params={"hours": 3}, headers=alice)).json()

    assert [(each["succeeded"], each["failed"], each["dead"]) for each in shown["buckets"]] == [
        (3, 1, 0), (0, 1, 1), (1, 0, 0),
    ]  # fmt: skip
    assert shown["buckets"][0]["p50Ms"] == 20
    assert (shown["totals"]["succeeded"], shown["totals"]["failed"], shown["totals"]["p50Ms"]) == (4, 2, 25)


@pytest.mark.parametrize("share", [0.5, 0.95])
def test_percentiles_of_counted_times_are_those_of_the_times(share: float) -> None:
    times = [(10.0, 3), (12.5, 1), (80.0, 5), (400.0, 2)]
    spread = [ms for ms, count in times for _ in range(count)]

    place = share * (len(spread) - 1)
    lower, upper = spread[int(place)], spread[min(int(place) + 1, len(spread) - 1)]

    assert percentile(times, share) == pytest.approx(lower + (upper - lower) * (place % 1))
    assert percentile([(7.0, 1)], share) == 7
    assert percentile([], share) is None
