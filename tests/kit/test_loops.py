"""Loops go on after a fault and end with their block."""

import asyncio

import pytest

from event_manager.config import Settings
from event_manager.kit import loops as kit_loops
from event_manager.kit.db import Database
from event_manager.kit.loops import Around, Loop, Loops


def beside(database: Database, *loops: Loop) -> Loops:
    return Loops(loops, database, settings=Settings(), secret_key="k")


async def test_a_round_that_fails_is_tried_again(database: Database) -> None:
    rounds: list[str] = []
    enough = asyncio.Event()

    async def stumble(around: Around) -> float:
        rounds.append(around.secret_key)
        if len(rounds) == 1:
            raise LookupError("the first time")
        enough.set()
        return 60.0

    async with beside(database, Loop("stumble", stumble)).running():
        await asyncio.wait_for(enough.wait(), 10)

    assert rounds == ["k", "k"]


async def test_leaving_the_block_lets_the_round_under_way_end(database: Database) -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def slow(_around: Around) -> float:
        started.set()
        await asyncio.sleep(0.05)
        ended.set()
        return 60.0

    async with beside(database, Loop("slow", slow)).running():
        await started.wait()

    assert ended.is_set()


async def test_a_round_that_never_ends_is_cancelled(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit_loops, "DRAIN_SECONDS", 0.05)
    cancelled, started = asyncio.Event(), asyncio.Event()

    async def stuck(_around: Around) -> float:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()
        return 0.0

    async with beside(database, Loop("stuck", stuck)).running():
        await started.wait()

    assert cancelled.is_set()
