"""Two organisations filled alike, so that each can be asked with the other's ids.

Every text of Borealis (tenant B) that a person typed carries the canary, so a leak shows wherever it comes out.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import httpx

from event_manager.config import Settings
from event_manager.eventlog import retirements
from event_manager.eventlog.checkpoints import Signer
from event_manager.eventlog.handler_loop import catch_up
from event_manager.eventlog.retirements import Retirement
from event_manager.eventlog.sealing import seal_batch
from event_manager.kit.clock import SystemClock
from event_manager.kit.db import Database
from event_manager.kit.loops import Around
from event_manager.kit.work import Work
from tests.factories.scoring import Stage, a_stage, all_marks
from tests.people import People

CANARY = "zq9canary"
RULES = {"a": "hill-rules", "b": "river-rules"}  # names stand in addresses, which answers repeat


Post = Callable[[str, object], Awaitable[dict[str, object]]]


@dataclass
class Side:
    """One organisation's ids by the name of the path parameter that takes them; more in ``more``."""

    tenant: UUID
    admin: str
    tally: str
    judge: str
    other_judge: str
    draft: Stage
    judging: Stage
    complete: Stage
    judged: Stage
    locked_event: Stage
    locked_contest: Stage
    locked_category: Stage
    ids: dict[str, str] = field(default_factory=dict)


CAST = {
    "a": ("alice", "tim", "judith", "jo", "bea", "oscar"),
    "b": ("bob", "tess", "jana", "juri", "ben", "otto"),
}


