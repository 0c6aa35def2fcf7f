"""Handlers of the log: each entry is dealt with once, failures wait, stop nobody else and end as dead letters."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from event_manager import eventlog
from event_manager.config import Settings
from event_manager.eventlog import handler_loop, handler_runs, handler_service, handler_store
from event_manager.eventlog.handler_loop import catch_up, follow
from event_manager.eventlog.handler_runs import Runs, Slots
from event_manager.eventlog.handlers import CountActivity
from event_manager.eventlog.handling import Effect, Entry, check, fits, registered
from event_manager.kit.access import system_actor
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database, Row
from event_manager.kit.loops import Around
from event_manager.kit.migrate import Logins
from event_manager.kit.work import Work
from event_manager.tenancy.event_types import TenantUpdated
from tests.conftest import ROLES
from tests.eventlog.handlers_victim import TABLES, Keep, Note
from tests.people import People
from tests.snapshot import Snapshot


@pytest.fixture(scope="module", autouse=True)
def tables(logins: Logins) -> Iterator[None]:
    """What the victims write to."""
    with psycopg.connect(logins.owner, autocommit=True) as conn:
        conn.execute(TABLES)
        for name in ("handler_effects", "handler_kept", "handler_kept_side"):
            conn.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {ROLES.app};"
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {ROLES.platform}"
            )
    yield
    with psycopg.connect(logins.owner, autocommit=True) as conn:
        conn.execute("DROP TABLE handler_effects, handler_kept, handler_kept_side")


@pytest.fixture
async def around(database: Database, clock: FixedClock, snapshot: Snapshot) -> AsyncIterator[Around]:
    """What loops get; everything is removed at the end."""
    await clear(database)
    yield Around(database, Settings(database_url=None), "", clock)
    snapshot.restore()
    await clear(database)
    Note.fails.clear()
    Note.refuses.clear()
    Keep.fails.clear()


async def clear(database: Database) -> None:
    async with Work(database, role="platform") as work:
        await work.sql("DELETE FROM handler_effects")
        await work.sql("DELETE FROM handler_kept")
        await work.commit()


async def happen(database: Database, tenant: UUID, *numbers: int, entity: UUID | None = None) -> list[UUID]:
    """Entries with these numbers, one commit; returns their ids."""
    async with Work(database, tenant_id=tenant, correlation_id=f"about {numbers}") as work:
        told = [TenantUpdated(tenant_id=entity or tenant, changes={"n": ("", str(n))}) for n in numbers]
        ids = await eventlog.append_many(work, told)
        await work.commit()
        return ids


async def read(database: Database, query: str, *params: object) -> list[Row]:
    async with Work(database, role="platform") as work:
        return await work.sql(query, params)


async def entries_of(database: Database, ids: list[UUID]) -> list[Entry]:
    query = f"SELECT {handler_store.ENTRY}, e.body FROM event_log e WHERE e.id = ANY (%s) ORDER BY e.xid, e.id"
    return [Entry.of(row) for row in await read(database, query, ids)]


async def effects(database: Database, handler: str) -> list[int]:
    rows = await read(database, "SELECT n FROM handler_effects WHERE handler = %s ORDER BY nr", handler)
    return [row["n"] for row in rows]


async def failures(database: Database) -> list[tuple[str, int, int]]:
    rows = await read(
        database,
        """SELECT f.state, f.tries, convert_from(e.body, 'UTF8')::jsonb #>> '{changes,n,1}' AS n
             FROM event_handler_failures f JOIN event_log e ON e.id = f.event_id ORDER BY e.xid, e.id""",
    )
    return [(row["state"], row["tries"], int(row["n"])) for row in rows]


async def test_an_effect_begins_with_what_happens_after_it_was_added_and_does_it_once(
    around: Around, people: People
) -> None:
    await happen(around.database, people.a, 1)
    await catch_up(around, [Note()])
    await happen(around.database, people.a, 2, 3)
    await happen(around.database, people.b, 4)

    await catch_up(around, [Note()])
    await catch_up(around, [Note()])

    assert sorted(await effects(around.database, "victim.note")) == [2, 3, 4]


async def test_a_projection_begins_with_the_oldest_entry(around: Around, people: People) -> None:
    await happen(around.database, people.a, 1, 2)

    await catch_up(around, [Keep()])

    assert await effects(around.database, "victim.keep") == [1, 2]


async def test_a_handler_works_in_the_tenant_of_the_entry_and_as_its_consequence(
    around: Around, people: People
) -> None:
    seen: list[tuple[UUID | None, str, UUID | None, str, str]] = []

    class Look(Note):
        name = "victim.look"

        async def handle(self, work: Work, entry: Entry) -> None:
            seen.append((work.tenant_id, work.correlation_id, work.causation_id, work.actor.kind, work.actor.name))

    await catch_up(around, [Look()])
    [entry_id] = await happen(around.database, people.b, 5)
    await catch_up(around, [Look()])

    assert seen == [(people.b, "about (5,)", entry_id, "system", "victim.look")]


async def test_one_failing_entry_stops_no_other_and_leaves_nothing_of_itself(around: Around, people: People) -> None:
    await catch_up(around, [Note()])
    Note.fails[2] = 99
    await happen(around.database, people.a, 1, 2, 3)

    await catch_up(around, [Note()])

    assert sorted(await effects(around.database, "victim.note")) == [1, 3]
    assert await failures(around.database) == [("retrying", 1, 2)]


async def test_a_failed_entry_is_tried_again_when_its_time_has_come(
    around: Around, people: People, clock: FixedClock
) -> None:
    await catch_up(around, [Note()])
    Note.fails[1] = 2
    await happen(around.database, people.a, 1)
    await catch_up(around, [Note()])
    assert await failures(around.database) == [("retrying", 1, 1)]

    for _ in range(2):
        clock.move(timedelta(seconds=1))
        await catch_up(around, [Note()])

    assert await effects(around.database, "victim.note") == [1]
    assert await failures(around.database) == []


async def test_after_its_last_try_or_a_refusal_for_good_an_entry_is_a_dead_letter_and_the_log_tells(
    around: Around, people: People, clock: FixedClock
) -> None:
    await catch_up(around, [Note()])
    Note.fails[1] = 99
    Note.refuses.add(2)
    await happen(around.database, people.a, 1, 2)

    for _ in range(6):
        await catch_up(around, [Note()])
        clock.move(timedelta(seconds=1))

    assert await failures(around.database) == [("dead", 4, 1), ("dead", 1, 2)]
    told = await read(around.database, "SELECT type FROM event_log WHERE type LIKE 'system.%%' ORDER BY id")
    assert sorted(row["type"] for row in told) == [
        "system.handler.failed", "system.handler.parked", "system.handler.parked",
    ]  # fmt: skip
    [row] = await read(around.database, "SELECT error FROM event_handler_failures WHERE tries = 4")
    assert row["error"] == "RuntimeError: not yet 1"


async def test_later_entries_of_an_entity_wait_for_an_earlier_one_of_a_projection(
    around: Around, people: People, clock: FixedClock
) -> None:
    one, other = uuid4(), uuid4()
    Keep.fails[1] = 3
    await happen(around.database, people.a, 1, 2, entity=one)
    await happen(around.database, people.a, 3, entity=other)
    await catch_up(around, [Keep()])
    await happen(around.database, people.a, 4, entity=one)
    await catch_up(around, [Keep()])
    assert await effects(around.database, "victim.keep") == [3]
    assert [state for state, _, _ in await failures(around.database)] == ["retrying", "waiting", "waiting"]

    clock.move(timedelta(seconds=1))
    await catch_up(around, [Keep()])
    clock.move(timedelta(seconds=1))
    await catch_up(around, [Keep()])

    assert await effects(around.database, "victim.keep") == [3, 1, 2, 4]
    assert await failures(around.database) == []


async def test_a_dead_letter_of_a_projection_lets_the_later_ones_go(
    around: Around, people: People, clock: FixedClock
) -> None:
    class Hasty(Keep):
        name = "victim.hasty"
        max_attempts = 1

    Keep.fails[1] = 99
    await happen(around.database, people.a, 1, 2)

    await catch_up(around, [Hasty()])

    assert await failures(around.database) == [("dead", 1, 1)]
    assert await effects(around.database, "victim.hasty") == [2]


async def test_a_dead_letter_is_retried_or_discarded_by_the_operator(
    around: Around, people: People, clock: FixedClock
) -> None:
    await catch_up(around, [Note()])
    Note.refuses.update({1, 2})
    await happen(around.database, people.a, 1, 2)
    await catch_up(around, [Note()])
    letters = await read(around.database, "SELECT id FROM event_handler_failures ORDER BY xid, event_id")
    Note.refuses.clear()

    async with Work(
        around.database, role="platform", clock=clock, actor=system_actor("operator", ["platform:handlers"])
    ) as work:
        await handler_service.retry_dead_letter(work, letters[0]["id"])
        await handler_service.discard_dead_letter(work, letters[1]["id"])
        await work.commit()
    await catch_up(around, [Note()])

    assert await effects(around.database, "victim.note") == [1]
    assert await failures(around.database) == []


async def test_a_second_process_stands_by_while_the_lease_holds_and_takes_over_when_it_has_run_out(
    around: Around, people: People
) -> None:
    first, second = uuid4(), uuid4()
    await follow(Note(), around, me=first)
    await happen(around.database, people.a, 1)

    assert await follow(Note(), around, me=second) == handler_loop.STAND_BY_SECONDS
    assert await effects(around.database, "victim.note") == []

    await read_and_commit(around.database, "UPDATE event_handlers SET lease_until = now() - interval '1 second'")
    await follow(Note(), around, me=second)
    assert await effects(around.database, "victim.note") == [1]
    assert await follow(Note(), around, me=first) == handler_loop.STAND_BY_SECONDS


async def read_and_commit(database: Database, query: str) -> None:
    async with Work(database, role="platform") as work:
        await work.sql(query)
        await work.commit()


async def test_a_process_that_lost_its_lease_moves_no_cursor(around: Around, people: People) -> None:
    me, other = uuid4(), uuid4()
    await follow(Note(), around, me=me)
    async with Work(around.database, role="platform") as work:
        lead = await handler_store.claim(work, Note(), me)
        assert lead is not None
        await work.sql("UPDATE event_handlers SET lease_by = %s", (other,))
        end = handler_store.Position(lead.position.xid + 10, UUID(int=1))
        await handler_store.advance(work, "victim.note", me, lead.epoch, end)
        kept = await handler_store.claim(work, Note(), other)

    assert kept == lead


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=8), min_size=1, max_size=6),
    fails=st.dictionaries(st.integers(0, 7), st.integers(1, 2), max_size=3),
)
async def test_whatever_is_handed_over_again_is_done_once_and_in_order(
    around: Around, people: People, clock: FixedClock, batches: list[list[int]], fails: dict[int, int]
) -> None:
    """Batches that overlap, as after a crash before the cursor moved, with failures in between."""
    entity = uuid4()
    ids = await happen(around.database, people.a, *range(8), entity=entity)
    async with Work(around.database, role="platform") as work:
        await handler_store.register(work, Keep())
        await work.commit()
    entries = await entries_of(around.database, ids)
    Keep.fails.clear()
    Keep.fails.update(fails)
    runs = Runs(Keep(), around, 1)

    upto = 0
    for batch in [*batches, [0, 7]]:
        await runs.run(entries[min(*batch, upto, 7) : max(batch) + 1])  # overlaps what was done, leaves nothing out
        upto = max(upto, max(batch) + 1)
        clock.move(timedelta(seconds=1))
        async with Work(around.database, role="platform", clock=clock) as work:
            due = await handler_store.due(work, Keep(), 1, work.now())
        await runs.retry(due)
    for _ in range(30):
        clock.move(timedelta(seconds=1))
        async with Work(around.database, role="platform", clock=clock) as work:
            due = await handler_store.due(work, Keep(), 1, work.now())
        await runs.retry([each for each in due if each.entry.entity_id == entity])

    rows = await read(around.database, "SELECT n FROM handler_effects WHERE entity_id = %s ORDER BY nr", entity)
    [total] = await read(around.database, "SELECT total FROM handler_kept WHERE entity_id = %s", entity)
    assert [row["n"] for row in rows] == list(range(8))
    assert total["total"] == sum(range(8))


async def test_two_that_do_the_same_entry_at_the_same_time_do_it_once(around: Around, people: People) -> None:
    import asyncio

    await catch_up(around, [Note()])
    ids = await happen(around.database, people.a, *range(20))
    entries = await entries_of(around.database, ids)

    await asyncio.gather(*(Runs(Note(), around, 1).run(entries) for _ in range(3)))

    assert sorted(await effects(around.database, "victim.note")) == list(range(20))


async def test_what_is_done_and_behind_the_cursor_is_forgotten_after_days(
    around: Around, people: People, clock: FixedClock
) -> None:
    await catch_up(around, [Note()])
    await happen(around.database, people.a, 1)
    await catch_up(around, [Note()])
    inbox = "SELECT 1 FROM event_inbox WHERE handler = 'victim.note'"

    async with Work(around.database, role="platform") as work:
        await handler_service.prune(work, 3)
        await work.commit()
    young = await read(around.database, inbox)
    await read_and_commit(around.database, "UPDATE event_inbox SET created_at = now() - interval '4 days'")
    await read_and_commit(around.database, "UPDATE event_cursors SET xid = '1' WHERE name = 'handler.victim.note'")
    async with Work(around.database, role="platform") as work:
        await handler_service.prune(work, 3)
        await work.commit()
    ahead = await read(around.database, inbox)
    await read_and_commit(around.database, "UPDATE event_cursors SET xid = pg_current_xact_id()")
    async with Work(around.database, role="platform") as work:
        await handler_service.prune(work, 3)
        await work.commit()

    assert (len(young), len(ahead), await read(around.database, inbox)) == (1, 1, [])


async def test_a_handler_that_the_code_has_no_more_is_forgotten_once_nobody_leads_it(
    around: Around, people: People
) -> None:
    await catch_up(around, [Note(), CountActivity()])
    await happen(around.database, people.a, 1)
    await catch_up(around, [Note(), CountActivity()])

    async def forget() -> list[str]:
        async with Work(around.database, role="platform") as work:
            gone = await handler_service.forget_removed(work, 30)
            await work.commit()
            return gone

    young = await forget()
    await read_and_commit(around.database, "UPDATE event_handlers SET created_at = now() - interval '31 days'")
    await read_and_commit(around.database, "UPDATE event_handlers SET lease_until = now()")
    led = await forget()
    await read_and_commit(around.database, "UPDATE event_handlers SET lease_until = now() - interval '31 days'")

    assert (young, led, await forget()) == ([], [], ["victim.note"])
    left = await read(around.database, "SELECT name FROM event_cursors WHERE name LIKE 'handler.%%'")
    assert [row["name"] for row in left] == ["handler.eventlog.count-activity"]
    assert await read(around.database, "SELECT 1 FROM event_inbox WHERE handler = 'victim.note'") == []


async def test_slots_go_to_the_highest_priority_first() -> None:
    import asyncio

    slots, order = Slots(1), []
    gate = asyncio.Event()

    async def take(name: str, priority: int) -> None:
        async with slots.taken(priority):
            await gate.wait()
            order.append(name)

    running = [asyncio.create_task(take(*each)) for each in (("first", 0), ("low", -1), ("high", 5), ("mid", 1))]
    await asyncio.sleep(0)
    gone = asyncio.create_task(take("gone", 9))
    await asyncio.sleep(0)
    gone.cancel()
    gate.set()
    await asyncio.gather(*running)

    assert order == ["first", "high", "mid", "low"]


def test_patterns_stand_for_types() -> None:
    assert fits("*", "score.submitted")
    assert fits("score.*", "score.submitted")
    assert not fits("score.*", "scores.submitted")
    assert not fits("score.*", "score")
    assert fits("score.submitted", "score.submitted")
    assert handler_store.as_regex(["score.*", "tenant.updated"]) == r"^(score\..+|tenant\.updated)$"


def test_no_handler_hears_of_failures_of_handlers(people: People) -> None:
    class All(Keep):
        name = "victim.all"
        types = ("*",)

    assert All().wants("tenant.updated", people.a)
    assert not All().wants("system.handler.failed", people.a)
    assert not All().wants("tenant.updated", UUID(int=0))


def test_a_handler_says_what_it_is() -> None:
    class Nameless(Note):
        """Has no good name."""

        name = "nameless"

    class Undocumented(Effect):
        name = "victim.undocumented"
        types = ("tenant.updated",)

    class Odd(Note):
        """Has an odd type."""

        types = ("Tenant Updated",)

    for cls in (Nameless, Undocumented, Odd):
        with pytest.raises(ValueError, match=cls.__qualname__):
            check(cls)


def test_two_handlers_cannot_have_one_name() -> None:
    class Other(CountActivity):
        """Another one of the same name."""

    with pytest.raises(ValueError, match="is already"):
        registered(Other)


def test_an_unreachable_database_is_no_fault_of_an_entry() -> None:
    assert handler_runs.is_away(psycopg.OperationalError("server closed the connection unexpectedly"))
    assert handler_runs.is_away(psycopg.errors.AdminShutdown("terminating connection"))
    assert not handler_runs.is_away(psycopg.errors.DeadlockDetected("deadlock detected"))
    assert not handler_runs.is_away(psycopg.errors.UniqueViolation("duplicate key"))
