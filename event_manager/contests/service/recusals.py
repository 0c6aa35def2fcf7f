"""Judges who do not mark an entry: by their own word, or by an organiser's."""

from uuid import UUID

from sqlalchemy import select

from event_manager import eventlog
from event_manager.contests.errors import AlreadyRecused
from event_manager.contests.event_types import ConflictDeclared, JudgeRecused, RecusalLifted
from event_manager.contests.models import CategoryEntry, PanelSeat, Recusal
from event_manager.contests.queries.places import Place, find_category
from event_manager.contests.schemas.panels import RecusalCreate
from event_manager.contests.service import inputs, roster
from event_manager.kit.errors import NotFound
from event_manager.kit.work import Work

TOLD: dict[str, type[JudgeRecused] | type[ConflictDeclared]] = {"recusal": JudgeRecused, "conflict": ConflictDeclared}


async def recuse(work: Work, category_id: UUID, new: RecusalCreate) -> Place:
    """Let a seat not mark an entry. Judges may declare their own; anybody else's needs `panels:edit`.

    Raises Forbidden, NotFound, AlreadyRecused, CategoryClosed, Locked.
    """
    place = await find_category(work, category_id, hold=True)
    seat = await _find_seat(work, category_id, new.seat_id)
    if seat.user_id != work.actor.user_id:
        work.allow("panels:edit", place.path)
    place.check_unlocked()
    roster.check_open(place.category, "recusals change")
    member = await roster.find_member(work, category_id, new.entry_id)
    taken = select(Recusal.id).where(
        Recusal.tenant_id == work.tenant, Recusal.seat_id == seat.id, Recusal.category_entry_id == member.id
    )
    if await work.session.scalar(taken) is not None:
        raise AlreadyRecused(f"Seat {seat.label} does not mark this entry already.")
    recusal = Recusal(
        tenant_id=work.tenant, category_id=category_id, seat_id=seat.id, category_entry_id=member.id, kind=new.kind,
        reason=new.reason, declared_by=work.actor.user_id or work.actor.api_key_id,
    )  # fmt: skip
    work.session.add(recusal)
    await work.session.flush()
    await inputs.bump(work, [category_id])
    event = TOLD[new.kind](seat_id=seat.id, category_id=category_id, contestant_id=new.entry_id)
    await eventlog.append(work, event)
    return place


async def lift(work: Work, recusal_id: UUID, reason: str) -> Place:
    """Let the seat mark the entry after all; the log keeps that it was otherwise. Needs `panels:edit`."""
    query = select(Recusal).where(Recusal.tenant_id == work.tenant, Recusal.id == recusal_id)
    recusal = await work.session.scalar(query)
    if recusal is None:
        raise NotFound("There is no such recusal here.")
    place = await find_category(work, recusal.category_id, hold=True)
    work.allow("panels:edit", place.path)
    place.check_unlocked()
    roster.check_open(place.category, "recusals change")
    member = await work.session.get_one(CategoryEntry, (work.tenant, recusal.category_entry_id))
    await work.session.delete(recusal)
    await work.session.flush()
    await inputs.bump(work, [place.category.id])
    event = RecusalLifted(
        seat_id=recusal.seat_id, category_id=place.category.id, contestant_id=member.contest_entry_id, reason=reason
    )
    await eventlog.append(work, event)
    return place


async def _find_seat(work: Work, category_id: UUID, seat_id: UUID) -> PanelSeat:
    query = select(PanelSeat).where(
        PanelSeat.tenant_id == work.tenant,
        PanelSeat.category_id == category_id,
        PanelSeat.id == seat_id,
        PanelSeat.state != "replaced",
    )
    seat = await work.session.scalar(query)
    if seat is None:
        raise NotFound("There is no such seat on this panel.")
    return seat
