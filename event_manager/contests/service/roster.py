"""Which entries of the contest compete in a category, and how they stand in it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from event_manager import eventlog
from event_manager.contests.errors import CategoryClosed
from event_manager.contests.event_types import ContestantUpdated, RosterChanged
from event_manager.contests.models import Category, CategoryEntry
from event_manager.contests.queries.places import Place, editable_category
from event_manager.contests.schemas.common import FactMap
from event_manager.contests.service import changes, inputs
from event_manager.kit.errors import FieldError, Invalid, NotFound
from event_manager.kit.work import Work

OPEN_STATES = ("draft", "judging")
"""States in which who competes, who judges and by what may still change; later the category is reopened first."""
BEFORE_TALLY = (*OPEN_STATES, "judged")
"""States in which an entry may still be scratched or disqualified: afterwards people answer for the result."""

EVERYBODY = """
INSERT INTO category_entries (tenant_id, contest_id, category_id, contest_entry_id)
SELECT e.tenant_id, e.contest_id, %s, e.id FROM contest_entries e
 WHERE e.tenant_id = %s AND e.contest_id = %s AND e.state = 'entered' ORDER BY e.running_order, e.id"""
ADD = """
INSERT INTO category_entries (tenant_id, contest_id, category_id, contest_entry_id)
SELECT e.tenant_id, e.contest_id, %s, e.id FROM contest_entries e
 WHERE e.tenant_id = %s AND e.contest_id = %s AND e.id = ANY(%s)
ON CONFLICT (tenant_id, category_id, contest_entry_id) DO NOTHING
RETURNING contest_entry_id"""
MISSING = """
SELECT given.id FROM unnest(%s::uuid[]) AS given(id)
 WHERE NOT EXISTS (SELECT 1 FROM contest_entries e WHERE e.tenant_id = %s AND e.contest_id = %s AND e.id = given.id)"""
REMOVE = """
DELETE FROM category_entries WHERE tenant_id = %s AND category_id = %s AND NOT contest_entry_id = ANY(%s)
RETURNING contest_entry_id"""


def check_open(category: Category, what: str) -> None:
    """Raise CategoryClosed unless entries, panel and criteria of the category may still change."""
    if category.state not in OPEN_STATES:
        raise CategoryClosed(f"'{category.name}' is '{category.state}': reopen it before {what}.")


def check_before_tally(category: Category, what: str) -> None:
    """Raise CategoryClosed once officials have begun to answer for the category's result."""
    if category.state not in BEFORE_TALLY:
        raise CategoryClosed(
            f"'{category.name}' is '{category.state}': reopen it before {what}, so that its result is made anew.",
            extra={"categoryId": str(category.id), "state": category.state},
        )


async def enter_everybody(work: Work, category: Category) -> None:
    """Put every entry of the contest that is in into a new category."""
    await work.sql(EVERYBODY, (category.id, work.tenant, category.contest_id))


async def set_roster(work: Work, category_id: UUID, entry_ids: Sequence[UUID]) -> Place:
    """Let exactly these contest entries compete. Leaving out takes out; before judging only.

    Raises CategoryClosed, Locked; Invalid for entries of other contests.
    """
    place = await editable_category(work, category_id, "entries:edit", hold=True)
    category, ids = place.category, list(dict.fromkeys(entry_ids))
    check_open(category, "its entries change")
    unknown = await work.sql(MISSING, (ids, work.tenant, category.contest_id))
    if unknown:
        raise Invalid(
            f"{len(unknown)} are no entries of the contest '{place.contest.name}'.",
            errors=[FieldError(f"/entryIds/{ids.index(row['id'])}", "no entry of this contest") for row in unknown],
        )
    removed: list[UUID] = []
    if category.state == "draft":
        removed = [row["contest_entry_id"] for row in await work.sql(REMOVE, (work.tenant, category_id, ids))]
    else:
        await _refuse_removal(work, category, ids)
    added = [
        row["contest_entry_id"] for row in await work.sql(ADD, (category_id, work.tenant, category.contest_id, ids))
    ]
    if added or removed:
        await inputs.bump(work, [category_id])
        await eventlog.append(work, RosterChanged(category_id=category_id, added=added, removed=removed))
    return place


async def _refuse_removal(work: Work, category: Category, ids: Sequence[UUID]) -> None:
    query = select(CategoryEntry.id).where(
        CategoryEntry.tenant_id == work.tenant,
        CategoryEntry.category_id == category.id,
        CategoryEntry.contest_entry_id.not_in(ids),
    )
    if await work.session.scalar(query.limit(1)) is not None:
        raise CategoryClosed(
            f"'{category.name}' is being judged, so entries stay on its list: scratch them instead of leaving them out."
        )


async def find_member(work: Work, category_id: UUID, entry_id: UUID) -> CategoryEntry:
    """A contest entry's place in a category. Raises NotFound."""
    query = select(CategoryEntry).where(
        CategoryEntry.tenant_id == work.tenant,
        CategoryEntry.category_id == category_id,
        CategoryEntry.contest_entry_id == entry_id,
    )
    member = await work.session.scalar(query)
    if member is None:
        raise NotFound("This entry does not compete in this category.")
    return member


async def set_roster_facts(work: Work, category_id: UUID, entry_id: UUID, facts: FactMap) -> CategoryEntry:
    """Set what the rule set must know of an entry in this category. Raises CategoryClosed, Locked."""
    place = await editable_category(work, category_id, "entries:edit", hold=True)
    check_open(place.category, "facts change")
    member = await find_member(work, category_id, entry_id)
    if member.facts != facts:
        told = {"facts": (changes.as_text(member.facts), changes.as_text(facts))}
        member.facts = facts
        await work.session.flush()
        await inputs.bump(work, [category_id])
        event = ContestantUpdated(
            contestant_id=entry_id, contest_id=place.contest.id, category_id=category_id, changes=told
        )
        await eventlog.append(work, event)
    return member
