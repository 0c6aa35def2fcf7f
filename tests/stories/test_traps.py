"""Traps that cross rooms: no second path to a judged result, one total everywhere, nothing hidden only by a page."""

from collections.abc import Iterator
from decimal import Decimal

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from event_manager.app import describe
from event_manager.config import Settings
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from event_manager.tabulation.engine import tabulate
from event_manager.tabulation.library import load_rule_set
from event_manager.tabulation.model import Inputs, MarkRow
from tests.factories.scoring import Stage, a_stage, all_marks, mark
from tests.people import People

SHEETS = {"judith": [("9", "8"), ("7", "7"), ("5", "6")], "jo": [("8", "8"), ("7", "8"), ("6", "5")]}
CLOSED = ("tallied", "audited", "approved", "published")


@pytest.fixture
async def stage(database: Database, people: People, api: httpx.AsyncClient) -> Stage:
    made = await a_stage(database, people)
    await judge_all(api, people, made)
    return made


async def judge_all(api: httpx.AsyncClient, people: People, made: Stage) -> None:
    for judge, sheet in SHEETS.items():
        answer = await api.post(f"{made.base}/marks", json=all_marks(made, sheet), headers=people[judge].bearer)
        assert answer.status_code == 200, answer.text
    closed = await api.post(f"{made.base}/close", headers=people["tim"].bearer)
    assert closed.status_code == 200, closed.text


async def set_state(database: Database, stage: Stage, state: str) -> None:
    async with Work(database, role="platform", tenant_id=stage.tenant) as work:
        await work.sql("UPDATE categories SET state = %s WHERE id = %s", (state, stage.category))
        await work.commit()


