"""Copies of events, contests and categories, with all that stands below; the way to use a template.

A copy is a draft, unlocked, at the end of its list. Rows go in one statement a table, however many; the log tells of
each contest and category with its source, and rooms above copy what they keep of them (`also_copy`).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select

from event_manager import eventlog
from event_manager.contests.event_types import CategoryCreated, ContestCloned, EventCloned
from event_manager.contests.models import (
    Category,
    CategoryEntry,
    Contest,
    ContestEntry,
    Criterion,
    PanelSeat,
)
from event_manager.contests.queries.places import (
    Place,
    editable_contest,
    editable_event,
    find_category,
    find_contest,
    find_event,
)
from event_manager.contests.schemas.levels import CategoryClone, ContestClone, EventClone, EventCreate
from event_manager.contests.service import categories, contests, events, roster
from event_manager.contests.service.bulk import insert_many
from event_manager.identity.models import Membership
from event_manager.kit.db import Base
from event_manager.kit.work import Work

T = TypeVar("T", Contest, Category, Criterion, ContestEntry, CategoryEntry, PanelSeat)

Moved = dict[str, dict[UUID, UUID]]
Level = Literal["contest", "category"]
Copier = Callable[[Work, Level, Mapping[UUID, UUID]], Awaitable[None]]

COPIERS: list[Copier] = []
"""What rooms above copy of theirs, in the same transaction: called with {original: copy} of each level."""

COPIED: dict[type[Base], tuple[str, ...]] = {
    Contest: ("event_id", "name", "sort_order", "numbering", "number_prefix", "number_digits"),
    Category: ("contest_id", "name", "sort_order", "weight", "kind", "part_names"),
    Criterion: ("category_id", "key", "name", "min", "max", "step", "weight", "sort_order"),
    ContestEntry: ("contest_id", "participant_id", "number", "running_order", "facts"),
    CategoryEntry: ("contest_id", "category_id", "contest_entry_id", "running_order", "facts"),
    PanelSeat: ("category_id", "user_id", "label", "role", "group_label"),
}
"""What a copy takes over (references are turned to the copies); everything else begins anew."""

EVENT_COPIED = ("venue", "numbering", "number_prefix", "number_digits")


def also_copy(copier: Copier) -> Copier:
    """Register a copier of a room above."""
    COPIERS.append(copier)
    return copier


async def _tell_copiers(work: Work, level: Level, moved: Mapping[UUID, UUID]) -> None:
    if moved:
        for copier in COPIERS:
            await copier(work, level, moved)


async def clone_event(work: Work, event_id: UUID, new: EventClone) -> Place:
    """A copy of an event with its contests that are not archived. Raises Forbidden, NotFound, DatesReversed."""
    source = await find_event(work, event_id)
    _allow_source(work, source, panels=new.panels, entries=new.entries)
    _allow_target(work, (), panels=new.panels, entries=new.entries)
    facts = {name: getattr(source.event, name) for name in EVENT_COPIED}
    created = EventCreate(
        name=new.name, starts_on=new.starts_on, ends_on=new.ends_on, is_template=new.is_template, **facts
    )
    event = await events.create_event(work, created)
    if new.entries:
        await work.session.refresh(source.event, ["next_number"])  # drawn past the unit of work
        event.next_number = source.event.next_number
    originals = await _rows(work, Contest, Contest.event_id == event_id, Contest.status != "archived")
    moved = await _copy(work, Contest, originals, {"event_id": {event_id: event.id}}, also=_counter(new))
    await _fill(work, moved, panels=new.panels, entries=new.entries)
    ids = list(moved.values())
    await eventlog.append(work, EventCloned(event_id=event.id, source_id=event_id, contest_ids=ids))
    cloned = [ContestCloned(contest_id=id_, event_id=event.id, source_id=source) for source, id_ in moved.items()]
    await eventlog.append_many(work, cloned)
    return Place(event)


async def clone_contest(work: Work, contest_id: UUID, new: ContestClone) -> Place:
    """A copy of a contest, in its own or another event. Raises Forbidden, NotFound, Locked."""
    source = await find_contest(work, contest_id)
    _allow_source(work, source, panels=new.panels, entries=new.entries)
    target = await editable_event(work, new.event_id or source.event.id)
    _allow_target(work, target.path, panels=new.panels, entries=new.entries)
    last = await contests.next_place(work, target.event.id)
    moved = await _copy(
        work, Contest, [source.contest], {"event_id": {source.event.id: target.event.id}},
        also=_counter(new), name=new.name, sort_order=last, is_template=new.is_template,
    )  # fmt: skip
    await _fill(work, moved, panels=new.panels, entries=new.entries)
    event = ContestCloned(contest_id=moved[contest_id], event_id=target.event.id, source_id=contest_id)
    await eventlog.append(work, event)
    return await find_contest(work, moved[contest_id])


async def clone_category(work: Work, category_id: UUID, new: CategoryClone) -> Place:
    """A copy of a category, in its own or another contest; in its own with the same entries.

    Raises Forbidden, NotFound, Locked.
    """
    source = await find_category(work, category_id)
    _allow_source(work, source, panels=new.panels, entries=False)
    target = await editable_contest(work, new.contest_id or source.contest.id)
    _allow_target(work, target.path, panels=new.panels, entries=False)
    last = await categories.next_place(work, target.contest.id)
    moved = await _copy(
        work, Category, [source.category], {"contest_id": {source.contest.id: target.contest.id}},
        name=new.name, sort_order=last, is_template=new.is_template,
    )  # fmt: skip
    copy = await find_category(work, moved[category_id])
    await _fill_categories(work, moved, panels=new.panels)
    if target.contest.id == source.contest.id:
        members = await _rows(work, CategoryEntry, CategoryEntry.category_id == category_id)
        await _copy(work, CategoryEntry, members, {"category_id": moved})
    else:
        await roster.enter_everybody(work, copy.category)
    event = CategoryCreated(
        category_id=copy.category.id, contest_id=target.contest.id, title=new.name, source_id=category_id
    )
    await eventlog.append(work, event)
    return copy


def _counter(new: EventClone | ContestClone) -> tuple[str, ...]:
    """With its entries a contest keeps its counter, so that no number is drawn twice."""
    return ("next_number",) if new.entries else ()


def _allow_source(work: Work, place: Place, *, panels: bool, entries: bool) -> None:
    work.allow("contests:read", place.path)
    if panels:
        work.allow("panels:read", place.path)
    if entries:
        work.allow("entries:read", place.path)


def _allow_target(work: Work, path: tuple[UUID, ...], *, panels: bool, entries: bool) -> None:
    work.allow("contests:edit", path)
    if panels:
        work.allow("panels:edit", path)
    if entries:
        work.allow("entries:edit", path)


async def _rows(work: Work, table: type[T], *where: ColumnElement[bool]) -> list[T]:
    query = select(table).where(table.tenant_id == work.tenant, *where).order_by(table.id)
    return list((await work.session.scalars(query.execution_options(populate_existing=True))).all())


async def _copy(
    work: Work, table: type[T], rows: Sequence[T], moved: Moved, *, also: tuple[str, ...] = (), **values: object
) -> dict[UUID, UUID]:
    """New rows like these. ``moved``: column to {old reference: new}. Answers {old id: new id}."""
    copies = []
    for row in rows:
        copy: dict[str, object] = {name: getattr(row, name) for name in (*COPIED[table], *also)}
        for name, references in moved.items():
            copy[name] = references[getattr(row, name)]
        copies.append(copy | values)
    ids = await insert_many(work, table, copies)
    return dict(zip([row.id for row in rows], ids, strict=True))


async def _fill(work: Work, moved: dict[UUID, UUID], *, panels: bool, entries: bool) -> None:
    """Copy what stands below contests; ``moved``: {contest: its copy}."""
    below = await _rows(work, Category, Category.contest_id.in_(moved))
    categories_moved = await _copy(work, Category, below, {"contest_id": moved})
    await _tell_copiers(work, "contest", moved)
    created = [
        CategoryCreated(
            category_id=categories_moved[row.id], contest_id=moved[row.contest_id], title=row.name, source_id=row.id
        )
        for row in below
    ]
    await eventlog.append_many(work, created)
    await _fill_categories(work, categories_moved, panels=panels)
    if not entries:
        return
    staying = ContestEntry.state.not_in(("withdrawn", "scratched"))
    people = await _rows(work, ContestEntry, ContestEntry.contest_id.in_(moved), staying)
    entered = await _copy(work, ContestEntry, people, {"contest_id": moved})
    here = CategoryEntry.contest_id.in_(moved), CategoryEntry.contest_entry_id.in_(entered)
    places = {"contest_id": moved, "category_id": categories_moved, "contest_entry_id": entered}
    await _copy(work, CategoryEntry, await _rows(work, CategoryEntry, *here), places)


async def _fill_categories(work: Work, moved: dict[UUID, UUID], *, panels: bool) -> None:
    """Copy criteria, and on request the seats of members who are still active; ``moved``: {category: its copy}."""
    criteria = await _rows(work, Criterion, Criterion.category_id.in_(moved))
    await _copy(work, Criterion, criteria, {"category_id": moved})
    await _tell_copiers(work, "category", moved)
    if panels:
        member = select(Membership.user_id).where(Membership.tenant_id == work.tenant, Membership.status == "active")
        here = PanelSeat.category_id.in_(moved), PanelSeat.state != "replaced", PanelSeat.user_id.in_(member)
        await _copy(work, PanelSeat, await _rows(work, PanelSeat, *here), {"category_id": moved})
