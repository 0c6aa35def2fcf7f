"""Replaying: a projection is built anew and compared before it is used, an effect only with permission and reason."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from event_manager import eventlog
from event_manager.config import Settings
from event_manager.eventlog import handler_rebuild, handler_replay
from event_manager.eventlog.errors import NotReplayable, RebuildFailed, ReplayUnreasoned, UnknownHandler
from event_manager.eventlog.handler_commands import tell
from event_manager.eventlog.handler_loop import catch_up
from event_manager.eventlog.handler_replay import Selector, replay_handler
from event_manager.eventlog.handlers import CountActivity
from event_manager.eventlog.handling import Effect, Entry
from event_manager.kit.access import Actor, system_actor
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database, Row
from event_manager.kit.errors import Forbidden
from event_manager.kit.jobs import Permanent
from event_manager.kit.loops import Around
from event_manager.kit.work import Work
from event_manager.tenancy.event_types import TenantUpdated
from tests.people import People
from tests.snapshot import Snapshot

OPERATOR = system_actor("operator", ["platform:handlers"])


@pytest.fixture
async def around(database: Database, clock: FixedClock, snapshot: Snapshot) -> AsyncIterator[Around]:
    """What loops get; everything is removed at the end."""
    yield Around(database, Settings(database_url=None), "", clock)
    snapshot.restore()


async def happen(around: Around, people: People, count: int) -> None:
    for tenant in (people.a, people.b):
        async with Work(around.database, tenant_id=tenant, clock=around.clock) as work:
            told = [TenantUpdated(tenant_id=tenant, changes={"n": ("", str(n))}) for n in range(count)]
            await eventlog.append_many(work, told)
            await work.commit()


async def rows(around: Around, query: str) -> list[Row]:
    async with Work(around.database, role="platform") as work:
        return await work.sql(query)


async def change(around: Around, statement: str) -> None:
    async with Work(around.database, role="platform") as work:
        await work.sql(statement)
        await work.commit()


async def activity(around: Around) -> dict[tuple[object, str], int]:
    found = await rows(around, "SELECT tenant_id, type, sum(entries)::int AS n FROM event_activity GROUP BY 1, 2")
    return {(row["tenant_id"], row["type"]): row["n"] for row in found}


async def logged(around: Around) -> dict[tuple[object, str], int]:
    found = await rows(around, "SELECT tenant_id, type, count(*)::int AS n FROM event_log GROUP BY 1, 2")
    return {(row["tenant_id"], row["type"]): row["n"] for row in found if not row["type"].startswith("system.handler")}


async def test_the_activity_is_what_the_log_has(around: Around, people: People) -> None:
    await happen(around, people, 30)

    await catch_up(around, [CountActivity()])
    await happen(around, people, 3)
    await catch_up(around, [CountActivity()])

    assert await activity(around) == await logged(around)


async def test_a_dry_run_shows_what_differs_and_changes_nothing(around: Around, people: People) -> None:
    await happen(around, people, 5)
    await catch_up(around, [CountActivity()])
    await change(
        around, f"UPDATE event_activity SET entries = 99 WHERE tenant_id = '{people.a}' AND type = 'tenant.updated'"
    )

    told = await replay_handler(around, OPERATOR, CountActivity(), Selector(), dry_run=True)

    assert (told.done, told.differing) == (False, 1)
    assert (told.differences[0]["was"], told.differences[0]["becomes"]) == ({"entries": 99}, {"entries": 5})
    assert "entries': 99} becomes {'entries': 5}" in tell(told)
    assert (await activity(around))[people.a, "tenant.updated"] == 99
    assert await rows(around, "SELECT 1 FROM event_activity_shadow") == []
    assert await rows(around, "SELECT 1 FROM event_handlers WHERE held OR rebuild_by IS NOT NULL") == []


async def test_a_rebuild_replaces_rows_that_are_wrong_missing_or_too_many_and_the_log_tells(
    around: Around, people: People
) -> None:
    await happen(around, people, 5)
    await catch_up(around, [CountActivity()])
    await change(around, f"DELETE FROM event_activity WHERE tenant_id = '{people.b}' AND type = 'tenant.updated'")
    await change(around, f"INSERT INTO event_activity VALUES ('{people.a}', '2020-01-01', 'never.was', 7)")
    await happen(around, people, 2)  # not handled yet: the rebuild ends where the log ends

    told = await replay_handler(around, OPERATOR, CountActivity(), Selector(), reason="a test")
    await happen(around, people, 1)
    await catch_up(around, [CountActivity()])

    assert (told.done, told.differing) == (True, 2)
    assert await activity(around) == await logged(around)
    [entry] = await rows(around, "SELECT body, actor_name FROM event_log WHERE type = 'system.handler.replayed'")
    assert (entry["actor_name"], b'"reason":"a test"' in bytes(entry["body"])) == ("operator", True)
    [state] = await rows(around, "SELECT epoch FROM event_handlers")
    assert state["epoch"] == 2


async def test_a_rebuild_settles_what_the_old_projection_failed_at(
    around: Around, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: CountActivity, work: Work, entries: list[Entry]) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(CountActivity, "handle_many", broken)
        await happen(around, people, 2)
        await catch_up(around, [CountActivity()])
        with pytest.raises(RebuildFailed, match="a bug"):
            await replay_handler(around, OPERATOR, CountActivity(), Selector(), dry_run=True)
    assert len(await rows(around, "SELECT 1 FROM event_handler_failures")) > 2

    await replay_handler(around, OPERATOR, CountActivity(), Selector(), reason="mended")
    await catch_up(around, [CountActivity()])

    assert await rows(around, "SELECT 1 FROM event_handler_failures") == []
    assert await activity(around) == await logged(around)


async def test_one_rebuild_of_a_handler_at_a_time(around: Around, people: People) -> None:
    from uuid import uuid4

    async with handler_rebuild.exclusively(around, CountActivity(), uuid4()):
        with pytest.raises(NotReplayable, match="already"):
            await replay_handler(around, OPERATOR, CountActivity(), Selector())


class Say(Effect):
    """Writes down what it was called with."""

    name = "victim.say"
    types = ("tenant.updated",)
    said: list[tuple[object, int]] = []  # noqa: RUF012 - a record for the test
    refuses = -1

    async def handle(self, work: Work, entry: Entry) -> None:
        n = int(entry.payload["changes"]["n"][1])
        if n == self.refuses:
            raise Permanent("not this one")
        self.said.append((entry.tenant_id, n))


async def test_an_effect_is_repeated_for_chosen_entries_when_it_is_named_permitted_and_reasoned(
    around: Around, people: People
) -> None:
    Say.said.clear()
    await catch_up(around, [Say()])
    await happen(around, people, 3)
    await catch_up(around, [Say()])
    only_a = Selector(tenant_id=people.a)

    dry = await replay_handler(around, OPERATOR, Say(), only_a, effect=True, dry_run=True)
    assert (dry.entries, len(Say.said)) == (3, 6)
    told = await replay_handler(around, OPERATOR, Say(), only_a, effect=True, reason="mails were lost")

    assert (told.entries, told.failed) == (3, 0)
    assert sorted(Say.said[6:]) == [(people.a, n) for n in range(3)]
    [entry] = await rows(around, "SELECT body FROM event_log WHERE type = 'system.handler.replayed'")
    assert b"mails were lost" in bytes(entry["body"])


async def test_what_fails_in_a_replay_is_a_dead_letter_that_can_be_retried(
    around: Around, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    Say.said.clear()
    await happen(around, people, 2)
    monkeypatch.setattr(Say, "refuses", 1)
    told = await replay_handler(around, OPERATOR, Say(), Selector(tenant_id=people.b), effect=True, reason="a test")
    assert (told.failed, Say.said) == (1, [(people.b, 0)])

    monkeypatch.setattr(Say, "refuses", -1)
    await change(around, "UPDATE event_handler_failures SET state = 'retrying', next_at = '2020-01-01'")
    await catch_up(around, [Say()])

    assert Say.said == [(people.b, 0), (people.b, 1)]


@pytest.mark.parametrize(
    ("actor", "given", "refusal"),
    [
        (Actor(kind="system"), {"effect": True, "reason": "because"}, Forbidden),
        (OPERATOR, {"reason": "because"}, NotReplayable),
        (OPERATOR, {"effect": True, "reason": " "}, ReplayUnreasoned),
    ],
)
async def test_an_effect_is_not_repeated_otherwise(
    around: Around, actor: Actor, given: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await replay_handler(around, actor, Say(), Selector(), **given)  # type: ignore[arg-type]


async def test_a_projection_is_rebuilt_as_a_whole_and_an_unknown_handler_is_named(
    around: Around, people: People
) -> None:
    with pytest.raises(NotReplayable, match="as a whole"):
        await replay_handler(around, OPERATOR, CountActivity(), replace(Selector(), tenant_id=people.a))
    with pytest.raises(UnknownHandler, match=r"eventlog\.count-activity"):
        handler_replay.find("eventlog.nothing")
