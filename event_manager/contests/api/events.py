"""Addresses of events."""

from fastapi import Query, Response

from event_manager.contests.api.parts import EDIT, PAGE, Cursor, EventId, Limit, Seen
from event_manager.contests.errors import (
    DatesReversed,
    EventSlugTaken,
    IllegalStateChange,
    NotLocked,
    OrderIncomplete,
    UnlockNeedsSecondPerson,
)
from event_manager.contests.models import Event
from event_manager.contests.queries import levels, places
from event_manager.contests.schemas.common import Because, Order
from event_manager.contests.schemas.levels import (
    EventClone,
    EventCreate,
    EventUpdate,
    EventView,
    Status,
    StatusChange,
)
from event_manager.contests.service import cloning, events, locks
from event_manager.kit.access import require
from event_manager.kit.errors import problems
from event_manager.kit.http import Page, Router, W, set_etag

router = Router(prefix="/contests/events", tags=["events"])


@router.get("", dependencies=[require("contests:read")])
async def list_events(
    work: W,
    cursor: Cursor = None,
    limit: Limit = PAGE,
    status: Status | None = None,
    templates: bool = Query(default=False, description="Templates instead of events."),
) -> Page[EventView]:
    """Events in their order; without `status` those that are not archived."""
    rows, after = await levels.list_events(work, cursor=cursor, limit=limit, status=status, templates=templates)
    return Page(items=[EventView.model_validate(row) for row in rows], next_cursor=after)


@router.post(
    "", status_code=201, dependencies=[require("contests:edit")], responses=problems(EventSlugTaken, DatesReversed)
)
async def create_event(work: W, response: Response, new: EventCreate) -> EventView:
    """Set up an event."""
    return view(await events.create_event(work, new), response)


@router.put("/order", status_code=204, dependencies=[require("contests:edit")], responses=problems(OrderIncomplete))
async def reorder_events(work: W, order: Order) -> None:
    """Put all events (neither archived nor templates) in another order."""
    await events.reorder_events(work, order.ids)


@router.get("/{eventId}", dependencies=[require("contests:read")])
async def read_event(work: W, response: Response, event_id: EventId) -> EventView:
    """An event."""
    return view((await places.readable_event(work, event_id)).event, response)


@router.patch(
    "/{eventId}", dependencies=[require("contests:edit")], responses=EDIT | problems(EventSlugTaken, DatesReversed)
)
async def update_event(work: W, response: Response, event_id: EventId, change: EventUpdate, seen: Seen) -> EventView:
    """Change facts of an event."""
    return view(await events.update_event(work, event_id, change, seen=seen), response)


@router.post(
    "/{eventId}/status", dependencies=[require("contests:edit")], responses=EDIT | problems(IllegalStateChange)
)
async def set_event_status(work: W, response: Response, event_id: EventId, wanted: StatusChange) -> EventView:
    """Open, close, archive or restore an event."""
    return view(await events.set_event_status(work, event_id, wanted.status), response)


@router.post(
    "/{eventId}/clone",
    status_code=201,
    dependencies=[require("contests:edit")],
    responses=problems(DatesReversed),
)
async def clone_event(work: W, response: Response, event_id: EventId, new: EventClone) -> EventView:
    """Copy an event, or make one from a template: contests, categories, criteria; on request panels and entries."""
    return view((await cloning.clone_event(work, event_id, new)).event, response)


@router.post("/{eventId}/lock", dependencies=[require("contests:lock")], responses=EDIT)
async def lock_event(work: W, response: Response, event_id: EventId, why: Because) -> EventView:
    """Lock an event and everything below it against changes."""
    return view((await locks.lock(work, "event", event_id, why.reason)).event, response)


@router.post(
    "/{eventId}/unlock",
    dependencies=[require("contests:unlock")],
    responses=problems(NotLocked, UnlockNeedsSecondPerson),
)
async def unlock_event(work: W, response: Response, event_id: EventId, why: Because) -> EventView:
    """Unlock an event, as another person than the one who locked it."""
    return view((await locks.unlock(work, "event", event_id, why.reason)).event, response)


def view(event: Event, response: Response) -> EventView:
    """An event on the wire, with its ETag."""
    set_etag(response, event.version)
    return EventView.model_validate(event)
