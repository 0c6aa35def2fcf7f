"""Addresses of a category's entries."""

from uuid import UUID

from event_manager.contests.api.parts import EDIT, CategoryId, EntryId
from event_manager.contests.errors import CategoryClosed, OrderIncomplete
from event_manager.contests.queries import entries as reads
from event_manager.contests.queries import places
from event_manager.contests.schemas.entries import (
    Roster,
    RosterPut,
    RosterStateChange,
    RosterUpdate,
    RunningOrder,
    RunningOrderView,
)
from event_manager.contests.service import roster, running_order, standing
from event_manager.kit.access import require
from event_manager.kit.errors import Invalid, problems
from event_manager.kit.http import Router, W
from event_manager.kit.work import Work

router = Router(prefix="/contests/categories", tags=["categories"])


@router.get("/{categoryId}/entries", dependencies=[require("entries:read")])
async def read_roster(work: W, category_id: CategoryId) -> Roster:
    """Who competes in a category, in running order."""
    await places.readable_category(work, category_id, "entries:read")
    return await _view(work, category_id)


@router.put(
    "/{categoryId}/entries",
    dependencies=[require("entries:edit")],
    responses=EDIT | problems(Invalid, CategoryClosed),
)
async def set_roster(work: W, category_id: CategoryId, body: RosterPut) -> Roster:
    """Let exactly these entries of the contest compete in the category."""
    await roster.set_roster(work, category_id, body.entry_ids)
    return await _view(work, category_id)


@router.patch(
    "/{categoryId}/entries/{entryId}",
    dependencies=[require("entries:edit")],
    responses=EDIT | problems(CategoryClosed),
)
async def update_roster_entry(work: W, category_id: CategoryId, entry_id: EntryId, change: RosterUpdate) -> Roster:
    """Set the facts of an entry in this category."""
    await roster.set_roster_facts(work, category_id, entry_id, change.facts)
    return await _view(work, category_id)


@router.post(
    "/{categoryId}/entries/{entryId}/state",
    dependencies=[require("entries:edit")],
    responses=EDIT | problems(CategoryClosed),
)
async def set_roster_state(work: W, category_id: CategoryId, entry_id: EntryId, change: RosterStateChange) -> Roster:
    """Scratch or disqualify an entry in this category, note that it did not start or finish, or take that back."""
    await standing.set_roster_state(work, category_id, entry_id, change.state, change.reason)
    return await _view(work, category_id)


@router.put(
    "/{categoryId}/running-order",
    dependencies=[require("entries:edit")],
    responses=EDIT | problems(OrderIncomplete, CategoryClosed),
)
async def set_category_running_order(work: W, category_id: CategoryId, wanted: RunningOrder) -> RunningOrderView:
    """Set the running order of this category apart from the contest's."""
    return await running_order.order_category(work, category_id, wanted)


async def _view(work: Work, category_id: UUID) -> Roster:
    return Roster(items=await reads.read_roster(work, category_id))