def second_paths(stage: Stage) -> list[tuple[str, str, object]]:
    """Every address by which something that a result is made from could change: method, address, body."""
    category, entry = f"/api/contests/categories/{stage.category}", stage.entries[1]
    why = "seen on the video"
    seat = f"/api/contests/seats/{stage.seats['judith']}"
    return [
        ("POST", f"{stage.base}/marks", {"marks": [mark(stage, 1, 0, "10", revision=1)]}),
        ("POST", f"{stage.base}/deductions", {"entryId": str(entry), "points": "1", "reason": why}),
        ("POST", f"{stage.base}/decisions", {"entryIds": [str(e) for e in stage.entries], "reason": why}),
        ("PUT", f"{stage.base}/rules", {"name": "sum"}),
        ("PUT", f"/api/scoring/contests/{stage.contest}/rules", {"method": "rank-sum"}),
        ("POST", f"{category}/entries/{entry}/state", {"state": "dq", "reason": why}),
        ("POST", f"/api/contests/entries/{entry}/state", {"state": "dq", "reason": why}),
        ("PATCH", f"{category}/entries/{entry}", {"facts": {"difficulty": "9"}}),
        ("PATCH", f"/api/contests/entries/{entry}", {"facts": {"difficulty": "9"}}),
        ("PUT", f"{category}/entries", {"entryIds": [str(stage.entries[0])]}),
        ("PUT", f"{category}/criteria", {"criteria": [{"name": "Other", "max": "5"}]}),
        ("PATCH", category, {"weight": "3"}),
        ("PATCH", seat, {"state": "absent", "reason": why}),
        ("POST", f"{seat}/replace", {"userId": str(stage.seats["jo"]), "reason": why}),
        ("DELETE", seat, None),
        (
            "POST", f"{category}/recusals",
            {"seatId": str(stage.seats["judith"]), "entryId": str(entry), "reason": why},
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("state", CLOSED)
async def test_no_second_path_changes_a_result_after_the_tally(
    api: httpx.AsyncClient, database: Database, people: People, stage: Stage, state: str
) -> None:
    before = await api.get(f"{stage.base}/result-document", headers=people["ada"].bearer)
    await set_state(database, stage, state)

    refused = {}
    for method, address, body in second_paths(stage):
        headers = {**people["judith" if address.endswith("/marks") else "alice"].bearer, "If-Match": "*"}
        answer = await api.request(method, address, json=body, headers=headers)
        refused[f"{method} {address}"] = (answer.status_code, state in answer.text)

    assert refused == dict.fromkeys(refused, (409, True))
    after = await api.get(f"{stage.base}/result-document", headers=people["ada"].bearer)
    assert after.json()["hash"] == before.json()["hash"]


async def test_every_page_shows_the_one_total(api: httpx.AsyncClient, people: People, stage: Stage) -> None:
    ada = people["ada"].bearer
    document = (await api.get(f"{stage.base}/result-document", headers=ada)).json()
    page = (await api.get(f"{stage.base}/result", headers=ada)).json()
    contest = (await api.get(f"/api/scoring/contests/{stage.contest}/result", headers=ada)).json()

    shown = [
        {line["entry"]: (line["place"], Decimal(line["total"])) for line in answer["results"]}
        for answer in (document, page, contest)
    ]
    assert shown == [{"1": ("1", Decimal("16.5")), "2": ("2", Decimal("14.5")), "3": ("3", Decimal(11))}] * 3


def test_a_total_is_rounded_once_and_at_the_end() -> None:
    sheet = {"A": "7", "B": "7", "C": "8"}  # 22 / 3 in each run: 7.33 twice would be 14.66
    marks = [MarkRow("1", judge, mark, part=run) for judge, mark in sheet.items() for run in ("Run 1", "Run 2")]

    [line] = tabulate(load_rule_set("weighted-mean"), Inputs(marks=marks)).lines

    assert line.total == "14.67"


def values_under(found: object, *names: str) -> Iterator[object]:
    """Every value that stands under one of these names, however deep."""
    if isinstance(found, dict):
        yield from (value for name, value in found.items() if name in names)
        found = list(found.values())
    if isinstance(found, list):
        for inner in found:
            yield from values_under(inner, *names)


@pytest.mark.parametrize("person", ["judith", "emma", "cora", "oscar", "ada"])
async def test_no_answer_holds_a_total_or_anothers_mark_while_judging_goes_on(
    app: FastAPI, api: httpx.AsyncClient, database: Database, people: People, person: str
) -> None:
    stage = await a_stage(database, people)
    await api.post(f"{stage.base}/marks", json=all_marks(stage, SHEETS["jo"]), headers=people["jo"].bearer)
    ids = {
        "eventId": stage.event, "contestId": stage.contest, "categoryId": stage.category, "entryId": stage.entries[0],
        "seatId": stage.seats["jo"],
    }  # fmt: skip

    leaks = {}
    for route in app.routes:
        if not isinstance(route, APIRoute) or "GET" not in route.methods or route.path.endswith("/live"):
            continue
        if route.path == "/api/events/types":  # schemas and invented samples, the same for everybody
            continue
        address = route.path
        for name, id_ in ids.items():
            address = address.replace(f"{{{name}}}", str(id_))
        answer = await api.get(address, headers=people[person].bearer)
        if answer.status_code == 200 and answer.headers["content-type"] == "application/json":
            found = answer.json()
            if route.path == "/api/events/logs":
                found = found["items"]  # its own total counts entries
            leaks[route.path] = list(values_under(found, "total", "place", "value", "results"))

    assert len(leaks) > 2
    assert {path: found for path, found in leaks.items() if any(found)} == {}


def test_every_list_that_grows_is_read_by_pages_of_a_bounded_length() -> None:
    document = describe(Settings(database_url=None))
    pages = {
        name for name, shape in document["components"]["schemas"].items() if "nextCursor" in shape.get("properties", {})
    }
    unbounded = []
    for path, methods in document["paths"].items():
        shown = str(methods.get("get", {}).get("responses", {}).get("200", {}))
        if any(f"schemas/{name}'" in shown for name in pages):
            limits = [p["schema"] for p in methods["get"].get("parameters", []) if p["name"] == "limit"]
            unbounded += [path for schema in limits or [{}] if schema.get("maximum", 10**9) > 500]

    assert pages
    assert unbounded == []


@pytest.mark.parametrize("person", ["judith", "emma", "cora"])
async def test_a_live_stream_opens_only_for_who_may_see_the_category(
    api: httpx.AsyncClient, database: Database, people: People, person: str
) -> None:
    stage = await a_stage(database, people)

    assert (await api.get(f"{stage.base}/live")).status_code == 401
    assert (await api.get(f"{stage.base}/live", headers=people[person].bearer)).status_code == 403
    assert (await api.get(f"{stage.base}/live", headers=people["bob"].bearer)).status_code == 404


async def test_an_uploaded_file_is_taken_from_organisers_only_and_kept_nowhere(
    api: httpx.AsyncClient, database: Database, people: People
) -> None:
    stage = await a_stage(database, people)
    document = describe(Settings(database_url=None))
    uploads = [path for path, methods in document["paths"].items() if "multipart/form-data" in str(methods)]

    answers = [
        (await api.post(path.replace("{contestId}", str(stage.contest)), files={"file": b"name\nAnn"}, headers=who))
        for path in uploads
        for who in ({}, people["judith"].bearer, people["bob"].bearer)
    ]

    assert len(uploads) == 2
    assert [answer.status_code for answer in answers] == [401, 403, 404] * len(uploads)
