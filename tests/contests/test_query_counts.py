"""Lists cost the same number of statements with one row and with three."""

from collections.abc import Awaitable, Callable

import pytest

from event_manager.contests.queries import entries, levels, panels, places
from event_manager.contests.queries.places import Place
from event_manager.contests.schemas.entries import EntryCreate, ParticipantCreate
from event_manager.contests.service import entries as writes
from event_manager.kit.work import Work
from tests.factories import contests as make
from tests.people import People

Read = Callable[[Work, Place], Awaitable[object]]


async def filled(work: Work, people: People, size: int) -> Place:
    """A place with ``size`` contests, categories, criteria, entries and seats."""
    event = await make.an_event(work)
    for n in range(size - 1):
        await make.an_event(work, f"Event {n}", is_template=True)
        await make.a_contest(work, event)
    contest = await make.a_contest(work, event)
    for n in range(size - 1):
        await make.a_category(work, contest, f"Category {n}")
    place = await make.a_category(work, contest)
    await make.some_criteria(work, place.category.id, *"abc"[:size])
    await make.some_entries(work, contest.id, *"xyz"[:size])
    for name in ("judith", "jo", "bea")[:size]:
        await make.a_seat(work, place.category.id, people[name].id)
    work.session.expunge_all()
    return await places.find_category(work, place.category.id)


READS: dict[str, tuple[int, Read]] = {
    "events": (1, lambda w, p: levels.list_events(w, cursor=None, limit=50)),
    "templates": (3, lambda w, p: levels.list_templates(w)),
    "contests": (1, lambda w, p: levels.list_contests(w, p.event.id, cursor=None, limit=50)),
    "categories": (1, lambda w, p: levels.list_categories(w, p.contest.id, cursor=None, limit=50)),
    "criteria": (1, lambda w, p: levels.view_criteria(w, p.category.id)),
    "participants": (1, lambda w, p: entries.list_participants(w, cursor=None, limit=50)),
    "entries": (2, lambda w, p: entries.list_entries(w, p.contest.id, cursor=None, limit=50)),
    "roster": (1, lambda w, p: entries.read_roster(w, p.category.id)),
    "panel": (1, lambda w, p: panels.read_panel(w, p)),
    "assignments": (1, lambda w, p: panels.read_assignments(w, p)),
    "recusals": (1, lambda w, p: panels.read_recusals(w, p)),
    "hints": (3, lambda w, p: panels.conflict_hints(w, p.category.id)),
    "my seats": (1, lambda w, p: panels.my_seats(w)),
}


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("name", READS)
async def test_a_list_costs_a_fixed_number_of_statements(work: Work, people: People, name: str, size: int) -> None:
    place = await filled(work, people, size)
    budget, read = READS[name]

    with make.counted(work) as sent:
        await read(work, place)

    assert len(sent) == budget


async def test_entering_many_costs_one_statement_more_an_entry_for_its_log(work: Work) -> None:
    contest = await make.a_contest(work)
    await make.a_category(work, contest)

    async def cost(size: int) -> int:
        rows = [EntryCreate(participant=ParticipantCreate(name=f"{size}-{n}")) for n in range(size)]
        with make.counted(work) as sent:
            await writes.enter(work, contest.id, rows)
        return len([s for s in sent if "event_log_append" not in s])

    assert await cost(3) == await cost(30)
