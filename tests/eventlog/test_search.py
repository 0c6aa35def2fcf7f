"""Searching the log over HTTP: each filter, pages, export, what stays unseen."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest
from fastapi import FastAPI

from event_manager.app import create_app
from event_manager.config import Settings
from event_manager.kit.db import Database
from tests.conftest import SECRET
from tests.factories.scoring import a_stage, mark
from tests.people import People

LOGS = "/api/events/logs"


@pytest.fixture
async def api(app: FastAPI, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """By the real clock, since ids carry it; the `app` fixture removes what is written."""
    settings = Settings(rate_limit_per_minute=0, anonymous_rate_limit_per_minute=0, database_url=None)
    real = create_app(settings, database, secret_key=SECRET)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(real), base_url="http://test") as client:
        yield client


async def an_event(api: httpx.AsyncClient, people: People, name: str, who: str = "oscar", **headers: str) -> str:
    """Created over HTTP; its id."""
    made = await api.post("/api/contests/events", json={"name": name}, headers={**people[who].bearer, **headers})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def found(api: httpx.AsyncClient, people: People, **params: Any) -> list[dict[str, Any]]:
    """What Ada the auditor finds."""
    answer = await api.get(LOGS, params=params, headers=people["ada"].bearer)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_each_filter_finds_its_entries_and_no_others(api: httpx.AsyncClient, people: People) -> None:
    trace = f"trace-{uuid4()}"
    before = datetime.now(UTC) - timedelta(seconds=1)
    lantern = await an_event(api, people, "Lantern Parade", **{"X-Correlation-ID": trace})
    await an_event(api, people, "Winter Ball", who="alice")
    after = datetime.now(UTC) + timedelta(seconds=1)
    start = before.isoformat()

    assert [e["entityId"] for e in await found(api, people, entityId=lantern)] == [lantern]
    assert [e["payload"]["title"] for e in await found(api, people, correlationId=trace)] == ["Lantern Parade"]
    by_alice = await found(api, people, actor=str(people["alice"].id), **{"from": start})
    assert [e["payload"]["title"] for e in by_alice] == ["Winter Ball"]
    assert by_alice[0]["actor"]["name"] == people["alice"].name
    by_type = await found(api, people, eventType="event.*", **{"from": start})
    assert [e["payload"]["title"] for e in by_type] == ["Winter Ball", "Lantern Parade"]
    by_kind = await found(api, people, entityType="event", **{"from": start, "to": after.isoformat()})
    assert [e["type"] for e in by_kind] == ["event.created"] * 2
    assert await found(api, people, entityType="event", to=start) == []
    assert [e["entityId"] for e in await found(api, people, q="lantern parade")] == [lantern]
    assert await found(api, people, q="lantern ball") == []


async def test_pages_follow_each_other_without_gap_or_repeat(api: httpx.AsyncClient, people: People) -> None:
    start = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    names = [f"Show {n}" for n in range(5)]
    for name in names:
        await an_event(api, people, name)

    seen: list[str] = []
    cursor: str | None = None
    while cursor is not None or not seen:
        params = {"from": start, "limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await api.get(LOGS, params=params, headers=people["ada"].bearer)).json()
        seen += [item["payload"]["title"] for item in page["items"]]
        cursor = page["nextCursor"]
        assert (page["total"], page["totalIsExact"]) == (5, True)

    assert seen == names[::-1]
    assert [e["payload"]["title"] for e in await found(api, people, **{"from": start}, limit=2, offset=3)] == [
        "Show 1", "Show 0",
    ]  # fmt: skip


async def test_one_entry_tells_what_else_happened_in_the_same_request(api: httpx.AsyncClient, people: People) -> None:
    trace = f"trace-{uuid4()}"
    for name in ("First", "Second"):
        await an_event(api, people, name, **{"X-Correlation-ID": trace})
    [_, first] = await found(api, people, correlationId=trace)

    answer = await api.get(f"{LOGS}/{first['id']}", headers=people["ada"].bearer)

    assert answer.json()["title"] == "A competition event was set up."
    assert [e["payload"]["title"] for e in answer.json()["trace"]] == ["First", "Second"]


async def test_marks_are_not_told_by_the_log_and_cannot_be_searched_for(
    api: httpx.AsyncClient, people: People, database: Database
) -> None:
    stage = await a_stage(database, people)
    sent = {"marks": [{**mark(stage, 0, 0, "7"), "comment": "unmistakably flat"}]}
    await api.post(f"{stage.base}/marks", json=sent, headers=people["judith"].bearer)

    [entry] = await found(api, people, eventType="score.submitted", entityId=str(stage.category))

    assert entry["embargoed"] is True
    assert set(entry["payload"]) <= {"categoryId", "seatId", "judgeId"}
    assert await found(api, people, q="unmistakably") == []
    assert await found(api, people, q="unmistakably", eventType="score.*") == []


async def test_other_organisations_and_other_roles_see_nothing(api: httpx.AsyncClient, people: People) -> None:
    event = await an_event(api, people, "Secret Rehearsal")
    [entry] = await found(api, people, entityId=event)
    bob, judith = people["bob"].bearer, people["judith"].bearer

    for params in ({"entityId": event}, {"q": "Rehearsal"}, {"actor": str(people["oscar"].id)}):
        assert (await api.get(LOGS, params=params, headers=bob)).json()["total"] == 0
    assert (await api.get(f"{LOGS}/{entry['id']}", headers=bob)).status_code == 404
    for path in (LOGS, f"{LOGS}/{entry['id']}", f"{LOGS}/export", "/api/events/types"):
        assert (await api.get(path, headers=judith)).status_code == 403


async def test_an_auditor_of_one_event_does_not_read_the_log_of_the_whole_organisation(
    api: httpx.AsyncClient, people: People
) -> None:
    mine, other = await an_event(api, people, "Mine"), await an_event(api, people, "Not Mine")
    [entry] = await found(api, people, entityId=other)
    alice, ada = people["alice"].bearer, people["ada"].bearer
    held = [{"role": "AUDITOR", "scopeKind": "event", "scopeId": mine}]
    changed = await api.patch(f"/api/identity/members/{people['ada'].id}", json={"roles": held}, headers=alice)
    assert changed.status_code == 200, changed.text

    for path in ("", f"/{entry['id']}", "/export", "/live", "/verify"):
        assert (await api.get(f"{LOGS}{path}", headers=ada)).status_code == 403, path


async def test_a_misspelt_type_is_refused_with_the_nearest(api: httpx.AsyncClient, people: People) -> None:
    answer = await api.get(LOGS, params={"eventType": "event.craeted"}, headers=people["ada"].bearer)
    kind = await api.get(LOGS, params={"entityType": "spaceship"}, headers=people["ada"].bearer)

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-event-type")
    assert "did you mean 'event.created'?" in answer.json()["detail"]
    assert "there are: api_key, category" in kind.json()["detail"]


@pytest.mark.parametrize("given", ["0.5", "1700000000", "2026-05-01T12:00:00", "yesterday"])
async def test_a_time_is_written_out_with_its_zone(api: httpx.AsyncClient, people: People, given: str) -> None:
    answer = await api.get(LOGS, params={"to": given}, headers=people["ada"].bearer)

    assert (answer.status_code, [e["pointer"] for e in answer.json()["errors"]]) == (422, ["/query/to"])


async def test_export_holds_everything_that_fits_and_no_formula(api: httpx.AsyncClient, people: People) -> None:
    start = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    for name in ("Gala", "=1+1"):
        await an_event(api, people, name)
    ada = people["ada"].bearer

    lines = await api.get(f"{LOGS}/export", params={"from": start, "eventType": "event.*"}, headers=ada)
    table = await api.get(
        f"{LOGS}/export", params={"from": start, "eventType": "event.*", "format": "csv"}, headers=ada
    )
    wrong = await api.get(f"{LOGS}/export", params={"eventType": "no.such"}, headers=ada)

    assert [orjson.loads(line)["payload"]["title"] for line in lines.text.splitlines()] == ["=1+1", "Gala"]
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [orjson.loads(row["payload"])["title"] for row in rows] == ["=1+1", "Gala"]
    assert wrong.status_code == 422


async def test_words_are_found_whatever_their_case_and_beside_each_other(
    api: httpx.AsyncClient, people: People
) -> None:
    for name in ("Zebra Crossing", "zebra finch", "Zebrafish", "Zebra-Crossing No. 7"):
        await an_event(api, people, name)

    async def found(words: str) -> list[str]:
        answer = await api.get(LOGS, params={"q": words}, headers=people["ada"].bearer)
        return [entry["payload"]["title"] for entry in answer.json()["items"]]

    assert await found("ZEBRA") == ["Zebra-Crossing No. 7", "zebra finch", "Zebra Crossing"]
    assert await found("zebra  crossing") == ["Zebra-Crossing No. 7", "Zebra Crossing"]
    assert await found("zebra 7") == ["Zebra-Crossing No. 7"]
