"""Path and query parameters that the room's addresses share, and the check of If-Match."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Path, Query, Request

from event_manager.contests.errors import ArchivedLevel, Locked
from event_manager.contests.queries.places import VersionCheck
from event_manager.kit.errors import Conflict, NotFound, PreconditionFailed, problems
from event_manager.kit.http import check_if_match
from event_manager.kit.paging import DEFAULT_LIMIT, MAX_LIMIT

EventId = Annotated[UUID, Path(alias="eventId")]
ContestId = Annotated[UUID, Path(alias="contestId")]
CategoryId = Annotated[UUID, Path(alias="categoryId")]
EntryId = Annotated[UUID, Path(alias="entryId")]
ParticipantId = Annotated[UUID, Path(alias="participantId")]
SeatId = Annotated[UUID, Path(alias="seatId")]
RecusalId = Annotated[UUID, Path(alias="recusalId")]

Cursor = Annotated[str | None, Query(max_length=1000, description="`nextCursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
PAGE = DEFAULT_LIMIT

IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag you have read; 412 when it is old.")]


async def _seen(request: Request, if_match: IfMatch = None) -> VersionCheck:  # noqa: ARG001 - shown in the document
    return partial(check_if_match, request)


async def _surely_seen(request: Request, if_match: IfMatch = None) -> VersionCheck:  # noqa: ARG001 - shown in the document
    return partial(check_if_match, request, required=True)


Seen = Annotated[VersionCheck, Depends(_seen)]
SurelySeen = Annotated[VersionCheck, Depends(_surely_seen)]

EDIT = problems(NotFound, PreconditionFailed, Conflict, ArchivedLevel, Locked)
"""What nearly every write below an event can answer."""
