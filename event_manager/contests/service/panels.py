"""Writes of panels: seats, replacement, freeze."""

from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from event_manager import eventlog
from event_manager.contests.errors import NoMember, PanelFrozen, SeatInUse
from event_manager.contests.event_types import (
    JudgeAssigned,
    JudgeUnassigned,
    PanelFrozenEvent,
    PanelUnfrozen,
    SeatUpdated,
)
from event_manager.contests.models import Category, PanelSeat
from event_manager.contests.queries.panels import find_seat
from event_manager.contests.queries.places import Place, editable_category, find_category
from event_manager.contests.schemas.panels import SeatCreate, SeatReplace, SeatUpdate
from event_manager.contests.service import changes, inputs, roster
from event_manager.identity.models import Membership
from event_manager.kit.errors import FieldError
from event_manager.kit.work import Work


async def add_seat(work: Work, category_id: UUID, new: SeatCreate) -> Place:
    """Seat a member on the panel. Raises NoMember, PanelFrozen, SeatInUse, CategoryClosed, Locked."""
    place = await editable_category(work, category_id, "panels:edit", hold=True)
    _check_changeable(place.category, "seats are added")
    await _check_member(work, new.user_id)
    seat = PanelSeat(
        tenant_id=work.tenant, category_id=category_id, user_id=new.user_id, role=new.role,
        group_label=new.group_label, label=new.label or await _free_label(work, category_id),
    )  # fmt: skip
    await _seat(work, seat)
    return place


async def copy_panel(work: Work, category_id: UUID, source_id: UUID) -> Place:
    """Seat the judges of another category here too, with label, role and group; who sits here already stays.

    Members who are no longer active are left out. Raises as `add_seat`.
    """
    place = await editable_category(work, category_id, "panels:edit", hold=True)
    _check_changeable(place.category, "seats are added")
    source = await find_category(work, source_id)
    work.allow("panels:read", source.path)
    member = select(Membership.user_id).where(Membership.tenant_id == work.tenant, Membership.status == "active")
    here = select(PanelSeat).where(PanelSeat.tenant_id == work.tenant, PanelSeat.state != "replaced")
    present = (await work.session.scalars(here.where(PanelSeat.category_id == category_id))).all()
    seated, labels = {seat.user_id for seat in present}, {seat.label for seat in present}
    missing = here.where(
        PanelSeat.category_id == source_id, PanelSeat.user_id.in_(member), PanelSeat.user_id.not_in(seated)
    )
    for seat in (await work.session.scalars(missing.order_by(PanelSeat.id))).all():
        label = seat.label if seat.label not in labels else await _free_label(work, category_id)
        labels.add(label)
        copy = PanelSeat(
            tenant_id=work.tenant, category_id=category_id, user_id=seat.user_id, label=label, role=seat.role,
            group_label=seat.group_label,
        )  # fmt: skip
        await _seat(work, copy)
    return place


async def update_seat(work: Work, seat_id: UUID, change: SeatUpdate) -> Place:
    """Change label, role, group, or whether the judge is there. Raises PanelFrozen, SeatInUse, CategoryClosed."""
    seat, place = await _editable_seat(work, seat_id)
    roster.check_open(place.category, "its panel changes")
    fields = changes.wanted(change)
    reason = fields.pop("reason", None)
    told = {
        name: (changes.as_text(getattr(seat, name)), changes.as_text(new))
        for name, new in fields.items()
        if getattr(seat, name) != new
    }
    if {"role", "group_label"} & set(told):
        _check_changeable(place.category, "roles and groups change")
    if not told:
        return place
    for name in told:
        setattr(seat, name, fields[name])
    if "state" in told:
        seat.state_reason = str(reason)
        told["reason"] = (None, str(reason))
    await _flush(work, seat)
    await inputs.bump(work, [place.category.id])
    await eventlog.append(work, SeatUpdated(seat_id=seat.id, category_id=seat.category_id, changes=told))
    return place


async def remove_seat(work: Work, seat_id: UUID) -> None:
    """Take a seat without marks off the panel. Raises PanelFrozen, SeatInUse, CategoryClosed, Locked."""
    seat, place = await _editable_seat(work, seat_id)
    _check_changeable(place.category, "seats are removed")
    if seat.marks_version > 0:
        raise SeatInUse(f"Seat {seat.label} holds marks: replace the judge, or mark the seat absent.")
    await work.session.delete(seat)
    await work.session.flush()
    await inputs.bump(work, [place.category.id])
    event = JudgeUnassigned(seat_id=seat_id, category_id=place.category.id, user_id=seat.user_id)
    await eventlog.append(work, event)


