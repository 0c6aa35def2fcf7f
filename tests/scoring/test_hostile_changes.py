"""What is changed around a result, during and after judging, never leaves a wrong or stale one behind."""

import asyncio
from uuid import UUID

import httpx
import pytest

from event_manager.identity.service import add_member
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from tests.factories.scoring import Stage, a_stage, all_marks, mark
from tests.people import People

SHEETS = {"judith": [("9", "8"), ("7", "7"), ("5", "6")], "jo": [("8", "8"), ("7", "8"), ("6", "5")]}


@pytest.fixture
async def stage(database: Database, people: People, api: httpx.AsyncClient) -> Stage:
    return await a_stage(database, people)


async def judged(api: httpx.AsyncClient, people: People, stage: Stage) -> None:
    for judge, sheet in SHEETS.items():
        answer = await api.post(f"{stage.base}/marks", json=all_marks(stage, sheet), headers=people[judge].bearer)
        assert answer.status_code == 200, answer.text
    closed = await api.post(f"{stage.base}/close", headers=people["tim"].bearer)
    assert closed.status_code == 200, closed.text


async def lines(api: httpx.AsyncClient, people: People, address: str) -> list[dict[str, str]]:
    answer = await api.get(f"{address}/result", headers=people["ada"].bearer)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str]] = answer.json()["results"]
    return found


async def run(database: Database, stage: Stage, query: str, *params: object) -> None:
    async with Work(database, role="platform", tenant_id=stage.tenant) as work:
        await work.sql(query, params)
        await work.commit()


async def second_category(database: Database, stage: Stage, name: str) -> UUID:
    """Another category of the stage's contest with the same criteria, panel, rules and entries, in judging."""
    async with Work(database, role="platform", tenant_id=stage.tenant) as work:
        here, old = stage.tenant, stage.category
        [row] = await work.sql(
            "INSERT INTO categories (tenant_id, contest_id, name, state) VALUES (%s, %s, %s, 'judging') RETURNING id",
            (here, stage.contest, name),
        )
        for query in (
            """INSERT INTO criteria (tenant_id, category_id, key, name, min, max, step, sort_order)
               SELECT tenant_id, %s, key, name, min, max, step, sort_order FROM criteria
                WHERE tenant_id = %s AND category_id = %s ORDER BY id""",
            """INSERT INTO category_entries (tenant_id, contest_id, category_id, contest_entry_id)
               SELECT tenant_id, contest_id, %s, contest_entry_id FROM category_entries
                WHERE tenant_id = %s AND category_id = %s ORDER BY id""",
            """INSERT INTO panel_seats (tenant_id, category_id, user_id, label)
               SELECT tenant_id, %s, user_id, label FROM panel_seats WHERE tenant_id = %s AND category_id = %s""",
            """INSERT INTO category_rules (tenant_id, category_id, name, document)
               SELECT tenant_id, %s, name, document FROM category_rules WHERE tenant_id = %s AND category_id = %s""",
        ):
            await work.sql(query, (row["id"], here, old))
        await work.commit()
    found: UUID = row["id"]
    return found


async def stage_of(database: Database, stage: Stage, category: UUID) -> Stage:
    async with Work(database, role="platform", tenant_id=stage.tenant) as work:
        rows = await work.sql(
            "SELECT id FROM criteria WHERE tenant_id = %s AND category_id = %s ORDER BY id", (stage.tenant, category)
        )
    return Stage(stage.tenant, stage.event, stage.contest, category, [r["id"] for r in rows], stage.entries, {})


