"""Writes of participants."""

from uuid import UUID

from event_manager import eventlog
from event_manager.contests.event_types import ParticipantArchived, ParticipantCreated, ParticipantUpdated
from event_manager.contests.models import Participant
from event_manager.contests.names import fold
from event_manager.contests.queries.entries import editable_participant
from event_manager.contests.queries.places import VersionCheck, any_version
from event_manager.contests.schemas.entries import ParticipantCreate, ParticipantUpdate
from event_manager.contests.service import changes
from event_manager.contests.service.bulk import insert_many
from event_manager.kit.work import Work


async def create_participant(work: Work, new: ParticipantCreate) -> Participant:
    """Record a person or group for the whole organisation; needs the right to edit entries in all of it."""
    work.allow("entries:edit")
    [participant_id] = await add_participants(work, [new])
    return await work.session.get_one(Participant, (work.tenant, participant_id))


async def add_participants(work: Work, new: list[ParticipantCreate]) -> list[UUID]:
    """Record several, for a caller that has checked the permission; answers their ids."""
    rows = [
        {
            "name": one.name, "name_key": fold(one.name), "kind": one.kind, "club": one.club,
            "country": one.country, "email": one.email, "updated_at": work.now(),
        }
        for one in new
    ]  # fmt: skip
    ids = await insert_many(work, Participant, rows)
    created = [ParticipantCreated(participant_id=id_, kind=one.kind) for id_, one in zip(ids, new, strict=True)]
    await eventlog.append_many(work, created)
    return ids


async def update_participant(
    work: Work, participant_id: UUID, change: ParticipantUpdate, *, seen: VersionCheck = any_version
) -> Participant:
    """Change facts of a participant, in all contests at once."""
    participant = await editable_participant(work, participant_id)
    seen(participant.version)
    fields = changes.wanted(change, nullable=("email",))
    archived = fields.pop("archived", None)
    if archived is not None and archived != (participant.archived_at is not None):
        fields["archived_at"] = work.now() if archived else None
    if "name" in fields:
        fields["name_key"] = fold(str(fields["name"]))
    told = changes.assign(work, participant, fields)
    if told:
        await work.session.flush()
        names = sorted(set(told) - {"name_key"})
        await eventlog.append(work, ParticipantUpdated(participant_id=participant.id, fields=names))
    return participant


async def archive_participant(work: Work, participant_id: UUID) -> None:
    """Offer a participant for new entries no more; entries and results keep naming it."""
    participant = await editable_participant(work, participant_id)
    if participant.archived_at is None:
        participant.archived_at = participant.updated_at = work.now()
        await work.session.flush()
        await eventlog.append(work, ParticipantArchived(participant_id=participant.id))
