"""Numbers of entries: drawn without doubles, gaps kept, renumbered only on purpose."""

import asyncio
from uuid import UUID

import pytest

from event_manager.contests.errors import CategoryClosed, NumberRefused, NumberTaken
from event_manager.contests.names import natural
from event_manager.contests.queries.entries import list_entries
from event_manager.contests.schemas.entries import EntryCreate, EntryUpdate, ParticipantCreate
from event_manager.contests.service import entries, numbering, standing
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from tests.factories import contests as make
from tests.people import People
from tests.snapshot import Snapshot


async def numbers(work: Work, contest_id: UUID) -> list[str | None]:
    items, _ = await list_entries(work, contest_id, cursor=None, limit=200)
    return [item.number for item in items]


async def enter_with_number(work: Work, contest_id: UUID, name: str, number: str | None) -> None:
    await entries.enter(work, contest_id, [EntryCreate(participant=ParticipantCreate(name=name), number=number)])


async def test_automatic_numbers_carry_prefix_and_leading_zeros(work: Work) -> None:
    contest = await make.a_contest(work, numbering="auto", number_prefix="A", number_digits=3)

    await make.some_entries(work, contest.id, "Ann", "Ben")

    assert await numbers(work, contest.id) == ["A001", "A002"]


async def test_inheriting_contests_draw_from_the_counter_of_their_event(work: Work) -> None:
    event = await make.an_event(work, numbering="auto")
    one, two = await make.a_contest(work, event), await make.a_contest(work, event)

    await make.some_entries(work, one.id, "Ann", "Ben")
    await make.some_entries(work, two.id, "Cleo")

    assert await numbers(work, two.id) == ["3"]


async def test_a_drawn_number_passes_over_one_that_was_given_by_hand(work: Work) -> None:
    contest = await make.a_contest(work, numbering="auto")
    await enter_with_number(work, contest.id, "Ann", "2")

    await make.some_entries(work, contest.id, "Ben", "Cleo")

    assert await numbers(work, contest.id) == ["2", "1", "3"]


async def test_leading_zeros_make_another_number(work: Work) -> None:
    contest = await make.a_contest(work, numbering="manual")

    await enter_with_number(work, contest.id, "Ann", "007")
    await enter_with_number(work, contest.id, "Ben", "7")

    assert await numbers(work, contest.id) == ["007", "7"]


async def test_a_number_is_worn_once_in_a_contest(work: Work) -> None:
    contest = await make.a_contest(work, numbering="manual")
    await enter_with_number(work, contest.id, "Ann", "7")

    with pytest.raises(NumberTaken) as refusal:
        await enter_with_number(work, contest.id, "Ben", "7")

    assert refusal.value.errors[0].pointer == "/rows/0/number"


async def test_manual_numbering_leaves_the_number_empty_until_it_is_given(work: Work) -> None:
    contest = await make.a_contest(work, numbering="manual")
    [ann] = await make.some_entries(work, contest.id, "Ann")

    await standing.update_entry(work, ann, EntryUpdate(number="12"))

    assert await numbers(work, contest.id) == ["12"]


async def test_a_contest_without_numbers_refuses_one(work: Work) -> None:
    contest = await make.a_contest(work, numbering="none")

    with pytest.raises(NumberRefused):
        await enter_with_number(work, contest.id, "Ann", "7")


async def test_a_gap_stays_when_an_entry_leaves_and_another_comes(work: Work) -> None:
    contest = await make.a_contest(work, numbering="auto")
    ids = await make.some_entries(work, contest.id, "Ann", "Ben")
    await standing.set_entry_state(work, ids[1], "withdrawn", "broken leg")

    await make.some_entries(work, contest.id, "Cleo")

    assert await numbers(work, contest.id) == ["1", "2", "3"]


async def test_renumbering_closes_gaps_and_moves_the_counter(work: Work) -> None:
    contest = await make.a_contest(work, numbering="auto")
    await enter_with_number(work, contest.id, "Ann", "50")
    await make.some_entries(work, contest.id, "Ben", "Cleo")

    await numbering.renumber(work, contest.id, 101)
    await make.some_entries(work, contest.id, "Dan")

    assert await numbers(work, contest.id) == ["101", "102", "103", "104"]


async def test_numbers_stay_once_judging_has_begun(work: Work, people: People) -> None:
    place = await make.a_judged_category(work, people["judith"].id)

    with pytest.raises(CategoryClosed):
        await numbering.renumber(work, place.contest.id, 1)


def test_labels_sort_as_people_count() -> None:
    assert sorted(["A10", "A2", "1", "10", "2"], key=natural) == ["1", "2", "10", "A2", "A10"]


async def test_fifty_entries_at_once_get_fifty_numbers(database: Database, people: People, snapshot: Snapshot) -> None:
    alice = people["alice"]
    async with Work(database, tenant_id=people.a, actor=alice.actor) as work:
        contest = await make.a_contest(work, numbering="auto")
        await work.commit()

    async def enter(n: int) -> None:
        async with Work(database, tenant_id=people.a, actor=alice.actor) as work:
            await make.some_entries(work, contest.id, f"Singer {n}")
            await work.commit()

    try:
        await asyncio.gather(*[enter(n) for n in range(50)])
        async with Work(database, tenant_id=people.a, actor=alice.actor) as work:
            given = await numbers(work, contest.id)
    finally:
        snapshot.restore()

    assert sorted(int(number or 0) for number in given) == list(range(1, 51))
