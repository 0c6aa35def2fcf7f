"""Copies of events, contests and categories are complete, and begin anew."""

import pytest

from event_manager.contests.models import (
    Category,
    CategoryEntry,
    Contest,
    ContestEntry,
    Criterion,
    PanelSeat,
)
from event_manager.contests.queries import panels as panel_reads
from event_manager.contests.queries.entries import list_entries, read_roster
from event_manager.contests.queries.levels import list_categories, list_contests, list_criteria, list_templates
from event_manager.contests.queries.places import find_category
from event_manager.contests.schemas.entries import RunningOrder
from event_manager.contests.schemas.levels import CategoryClone, ContestClone, EventClone
from event_manager.contests.service import cloning, roster, running_order, standing
from event_manager.kit.access import Actor, Grant
from event_manager.kit.db import Base
from event_manager.kit.errors import Forbidden
from event_manager.kit.work import Work
from tests.factories import contests as make
from tests.people import People

ANEW = {
    "tenant_id", "id", "created_at", "updated_at", "version", "locked_at", "locked_by", "lock_reason", "is_template",
    "status", "state", "state_at", "state_reason", "reopened_at", "reopened_by", "reopened_from", "reopened_reason",
    "panel_frozen_at", "inputs_version", "checked_in_at", "checked_in_by", "marks_version", "replaces_id",
    "next_number",
}  # fmt: skip


@pytest.mark.parametrize("table", [Contest, Category, Criterion, ContestEntry, CategoryEntry, PanelSeat])
def test_every_column_is_either_copied_or_begins_anew(table: type[Base]) -> None:
    columns = {column.key for column in table.__table__.columns}

    assert columns - set(cloning.COPIED[table]) - ANEW == set()


async def test_a_cloned_event_has_contests_categories_criteria_panels_and_entries(work: Work, people: People) -> None:
    event = await make.an_event(work, venue="Old Pier", number_prefix="H")
    contest = await make.a_contest(work, event, "Singing")
    place = await make.a_category(work, contest, "Solo", weight="2", kind="rounds", part_names=["One", "Two"])
    await make.some_criteria(work, place.category.id, "Voice", "Style")
    await make.a_seat(work, place.category.id, people["judith"].id, role="head", group_label="North")
    ann, ben, cleo = await make.some_entries(work, contest.id, "Ann", "Ben", "Cleo")
    await roster.set_roster(work, place.category.id, [ann, ben])
    await standing.check_in(work, ann, checked_in=True)
    await standing.set_entry_state(work, cleo, "withdrawn", "moved away")

    new = await cloning.clone_event(work, event.id, EventClone(name="Next Games", panels=True, entries=True))

    assert (new.event.name, new.event.venue, new.event.number_prefix) == ("Next Games", "Old Pier", "H")
    [[copy], _] = await list_contests(work, new.event.id, cursor=None, limit=9)
    [[category], _] = await list_categories(work, copy.id, cursor=None, limit=9)
    assert (category.name, category.weight, category.part_names) == ("Solo", 2, ["One", "Two"])
    assert [c.key for c in await list_criteria(work, category.id)] == ["voice", "style"]
    there = await find_category(work, category.id)
    assert [(s.label, s.role, s.group_label) for s in (await panel_reads.read_panel(work, there)).items] == [
        ("J1", "head", "North")
    ]
    people_in, _ = await list_entries(work, copy.id, cursor=None, limit=9)
    assert [(e.name, e.number, e.checked_in_at) for e in people_in] == [("Ann", "H1", None), ("Ben", "H2", None)]
    assert [e.name for e in await read_roster(work, category.id)] == ["Ann", "Ben"]
    assert new.event.next_number == 4


async def test_a_clone_of_a_judged_contest_is_an_open_draft(work: Work, people: People) -> None:
    place = await make.a_judged_category(work, people["judith"].id)

    new = await cloning.clone_contest(work, place.contest.id, ContestClone(name="Again"))

    [[category], _] = await list_categories(work, new.contest.id, cursor=None, limit=9)
    assert (category.state, category.panel_frozen_at, new.contest.sort_order) == ("draft", None, 2)
    assert await read_roster(work, category.id) == []


async def test_a_category_cloned_in_its_contest_has_the_same_entries_in_the_same_order(work: Work) -> None:
    place = await make.a_category(work)
    await make.some_entries(work, place.contest.id, "Ann", "Ben", "Cleo")
    await running_order.order_category(work, place.category.id, RunningOrder(how="reverse"))

    new = await cloning.clone_category(work, place.category.id, CategoryClone(name="Final"))

    assert [e.name for e in await read_roster(work, new.category.id)] == ["Cleo", "Ben", "Ann"]


async def test_a_template_category_is_listed_and_used_in_another_contest(work: Work) -> None:
    template = await make.a_category(work, name="Singing, standard", is_template=True)
    await make.some_criteria(work, template.category.id, "Voice")
    contest = await make.a_contest(work)
    await make.some_entries(work, contest.id, "Ann")

    [found] = await list_templates(work)
    new = await cloning.clone_category(work, found.id, CategoryClone(name="Solo", contest_id=contest.id))

    assert (found.level, found.name) == ("category", "Singing, standard")
    assert [c.key for c in await list_criteria(work, new.category.id)] == ["voice"]
    assert [e.name for e in await read_roster(work, new.category.id)] == ["Ann"]


async def test_cloning_writes_rows_in_the_same_number_of_statements_however_many_there_are(work: Work) -> None:
    small, large = await make.an_event(work, "Small"), await make.an_event(work, "Large")
    for event, size in ((small, 1), (large, 3)):
        for n in range(size):
            contest = await make.a_contest(work, event, f"Contest {n}")
            place = await make.a_category(work, contest)
            await make.some_criteria(work, place.category.id, *"abc"[:size])
            await make.some_entries(work, contest.id, *"xyz"[:size])

    with make.counted(work) as little:
        await cloning.clone_event(work, small.id, EventClone(name="S", entries=True))
    with make.counted(work) as much:
        await cloning.clone_event(work, large.id, EventClone(name="L", entries=True))

    log = "event_log_append"
    assert [s[:60] for s in much if log not in s] == [s[:60] for s in little if log not in s]


async def test_copying_a_panel_needs_the_right_to_see_it(work: Work, people: People) -> None:
    event = await make.an_event(work)
    rights = frozenset({"contests:read", "contests:edit"})
    work.actor = Actor("user", people["oscar"].id, grants=(Grant(rights),))

    with pytest.raises(Forbidden, match="panels:read"):
        await cloning.clone_event(work, event.id, EventClone(name="Next", panels=True))


async def test_the_log_tells_of_every_copied_category_what_it_was_copied_from(work: Work) -> None:
    place = await make.a_category(work)

    new = await cloning.clone_event(work, place.event.id, EventClone(name="Next"))

    rows = await work.sql(
        """SELECT convert_from(body, 'UTF8')::jsonb ->> 'sourceId' AS source FROM event_log
            WHERE type = 'category.created' AND entity_id IN (
              SELECT c.id FROM categories c JOIN contests k ON k.id = c.contest_id WHERE k.event_id = %s)""",
        (new.event.id,),
    )
    assert rows == [{"source": str(place.category.id)}]