async def build(side: str, database: Database, people: People, api: httpx.AsyncClient) -> Side:
    """Fill one organisation through the product, with real commits."""
    admin, tally, judge, other, board, organizer = CAST[side]
    word = CANARY if side == "b" else "plain"
    around = Around(database, Settings(database_url=None), "", SystemClock())
    await catch_up(around)  # handlers begin here
    seats = (judge, other)
    draft = await a_stage(database, people, judges=(judge,), state="draft")
    judging = await a_stage(database, people, judges=seats)
    complete = await a_stage(database, people, judges=seats)
    judged = await a_stage(database, people, judges=seats)
    locked = [await a_stage(database, people, judges=(judge,), state="draft") for _ in range(3)]
    tenant = people[admin].tenant_id or uuid4()
    made = Side(tenant, admin, tally, judge, other, draft, judging, complete, judged, *locked)
    for stage in (draft, judging, complete, judged, *locked):
        await _mark_texts(database, stage, word)

    async def post(path: str, body: object, who: str = admin) -> dict[str, object]:
        answer = await api.post(path, json=body, headers=people[who].bearer)
        assert answer.status_code < 300, f"{path}: {answer.text}"
        found: dict[str, object] = answer.json() if answer.content else {}
        return found

    for name in seats:
        await post(f"{judged.base}/marks", all_marks(judged, [("7", "8")] * 3), name)
        await post(f"{complete.base}/marks", all_marks(complete, [("7", "8")] * 3), name)
    await post(f"{judging.base}/marks", all_marks(judging, [("6", "6")]), judge)
    await post(f"{judged.base}/close", {}, tally)
    asked = {"entryId": str(judged.entries[0]), "points": "1", "reason": f"{word} over time"}
    deduction = await post(f"{judged.base}/deductions", asked, tally)
    order = {"entryIds": [str(e) for e in judged.entries], "reason": f"{word} the cleaner show"}
    await post(f"{judged.base}/decisions", order, board)
    library = (await api.get("/api/scoring/rule-sets/sum", headers=people[admin].bearer)).json()["document"]
    await post("/api/scoring/rule-sets", {"document": {**library, "name": RULES[side], "title": f"{word} rules"}})
    await api.put(
        f"/api/scoring/contests/{judged.contest}/rules", json={"method": "rank-sum"}, headers=people[admin].bearer
    )
    seat = judging.seats[judge]
    recusal = {"seatId": str(seat), "entryId": str(judging.entries[2]), "kind": "conflict", "reason": f"{word} sister"}
    await post(f"/api/contests/categories/{judging.category}/recusals", recusal)
    for level, id_ in (
        (f"events/{locked[0].event}", organizer),
        (str(locked[1].contest), organizer),
        (f"categories/{locked[2].category}", organizer),
    ):
        await post(f"/api/contests/{level}/lock", {"reason": f"{word} finished"}, id_)
    template = await post("/api/contests/events", {"name": f"{word} template", "isTemplate": True})
    people_found = (await api.get("/api/contests/participants", headers=people[admin].bearer)).json()["items"]
    recusals = (
        await api.get(f"/api/contests/categories/{judging.category}/recusals", headers=people[admin].bearer)
    ).json()["items"]
    key = await post("/api/identity/api-keys", {"name": f"{word} key", "role": "ORGANIZER"})
    guests = {"emails": [f"{word}@guests.example"], "roles": [{"role": "JUDGE"}]}
    invitations = await post("/api/identity/invitations", guests)
    webhook = await _webhook(post, word)
    wishes = {"kinds": [{"kind": "role-changed", "inApp": True, "mail": "off"}]}
    await api.put("/api/notifications/preferences", json=wishes, headers=people[admin].bearer)
    sessions = (await api.get("/api/identity/sessions", headers=people[admin].bearer)).json()["items"]
    events = (await api.get("/api/contests/events", headers=people[admin].bearer)).json()["items"]
    logged = (await api.get("/api/events/logs", params={"limit": "1"}, headers=people[admin].bearer)).json()["items"]
    made.ids = {
        "events": " ".join(event["id"] for event in events),
        "tenant": str(made.tenant),
        "eventId": str(judging.event),
        "contestId": str(judging.contest),
        "categoryId": str(judging.category),
        "entryId": str(judging.entries[0]),
        "seatId": str(seat),
        "participantId": people_found[0]["id"],
        "recusalId": recusals[0]["id"],
        "deductionId": str(deduction["id"]),
        "ruleSetName": RULES[side],
        "templateId": str(template["id"]),
        "logEntryId": logged[0]["id"],
        "key_id": str(_inner(key, "id")),
        "invitation_id": str(_items(invitations)[0]["id"]),
        "session_id": sessions[0]["id"],
        "user_id": str(people[judge].id),
        **webhook,
    }
    await catch_up(around)
    await _delivered(database, made, word)
    await _given_up(database, made)
    await _seal_log(database, tenant)
    return made


async def _webhook(post: Post, word: str) -> dict[str, str]:
    """A webhook with two signing secrets, so that one of them can be revoked; one that is off; one to fetch from."""
    new = {"name": f"{word} hook", "url": f"http://127.0.0.1:65000/{word}", "events": ["*"]}
    hook = await post("/api/events/webhooks", new)
    secret = await post(f"/api/events/webhooks/{hook['id']}/secrets", {"scheme": "v1a"})
    paused = await post("/api/events/webhooks", {**new, "name": f"{word} paused", "enabled": False})
    feed = await post("/api/events/webhooks", {"name": f"{word} feed", "kind": "feed", "events": ["*"]})
    ids = {"webhookId": hook, "secretId": secret, "pausedId": paused, "feedId": feed}
    return {name: str(made["id"]) for name, made in ids.items()}


