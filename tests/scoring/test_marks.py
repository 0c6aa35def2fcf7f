"""Judges' marks over HTTP: saved once, refused precisely, never lost, never anybody else's."""

import httpx
import pytest

from event_manager.eventlog.types import EventType
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from event_manager.scoring.event_types import ScoreSubmitted
from tests.factories.scoring import Stage, a_stage, all_marks, mark
from tests.people import People


@pytest.fixture
async def stage(database: Database, people: People, api: httpx.AsyncClient) -> Stage:
    return await a_stage(database, people)


async def submit(
    api: httpx.AsyncClient, people: People, stage: Stage, *marks: dict[str, object], judge: str = "judith"
) -> httpx.Response:
    return await api.post(f"{stage.base}/marks", json={"marks": list(marks)}, headers=people[judge].bearer)


async def test_marks_are_saved_with_history_and_one_entry_of_the_log(
    api: httpx.AsyncClient, people: People, stage: Stage, database: Database
) -> None:
    first, changed = mark(stage, 0, 0, "7.5"), mark(stage, 0, 0, "8", revision=1)

    assert (await submit(api, people, stage, first)).status_code == 200
    answer = await submit(api, people, stage, changed)

    assert answer.json()["saved"] == [{"key": changed["key"], "revision": 2, "repeated": False}]
    async with Work(database, tenant_id=stage.tenant) as work:
        history = await work.sql("SELECT value::text, revision FROM mark_revisions ORDER BY revision")
        assert history == [{"value": "7.5", "revision": 1}, {"value": "8", "revision": 2}]
        entries = await work.sql("SELECT body, version FROM event_log WHERE type = 'score.submitted' ORDER BY id")
        assert len(entries) == 2
        stored: EventType = ScoreSubmitted.model_validate_json(bytes(entries[1]["body"]))
        assert stored.entity_id == stage.category
        assert b"7.5" not in bytes(entries[0]["body"])


async def test_a_repeat_under_its_key_changes_nothing_and_gets_the_same_answer(
    api: httpx.AsyncClient, people: People, stage: Stage, database: Database
) -> None:
    given = mark(stage, 1, 0, "6")
    await submit(api, people, stage, given)

    again = await submit(api, people, stage, given)

    assert again.json()["saved"] == [{"key": given["key"], "revision": 1, "repeated": True}]
    async with Work(database, tenant_id=stage.tenant) as work:
        assert await work.sql("SELECT count(*)::int AS n FROM mark_revisions") == [{"n": 1}]