async def test_numbers_swapped_after_judging_do_not_swap_the_places(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await judged(api, people, stage)
    first, second = stage.entries[:2]

    for entry, number in ((first, "99"), (second, "1"), (first, "2")):
        answer = await api.patch(
            f"/api/contests/entries/{entry}", json={"number": number},
            headers={**people["oscar"].bearer, "If-Match": "*"},
        )  # fmt: skip
        assert answer.status_code == 200, answer.text

    found = await lines(api, people, stage.base)
    assert [(line["name"], line["entryId"]) for line in found[:2]] == [("Act 1", str(first)), ("Act 2", str(second))]
    assert [line["entry"] for line in found[:2]] == ["2", "1"]


async def test_a_name_corrected_after_judging_is_corrected_in_the_result(
    api: httpx.AsyncClient, database: Database, people: People, stage: Stage
) -> None:
    await judged(api, people, stage)
    await lines(api, people, stage.base)

    await run(
        database, stage, "UPDATE participants SET name = 'Zoë' WHERE tenant_id = %s AND name = 'Act 1' AND id = "
        "(SELECT participant_id FROM contest_entries WHERE id = %s)", stage.tenant, stage.entries[0],
    )  # fmt: skip

    document = await api.get(f"{stage.base}/result-document", headers=people["ada"].bearer)
    assert "Zoë" in document.text


async def test_the_contests_running_order_changed_after_judging_does_not_reach_a_judged_category(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await judged(api, people, stage)
    before = await api.get(f"{stage.base}/result-document", headers=people["ada"].bearer)

    order = await api.put(
        f"/api/contests/{stage.contest}/running-order", json={"how": "reverse"},
        headers=people["oscar"].bearer,
    )  # fmt: skip
    assert order.status_code == 200, order.text
    request = {"entryId": str(stage.entries[2]), "points": "1", "reason": "late"}
    asked = await api.post(f"{stage.base}/deductions", json=request, headers=people["tim"].bearer)
    await api.post(f"{stage.base}/deductions/{asked.json()['id']}/withdraw", headers=people["tim"].bearer)

    after = await api.get(f"{stage.base}/result-document", headers=people["ada"].bearer)
    assert after.json()["inputs"]["entries"] == before.json()["inputs"]["entries"]


async def test_namesakes_without_numbers_keep_their_own_totals_over_categories(
    api: httpx.AsyncClient, database: Database, people: People, stage: Stage
) -> None:
    await run(database, stage, "UPDATE contest_entries SET number = NULL WHERE contest_id = %s", stage.contest)
    await run(
        database, stage, "UPDATE participants SET name = 'Ann' WHERE id IN "
        "(SELECT participant_id FROM contest_entries WHERE contest_id = %s)", stage.contest,
    )  # fmt: skip
    other = await stage_of(database, stage, await second_category(database, stage, "Duet"))
    await run(
        database, stage, "UPDATE category_entries ce SET running_order = 10 - e.running_order FROM contest_entries e "
        "WHERE e.id = ce.contest_entry_id AND ce.category_id = %s", other.category,
    )  # fmt: skip
    await judged(api, people, stage)
    await judged(api, people, other)

    found = await lines(api, people, f"/api/scoring/contests/{stage.contest}")

    assert [(line["place"], line["total"]) for line in found] == [("1", "33"), ("2", "29"), ("3", "22")]


async def test_categories_of_one_name_both_count(
    api: httpx.AsyncClient, database: Database, people: People, stage: Stage
) -> None:
    other = await stage_of(database, stage, await second_category(database, stage, "Solo"))
    await judged(api, people, stage)
    await judged(api, people, other)

    found = await lines(api, people, f"/api/scoring/contests/{stage.contest}")

    assert [(line["entry"], line["total"]) for line in found] == [("1", "33"), ("2", "29"), ("3", "22")]


@pytest.mark.parametrize("state", ["dns", "dnf", "dq", "scratched"])
async def test_who_is_out_in_one_category_does_not_win_a_contest_by_the_sum_of_places(
    api: httpx.AsyncClient, database: Database, people: People, stage: Stage, state: str
) -> None:
    other = await stage_of(database, stage, await second_category(database, stage, "Duet"))
    oscar = people["oscar"].bearer
    await api.put(f"/api/scoring/contests/{stage.contest}/rules", json={"method": "rank-sum"}, headers=oscar)
    await judged(api, people, stage)
    await judged(api, people, other)
    out = await api.post(
        f"/api/contests/categories/{other.category}/entries/{stage.entries[1]}/state",
        json={"state": state, "reason": "left the hall"}, headers=oscar,
    )  # fmt: skip
    assert out.status_code == 200, out.text

    found = await lines(api, people, f"/api/scoring/contests/{stage.contest}")

    assert [line["entry"] for line in found if line["place"] == "1"] == ["1"], found


async def test_rules_chosen_while_the_first_mark_is_under_way_do_not_replace_those_it_was_given_under(
    api: httpx.AsyncClient, database: Database, people: People, stage: Stage
) -> None:
    async with Work(database, role="platform", tenant_id=stage.tenant) as work:
        await work.sql("SELECT 1 FROM categories WHERE id = %s FOR SHARE", (stage.category,))
        await work.sql("UPDATE category_rules SET frozen_at = now() WHERE category_id = %s", (stage.category,))
        choosing = asyncio.create_task(
            api.put(f"{stage.base}/rules", json={"name": "sum"}, headers=people["oscar"].bearer)
        )
        await asyncio.wait([choosing], timeout=1)
        await work.commit()

    assert (await choosing).json()["code"] == "rules-frozen"


async def test_rules_of_a_category_no_longer_judged_stay(
    api: httpx.AsyncClient, database: Database, people: People, stage: Stage
) -> None:
    await run(database, stage, "UPDATE categories SET state = 'published' WHERE id = %s", stage.category)

    answer = await api.put(f"{stage.base}/rules", json={"name": "sum"}, headers=people["oscar"].bearer)

    assert answer.status_code == 409


async def test_somebodys_own_api_key_is_no_second_person_for_a_deduction(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    alice = people["alice"].bearer
    key = await api.post("/api/identity/api-keys", json={"name": "timer", "role": "TALLY_MASTER"}, headers=alice)
    new = {"entryId": str(stage.entries[0]), "points": "3", "reason": "over time by a minute"}
    program = {"Authorization": f"Bearer {key.json()['token']}"}
    asked = await api.post(f"{stage.base}/deductions", json=new, headers=program)

    own = await api.post(f"{stage.base}/deductions/{asked.json()['id']}/approve", headers=alice)
    other = await api.post(f"{stage.base}/deductions/{asked.json()['id']}/approve", headers=people["tim"].bearer)

    assert (asked.status_code, own.status_code, other.status_code) == (201, 403, 200)


async def test_somebodys_own_api_key_is_no_second_person_to_unlock(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    alice, address = people["alice"].bearer, f"/api/contests/{stage.contest}"
    key = await api.post("/api/identity/api-keys", json={"name": "robot", "role": "ORGANIZER"}, headers=alice)
    program = {"Authorization": f"Bearer {key.json()['token']}"}
    await api.post(f"{address}/lock", json={"reason": "all is set"}, headers=alice)

    own = await api.post(f"{address}/unlock", json={"reason": "just me"}, headers=program)
    other = await api.post(f"{address}/unlock", json={"reason": "both of us"}, headers=people["oscar"].bearer)

    assert (own.json()["code"], other.status_code) == ("unlock-needs-second-person", 200)


async def test_a_later_decision_of_the_chair_replaces_an_earlier_one(
    api: httpx.AsyncClient, database: Database, people: People
) -> None:
    stage = await a_stage(database, people, entries=2, criteria=("voice",))
    for judge in ("judith", "jo"):
        sheet = all_marks(stage, [("8",), ("8",)])
        await api.post(f"{stage.base}/marks", json=sheet, headers=people[judge].bearer)
    await api.post(f"{stage.base}/close", headers=people["tim"].bearer)
    first, second = map(str, stage.entries)

    for order in ([first, second], [second, first]):
        record = {"entryIds": order, "reason": "heard the tape once more"}
        decided = await api.post(f"{stage.base}/decisions", json=record, headers=people["bea"].bearer)
        assert decided.status_code == 201

    assert [line["entryId"] for line in await lines(api, people, stage.base)] == [second, first]


async def test_marks_of_a_judge_who_steps_aside_later_or_is_replaced_do_not_count(
    api: httpx.AsyncClient, database: Database, people: People
) -> None:
    stage = await a_stage(database, people, judges=("judith", "jo"), entries=2, criteria=("voice",))
    for judge, sheet in (("judith", [("10",), ("2",)]), ("jo", [("6",), ("7",)])):
        await api.post(f"{stage.base}/marks", json=all_marks(stage, sheet), headers=people[judge].bearer)
    oscar = people["oscar"].bearer
    panel = f"/api/contests/categories/{stage.category}"
    conflict = {"seatId": str(stage.seats["judith"]), "entryId": str(stage.entries[0]), "kind": "conflict",
                "reason": "my pupil"}  # fmt: skip
    aside = await api.post(f"{panel}/recusals", json=conflict, headers=people["judith"].bearer)
    assert aside.status_code == 201, aside.text
    replaced = await api.post(
        f"/api/contests/seats/{stage.seats['jo']}/replace",
        json={"userId": str(people["emma"].id), "reason": "taken ill"}, headers=oscar,
    )  # fmt: skip
    assert replaced.status_code in (200, 201), replaced.text

    early = await api.post(f"{stage.base}/close", headers=people["tim"].bearer)
    late = await api.post(
        f"{stage.base}/marks", json=all_marks(stage, [("9",), ("9",)]), headers=people["jo"].bearer
    )  # fmt: skip
    async with Work(database, role="platform", tenant_id=stage.tenant) as work:
        await add_member(work, people["emma"].id, ["JUDGE"])
        await work.commit()
    given = await api.post(
        f"{stage.base}/marks", json=all_marks(stage, [("4",), ("5",)]), headers=people["emma"].bearer
    )  # fmt: skip
    await api.post(f"{stage.base}/close", headers=people["tim"].bearer)

    assert (early.status_code, late.json()["code"], given.status_code) == (409, "no-seat", 200)
    assert [(line["entry"], line["total"]) for line in await lines(api, people, stage.base)] == [
        ("1", "4.00"), ("2", "3.50"),
    ]  # fmt: skip


async def test_a_reopened_category_shows_the_new_marks_and_no_result_in_between(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await judged(api, people, stage)
    before = await lines(api, people, stage.base)
    reopened = await api.post(
        f"/api/contests/categories/{stage.category}/reopen", json={"reason": "wrong sheet"},
        headers=people["oscar"].bearer,
    )  # fmt: skip
    assert reopened.status_code == 200, reopened.text
    during = await api.get(f"{stage.base}/result-document", headers=people["ada"].bearer)
    changed = all_marks(stage, [("0", "0"), ("7", "7"), ("5", "6")])
    await api.post(f"{stage.base}/marks", json=changed, headers=people["judith"].bearer)
    await api.post(f"{stage.base}/close", headers=people["tim"].bearer)

    assert during.json()["code"] == "not-judged-yet"
    assert before[0]["entry"] == "1"
    assert [line["entry"] for line in await lines(api, people, stage.base)] == ["2", "3", "1"]


async def test_closing_while_marks_are_under_way_leaves_none_out(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await judged(api, people, stage)
    await api.post(
        f"/api/contests/categories/{stage.category}/reopen", json={"reason": "wrong sheet"},
        headers=people["oscar"].bearer,
    )  # fmt: skip
    value = ["0", "1", "2", "3", "4", "5"]
    sent = [
        api.post(f"{stage.base}/marks", json={"marks": [mark(stage, 0, 0, v)]}, headers=people["judith"].bearer)
        for v in value
    ]
    closing = api.post(f"{stage.base}/close", headers=people["tim"].bearer)
    answers = await asyncio.gather(*sent[:3], closing, *sent[3:])

    history = await api.get(f"{stage.base}/entries/{stage.entries[0]}/marks", headers=people["ada"].bearer)
    document = (await api.get(f"{stage.base}/result-document", headers=people["ada"].bearer)).json()
    latest = [
        m for m in history.json()["items"] if m["criterionId"] == str(stage.criteria[0]) and m["seatLabel"] == "J1"
    ]
    taken = [v for v, a in zip(value, answers[:3] + answers[4:], strict=True) if a.status_code == 200]
    assert answers[3].status_code == 200
    assert {m["value"] for m in latest[1:]} == set(taken)
    assert [m[2] for m in document["inputs"]["marks"] if m[:2] == ["1", "J1"] and m[4] == "voice"] == [
        latest[-1]["value"]
    ]


async def test_a_judge_called_away_in_the_middle_of_an_entry_does_not_block_the_category(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    full = all_marks(stage, SHEETS["jo"])
    await api.post(f"{stage.base}/marks", json=full, headers=people["jo"].bearer)
    half = {"marks": [mark(stage, 0, 0, "9"), mark(stage, 0, 1, "8"), mark(stage, 1, 0, "7")]}
    await api.post(f"{stage.base}/marks", json=half, headers=people["judith"].bearer)
    away = await api.patch(
        f"/api/contests/seats/{stage.seats['judith']}", json={"state": "absent", "reason": "taken ill"},
        headers=people["oscar"].bearer,
    )  # fmt: skip
    assert away.status_code == 200, away.text

    closed = await api.post(f"{stage.base}/close", headers=people["tim"].bearer)

    assert closed.status_code == 200, closed.text
    assert [(line["entry"], line["total"]) for line in await lines(api, people, stage.base)] == [
        ("1", "16.50"), ("2", "15.00"), ("3", "11.00"),
    ]  # fmt: skip


async def test_places_shared_as_a_range_add_up_by_their_middle(
    api: httpx.AsyncClient, database: Database, people: People
) -> None:
    stage = await a_stage(database, people, entries=3, criteria=("voice",))
    oscar = people["oscar"].bearer
    mean = (await api.get("/api/scoring/rule-sets/weighted-mean", headers=oscar)).json()["document"]
    ranged = {**mean, "name": "ranged", "ties": [], "ranking": {"direction": "high", "shared": "range"}}
    chosen = await api.put(f"{stage.base}/rules", json={"document": ranged}, headers=oscar)
    assert chosen.status_code == 200, chosen.text
    await api.put(f"/api/scoring/contests/{stage.contest}/rules", json={"method": "rank-sum"}, headers=oscar)
    for judge in ("judith", "jo"):
        sheet = all_marks(stage, [("8",), ("8",), ("3",)])
        await api.post(f"{stage.base}/marks", json=sheet, headers=people[judge].bearer)
    await api.post(f"{stage.base}/close", headers=people["tim"].bearer)

    here = await lines(api, people, stage.base)
    over_all = await lines(api, people, f"/api/scoring/contests/{stage.contest}")

    assert [line["place"] for line in here] == ["1-2", "1-2", "3"]
    assert [(line["place"], line["total"]) for line in over_all] == [("1", "1.5"), ("1", "1.5"), ("3", "3")]
