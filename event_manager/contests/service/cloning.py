"""Copies of events, contests and categories, with all that stands below; the way to use a template.

A copy is a draft, unlocked, at the end of its list. The number of statements does not grow with the number of rows.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar
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
from event_manager.contests.service.ids import new_ids
from event_manager.identity.models import Membership
from event_manager.kit.work import Work

Copyable = Contest | Category | Criterion | ContestEntry | CategoryEntry | PanelSeat
T = TypeVar("T", Contest, Category, Criterion, ContestEntry, CategoryEntry, PanelSeat)

COPIED: dict[type[Copyable], tuple[str, ...]] = {
    Contest: ("event_id", "name", "sort_order", "numbering", "number_prefix", "number_digits"),
    Category: ("contest_id", "name", "sort_order", "weight", "kind", "part_names"),
    Criterion: ("category_id", "key", "name", "min", "max", "step", "weight", "sort_order"),
    ContestEntry: ("contest_id", "participant_id", "number", "running_order", "facts"),
    CategoryEntry: ("contest_id", "category_id", "contest_entry_id", "running_order", "facts"),
    PanelSeat: ("category_id", "user_id", "label", "role", "group_label"),
}
"""What a copy takes over (references are turned to the copies); everything else begins anew."""

EVENT_COPIED = ("venue", "numbering", "number_prefix", "number_digits")


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
        event.next_number = source.event.next_number
    originals = await _rows(work, Contest, Contest.event_id == event_id, Contest.status != "archived")
    copies = await _copy(work, originals, {"event_id": {event_id: event.id}})
    await _fill(work, originals, copies, panels=new.panels, entries=new.entries)
    ids = [copy.id for copy in copies]
    await eventlog.append(work, EventCloned(event_id=event.id, source_id=event_id, contest_ids=ids))
    return Place(event)


async def clone_contest(work: Work, contest_id: UUID, new: ContestClone) -> Place:
    """A copy of a contest, in its own or another event. Raises Forbidden, NotFound, Locked."""
    source = await find_contest(work, contest_id)
    _allow_source(work, source, panels=new.panels, entries=new.entries)
    target = await editable_event(work, new.event_id or source.event.id)
    _allow_target(work, target.path, panels=new.panels, entries=new.entries)
    place = await contests.next_place(work, target.event.id)
    [copy] = await _copy(work, [source.contest], {"event_id": {source.event.id: target.event.id}})
    copy.name, copy.sort_order, copy.is_template = new.name, place, new.is_template
    await _fill(work, [source.contest], [copy], panels=new.panels, entries=new.entries)
    event = ContestCloned(contest_id=copy.id, event_id=target.event.id, source_id=contest_id)
    await eventlog.append(work, event)
    return Place(target.event, copy)


async def clone_category(work: Work, category_id: UUID, new: CategoryClone) -> Place:
    """A copy of a category, in its own or another contest; in its own with the same entries.

    Raises Forbidden, NotFound, Locked.
    """
    source = await find_category(work, category_id)
    _allow_source(work, source, panels=new.panels, entries=False)
    target = await editable_contest(work, new.contest_id or source.contest.id)
    _allow_target(work, target.path, panels=new.panels, entries=False)
    place = await categories.next_place(work, target.contest.id)
    [copy] = await _copy(work, [source.category], {"contest_id": {source.contest.id: target.contest.id}})
    copy.name, copy.sort_order, copy.is_template = new.name, place, new.is_template
    await work.session.flush()
    await _fill_categories(work, [source.category], [copy], panels=new.panels)
    if target.contest.id == source.contest.id:
        members = await _rows(work, CategoryEntry, CategoryEntry.category_id == category_id)
        await _copy(work, members, {"category_id": {category_id: copy.id}})
    else:
        await roster.enter_everybody(work, copy)
    event = CategoryCreated(category_id=copy.id, contest_id=target.contest.id, title=copy.name, source_id=category_id)
    await eventlog.append(work, event)
    return Place(target.event, target.contest, copy)


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
    return list((await work.session.scalars(query)).all())


async def _copy(work: Work, rows: Sequence[T], moved: dict[str, dict[UUID, UUID]]) -> list[T]:
    """New rows like these, in their order; ``moved``: column to {old reference: new reference}."""
    copies = []
    for row, id_ in zip(rows, await new_ids(work, len(rows)), strict=True):
        values: dict[str, Any] = {name: getattr(row, name) for name in COPIED[type(row)]}
        for name, references in moved.items():
            values[name] = references[values[name]]
        copies.append(type(row)(tenant_id=work.tenant, id=id_, **values))
    work.session.add_all(copies)
    await work.session.flush()
    return copies


async def _fill(
    work: Work, originals: Sequence[Contest], copies: Sequence[Contest], *, panels: bool, entries: bool
) -> None:
    """Copy what stands below contests."""
    moved = _pairs(originals, copies)
    below = await _rows(work, Category, Category.contest_id.in_(moved))
    new = await _copy(work, below, {"contest_id": moved})
    await _fill_categories(work, below, new, panels=panels)
    if not entries:
        return
    for original, copy in zip(originals, copies, strict=True):
        copy.next_number = original.next_number
    staying = ContestEntry.state.not_in(("withdrawn", "scratched"))
    people = await _rows(work, ContestEntry, ContestEntry.contest_id.in_(moved), staying)
    entered = _pairs(people, await _copy(work, people, {"contest_id": moved}))
    members = await _rows(
        work, CategoryEntry, CategoryEntry.contest_id.in_(moved), CategoryEntry.contest_entry_id.in_(entered)
    )
    places = {"contest_id": moved, "category_id": _pairs(below, new), "contest_entry_id": entered}
    await _copy(work, members, places)


async def _fill_categories(
    work: Work, originals: Sequence[Category], copies: Sequence[Category], *, panels: bool
) -> None:
    """Copy criteria, and on request the seats of members who are still active."""
    moved = _pairs(originals, copies)
    criteria = await _rows(work, Criterion, Criterion.category_id.in_(moved))
    await _copy(work, criteria, {"category_id": moved})
    if panels:
        member = select(Membership.user_id).where(Membership.tenant_id == work.tenant, Membership.status == "active")
        here = PanelSeat.category_id.in_(moved), PanelSeat.state != "replaced", PanelSeat.user_id.in_(member)
        await _copy(work, await _rows(work, PanelSeat, *here), {"category_id": moved})


def _pairs(originals: Iterable[Copyable], copies: Iterable[Copyable]) -> dict[UUID, UUID]:
    return {original.id: copy.id for original, copy in zip(originals, copies, strict=True)}