async def test_a_repeat_is_answered_even_after_judging_has_closed(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    sheet = all_marks(stage, [("7", "7")] * 3)
    for judge in ("judith", "jo"):
        await api.post(f"{stage.base}/marks", json=sheet, headers=people[judge].bearer)
    assert (await api.post(f"{stage.base}/close", headers=people["tim"].bearer)).status_code == 200

    again = await api.post(f"{stage.base}/marks", json=sheet, headers=people["judith"].bearer)
    late = await submit(api, people, stage, mark(stage, 0, 0, "9"))

    assert again.status_code == 200
    assert {saved["repeated"] for saved in again.json()["saved"]} == {True}
    assert (late.status_code, late.json()["code"]) == (409, "judging-closed")


@pytest.mark.parametrize(
    ("change", "pointer", "detail"),
    [
        ({"value": "10.5"}, "/marks/1/value", "10.5 is outside 0 to 10"),
        ({"value": "-1"}, "/marks/1/value", "-1 is outside 0 to 10"),
        ({"value": "7.3"}, "/marks/1/value", "7.3 is off the step: marks go from 0 in steps of 0.5"),
        ({"entryId": "00000000-0000-7000-8000-00000000abcd"}, "/marks/1/entryId", "this entry is not in the category"),
        ({"part": "Waltz"}, "/marks/1/part", "the category has no parts: leave part empty"),
        (
            {"criterionId": "00000000-0000-7000-8000-00000000abcd"},
            "/marks/1/criterionId",
            "this criterion is not in the category",
        ),
    ],
)
async def test_one_bad_mark_refuses_the_batch_and_is_named(
    api: httpx.AsyncClient, people: People, stage: Stage, change: dict[str, object], pointer: str, detail: str
) -> None:
    answer = await submit(api, people, stage, mark(stage, 0, 0, "7"), {**mark(stage, 1, 0, "7"), **change})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": pointer, "detail": detail}]
    sheet = (await api.get(f"{stage.base}/sheet", headers=people["judith"].bearer)).json()
    assert sheet["marks"] == []


@pytest.mark.parametrize("text", ["1,25", "7.5 ", "1e3", "NaN", "", "٣", "1_0", "+7", "0x10", "1.234.5"])
async def test_numbers_are_never_guessed(api: httpx.AsyncClient, people: People, stage: Stage, text: str) -> None:
    answer = await submit(api, people, stage, mark(stage, 0, 0, text))

    expected = 200 if text == "7.5 " else 422  # blanks around a number are trimmed everywhere
    assert answer.status_code == expected
    if text == "1,25":
        assert "write decimals with a point" in answer.json()["errors"][0]["detail"]


async def test_a_mark_changed_on_another_device_is_shown_not_overwritten(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await submit(api, people, stage, mark(stage, 0, 0, "7", revision=0))
    other = mark(stage, 0, 0, "9", revision=0)

    answer = await submit(api, people, stage, other)

    assert answer.status_code == 409
    assert answer.json()["present"] == [{"key": other["key"], "value": "7", "revision": 1}]


async def test_the_same_unit_twice_in_one_batch_is_refused(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    answer = await submit(api, people, stage, mark(stage, 0, 0, "7"), mark(stage, 0, 0, "8"))

    assert [error["pointer"] for error in answer.json()["errors"]] == ["/marks/0/entryId", "/marks/1/entryId"]


async def test_a_judge_without_a_seat_marks_nothing(api: httpx.AsyncClient, people: People, database: Database) -> None:
    stage = await a_stage(database, people, judges=("jo",))

    answer = await submit(api, people, stage, mark(stage, 0, 0, "7"), judge="judith")

    assert (answer.status_code, answer.json()["code"]) == (403, "no-seat")


async def test_a_recused_judge_cannot_mark_the_entry_and_owes_nothing_for_it(
    api: httpx.AsyncClient, people: People, stage: Stage, database: Database
) -> None:
    async with Work(database, tenant_id=stage.tenant) as work:
        await work.sql(
            """INSERT INTO recusals (tenant_id, category_id, seat_id, category_entry_id, kind, reason)
               SELECT tenant_id, category_id, %s, id, 'conflict', 'sister' FROM category_entries
                WHERE contest_entry_id = %s""",
            (stage.seats["judith"], stage.entries[0]),
        )
        await work.commit()

    answer = await submit(api, people, stage, mark(stage, 0, 0, "7"))
    progress = (await api.get(f"{stage.base}/progress", headers=people["tim"].bearer)).json()

    assert answer.json()["errors"][0]["detail"] == "you are recused from this entry"
    assert {seat["label"]: seat["owed"] for seat in progress["seats"]} == {"J1": 4, "J2": 6}


async def test_a_locked_event_takes_no_marks(
    api: httpx.AsyncClient, people: People, stage: Stage, database: Database
) -> None:
    async with Work(database, tenant_id=stage.tenant) as work:
        await work.sql("UPDATE events SET locked_at = now() WHERE id = %s", (stage.event,))
        await work.commit()

    answer = await submit(api, people, stage, mark(stage, 0, 0, "7"))

    assert (answer.status_code, answer.json()["code"]) == (423, "category-locked")


async def test_the_sheet_shows_own_marks_only_and_who_is_next(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await submit(api, people, stage, mark(stage, 0, 0, "7"), mark(stage, 0, 1, "6.5"), judge="jo")
    await submit(api, people, stage, mark(stage, 0, 0, "9"))

    sheet = (await api.get(f"{stage.base}/sheet", headers=people["judith"].bearer)).json()
    other = (await api.get(f"{stage.base}/sheet", headers=people["jo"].bearer)).json()

    assert [m["value"] for m in sheet["marks"]] == ["9"]
    assert sheet["nextEntryId"] == str(stage.entries[0])
    assert other["nextEntryId"] == str(stage.entries[1])


async def test_a_judge_reads_the_history_of_own_marks_only(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await submit(api, people, stage, mark(stage, 0, 0, "7", comment="flat at first"))
    await submit(api, people, stage, mark(stage, 0, 0, "8", revision=1))
    await submit(api, people, stage, mark(stage, 0, 0, "3"), judge="jo")
    path = f"/api/scoring/categories/{stage.category}/sheet/{stage.entries[0]}/history"

    own = await api.get(path, headers=people["judith"].bearer)
    without_seat = await api.get(path, headers=people["ada"].bearer)

    told = [(item["criterionName"], item["value"], item["comment"], item["userName"]) for item in own.json()["items"]]
    judith = own.json()["items"][0]["userName"]
    assert told == [("Voice", "7", "flat at first", judith), ("Voice", "8", "", judith)]
    assert judith.startswith("Judith")
    assert without_seat.status_code == 403


async def test_undo_takes_a_mark_back_and_keeps_its_history(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await submit(api, people, stage, mark(stage, 0, 0, "7"))
    await submit(api, people, stage, mark(stage, 0, 0, None, revision=1))

    history = await api.get(f"{stage.base}/sheet/{stage.entries[0]}/history", headers=people["judith"].bearer)
    early = await api.get(f"{stage.base}/entries/{stage.entries[0]}/marks", headers=people["ada"].bearer)

    assert [item["value"] for item in history.json()["items"]] == ["7", None]
    assert (early.status_code, early.json()["code"]) == (409, "not-judged-yet")
    progress = (await api.get(f"{stage.base}/progress", headers=people["tim"].bearer)).json()
    assert progress["given"] == 0


async def test_from_the_first_mark_on_weights_and_order_of_criteria_are_frozen(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    address, oscar = f"/api/contests/categories/{stage.category}/criteria", people["oscar"].bearer
    read = await api.get(address, headers=oscar)
    kept = ("id", "key", "name", "min", "max", "step", "weight")
    listed = [{name: row[name] for name in kept} for row in read.json()["items"]]
    heavier = [{**listed[0], "weight": "3"}, listed[1]]
    renamed = [{**listed[0], "name": "Song"}, listed[1]]
    any_version = {**oscar, "If-Match": "*"}
    await submit(api, people, stage, mark(stage, 0, 0, "7"))

    answers = [
        await api.put(address, json={"criteria": rows}, headers=any_version)
        for rows in (heavier, listed[::-1], renamed)
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 200]
    assert answers[0].json()["code"] == "criteria-frozen"
