"""Addresses of participants."""

from typing import Annotated

from fastapi import Query, Response

from event_manager.contests.api.parts import PAGE, Cursor, Limit, ParticipantId, Seen
from event_manager.contests.models import Participant
from event_manager.contests.queries import entries as reads
from event_manager.contests.schemas.entries import ParticipantCreate, ParticipantUpdate, ParticipantView
from event_manager.contests.service import participants
from event_manager.kit.access import require
from event_manager.kit.errors import PreconditionFailed, problems
from event_manager.kit.http import Page, Router, W, set_etag
from event_manager.kit.work import Work

router = Router(prefix="/contests/participants", tags=["participants"])

Search = Annotated[str, Query(max_length=100, description="Beginning of the name, or of a word of it.")]


@router.get("", dependencies=[require("entries:read")])
async def list_participants(
    work: W, q: Search = "", cursor: Cursor = None, limit: Limit = PAGE, archived: bool = False
) -> Page[ParticipantView]:
    """Persons and groups that compete, by name."""
    items, after = await reads.list_participants(work, q=q, cursor=cursor, limit=limit, archived=archived)
    return Page(items=items, next_cursor=after)


@router.post("", status_code=201, dependencies=[require("entries:edit")])
async def create_participant(work: W, response: Response, new: ParticipantCreate) -> ParticipantView:
    """Record a person or group."""
    return _view(work, await participants.create_participant(work, new), response)


@router.get("/{participantId}", dependencies=[require("entries:read")])
async def read_participant(work: W, response: Response, participant_id: ParticipantId) -> ParticipantView:
    """A person or group."""
    return _view(work, await reads.find_participant(work, participant_id, "entries:read"), response)


@router.patch("/{participantId}", dependencies=[require("entries:edit")], responses=problems(PreconditionFailed))
async def update_participant(
    work: W, response: Response, participant_id: ParticipantId, change: ParticipantUpdate, seen: Seen
) -> ParticipantView:
    """Change facts of a participant, in all contests at once."""
    return _view(work, await participants.update_participant(work, participant_id, change, seen=seen), response)


@router.delete("/{participantId}", status_code=204, dependencies=[require("entries:edit")])
async def archive_participant(work: W, participant_id: ParticipantId) -> None:
    """Offer a participant for new entries no more."""
    await participants.archive_participant(work, participant_id)


def _view(work: Work, participant: Participant, response: Response) -> ParticipantView:
    set_etag(response, participant.version)
    return reads.view_participant(work, participant)
