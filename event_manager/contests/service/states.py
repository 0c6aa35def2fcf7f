"""The states of a category, as far as the set-up goes: draft, judging, judged, and back to judging."""

from uuid import UUID

from event_manager import eventlog
from event_manager.contests.errors import IllegalStateChange, NotReadyForJudging
from event_manager.contests.event_types import CategoryStateChanged, ScoringClosed, ScoringOpened, ScoringReopened
from event_manager.contests.models import Category
from event_manager.contests.queries.places import Place, editable_category, find_category
from event_manager.contests.schemas.levels import State
from event_manager.contests.service import readiness
from event_manager.kit.work import Work

STEPS: dict[str, tuple[str, ...]] = {
    "draft": ("judging",),
    "judging": ("judged",),
    "judged": ("tallied", "judging"),
    "tallied": ("audited", "judging"),
    "audited": ("approved", "judging"),
    "approved": ("published", "judging"),
    "published": ("judging",),
}
KEEP_ORDER = """
UPDATE category_entries ce SET running_order = e.running_order
  FROM contest_entries e
 WHERE ce.tenant_id = %s AND ce.category_id = %s AND ce.running_order IS NULL
   AND e.tenant_id = ce.tenant_id AND e.id = ce.contest_entry_id"""
"""A tie may go by the order in which a category was judged, so later changes of the contest's order do not reach it."""
HOW = {"judging": "reopen (with a reason)", "judged": "close judging"}


def topic(category_id: UUID) -> str:
    """What is poked when a category has changed; whoever watches it looks again."""
    return f"category:{category_id}"


def announce(work: Work, category_id: UUID) -> None:
    """Poke whoever watches the category, once the change is safe."""
    work.after_commit(lambda: work.database.signals.poke(topic(category_id)))


async def open_judging(work: Work, category_id: UUID) -> Place:
    """Draft to judging: the panel freezes. Raises NotReadyForJudging naming all that is missing, IllegalStateChange."""
    place = await editable_category(work, category_id, hold=True)
    category = place.category
    if category.state != "draft":
        raise _illegal(category, "judging")
    counts = await readiness.count(work, category_id)
    if missing := await readiness.missing(work, place, counts):
        needs = " and ".join(each.needs for each in missing)
        raise NotReadyForJudging(f"'{category.name}' needs {needs}.", errors=[each.fault() for each in missing])
    category.state, category.state_at, category.updated_at = "judging", work.now(), work.now()
    category.panel_frozen_at = category.panel_frozen_at or work.now()
    await work.session.flush()
    announce(work, category_id)
    await eventlog.append(
        work,
        ScoringOpened(
            category_id=category.id, contest_id=place.contest.id, criteria=counts.criteria, seats=counts.seats,
            entries=counts.entries,
        ),
    )  # fmt: skip
    return place


async def reopen(work: Work, category_id: UUID, reason: str) -> Place:
    """Back to judging from any later state. Raises IllegalStateChange, Locked."""
    place = await editable_category(work, category_id, hold=True)
    category, old = place.category, place.category.state
    if old in ("draft", "judging"):
        raise _illegal(category, "judging")
    category.reopened_at, category.reopened_by = work.now(), work.actor.user_id or work.actor.api_key_id
    category.reopened_from, category.reopened_reason = old, reason
    category.state, category.state_at, category.updated_at = "judging", work.now(), work.now()
    await work.session.flush()
    announce(work, category_id)
    await eventlog.append(
        work, ScoringReopened(category_id=category.id, contest_id=place.contest.id, old=old, reason=reason)
    )
    return place


async def set_category_state(work: Work, category_id: UUID, state: State) -> Category:
    """Move a category one step on. Called by the rooms that decide it; they have checked the permission.

    Raises IllegalStateChange naming the allowed steps (going back is `reopen`, beginning is `open_judging`), Locked.
    """
    place = await find_category(work, category_id, hold=True)
    place.check_unlocked()
    category, old = place.category, place.category.state
    if state == "judging" or state not in STEPS[old]:
        raise _illegal(category, state)
    category.state, category.state_at, category.updated_at = state, work.now(), work.now()
    await work.session.flush()
    announce(work, category_id)
    if state == "judged":
        await work.sql(KEEP_ORDER, (work.tenant, category_id))
        await eventlog.append(
            work,
            ScoringClosed(category_id=category.id, contest_id=place.contest.id, inputs_version=category.inputs_version),
        )
    else:
        await eventlog.append(work, CategoryStateChanged(category_id=category.id, old=old, new=state))
    return category


def _illegal(category: Category, wanted: str) -> IllegalStateChange:
    allowed = [f"'{step}' by {HOW[step]}" if step in HOW else f"'{step}'" for step in STEPS[category.state]]
    if category.state == "draft":
        allowed = ["'judging' by opening it for judging"]
    return IllegalStateChange(
        f"'{category.name}' is '{category.state}'; from there it goes to {' or '.join(allowed)}, not to '{wanted}'.",
        extra={"state": category.state, "allowed": list(STEPS[category.state])},
    )
