"""Addresses of contests."""

from fastapi import Query, Response

from event_manager.contests.api.parts import EDIT, PAGE, ContestId, Cursor, EventId, Limit, Seen
from event_manager.contests.errors import IllegalStateChange, NotLocked, OrderIncomplete, UnlockNeedsSecondPerson
from event_manager.contests.models import Contest
from event_manager.contests.queries import levels, places
from event_manager.contests.schemas.common import Because, Order
from event_manager.contests.schemas.levels import (
    ContestClone,
    ContestCreate,
    ContestUpdate,
    ContestView,
    StatusChange,
    Templates,
)
from event_manager.contests.service import cloning, contests, locks
from event_manager.kit.access import require
from event_manager.kit.errors import problems
from event_manager.kit.http import Page, Router, W, set_etag

router = Router(prefix="/contests", tags=["contests"])


@router.get("/events/{eventId}/contests", dependencies=[require("contests:read")])
async def list_contests(
    work: W,
    event_id: EventId,
    cursor: Cursor = None,
    limit: Limit = PAGE,
    archived: bool = Query(default=False, description="Archived ones too."),
) -> Page[ContestView]:
    """Contests of an event, in their order."""
    await places.readable_event(work, event_id)
    rows, after = await levels.list_contests(work, event_id, cursor=cursor, limit=limit, archived=archived)
    return Page(items=[ContestView.model_validate(row) for row in rows], next_cursor=after)


@router.post("/events/{eventId}/contests", status_code=201, dependencies=[require("contests:edit")], responses=EDIT)
async def create_contest(work: W, response: Response, event_id: EventId, new: ContestCreate) -> ContestView:
    """Set up a contest."""
    return view(await contests.create_contest(work, event_id, new), response)


@router.put(
    "/events/{eventId}/contests/order",
    status_code=204,
    dependencies=[require("contests:edit")],
    responses=EDIT | problems(OrderIncomplete),
)
async def reorder_contests(work: W, event_id: EventId, order: Order) -> None:
    """Put all contests of an event (but archived ones) in another order."""
    await contests.reorder_contests(work, event_id, order.ids)


@router.get("/templates", dependencies=[require("contests:read")])
async def list_templates(work: W) -> Templates:
    """Events, contests and categories marked as templates: clone them to use them."""
    return Templates(items=await levels.list_templates(work))


@router.get("/{contestId}", dependencies=[require("contests:read")])
async def read_contest(work: W, response: Response, contest_id: ContestId) -> ContestView:
    """A contest."""
    return view((await places.readable_contest(work, contest_id)).contest, response)


@router.patch("/{contestId}", dependencies=[require("contests:edit")], responses=EDIT)
async def update_contest(
    work: W, response: Response, contest_id: ContestId, change: ContestUpdate, seen: Seen
) -> ContestView:
    """Change facts of a contest."""
    return view(await contests.update_contest(work, contest_id, change, seen=seen), response)


@router.post(
    "/{contestId}/status", dependencies=[require("contests:edit")], responses=EDIT | problems(IllegalStateChange)
)
async def set_contest_status(work: W, response: Response, contest_id: ContestId, wanted: StatusChange) -> ContestView:
    """Open, close, archive or restore a contest."""
    return view(await contests.set_contest_status(work, contest_id, wanted.status), response)


@router.post("/{contestId}/clone", status_code=201, dependencies=[require("contests:edit")], responses=EDIT)
async def clone_contest(work: W, response: Response, contest_id: ContestId, new: ContestClone) -> ContestView:
    """Copy a contest, or make one from a template, in the same or another event."""
    return view((await cloning.clone_contest(work, contest_id, new)).contest, response)


@router.post("/{contestId}/lock", dependencies=[require("contests:lock")], responses=EDIT)
async def lock_contest(work: W, response: Response, contest_id: ContestId, why: Because) -> ContestView:
    """Lock a contest and everything below it against changes."""
    return view((await locks.lock(work, "contest", contest_id, why.reason)).contest, response)


@router.post(
    "/{contestId}/unlock",
    dependencies=[require("contests:unlock")],
    responses=problems(NotLocked, UnlockNeedsSecondPerson),
)
async def unlock_contest(work: W, response: Response, contest_id: ContestId, why: Because) -> ContestView:
    """Unlock a contest, as another person than the one who locked it."""
    return view((await locks.unlock(work, "contest", contest_id, why.reason)).contest, response)


def view(contest: Contest, response: Response) -> ContestView:
    """A contest on the wire, with its ETag."""
    set_etag(response, contest.version)
    return ContestView.model_validate(contest)
