"""How an entry stands: number and facts, scratched or disqualified, checked in."""

from uuid import UUID

from sqlalchemy import select

from event_manager import eventlog
from event_manager.contests.errors import Locked, NumberRefused, NumberTaken
from event_manager.contests.event_types import (
    ContestantCheckedIn,
    ContestantDisqualified,
    ContestantStateChanged,
    ContestantUpdated,
    ContestantWithdrawn,
)
from event_manager.contests.models import Category, CategoryEntry, ContestEntry
from event_manager.contests.queries.places import Place, VersionCheck, any_version, editable_category, find_contest
from event_manager.contests.schemas.entries import EntryState, EntryUpdate, RosterState
from event_manager.contests.service import changes, entries, inputs, numbering, roster
from event_manager.kit.errors import FieldError, NotFound
from event_manager.kit.work import Work

TOLD: dict[str, type[ContestantStateChanged]] = {"withdrawn": ContestantWithdrawn, "dq": ContestantDisqualified}


async def find_entry(work: Work, entry_id: UUID, permission: str, *, hold: bool = False) -> tuple[ContestEntry, Place]:
    """An entry of the tenant's contests, with the place of its contest (held as asked). Raises NotFound, Forbidden."""
    query = select(ContestEntry).where(ContestEntry.tenant_id == work.tenant, ContestEntry.id == entry_id)
    entry = await work.session.scalar(query)
    if entry is None:
        raise NotFound("There is no such entry here.")
    place = await find_contest(work, entry.contest_id, hold=hold)
    work.allow(permission, place.path)
    return entry, place


async def update_entry(
    work: Work, entry_id: UUID, change: EntryUpdate, *, seen: VersionCheck = any_version
) -> ContestEntry:
    """Change number or facts. Raises NumberTaken, NumberRefused, CategoryClosed, Locked."""
    entry, place = await find_entry(work, entry_id, "entries:edit", hold=True)
    place.check_unlocked()
    seen(entry.version)
    fields = changes.wanted(change, nullable=("number",))
    number = fields.get("number")
    if isinstance(number, str) and number != entry.number:
        await _check_number(work, place, number)
    categories = await _categories_of(work, entry) if "facts" in fields else []
    for category in categories:
        roster.check_open(category, "facts of its entries change")
    told = changes.assign(work, entry, fields)
    if told:
        with entries.naming_clashes():
            await work.session.flush()
        if "facts" in told:
            await inputs.bump(work, [category.id for category in categories])
        await eventlog.append(
            work, ContestantUpdated(contestant_id=entry.id, contest_id=entry.contest_id, changes=told)
        )
    return entry


async def set_entry_state(work: Work, entry_id: UUID, state: EntryState, reason: str) -> ContestEntry:
    """Scratch, withdraw, disqualify in the whole contest, or take that back. Raises CategoryClosed, Locked."""
    entry, place = await find_entry(work, entry_id, "entries:edit", hold=True)
    place.check_unlocked()
    categories = await _categories_of(work, entry)
    if entry.state == state:
        return entry
    for category in categories:
        roster.check_before_tally(category, "an entry changes its state in the whole contest")
    old, entry.state = entry.state, state
    entry.state_reason, entry.updated_at = reason, work.now()
    await work.session.flush()
    await inputs.bump(work, [category.id for category in categories])
    await _tell(work, entry, old=old, new=state, reason=reason, category_id=None)
    return entry


async def set_roster_state(
    work: Work, category_id: UUID, entry_id: UUID, state: RosterState, reason: str
) -> CategoryEntry:
    """The same in one category. Raises CategoryClosed, Locked, NotFound."""
    place = await editable_category(work, category_id, "entries:edit", hold=True)
    member = await roster.find_member(work, category_id, entry_id)
    if member.state == state:
        return member
    roster.check_before_tally(place.category, "an entry changes its state")
    old, member.state, member.state_reason = member.state, state, reason
    await work.session.flush()
    await inputs.bump(work, [category_id])
    entry = await work.session.get_one(ContestEntry, (work.tenant, entry_id))
    await _tell(work, entry, old=old, new=state, reason=reason, category_id=category_id)
    return member


async def check_in(work: Work, entry_id: UUID, *, checked_in: bool) -> ContestEntry:
    """Note that an entry reported, or take it back. Raises Locked."""
    entry, place = await find_entry(work, entry_id, "entries:checkin", hold=True)
    place.check_unlocked()
    if (entry.checked_in_at is not None) != checked_in:
        entry.checked_in_at = work.now() if checked_in else None
        entry.checked_in_by = (work.actor.user_id or work.actor.api_key_id) if checked_in else None
        entry.updated_at = work.now()
        await work.session.flush()
        event = ContestantCheckedIn(contestant_id=entry.id, contest_id=entry.contest_id, checked_in=checked_in)
        await eventlog.append(work, event)
    return entry


async def _check_number(work: Work, place: Place, number: str) -> None:
    if numbering.numbering_of(place).mode == "none":
        raise NumberRefused(f"'{place.contest.name}' goes without numbers.")
    if await numbering.taken(work, place.contest.id, [number]):
        raise NumberTaken(
            f"Number {number} is worn by somebody else in '{place.contest.name}'.",
            errors=[FieldError("/number", "taken")],
        )


async def _categories_of(work: Work, entry: ContestEntry) -> list[Category]:
    """The categories in which an entry competes, held in one order. Raises Locked when one of them is."""
    member = (CategoryEntry.tenant_id == Category.tenant_id) & (CategoryEntry.category_id == Category.id)
    query = select(Category).join(CategoryEntry, member).where(Category.tenant_id == work.tenant)
    query = query.order_by(Category.id).with_for_update(of=Category, key_share=True)
    query = query.execution_options(populate_existing=True)
    found = list((await work.session.scalars(query.where(CategoryEntry.contest_entry_id == entry.id))).all())
    for category in found:
        if category.locked_at is not None:
            raise Locked(
                f"The category '{category.name}', in which this entry competes, is locked ({category.lock_reason}).",
                extra={"level": "category", "levelId": str(category.id)},
            )
    return found


async def _tell(work: Work, entry: ContestEntry, *, old: str, new: str, reason: str, category_id: UUID | None) -> None:
    event = TOLD.get(new, ContestantStateChanged)(
        contestant_id=entry.id, contest_id=entry.contest_id, category_id=category_id, old=old, new=new, reason=reason
    )
    await eventlog.append(work, event)