async def _delivered(database: Database, side: Side, word: str) -> None:
    """What senders would have written: one delivery that waits after a failed try, one that was given up, a replay."""
    async with Work(database, role="platform", tenant_id=side.tenant) as work:
        given = {"tenant": side.tenant, "hook": side.ids["webhookId"], "event": side.ids["logEntryId"], "word": word}
        [waiting] = await work.sql(
            """INSERT INTO webhook_queue (tenant_id, endpoint_id, event_id, event_type, ord_key, attempts, next_at)
               VALUES (%(tenant)s, %(hook)s, %(event)s, 'contest.created', %(event)s, 1, now() + interval '1 day')
               RETURNING id""",
            given,
        )
        await work.sql(
            """INSERT INTO webhook_attempts (tenant_id, delivery_id, n, at, status, response_body)
               VALUES (%(tenant)s, %(waiting)s, 1, now(), 500, convert_to(%(word)s, 'UTF8'))""",
            {**given, "waiting": waiting["id"]},
        )
        [ended] = await work.sql(
            """INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_type, outcome, attempts,
                                               ended_at, status, response_body)
               VALUES (%(tenant)s, uuidv7(), %(hook)s, %(event)s, 'contest.created', 'dead', 1, now(), 500,
                       convert_to(%(word)s, 'UTF8')) RETURNING id""",
            given,
        )
        [replay] = await work.sql(
            """INSERT INTO webhook_replays (tenant_id, selector, rate_per_minute, reason, by_name, total)
               VALUES (%(tenant)s, '{"webhook_ids": []}', 60, %(word)s, %(word)s, 0) RETURNING id""",
            given,
        )
        await work.sql(
            "INSERT INTO event_cursors (tenant_id, name, xid, id) VALUES (%(tenant)s, %(word)s, '0', %(event)s)", given
        )
        await work.commit()
    side.ids |= {"deliveryId": str(ended["id"]), "waitingId": str(waiting["id"]), "replayId": str(replay["id"])}


async def _given_up(database: Database, side: Side) -> None:
    """What a failing handler would have written: a dead letter, and half of a table that is built anew."""
    async with Work(database, role="platform") as work:
        given = {"tenant": side.tenant, "event": side.ids["logEntryId"]}
        [letter] = await work.sql(
            """INSERT INTO event_handler_failures (tenant_id, handler, epoch, event_id, xid, type, entity_id, state,
                                                   tries, next_at, error)
               VALUES (%(tenant)s, 'eventlog.count-activity', 1, %(event)s, '1', 'contest.created', %(event)s,
                       'dead', 1, now(), 'RuntimeError') RETURNING id""",
            given,
        )
        await work.sql("INSERT INTO event_activity_shadow VALUES (%(tenant)s, now(), 'contest.created', 1)", given)
        await work.commit()
    side.ids["letterId"] = str(letter["id"])


def _items(page: dict[str, object]) -> list[dict[str, object]]:
    items = page["items"]
    assert isinstance(items, list)
    return items


def _inner(body: dict[str, object], name: str) -> object:
    for value in (body, *[v for v in body.values() if isinstance(v, dict)]):
        if name in value:
            return value[name]
    raise KeyError(name)


async def _seal_log(database: Database, tenant: UUID) -> None:
    """Seal what is in the log so far, so that its trees and seals have rows of both; and a month that was dropped."""
    signer = Signer("the world's key")
    async with Work(database, role="platform") as work:
        await seal_batch(work, signer)
        await retirements.keep(work, signer, Retirement(tenant, UUID(int=1), UUID(int=2), 0, bytes(32), work.now()))
        await work.commit()


async def _mark_texts(database: Database, stage: Stage, word: str) -> None:
    """Rename what the factory made."""
    async with Work(database, role="platform", tenant_id=stage.tenant) as work:
        for table, id_ in (("events", stage.event), ("contests", stage.contest), ("categories", stage.category)):
            await work.sql(f"UPDATE {table} SET name = %s || ' ' || name WHERE id = %s", (word, id_))
        await work.sql(
            """UPDATE participants p SET name = %s || ' ' || p.name, club = %s FROM contest_entries e
                WHERE e.participant_id = p.id AND e.contest_id = %s""",
            (word, word, stage.contest),
        )
        await work.sql("UPDATE criteria SET name = %s || ' ' || name WHERE category_id = %s", (word, stage.category))
        await work.commit()
