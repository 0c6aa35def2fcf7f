"""Closing, results, deductions, decisions, rule sets: computed from the rows, explained, recomputable."""

import json

import httpx
import pytest

from event_manager.kit.db import Database
from event_manager.tabulation.document import verify
from tests.factories.scoring import Stage, a_stage, all_marks, mark
from tests.people import People

SHEETS = {"judith": [("9", "8"), ("7", "7"), ("5", "6")], "jo": [("8", "8"), ("7", "8"), ("6", "5")]}


async def judged(api: httpx.AsyncClient, people: People, stage: Stage, *, close: bool = True) -> None:
    for judge, sheet in SHEETS.items():
        answer = await api.post(f"{stage.base}/marks", json=all_marks(stage, sheet), headers=people[judge].bearer)
        assert answer.status_code == 200
    if close:
        assert (await api.post(f"{stage.base}/close", headers=people["tim"].bearer)).status_code == 200


@pytest.fixture
async def stage(database: Database, people: People, api: httpx.AsyncClient) -> Stage:
    return await a_stage(database, people)


async def result(api: httpx.AsyncClient, people: People, stage: Stage) -> dict[str, object]:
    answer = await api.get(f"{stage.base}/result", headers=people["ada"].bearer)
    assert answer.status_code == 200, answer.text
    body: dict[str, object] = answer.json()
    return body


