"""The live tail: what is committed comes at once, in order, without a gap after a cut, and the stream ends in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import pytest
from fastapi import FastAPI

from event_manager import eventlog
from event_manager.contests.event_types import ContestCreated, EventCreated, EventStatusChanged
from event_manager.eventlog import live, tail
from event_manager.eventlog.types import EventType
from event_manager.kit.access import Actor, system_actor
from event_manager.kit.clock import Clock, FixedClock, SystemClock
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from tests.eventlog.served import served
from tests.factories.scoring import a_stage, mark
from tests.people import PASSWORD, People

LIVE = "/api/events/logs/live"
SOON = 20
"""Seconds that a test waits at most for what comes within one."""


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with served(app) as client:
        yield client


@dataclass
class Tailing:
    """An open stream. ``last``: the id that a browser would send when it comes back."""

    lines: AsyncIterator[str]
    last: str = ""

    async def event(self) -> dict[str, Any]:
        """The next entry. StopAsyncIteration at the end."""
        async with asyncio.timeout(SOON):
            while True:
                name, _, value = (await anext(self.lines)).partition(": ")
                if name == "id":
                    self.last = value
                elif name == "data":
                    found: dict[str, Any] = orjson.loads(value)
                    return found

    async def begun(self) -> None:
        """Read up to the first id."""
        async with asyncio.timeout(SOON):
            while not self.last:
                name, _, value = (await anext(self.lines)).partition(": ")
                self.last = value if name == "id" else ""

    async def ended(self) -> None:
        """Read to the end, without another entry."""
        async with asyncio.timeout(SOON):
            assert [line async for line in self.lines if line.startswith("data")] == []


@asynccontextmanager
async def tailing(
    api: httpx.AsyncClient, headers: dict[str, str], *, last: str | None = None, **params: str
) -> AsyncIterator[Tailing]:
    """Follow the log from now on, or behind ``last``."""
    sent = {**headers, **({"Last-Event-ID": last} if last else {})}
    async with api.stream("GET", LIVE, headers=sent, params=params) as answer:
        assert answer.status_code == 200, (await answer.aread()).decode()
        assert answer.headers["content-type"].startswith("text/event-stream")
        stream = Tailing(aiter(answer.aiter_lines()))
        await stream.begun()
        yield stream


async def append(
    database: Database,
    tenant: UUID,
    event: EventType | None = None,
    *,
    actor: Actor | None = None,
    correlation: str = "test-live",
    clock: Clock | None = None,
) -> UUID:
    """One entry in a transaction of its own; its id."""
    async with Work(
        database,
        tenant_id=tenant,
        actor=actor or system_actor("test"),
        correlation_id=correlation,
        clock=clock or SystemClock(),
    ) as work:
        made = await eventlog.append(work, event or EventCreated(event_id=uuid4(), title="Something"))
        await work.commit()
        return made


async def written(database: Database, tenant: UUID, *titles: str) -> None:
    """One entry for each title."""
    for title in titles:
        await append(database, tenant, EventCreated(event_id=uuid4(), title=title))


async def test_what_is_committed_comes_in_order_and_another_organisations_does_not(
    api: httpx.AsyncClient, database: Database, people: People
) -> None:
    async with tailing(api, people["ada"].bearer) as stream:
        await written(database, people.b, "Foreign")
        await written(database, people.a, "One", "Two")
        await written(database, people.b, "Foreign again")
        await written(database, people.a, "Three")

        seen = [await stream.event() for _ in range(3)]

    assert [entry["payload"]["title"] for entry in seen] == ["One", "Two", "Three"]
    shown = await api.get(f"/api/events/logs/{seen[0]['id']}", headers=people["ada"].bearer)
    assert seen[0] == {name: value for name, value in shown.json().items() if name not in ("title", "trace")}


async def test_a_client_that_comes_back_misses_nothing_and_sees_nothing_twice(
    api: httpx.AsyncClient, app: FastAPI, database: Database, people: People
) -> None:
    async with tailing(api, people["ada"].bearer) as stream:
        await written(database, people.a, "One", "Two")
        assert (await stream.event())["payload"]["title"] == "One"
        last = stream.last
    await written(database, people.a, *[f"Missed {n}" for n in range(5)])

    async with tailing(api, people["ada"].bearer, last=last) as stream:
        await written(database, people.a, "Live")
        titles = [(await stream.event())["payload"]["title"] for _ in range(7)]
    async with tailing(api, people["ada"].bearer, cursor=stream.last) as again:
        await written(database, people.a, "After")
        titles.append((await again.event())["payload"]["title"])

    assert titles == ["Two", *[f"Missed {n}" for n in range(5)], "Live", "After"]


async def test_a_client_that_saw_no_event_yet_is_told_where_it_is(
    api: httpx.AsyncClient, database: Database, people: People
) -> None:
    async with tailing(api, people["ada"].bearer) as stream:
        last = stream.last
    await written(database, people.a, "In between")

    async with tailing(api, people["ada"].bearer, last=last) as stream:
        assert (await stream.event())["payload"]["title"] == "In between"


async def test_a_client_may_come_back_when_nothing_was_written_but_time_has_passed(
    api: httpx.AsyncClient, database: Database, people: People
) -> None:
    async with tailing(api, people["ada"].bearer) as stream:
        last = stream.last
    async with Work(database, role="platform") as work:
        await work.sql("SELECT pg_current_xact_id()")
        await work.commit()

    async with tailing(api, people["ada"].bearer, last=last) as stream:
        await written(database, people.a, "After")
        assert (await stream.event())["payload"]["title"] == "After"


async def test_an_entry_of_a_transaction_that_ends_late_is_not_passed_over(
    api: httpx.AsyncClient, database: Database, people: People
) -> None:
    async with tailing(api, people["ada"].bearer) as stream:
        async with Work(database, tenant_id=people.a, actor=system_actor("slow"), clock=SystemClock()) as slow:
            await eventlog.append(slow, EventCreated(event_id=uuid4(), title="Late"))
            await written(database, people.a, "Early")
            await slow.commit()

        titles = [(await stream.event())["payload"]["title"] for _ in range(2)]

    assert titles == ["Late", "Early"]


async def test_each_filter_of_the_search_holds(api: httpx.AsyncClient, database: Database, people: People) -> None:
    lantern, alice = uuid4(), people["alice"].actor
    since = datetime.now(UTC) + timedelta(hours=1)
    opened = EventStatusChanged(event_id=lantern, old="draft", new="open")
    contest = ContestCreated(contest_id=lantern, event_id=lantern, title="Fits")
    fitting: list[tuple[dict[str, str], dict[str, Any]]] = [
        ({"correlationId": "trace-live"}, {"correlation": "trace-live"}),
        ({"actor": str(alice.user_id)}, {"actor": alice}),
        ({"entityId": str(lantern)}, {"event": EventCreated(event_id=lantern, title="Fits")}),
        ({"q": "lantern parade"}, {"event": EventCreated(event_id=lantern, title="Lantern Parade")}),
        (
            {"eventType": "event.status.changed"},
            {"event": opened},
        ),
        (
            {"eventType": "contest.*", "entityType": "contest"},
            {"event": contest},
        ),
        ({"from": since.isoformat()}, {"clock": FixedClock(since)}),
    ]
    for params, fits in fitting:
        async with tailing(api, people["ada"].bearer, **params) as stream:
            await append(database, people.a, EventCreated(event_id=uuid4(), title="Winter Ball"))
            entry = await append(database, people.a, **fits)
            assert (await stream.event())["id"] == str(entry), params


async def test_embargoed_entries_come_with_their_ids_only(
    api: httpx.AsyncClient, database: Database, people: People
) -> None:
    stage = await a_stage(database, people)
    async with tailing(api, people["ada"].bearer, eventType="score.*") as stream:
        given = {"marks": [mark(stage, 0, 0, "7.5")]}
        answer = await api.post(f"{stage.base}/marks", json=given, headers=people["judith"].bearer)
        assert answer.status_code == 200, answer.text
        entry = await stream.event()

    assert entry["type"] == "score.submitted"
    assert entry["embargoed"] is True
    assert "7.5" not in str(entry)


async def test_a_stream_ends_with_the_sign_in_it_was_opened_with(
    api: httpx.AsyncClient, database: Database, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "STILL_HERE_SECONDS", 0)
    given = {"email": people["ada"].email, "password": PASSWORD, "cookie": False}
    token = (await api.post("/api/identity/sign-in", json=given)).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    await api.post("/api/identity/tenant", json={"tenant": str(people.a)}, headers=bearer)

    async with tailing(api, bearer) as stream:
        await api.post("/api/identity/sign-out", headers=bearer)
        await written(database, people.a, "Not for you")
        await stream.ended()


async def test_a_stream_ends_when_the_server_stops(api: httpx.AsyncClient, app: FastAPI, people: People) -> None:
    async with tailing(api, people["ada"].bearer) as stream:
        app.state.stopping.set()
        await stream.ended()


async def test_a_client_slower_than_the_log_is_served_from_the_database(
    api: httpx.AsyncClient, database: Database, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "MOST_WAITING", 3)
    monkeypatch.setattr(live, "AT_ONCE", 2)
    async with tailing(api, people["ada"].bearer) as stream:
        async with Work(database, tenant_id=people.a, actor=system_actor("many"), clock=SystemClock()) as work:
            made = [EventCreated(event_id=uuid4(), title=f"Many {n}") for n in range(25)]
            await eventlog.append_many(work, made)
            await work.commit()

        titles = [(await stream.event())["payload"]["title"] for _ in range(25)]

    assert titles == [f"Many {n}" for n in range(25)]


async def test_there_is_a_bound_to_the_streams_of_an_organisation(
    api: httpx.AsyncClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "MOST_STREAMS", 1)
    async with tailing(api, people["ada"].bearer):
        answer = await api.get(LIVE, headers=people["alice"].bearer)
        async with tailing(api, people["axel"].bearer):
            pass  # another organisation has its own

    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-streams")


async def test_who_may_not_read_the_log_and_wrong_cursors_are_refused(api: httpx.AsyncClient, people: People) -> None:
    async with tailing(api, people["axel"].bearer) as foreign:
        pass
    ada = people["ada"].bearer

    refusals = [
        await api.get(LIVE, headers=people["oscar"].bearer),
        await api.get(LIVE, headers=ada | {"Last-Event-ID": foreign.last}),
        await api.get(LIVE, headers=ada, params={"cursor": "no-cursor"}),
        await api.get(LIVE, headers=ada, params={"eventType": "event.creatd"}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in refusals] == [
        (403, "forbidden"), (422, "bad-cursor"), (422, "bad-cursor"), (422, "unknown-event-type"),
    ]  # fmt: skip
