"""Address of the live tail."""

from typing import Annotated

from fastapi import Header, Query, Request
from starlette.responses import StreamingResponse

from event_manager.eventlog.api import F
from event_manager.eventlog.errors import UnknownEventType
from event_manager.eventlog.live import Stream, live_cursors
from event_manager.eventlog.tail import Tail, TooManyStreams
from event_manager.kit.access import require
from event_manager.kit.errors import problems
from event_manager.kit.http import Router, W
from event_manager.kit.paging import BadCursor

router = Router(prefix="/events", tags=["event log"])
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.get(
    "/logs/live",
    dependencies=[require("log:read")],
    responses={
        **problems(UnknownEventType, BadCursor, TooManyStreams),
        200: {"content": {"text/event-stream": {}}, "description": "Server-sent events named `entry`."},
    },
    response_class=StreamingResponse,
)
async def follow_log(
    work: W,
    request: Request,
    wanted: F,
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", max_length=100, description="Go on behind this event.")
    ] = None,
    cursor: Annotated[
        str | None, Query(max_length=100, description="The same, for clients that cannot send the header.")
    ] = None,
) -> StreamingResponse:
    """Entries as they are committed: events `entry`, each with a log entry as its data."""
    work.allow("log:read")
    after = None
    if last_event_id or cursor:
        pointer = "/headers/last-event-id" if last_event_id else "/query/cursor"
        after = live_cursors(request, work.tenant).read(last_event_id or cursor or "", pointer=pointer)
    tail: Tail = request.app.state.tail
    tail.refuse_too_many(work.tenant)
    stream = Stream(request, work.tenant, wanted, after=after)
    return StreamingResponse(stream.events(tail), media_type="text/event-stream", headers=HEADERS)