async def test_a_judged_category_has_places_with_an_explanation_each(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await judged(api, people, stage)

    body = await result(api, people, stage)

    lines = body["results"]
    assert [(line["entry"], line["place"], line["total"]) for line in lines] == [
        ("1", "1", "16.50"), ("2", "2", "14.50"), ("3", "3", "11.00"),
    ]  # fmt: skip
    assert all(line["explanation"] for line in lines)
    assert lines[0]["name"] == "Act 1"
    assert lines[0]["entryId"] == str(stage.entries[0])


async def test_closing_is_refused_while_marks_are_missing_and_names_who_owes_them(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    marks = {"marks": [mark(stage, 0, 0, "7")]}
    await api.post(f"{stage.base}/marks", json=marks, headers=people["jo"].bearer)

    answer = await api.post(f"{stage.base}/close", headers=people["tim"].bearer)

    assert (answer.status_code, answer.json()["code"]) == (409, "panel-incomplete")
    assert [(e["pointer"], e["detail"]) for e in answer.json()["errors"]] == [
        ("/seats/J1", "6 of 6 marks missing"), ("/seats/J2", "5 of 6 marks missing"),
    ]  # fmt: skip


async def test_no_total_is_shown_while_judging(api: httpx.AsyncClient, people: People, stage: Stage) -> None:
    await judged(api, people, stage, close=False)

    for person in ("alice", "tim", "ada", "bea"):
        answer = await api.get(f"{stage.base}/result", headers=people[person].bearer)
        assert (answer.status_code, answer.json()["code"]) == (409, "not-judged-yet")


@pytest.mark.parametrize("person", ["judith", "emma", "cora"])
async def test_results_before_publication_are_for_officials_only(
    api: httpx.AsyncClient, people: People, stage: Stage, person: str
) -> None:
    await judged(api, people, stage)

    assert (await api.get(f"{stage.base}/result", headers=people[person].bearer)).status_code == 403


async def test_the_result_document_recomputes_byte_for_byte(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await judged(api, people, stage)

    answer = await api.get(f"{stage.base}/result-document", headers=people["ada"].bearer)

    document = json.loads(answer.content)
    assert verify(document).faults == ()
    document["inputs"]["marks"][0][2] = "9.5"
    assert not verify(document).holds


async def test_a_deduction_counts_only_when_a_second_person_approves_it(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await judged(api, people, stage)
    new = {"entryId": str(stage.entries[0]), "points": "3", "reason": "over time by a minute"}
    asked = await api.post(f"{stage.base}/deductions", json=new, headers=people["tim"].bearer)
    address = f"{stage.base}/deductions/{asked.json()['id']}"

    own = await api.post(f"{address}/approve", headers=people["tim"].bearer)
    before = await result(api, people, stage)
    other = await api.post(f"{address}/approve", headers=people["oscar"].bearer)
    after = await result(api, people, stage)

    assert (asked.status_code, own.status_code, other.status_code) == (201, 403, 200)
    assert own.json()["code"] == "second-person-needed"
    assert before["results"][0]["total"] == "16.50"
    assert {line["entry"]: (line["place"], line["total"]) for line in after["results"]} == {
        "2": ("1", "14.50"), "1": ("2", "13.50"), "3": ("3", "11.00"),
    }  # fmt: skip


async def test_a_second_deduction_adds_up_and_a_withdrawn_one_stops_counting(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await judged(api, people, stage)
    ids = []
    for points in ("1", "0.5"):
        new = {"entryId": str(stage.entries[1]), "points": points, "reason": "props on stage"}
        asked = await api.post(f"{stage.base}/deductions", json=new, headers=people["tim"].bearer)
        ids.append(asked.json()["id"])
        await api.post(f"{stage.base}/deductions/{ids[-1]}/approve", headers=people["alice"].bearer)
    both = await result(api, people, stage)

    await api.post(f"{stage.base}/deductions/{ids[0]}/withdraw", headers=people["tim"].bearer)
    one = await result(api, people, stage)

    totals = [{line["entry"]: line["total"] for line in body["results"]}["2"] for body in (both, one)]
    assert totals == ["13.00", "14.00"]


async def test_the_chair_opens_a_tie_by_a_record_of_its_own(
    api: httpx.AsyncClient, people: People, database: Database
) -> None:
    stage = await a_stage(database, people, entries=2, criteria=("voice",))
    for judge in ("judith", "jo"):
        sheet = all_marks(stage, [("8",), ("8",)])
        await api.post(f"{stage.base}/marks", json=sheet, headers=people[judge].bearer)
    await api.post(f"{stage.base}/close", headers=people["tim"].bearer)
    shared = await result(api, people, stage)
    order = {"entryIds": [str(stage.entries[1]), str(stage.entries[0])], "reason": "clean second verse"}

    decided = await api.post(f"{stage.base}/decisions", json=order, headers=people["bea"].bearer)
    body = await result(api, people, stage)

    assert [line["place"] for line in shared["results"]] == ["1", "1"]
    assert decided.status_code == 201
    assert [(line["entry"], line["place"]) for line in body["results"]] == [("2", "1"), ("1", "2")]


async def test_the_rule_set_is_frozen_by_the_first_mark(api: httpx.AsyncClient, people: People, stage: Stage) -> None:
    choice = {"name": "trimmed-mean"}
    before = await api.put(f"{stage.base}/rules", json=choice, headers=people["oscar"].bearer)
    await api.post(f"{stage.base}/marks", json={"marks": [mark(stage, 0, 0, "7")]}, headers=people["jo"].bearer)

    after = await api.put(f"{stage.base}/rules", json={"name": "sum"}, headers=people["oscar"].bearer)
    rules = (await api.get(f"{stage.base}/rules", headers=people["oscar"].bearer)).json()

    assert (before.status_code, after.status_code, after.json()["code"]) == (200, 409, "rules-frozen")
    assert (rules["name"], rules["frozenAt"] is not None) == ("trimmed-mean", True)


async def test_a_faulty_rule_set_is_refused_with_the_place_of_each_fault(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    document = {"name": "mine", "version": "1", "title": "Mine", "source": "us", "stages": [{"kind": "nope"}]}

    answer = await api.post("/api/scoring/rule-sets", json={"document": document}, headers=people["oscar"].bearer)

    assert (answer.status_code, answer.json()["code"]) == (422, "rules-refused")
    [fault] = answer.json()["errors"]
    assert fault["pointer"] == "/document/stages/0"
    assert fault["detail"].startswith("“nope” is no kind of stage; there are add,")


async def test_a_rule_set_is_checked_without_being_saved(api: httpx.AsyncClient, people: People, stage: Stage) -> None:
    library = (await api.get("/api/scoring/rule-sets/sum", headers=people["oscar"].bearer)).json()["document"]
    own = {"document": {**library, "name": "our-sum"}}

    checked = await api.post("/api/scoring/rule-sets/check", json=own, headers=people["oscar"].bearer)

    assert (checked.status_code, checked.json()["version"]) == (200, "1")
    assert (await api.get("/api/scoring/rule-sets/our-sum", headers=people["oscar"].bearer)).status_code == 404


@pytest.mark.parametrize(
    ("example", "words"),
    [
        (
            {"marks": ["entry,judge,mark", "1,A,5", "2,A,7"], "places": {"1": "1", "2": "2"}},
            "entry 2: place 1, expected 2",
        ),
        ({"marks": ["who,points", "1,5"], "places": {"1": "1"}}, "the example cannot be read"),
    ],
    ids=["another place", "unreadable"],
)
async def test_a_rule_set_that_fails_its_own_example_is_refused(
    api: httpx.AsyncClient, people: People, stage: Stage, example: dict[str, object], words: str
) -> None:
    library = (await api.get("/api/scoring/rule-sets/sum", headers=people["oscar"].bearer)).json()["document"]
    own = {**library, "name": "our-sum", "cases": [{"title": "ours", **example}]}

    answer = await api.post("/api/scoring/rule-sets", json={"document": own}, headers=people["oscar"].bearer)

    assert (answer.status_code, answer.json()["code"]) == (422, "rules-refused")
    assert answer.json()["errors"][0]["pointer"] == "/document/cases/0"
    assert words in answer.json()["errors"][0]["detail"]


async def test_the_guide_names_every_kind_of_stage_with_its_options(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    guide = (await api.get("/api/scoring/rule-guide", headers=people["judith"].bearer)).json()

    trimmed = next(kind for kind in guide["stages"] if kind["kind"] == "trimmed")
    assert {"name": "then", "takes": '"mean" or "sum"', "default": '"mean"'} in trimmed["options"]
    assert "chair" in [kind["kind"] for kind in guide["ties"]]
    assert "policies" in [kind["kind"] for kind in guide["parts"]]


@pytest.mark.parametrize("method", [{"method": "weighted-sum"}, {"method": "best-n", "best": 1}], ids=["sum", "best"])
async def test_the_lowest_total_wins_a_contest_whose_category_it_wins(
    api: httpx.AsyncClient, people: People, database: Database, method: dict[str, object]
) -> None:
    stage = await a_stage(database, people, criteria=("place",), rules="place-sum")
    for judge in SHEETS:
        places = all_marks(stage, [("2",), ("1",), ("3",)])
        assert (await api.post(f"{stage.base}/marks", json=places, headers=people[judge].bearer)).status_code == 200
    assert (await api.post(f"{stage.base}/close", headers=people["tim"].bearer)).status_code == 200
    contest = f"/api/scoring/contests/{stage.contest}"
    assert (await api.put(f"{contest}/rules", json=method, headers=people["oscar"].bearer)).status_code == 200

    answer = await api.get(f"{contest}/result", headers=people["ada"].bearer)

    placed = [(line["entry"], line["place"], line["total"]) for line in answer.json()["results"]]
    assert placed == [("2", "1", "2"), ("1", "2", "4"), ("3", "3", "6")]


async def test_results_come_as_a_document_to_verify_as_csv_and_as_a_page_to_print(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await judged(api, people, stage)
    contest = f"/api/scoring/contests/{stage.contest}"
    for base in (stage.base, contest):
        got = {
            form: await api.get(f"{base}/result-document?format={form}", headers=people["ada"].bearer)
            for form in ("json", "csv", "html")
        }
        assert verify(got["json"].json()).holds
        assert got["csv"].text.startswith("\ufeffplace,entry,name,total,state,award,")
        assert "<h1>Result: Singing" in got["html"].text
        assert "script" not in got["html"].headers["content-security-policy"]
        assert got["html"].headers["content-disposition"].startswith('inline; filename="result-singing')
        assert {answer.headers["etag"] for answer in got.values()} == {f'"{got["json"].json()["hash"]}"'}


async def test_an_own_rule_set_gets_a_new_version_each_time_and_is_chosen_by_name(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    library = (await api.get("/api/scoring/rule-sets/sum", headers=people["oscar"].bearer)).json()["document"]
    own = {"document": {**library, "name": "our-sum"}}
    for _ in range(2):
        saved = await api.post("/api/scoring/rule-sets", json=own, headers=people["oscar"].bearer)
    listed = (await api.get("/api/scoring/rule-sets", headers=people["judith"].bearer)).json()["items"]

    chosen = await api.put(f"{stage.base}/rules", json={"name": "our-sum"}, headers=people["oscar"].bearer)

    assert (saved.status_code, saved.json()["version"]) == (201, "2")
    assert [(r["name"], r["version"]) for r in listed if r["origin"] == "own"] == [("our-sum", "2")]
    assert chosen.json()["name"] == "our-sum"


async def test_an_unchanged_result_is_answered_by_304(api: httpx.AsyncClient, people: People, stage: Stage) -> None:
    await judged(api, people, stage)
    first = await api.get(f"{stage.base}/result", headers=people["ada"].bearer)

    again = await api.get(
        f"{stage.base}/result", headers={**people["ada"].bearer, "If-None-Match": first.headers["etag"]}
    )

    assert (again.status_code, again.content) == (304, b"")


async def test_a_contest_adds_up_the_weighted_totals_of_its_categories(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await judged(api, people, stage)

    answer = await api.get(f"/api/scoring/contests/{stage.contest}/result", headers=people["ada"].bearer)

    assert answer.status_code == 200, answer.text
    assert [(line["entry"], line["place"]) for line in answer.json()["results"]] == [("1", "1"), ("2", "2"), ("3", "3")]


async def test_dives_count_by_their_own_difficulty(api: httpx.AsyncClient, people: People, database: Database) -> None:
    dives = ("Dive 1", "Dive 2")
    stage = await a_stage(
        database,
        people,
        judges=("judith", "jo"),
        entries=2,
        criteria=("award",),
        rules="sum",
        state="draft",
        parts=dives,
    )
    rules = {
        "name": "small-diving", "version": "1", "title": "Small diving", "source": "A small example of our own.",
        "stages": [
            {"kind": "sum", "name": "awards", "over": "judge"},
            {"kind": "factor", "name": "dive", "fact": "difficulty"},
            {"kind": "sum", "name": "dives", "over": "part"},
        ],
    }  # fmt: skip
    chosen = await api.put(f"{stage.base}/rules", json={"document": rules}, headers=people["oscar"].bearer)
    assert chosen.status_code == 200, chosen.text
    for entry, facts in zip(stage.entries, ({"1": "2.0", "2": "3.0"}, {"1": "2.5", "2": "1.6"}), strict=True):
        named = {f"difficulty/Dive {n}": value for n, value in facts.items()}
        roster = f"/api/contests/categories/{stage.category}/entries/{entry}"
        stored = await api.patch(roster, json={"facts": named}, headers=people["oscar"].bearer)
        assert stored.status_code == 200, stored.text
    opened = await api.post(f"/api/contests/categories/{stage.category}/open-judging", headers=people["oscar"].bearer)
    assert opened.status_code == 200, opened.text
    for judge in ("judith", "jo"):
        awards = [mark(stage, e, 0, value, part=part) for e, value in enumerate(("7", "8")) for part in dives]
        await api.post(f"{stage.base}/marks", json={"marks": awards}, headers=people[judge].bearer)

    closed = await api.post(f"{stage.base}/close", headers=people["tim"].bearer)
    body = await result(api, people, stage)

    assert closed.status_code == 200, closed.text
    assert [(line["entry"], line["total"]) for line in body["results"]] == [("1", "70"), ("2", "65.6")]


async def test_a_cloned_category_keeps_the_rules_unfrozen_and_without_marks(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    await judged(api, people, stage)
    source = f"/api/contests/categories/{stage.category}/clone"

    copy = await api.post(source, json={"name": "Next year"}, headers=people["oscar"].bearer)
    rules = await api.get(f"/api/scoring/categories/{copy.json()['id']}/rules", headers=people["oscar"].bearer)

    assert (rules.json()["name"], rules.json()["frozenAt"]) == ("weighted-mean", None)


async def test_a_cloned_event_keeps_the_rules_of_its_contests_and_categories(
    api: httpx.AsyncClient, people: People, stage: Stage
) -> None:
    oscar = people["oscar"].bearer
    await api.put(f"/api/scoring/contests/{stage.contest}/rules", json={"method": "rank-sum"}, headers=oscar)

    copy = await api.post(f"/api/contests/events/{stage.event}/clone", json={"name": "Next year"}, headers=oscar)
    contests = (await api.get(f"/api/contests/events/{copy.json()['id']}/contests", headers=oscar)).json()["items"]
    rules = (await api.get(f"/api/scoring/contests/{contests[0]['id']}/rules", headers=oscar)).json()

    assert rules["method"] == "rank-sum"