async def replace_seat(work: Work, seat_id: UUID, new: SeatReplace) -> Place:
    """Let another member take a seat over; the old one stays with its marks. Raises as `add_seat`."""
    seat, place = await _editable_seat(work, seat_id)
    _check_changeable(place.category, "judges are replaced")
    await _check_member(work, new.user_id)
    seat.state, seat.state_reason = "replaced", new.reason
    await work.session.flush()
    successor = PanelSeat(
        tenant_id=work.tenant, category_id=seat.category_id, user_id=new.user_id, label=seat.label, role=seat.role,
        group_label=seat.group_label, replaces_id=seat.id,
    )  # fmt: skip
    await _seat(work, successor, reason=new.reason)
    return place


async def freeze(work: Work, category_id: UUID) -> Place:
    """Fix who sits on the panel."""
    place = await editable_category(work, category_id, "panels:edit", hold=True)
    category = place.category
    if category.panel_frozen_at is None:
        category.panel_frozen_at = category.updated_at = work.now()
        await work.session.flush()
        await eventlog.append(work, PanelFrozenEvent(category_id=category.id))
    return place


async def unfreeze(work: Work, category_id: UUID, reason: str) -> Place:
    """Let the panel change again, and say why. Raises CategoryClosed once judging is over."""
    place = await editable_category(work, category_id, "panels:edit", hold=True)
    category = place.category
    roster.check_open(category, "its panel changes")
    if category.panel_frozen_at is not None:
        category.panel_frozen_at, category.updated_at = None, work.now()
        await work.session.flush()
        await eventlog.append(work, PanelUnfrozen(category_id=category.id, reason=reason))
    return place


async def _editable_seat(work: Work, seat_id: UUID) -> tuple[PanelSeat, Place]:
    """A seat that still counts, on a panel that the actor may change."""
    seat, place = await find_seat(work, seat_id)
    work.allow("panels:edit", place.path)
    place.check_unlocked()
    if seat.state == "replaced":
        raise SeatInUse(f"Seat {seat.label} was taken over by another judge: change that one.")
    return seat, place


def _check_changeable(category: Category, what: str) -> None:
    """Raise unless seats may come and go."""
    roster.check_open(category, what)
    if category.panel_frozen_at is not None:
        raise PanelFrozen(
            f"The panel of '{category.name}' is frozen since {category.panel_frozen_at:%Y-%m-%d %H:%M} UTC. Unfreeze it"
            f" with a reason before {what}; a judge who cannot go on can be marked absent without that.",
            extra={"unfreeze": f"/api/contests/categories/{category.id}/panel/unfreeze"},
        )


async def _check_member(work: Work, user_id: UUID) -> None:
    member = await work.session.get(Membership, (work.tenant, user_id))
    if member is None or member.status != "active":
        raise NoMember(
            "Invite the judge into the organisation first.",
            errors=[FieldError("/userId", "no active member of this organisation")],
        )


async def _free_label(work: Work, category_id: UUID) -> str:
    query = select(PanelSeat.label).where(PanelSeat.tenant_id == work.tenant, PanelSeat.category_id == category_id)
    used = set((await work.session.scalars(query)).all())
    return next(label for label in (f"J{n}" for n in range(1, len(used) + 2)) if label not in used)


async def _seat(work: Work, seat: PanelSeat, reason: str = "") -> None:
    work.session.add(seat)
    await _flush(work, seat)
    await inputs.bump(work, [seat.category_id])
    await eventlog.append(
        work,
        JudgeAssigned(
            seat_id=seat.id, category_id=seat.category_id, user_id=seat.user_id, role=seat.role, label=seat.label,
            replaces_id=seat.replaces_id, reason=reason,
        ),
    )  # fmt: skip


async def _flush(work: Work, seat: PanelSeat) -> None:
    label = seat.label  # a refused flush forgets the row
    try:
        await work.session.flush()
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation):
            same_person = "user" in (error.orig.diag.constraint_name or "")
            what = "This person sits on the panel already" if same_person else f"The label {label} is taken"
            pointer = "/userId" if same_person else "/label"
            raise SeatInUse(f"{what}.", errors=[FieldError(pointer, "taken")]) from error
        raise
