"""Numbers of a contest's entries: inherited, by hand, automatic or none.

The counter is taken by UPDATE ... RETURNING, so that no two entries ever draw the same number; gaps stay.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from event_manager import eventlog
from event_manager.contests.errors import CategoryClosed, NumberRefused
from event_manager.contests.event_types import Renumbered
from event_manager.contests.models import Category
from event_manager.contests.names import label
from event_manager.contests.queries.entries import OF_CONTEST
from event_manager.contests.queries.places import Place, editable_contest
from event_manager.kit.work import Work

COUNT_IN_CONTEST = """
UPDATE contests SET next_number = next_number + %s WHERE tenant_id = %s AND id = %s RETURNING next_number"""
COUNT_IN_EVENT = """
UPDATE events SET next_number = next_number + %s WHERE tenant_id = %s AND id = %s RETURNING next_number"""
TAKEN = "SELECT number FROM contest_entries WHERE tenant_id = %s AND contest_id = %s AND number = ANY(%s)"
RENUMBER = """
UPDATE contest_entries e SET number = n.label, version = e.version + 1
  FROM unnest(%s::uuid[], %s::text[]) AS n(id, label) WHERE e.tenant_id = %s AND e.id = n.id"""
MOVE_CONTEST_COUNTER = "UPDATE contests SET next_number = %s WHERE tenant_id = %s AND id = %s"
RAISE_EVENT_COUNTER = "UPDATE events SET next_number = greatest(next_number, %s) WHERE tenant_id = %s AND id = %s"


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a contest numbers its entries, with what it inherits filled in."""

    mode: str
    prefix: str
    digits: int
    of_event: bool
    owner_id: UUID


def numbering_of(place: Place) -> Numbering:
    """The contest's own numbering, or the event's where it inherits; then the counter is the event's too."""
    contest, event = place.contest, place.event
    if contest.numbering == "inherit":
        return Numbering(event.numbering, event.number_prefix, event.number_digits, True, event.id)
    return Numbering(contest.numbering, contest.number_prefix, contest.number_digits, False, contest.id)


async def draw(work: Work, place: Place, count: int, *, reserved: Collection[str] = ()) -> list[str]:
    """The next ``count`` free labels; those worn in the contest or ``reserved`` are passed over."""
    numbering, drawn = numbering_of(place), list[str]()
    statement = COUNT_IN_EVENT if numbering.of_event else COUNT_IN_CONTEST
    while len(drawn) < count:
        missing = count - len(drawn)
        [row] = await work.sql(statement, (missing, work.tenant, numbering.owner_id))
        first = row["next_number"] - missing
        labels = [label(numbering.prefix, n, numbering.digits) for n in range(first, first + missing)]
        worn = await taken(work, place.contest.id, labels)
        drawn += [one for one in labels if one not in worn and one not in reserved]
    return drawn


async def taken(work: Work, contest_id: UUID, labels: Sequence[str]) -> set[str]:
    """Those of the labels that somebody wears in the contest."""
    if not labels:
        return set()
    return {row["number"] for row in await work.sql(TAKEN, (work.tenant, contest_id, list(labels)))}


async def renumber(work: Work, contest_id: UUID, start: int) -> Place:
    """Give all entries new numbers in running order, closing gaps. Before judging only.

    Raises NumberRefused when the contest has no numbers, CategoryClosed, Locked.
    """
    place = await editable_contest(work, contest_id, "entries:edit", hold=True)
    numbering = numbering_of(place)
    if numbering.mode == "none":
        raise NumberRefused(f"'{place.contest.name}' goes without numbers: choose another numbering first.")
    await _refuse_while_judging(work, place)
    rows = await work.sql(OF_CONTEST, (work.tenant, contest_id))
    labels = [label(numbering.prefix, n, numbering.digits) for n in range(start, start + len(rows))]
    await work.sql(RENUMBER, ([row["id"] for row in rows], labels, work.tenant))
    move = RAISE_EVENT_COUNTER if numbering.of_event else MOVE_CONTEST_COUNTER
    await work.sql(move, (start + len(rows), work.tenant, numbering.owner_id))
    numbers = {str(row["id"]): new for row, new in zip(rows, labels, strict=True) if row["number"] != new}
    if numbers:
        await eventlog.append(work, Renumbered(contest_id=contest_id, numbers=numbers))
    return place


async def _refuse_while_judging(work: Work, place: Place) -> None:
    query = select(Category.name).where(
        Category.tenant_id == work.tenant, Category.contest_id == place.contest.id, Category.state != "draft"
    )
    name = await work.session.scalar(query.limit(1))
    if name is not None:
        raise CategoryClosed(f"Judging of '{name}' has begun: numbers stay as the judges have seen them.")
