"""What keeps a category from being judged: all of it at once, each with what to do about it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from event_manager.contests.models import Category
from event_manager.contests.queries.places import WORDS, Place, readable_category
from event_manager.kit.errors import FieldError
from event_manager.kit.work import Work

COUNTS = """
SELECT (SELECT count(*) FROM criteria k WHERE k.tenant_id = c.tenant_id AND k.category_id = c.id) AS criteria,
       (SELECT count(*) FROM criteria k
         WHERE k.tenant_id = c.tenant_id AND k.category_id = c.id AND k.weight > 0) AS weighted,
       (SELECT count(*) FROM panel_seats s
         WHERE s.tenant_id = c.tenant_id AND s.category_id = c.id AND s.state = 'active') AS seats,
       (SELECT count(*) FROM category_entries m
          JOIN contest_entries e ON e.tenant_id = m.tenant_id AND e.id = m.contest_entry_id
         WHERE m.tenant_id = c.tenant_id AND m.category_id = c.id
           AND m.state = 'entered' AND e.state = 'entered') AS entries
  FROM categories c WHERE c.tenant_id = %s AND c.id = %s"""


class Counts(NamedTuple):
    """How much a category holds: criteria, those of them that weigh something, active seats, entries that compete."""

    criteria: int
    weighted: int
    seats: int
    entries: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a category needs.

    ``pointer`` says where: /criteria, /rules, /entries, /panel, /template, /lock.
    """

    pointer: str
    needs: str
    mend: str

    def fault(self) -> FieldError:
        """As it stands in a refusal."""
        return FieldError(self.pointer, f"{self.needs}: {self.mend}")


Check = Callable[[Work, UUID], Awaitable[list[Missing]]]
CHECKS: list[Check] = []
"""What rooms above need of theirs before judging; called with the category's id."""


def also_needed(check: Check) -> Check:
    """Register a check of a room above."""
    CHECKS.append(check)
    return check


async def count(work: Work, category_id: UUID) -> Counts:
    """What the category holds now."""
    [row] = await work.sql(COUNTS, (work.tenant, category_id))
    return Counts(**row)


async def missing(work: Work, place: Place, counts: Counts) -> list[Missing]:
    """All that the category needs before it can be judged, in the order of setting it up."""
    found = [
        Missing("/lock", f"the {WORDS[type(level)]} not to be locked", f"another person has to unlock '{level.name}'")
        for level in place.levels
        if level.locked_at is not None
    ]
    found += [
        Missing("/lock", f"the {WORDS[type(level)]} not to be archived", f"restore '{level.name}'")
        for level in place.levels
        if not isinstance(level, Category) and level.status == "archived"
    ]
    if any(level.is_template for level in place.levels):
        found.append(Missing("/template", "a place outside of templates: clone it first", "templates are never judged"))
    if not counts.criteria:
        found.append(Missing("/criteria", "at least one criterion", "say what judges give marks for"))
    elif counts.criteria > 1 and not counts.weighted:
        found.append(Missing("/criteria", "a criterion that weighs more than 0", "change the weights"))
    for check in CHECKS:
        found += await check(work, place.category.id)
    if not counts.seats:
        found.append(Missing("/panel", "at least one active seat", "seat a judge on the panel"))
    if not counts.entries:
        found.append(Missing("/entries", "at least one entry", "enter somebody, or let an entry compete here"))
    return found


async def before_judging(work: Work, category_id: UUID) -> tuple[str, list[Missing]]:
    """The category's state and, of a draft, all that it needs before judging can open. Raises NotFound, Forbidden."""
    place = await readable_category(work, category_id)
    if place.category.state != "draft":
        return place.category.state, []
    return place.category.state, await missing(work, place, await count(work, category_id))
