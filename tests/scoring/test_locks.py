"""A lock above a category and marks under way wait for each other: none slips in after the lock."""

import asyncio

import httpx
import pytest

from event_manager.kit.db import Database
from event_manager.kit.work import Work
from tests.factories.scoring import Stage, a_stage, mark
from tests.people import People

LEVELS = ["events", "contests", "categories"]


@pytest.fixture
async def stage(database: Database, people: People, api: httpx.AsyncClient) -> Stage:
    return await a_stage(database, people)


def address(stage: Stage, level: str) -> str:
    paths = {"events": f"events/{stage.event}", "contests": str(stage.contest)}
    return f"/api/contests/{paths.get(level, f'categories/{stage.category}')}/lock"


@pytest.mark.parametrize("level", LEVELS)
async def test_a_lock_waits_for_marks_under_way(
    api: httpx.AsyncClient, database: Database, people: People, stage: Stage, level: str
) -> None:
    async with Work(database, role="platform", tenant_id=stage.tenant) as marking:
        await marking.sql("SELECT 1 FROM categories WHERE id = %s FOR SHARE", (stage.category,))
        locking = asyncio.create_task(
            api.post(address(stage, level), json={"reason": "finished"}, headers=people["oscar"].bearer)
        )
        waited, _ = await asyncio.wait([locking], timeout=0.5)
        await marking.commit()

    assert not waited
    assert (await locking).status_code == 200


@pytest.mark.parametrize("level", ["events", "contests", "categories"])
async def test_marks_that_waited_for_a_lock_are_refused(
    api: httpx.AsyncClient, database: Database, people: People, stage: Stage, level: str
) -> None:
    row = {"events": stage.event, "contests": stage.contest, "categories": stage.category}[level]
    async with Work(database, role="platform", tenant_id=stage.tenant) as locking:
        await locking.sql("SELECT 1 FROM categories WHERE id = %s FOR NO KEY UPDATE", (stage.category,))
        await locking.sql(f"UPDATE {level} SET locked_at = now() WHERE id = %s", (row,))
        sending = asyncio.create_task(
            api.post(f"{stage.base}/marks", json={"marks": [mark(stage, 0, 0, "7")]}, headers=people["judith"].bearer)
        )
        waited, _ = await asyncio.wait([sending], timeout=0.5)
        await locking.commit()

    assert not waited
    assert (await sending).status_code == 423
