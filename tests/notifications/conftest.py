"""What tests of notifications share: the loops' round, the jobs' worker, and what somebody was told."""

from collections.abc import Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI

from event_manager.config import Settings
from event_manager.eventlog.handler_loop import catch_up
from event_manager.eventlog.handling import handlers
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database, Row
from event_manager.kit.jobs import Worker
from event_manager.kit.loops import Around
from event_manager.kit.work import Work
from tests.people import People

SETTINGS = Settings(database_url=None, base_url="https://events.example.org")
Told = Callable[[str], Awaitable[list[tuple[str, str]]]]
Mails = Callable[[], Awaitable[list[Row]]]


@pytest.fixture
async def follow(app: FastAPI, database: Database, clock: FixedClock) -> Callable[[], Awaitable[None]]:
    """Lets the handler catch up; it has begun already."""
    around = Around(database, SETTINGS, "", clock)

    async def run() -> None:
        await catch_up(around, [handlers()["notifications.notify"], handlers()["notifications.forget"]])

    await run()
    return run


@pytest.fixture
def jobs(database: Database, clock: FixedClock) -> Callable[[], Awaitable[int]]:
    """Runs jobs that are due."""
    return Worker(database, settings=SETTINGS, clock=clock).run_until_idle


@pytest.fixture
def told(api: httpx.AsyncClient, people: People) -> Told:
    """(kind, title) of what somebody finds in the app, newest first."""

    async def read(name: str) -> list[tuple[str, str]]:
        answer = await api.get("/api/notifications", headers=people[name].bearer)
        assert answer.status_code == 200, answer.text
        return [(item["kind"], item["title"]) for item in answer.json()["items"]]

    return read


@pytest.fixture
def mails(database: Database) -> Mails:
    """Mails that were queued, oldest first."""

    async def read() -> list[Row]:
        async with Work(database, role="platform") as work:
            return await work.sql("SELECT to_address, subject, text FROM mails ORDER BY id")

    return read
