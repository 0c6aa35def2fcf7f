"""Replays: what a dry run counts is what is queued, each once, at its pace; paused, resumed, called off, killed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from event_manager.config import Settings
from event_manager.kit.access import system_actor
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database, Row
from event_manager.kit.loops import Around
from event_manager.kit.work import Work
from event_manager.webhooks import replaying, replays
from event_manager.webhooks.event_types import WebhookEndpointRecovered, WebhookSecretRevoked
from event_manager.webhooks.fanout import FanOut
from event_manager.webhooks.messages import Addresses
from event_manager.webhooks.schemas import WebhookCreate
from tests.conftest import SECRET
from tests.people import People
from tests.webhooks.logged import a_webhook, append, contest, event

REPLAYS = "/api/events/replays"
SETTINGS = Settings(database_url=None)


@pytest.fixture
def alice(people: People) -> dict[str, str]:
    return people["alice"].bearer


class Workers:
    """What the workers would do, with time in hand. Deliveries end when `deliver` says so."""

    def __init__(self, database: Database, tenant: UUID, clock: FixedClock) -> None:
        self.clock = clock
        self._database, self._tenant = database, tenant

    async def round(self, seconds: float = 10) -> None:
        """Time passes, then every replay goes on."""
        self.clock.move(timedelta(seconds=seconds))
        await replaying.go_on(Around(self._database, SETTINGS, SECRET, self.clock))

    async def killed(self, seconds: float = 10) -> int:
        """A round that ends before its commit; how many rows it had written."""
        self.clock.move(timedelta(seconds=seconds))
        before = len(await self.queue())
        async with Work(self._database, role="platform", actor=system_actor("killed"), clock=self.clock) as work:
            for one in await work.sql(replaying.RUNNING):
                for replay in await work.sql(replaying.TAKE, (one["tenant_id"], one["id"])):
                    await replaying.queue_some(work, replay, secret_key=SECRET, addresses=Addresses(SETTINGS))
            [row] = await work.sql("SELECT count(*) AS n FROM webhook_queue")
        return int(row["n"]) - before

    async def queue(self) -> list[Row]:
        """What waits, in order."""
        return await self._sql(
            """SELECT q.id, q.endpoint_id, q.event_id, q.lane, q.replay_id, q.suffix FROM webhook_queue q
                WHERE tenant_id = %s ORDER BY q.id""",
            self._tenant,
        )

    async def deliver(self, outcome: str = "succeeded") -> list[tuple[UUID, UUID]]:
        """End all that waits; its pairs of endpoint and entry, in order."""
        rows = await self.queue()
        await self._sql(
            """WITH gone AS (DELETE FROM webhook_queue WHERE tenant_id = %s RETURNING *)
               INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_type, replay_id, suffix,
                                               outcome, attempts, ended_at)
               SELECT tenant_id, id, endpoint_id, event_id, event_type, replay_id, suffix, %s, 1, now() FROM gone""",
            self._tenant, outcome,
        )  # fmt: skip
        return [(row["endpoint_id"], row["event_id"]) for row in rows]

    async def all_delivered(self, outcome: str = "succeeded") -> list[tuple[UUID, UUID]]:
        """Rounds and deliveries until nothing more comes."""
        made: list[tuple[UUID, UUID]] = []
        for _ in range(1000):
            await self.round()
            some = await self.deliver(outcome)
            made += some
            if not some:
                await self.round()
                return made
        raise AssertionError("the replay does not end")

    async def _sql(self, query: str, *given: Any) -> list[Row]:
        async with Work(self._database, role="platform") as work:
            rows = await work.sql(query, given)
            await work.commit()
            return rows


@pytest.fixture
def workers(database: Database, people: People, clock: FixedClock) -> Workers:
    return Workers(database, people.a, clock)


async def start(api: httpx.AsyncClient, who: dict[str, str], *hooks: dict[str, Any], **more: Any) -> Any:
    given = {"webhookIds": [hook["id"] for hook in hooks], "reason": "receiver was down", "ratePerMinute": 6000, **more}
    answer = await api.post(REPLAYS, json=given, headers=who)
    assert answer.status_code == (200 if more.get("dryRun") else 201), answer.text
    return answer.json()


async def seen(api: httpx.AsyncClient, who: dict[str, str], replay: dict[str, Any]) -> dict[str, Any]:
    answer = await api.get(f"{REPLAYS}/{replay['id']}", headers=who)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_what_a_dry_run_counts_is_what_is_delivered_in_the_order_of_the_log(
    api: httpx.AsyncClient, database: Database, people: People, workers: Workers, alice: dict[str, str]
) -> None:
    some = [event("even" if n % 2 else "odd") if n % 3 else contest() for n in range(3000)]
    ids = await append(database, people.a, some)
    await append(database, people.b, [event() for _ in range(50)])
    everything = await a_webhook(api, alice, "All", events=["*"])
    even = await a_webhook(api, alice, "Even", filter={"data": {"title": "even"}})
    wanted = {"eventTypes": ["event.created", "contest.*"]}

    plan = await start(api, alice, everything, even, dryRun=True, **wanted)
    assert await workers.queue() == []
    replay = await start(api, alice, everything, even, **wanted)
    await append(database, people.a, [event("even"), event("odd")])
    made = await workers.all_delivered()

    for_even = [id_ for id_, one in zip(ids, some, strict=True) if one.title == "even"]
    assert {count["name"]: count["count"] for count in plan["counts"]} == {"All": 3000, "Even": len(for_even)}
    assert (plan["total"], plan["first"]["id"], plan["last"]["id"]) == (len(made), str(ids[0]), str(ids[-1]))
    assert [entry for hook, entry in made if str(hook) == everything["id"]] == ids
    assert [entry for hook, entry in made if str(hook) == even["id"]] == for_even
    ended = await seen(api, alice, replay)
    assert (ended["state"], ended["queued"], ended["delivered"], ended["waiting"]) == ("completed", *[len(made)] * 2, 0)
    log = (await api.get("/api/events/logs", params={"eventType": "webhook.replay.*"}, headers=alice)).json()["items"]
    assert [entry["type"] for entry in log] == ["webhook.replay.completed", "webhook.replay.started"]
    assert log[1]["payload"]["reason"] == "receiver was down"
    assert log[1]["actor"]["name"] == people["alice"].name


async def test_what_only_made_sense_at_its_moment_is_not_told_again(
    api: httpx.AsyncClient, database: Database, people: People, workers: Workers, alice: dict[str, str]
) -> None:
    told = [WebhookEndpointRecovered.sample_event(), WebhookSecretRevoked.sample_event()]
    await append(database, people.a, told)
    hook = await a_webhook(api, alice, "All", events=["*"])

    await start(api, alice, hook, eventTypes=["webhook.endpoint.recovered", "webhook.secret.revoked"])
    made = await workers.all_delivered()

    log = (await api.get("/api/events/logs", params={"eventType": "webhook.secret.revoked"}, headers=alice)).json()
    assert [str(entry) for _hook, entry in made] == [log["items"][0]["id"]]


async def test_a_round_that_is_killed_is_done_anew_without_loss_or_repeat(
    api: httpx.AsyncClient, database: Database, people: People, workers: Workers, alice: dict[str, str]
) -> None:
    ids = await append(database, people.a, [event() for _ in range(2500)])
    hook = await a_webhook(api, alice, "Killed")
    replay = await start(api, alice, hook)

    await workers.round()
    made = await workers.deliver()
    assert 0 < len(made) < 2500
    assert await workers.killed() > 0
    made += await workers.all_delivered()

    assert [entry for _, entry in made] == ids
    assert (await seen(api, alice, replay))["state"] == "completed"


async def test_failed_and_never_sent_leave_out_what_was_delivered_and_what_waits(
    api: httpx.AsyncClient, database: Database, people: People, workers: Workers, alice: dict[str, str]
) -> None:
    hook = await a_webhook(api, alice, "Often down")
    delivered = await append(database, people.a, [event() for _ in range(3)])
    await start(api, alice, hook)
    await workers.all_delivered()
    dead = await append(database, people.a, [event() for _ in range(4)])
    await start(api, alice, hook, which="never-sent")
    assert [entry for _, entry in await workers.all_delivered("dead")] == dead
    never = await append(database, people.a, [event() for _ in range(5)])

    assert (await start(api, alice, hook, which="all", dryRun=True))["total"] == 12
    assert (await start(api, alice, hook, which="never-sent", dryRun=True))["total"] == 5
    await start(api, alice, hook, which="failed")
    await workers.round()
    waiting = await start(api, alice, hook, which="failed", dryRun=True)
    again = [entry for _, entry in await workers.deliver()]
    await workers.round()
    nothing = await api.post(
        REPLAYS, json={"webhookIds": [hook["id"]], "which": "failed", "reason": "once more"}, headers=alice
    )

    assert again == dead
    assert waiting["total"] == 0
    assert (nothing.status_code, nothing.json()["code"]) == (409, "nothing-to-replay")
    assert not set(delivered) & set(never)


async def test_conditions_on_the_entity_its_kind_and_the_time_are_kept(
    api: httpx.AsyncClient, database: Database, people: People, alice: dict[str, str]
) -> None:
    hook = await a_webhook(api, alice, "Some", events=["event.*", "contest.*"])
    one, other = event(), contest()
    await append(database, people.a, [one, event(), other])
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()

    async def count(**more: Any) -> int:
        found: int = (await start(api, alice, hook, dryRun=True, **more))["total"]
        return found

    assert await count() == 3
    assert await count(entityId=str(one.event_id)) == 1
    assert await count(entityType="contest") == 1
    assert await count(eventTypes=["event.created"]) == 2
    assert await count(**{"from": soon}) == 0
    assert await count(to=soon) == 3
    refused = {"webhookIds": [hook["id"]], "reason": "wrong", "eventTypes": ["event.creatd"], "entityType": "unicorn"}
    answer = await api.post(REPLAYS, json=refused, headers=alice)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/eventTypes/0", "/entityType"]


async def test_it_keeps_its_pace_and_never_runs_far_ahead_of_the_deliveries(
    api: httpx.AsyncClient, database: Database, people: People, workers: Workers, alice: dict[str, str]
) -> None:
    await append(database, people.a, [event() for _ in range(400)])
    hook = await a_webhook(api, alice, "Slow")
    await start(api, alice, hook, ratePerMinute=60)

    queued = []
    for seconds in (0.4, 0.7, 3, 1000):
        await workers.round(seconds)
        queued.append(len(await workers.queue()))
    for _ in range(30):
        await workers.round(10)

    assert queued == [0, 1, 4, 14]  # what nobody was there to send is not made up for
    assert len(await workers.queue()) == replaying.LEAST_AHEAD


async def test_a_paused_replay_queues_nothing_and_goes_on_where_it_was(
    api: httpx.AsyncClient, database: Database, people: People, workers: Workers, alice: dict[str, str]
) -> None:
    ids = await append(database, people.a, [event() for _ in range(1500)])
    replay = await start(api, alice, await a_webhook(api, alice, "Paused"))
    await workers.round()
    made = await workers.deliver()

    paused = await api.post(f"{REPLAYS}/{replay['id']}/pause", headers=alice)
    await workers.round()
    while_paused = await workers.queue()
    resumed = await api.post(f"{REPLAYS}/{replay['id']}/resume", headers=alice)
    made += await workers.all_delivered()

    assert [paused.json()["state"], resumed.json()["state"]] == ["paused", "running"]
    assert while_paused == []
    assert [entry for _, entry in made] == ids


async def test_a_cancelled_replay_calls_off_what_waits_and_stays_ended(
    api: httpx.AsyncClient, database: Database, people: People, workers: Workers, alice: dict[str, str]
) -> None:
    await append(database, people.a, [event() for _ in range(1500)])
    replay = await start(api, alice, await a_webhook(api, alice, "Cancelled"))
    await workers.round()
    waiting = len(await workers.queue())

    ended = (await api.post(f"{REPLAYS}/{replay['id']}/cancel", headers=alice)).json()
    await workers.round()
    again = await api.post(f"{REPLAYS}/{replay['id']}/resume", headers=alice)

    assert (ended["state"], ended["cancelled"], ended["queued"]) == ("cancelled", waiting, waiting)
    assert await workers.queue() == []
    assert (again.status_code, again.json()["code"]) == (409, "replay-ended")


async def test_messages_keep_their_id_unless_they_are_to_look_new(
    api: httpx.AsyncClient, database: Database, people: People, workers: Workers, alice: dict[str, str]
) -> None:
    await append(database, people.a, [event()])
    hook = await a_webhook(api, alice, "New")
    suffixes = []
    for as_new in (False, True, True):
        replay = await start(api, alice, hook, asNew=as_new)
        await workers.round()
        [row] = await workers.queue()
        assert (str(row["replay_id"]), row["lane"]) == (replay["id"], 2)
        suffixes.append(row["suffix"])
        await workers.deliver()

    assert suffixes == ["", ".r1", ".r2"]


async def test_a_webhook_that_is_removed_meanwhile_gets_nothing_more_and_the_replay_ends(
    api: httpx.AsyncClient, database: Database, people: People, workers: Workers, alice: dict[str, str]
) -> None:
    await append(database, people.a, [event() for _ in range(1500)])
    hook = await a_webhook(api, alice, "Removed")
    replay = await start(api, alice, hook)
    await workers.round()

    await api.delete(f"/api/events/webhooks/{hook['id']}", headers=alice)
    left = await workers.all_delivered()

    assert left == []
    assert (await seen(api, alice, replay))["state"] == "completed"


async def test_only_ones_own_webhooks_of_kind_http_can_be_replayed_to_and_only_with_a_reason(
    api: httpx.AsyncClient, people: People, alice: dict[str, str]
) -> None:
    foreign = await a_webhook(api, people["bob"].bearer, "Bob's")
    feed = await a_webhook(api, alice, "Feed", kind="feed", url="")

    async def refusal(who: dict[str, str], **given: Any) -> tuple[int, str]:
        answer = await api.post(REPLAYS, json=given, headers=who)
        return answer.status_code, answer.json()["code"]

    assert await refusal(alice, webhookIds=[foreign["id"]], reason="why not") == (404, "webhook-not-found")
    assert await refusal(alice, webhookIds=[feed["id"]], reason="why not") == (409, "not-for-this-kind")
    assert (await refusal(alice, webhookIds=[feed["id"]]))[0] == 422
    assert (await refusal(people["ada"].bearer, webhookIds=[feed["id"]], reason="why not"))[0] == 403


@pytest.mark.parametrize("start_from", ["beginning", "a time"])
async def test_a_webhook_that_starts_in_the_past_gets_each_entry_once_from_the_replay_or_from_the_fan_out(
    api: httpx.AsyncClient, database: Database, people: People, workers: Workers, alice: dict[str, str], start_from: str
) -> None:
    fan_out = FanOut(SECRET, Addresses(SETTINGS))

    async def fanned_out() -> None:
        async with Work(database, role="platform", actor=system_actor("test"), clock=workers.clock) as work:
            await fan_out.run(work)
            await work.commit()

    earlier = await append(database, people.a, [event() for _ in range(3)])
    await a_webhook(api, alice, "An older one", events=["contest.*"])
    time = datetime.now(UTC)
    before = await append(database, people.a, [event() for _ in range(5)])
    await fanned_out()
    not_fanned_out = await append(database, people.a, [event() for _ in range(4)])

    await a_webhook(api, alice, "Late", startFrom="beginning" if start_from == "beginning" else time.isoformat())
    at_once = await append(database, people.a, [event() for _ in range(2)])
    await fanned_out()
    made = await workers.all_delivered()
    after = await append(database, people.a, [event()])
    await fanned_out()
    made += await workers.deliver()

    wanted = [*(earlier if start_from == "beginning" else []), *before, *not_fanned_out, *at_once, *after]
    assert sorted(entry for _, entry in made) == wanted


async def test_what_is_sent_of_the_past_is_counted_before_anything_is_written(
    work: Work, people: People, database: Database, alice: dict[str, str]
) -> None:
    """Whoever reads a long log with a transaction id holds up the deliveries of everybody."""
    await append(database, people.a, [event("kept"), event("left out"), event("kept")])
    new = WebhookCreate.model_validate({
        "name": "Late", "url": "https://hooks.example.org/in", "events": ["event.*"], "startFrom": "beginning",
        "filter": {"data": {"title": ["kept"]}},
    })  # fmt: skip

    past = await replays.count_past(work, new, replays.Means(SECRET, Addresses(SETTINGS)))

    [row] = await work.sql("SELECT pg_current_xact_id_if_assigned() IS NULL AS none")
    assert (past.count, row["none"]) == (2, True)
