"""Addresses of entries in contests."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from event_manager.contests.api.participants import Search
from event_manager.contests.api.parts import EDIT, PAGE, ContestId, Cursor, EntryId, Limit, Seen
from event_manager.contests.errors import (
    AlreadyEntered,
    CategoryClosed,
    NumberRefused,
    NumberTaken,
    OrderIncomplete,
)
from event_manager.contests.queries import entries as reads
from event_manager.contests.queries import places
from event_manager.contests.schemas.entries import (
    CheckIn,
    EntriesCreate,
    EntriesCreated,
    EntryCreate,
    EntryState,
    EntryStateChange,
    EntryUpdate,
    EntryView,
    Renumber,
    RunningOrder,
    RunningOrderView,
)
from event_manager.contests.service import entries, numbering, running_order, standing
from event_manager.kit.access import require
from event_manager.kit.errors import Invalid, problems
from event_manager.kit.http import Page, Router, W, set_etag
from event_manager.kit.work import Work

router = Router(prefix="/contests", tags=["entries"])

ENTER = EDIT | problems(Invalid, AlreadyEntered, NumberTaken, NumberRefused, CategoryClosed)


@router.get("/{contestId}/entries", dependencies=[require("entries:read")])
async def list_entries(
    work: W,
    contest_id: ContestId,
    q: Search = "",
    state: EntryState | None = None,
    checked_in: Annotated[bool | None, Query(alias="checkedIn")] = None,
    cursor: Cursor = None,
    limit: Limit = PAGE,
) -> Page[EntryView]:
    """Entries of a contest, in running order; `q` also finds a number."""
    place = await places.find_contest(work, contest_id)
    work.allow("entries:read", place.path)
    items, after = await reads.list_entries(
        work, contest_id, cursor=cursor, limit=limit, q=q, state=state, checked_in=checked_in
    )
    return Page(items=items, next_cursor=after)


@router.post("/{contestId}/entries", status_code=201, dependencies=[require("entries:edit")], responses=ENTER)
async def create_entry(work: W, response: Response, contest_id: ContestId, new: EntryCreate) -> EntryView:
    """Enter a participant, known or new."""
    [entry_id] = await entries.enter(work, contest_id, [new])
    return await _view(work, entry_id, response)


@router.post("/{contestId}/entries/bulk", status_code=201, dependencies=[require("entries:edit")], responses=ENTER)
async def create_entries(work: W, contest_id: ContestId, new: EntriesCreate) -> EntriesCreated:
    """Enter several at once: all of them or none."""
    return EntriesCreated(items=await reads.view_entries(work, await entries.enter(work, contest_id, new.rows)))


@router.get("/entries/{entryId}", dependencies=[require("entries:read")])
async def read_entry(work: W, response: Response, entry_id: EntryId) -> EntryView:
    """An entry."""
    await standing.find_entry(work, entry_id, "entries:read")
    return await _view(work, entry_id, response)


@router.patch(
    "/entries/{entryId}",
    dependencies=[require("entries:edit")],
    responses=EDIT | problems(NumberTaken, NumberRefused, CategoryClosed),
)
async def update_entry(work: W, response: Response, entry_id: EntryId, change: EntryUpdate, seen: Seen) -> EntryView:
    """Change number or facts of an entry."""
    await standing.update_entry(work, entry_id, change, seen=seen)
    return await _view(work, entry_id, response)


@router.post(
    "/entries/{entryId}/state", dependencies=[require("entries:edit")], responses=EDIT | problems(CategoryClosed)
)
async def set_entry_state(work: W, response: Response, entry_id: EntryId, change: EntryStateChange) -> EntryView:
    """Scratch, withdraw or disqualify an entry in the whole contest, or take that back."""
    await standing.set_entry_state(work, entry_id, change.state, change.reason)
    return await _view(work, entry_id, response)


@router.post("/entries/{entryId}/check-in", dependencies=[require("entries:checkin")], responses=EDIT)
async def check_in_entry(work: W, response: Response, entry_id: EntryId, given: CheckIn) -> EntryView:
    """Note that an entry reported on the day, or take it back."""
    await standing.check_in(work, entry_id, checked_in=given.checked_in)
    return await _view(work, entry_id, response)


@router.put(
    "/{contestId}/running-order",
    dependencies=[require("entries:edit")],
    responses=EDIT | problems(OrderIncomplete),
)
async def set_running_order(work: W, contest_id: ContestId, wanted: RunningOrder) -> RunningOrderView:
    """Set the running order of a contest: given, drawn from a seed, reversed or by number."""
    return await running_order.order_contest(work, contest_id, wanted)


@router.post(
    "/{contestId}/renumber",
    dependencies=[require("entries:edit")],
    responses=EDIT | problems(NumberRefused, CategoryClosed),
)
async def renumber_entries(work: W, contest_id: ContestId, wanted: Renumber) -> Page[EntryView]:
    """Give all entries new numbers in running order; before judging only. Answers the first page."""
    await numbering.renumber(work, contest_id, wanted.start)
    items, after = await reads.list_entries(work, contest_id, cursor=None, limit=PAGE)
    return Page(items=items, next_cursor=after)


async def _view(work: Work, entry_id: UUID, response: Response) -> EntryView:
    [view] = await reads.view_entries(work, [entry_id])
    set_etag(response, view.version)
    return view
