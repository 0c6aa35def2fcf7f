"""Writes of events."""

from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from event_manager import eventlog
from event_manager.contests.errors import DatesReversed, EventSlugTaken, IllegalStateChange
from event_manager.contests.event_types import EventCreated, EventStatusChanged, EventUpdated
from event_manager.contests.models import Event
from event_manager.contests.queries.places import VersionCheck, any_version, editable_event, find_event
from event_manager.contests.schemas.levels import EventCreate, EventUpdate, Status
from event_manager.contests.service import changes, ordering
from event_manager.kit.errors import FieldError
from event_manager.kit.work import Work

STATUS_STEPS: dict[str, tuple[str, ...]] = {
    "draft": ("open", "archived"),
    "open": ("draft", "closed"),
    "closed": ("open", "archived"),
    "archived": ("draft",),
}


async def create_event(work: Work, new: EventCreate) -> Event:
    """Set up an event as the last of the organisation's. Raises EventSlugTaken, DatesReversed."""
    work.allow("contests:edit")
    last = await work.session.scalar(select(func.max(Event.sort_order)).where(Event.tenant_id == work.tenant))
    event = Event(
        tenant_id=work.tenant,
        sort_order=(last or 0) + 1,
        updated_at=work.now(),
        **{name: getattr(new, name) for name in EventCreate.model_fields},
    )
    _check_dates(event)
    work.session.add(event)
    await _flush(work, event)
    await eventlog.append(work, EventCreated(event_id=event.id, title=event.name))
    return event


async def update_event(work: Work, event_id: UUID, change: EventUpdate, *, seen: VersionCheck = any_version) -> Event:
    """Change facts of an event. Raises EventSlugTaken, DatesReversed, Locked."""
    event = (await editable_event(work, event_id)).event
    seen(event.version)
    fields = changes.wanted(change, nullable=("slug", "starts_on", "ends_on"))
    told = changes.assign(work, event, fields)
    _check_dates(event)
    await _flush(work, event)
    if told:
        await eventlog.append(work, EventUpdated(event_id=event.id, changes=told))
    return event


async def set_event_status(work: Work, event_id: UUID, status: Status) -> Event:
    """Open, close, archive or restore. Raises IllegalStateChange naming the allowed steps."""
    place = await find_event(work, event_id)
    work.allow("contests:edit", place.path)
    event = place.event
    if event.status != "archived":
        place.check_unlocked()
    check_step(event.status, status)
    old, event.status, event.updated_at = event.status, status, work.now()
    await work.session.flush()
    await eventlog.append(work, EventStatusChanged(event_id=event.id, old=old, new=status))
    return event


def check_step(old: str, new: str) -> None:
    """Raise IllegalStateChange unless a status may follow another."""
    if new not in STATUS_STEPS[old]:
        allowed = " or ".join(f"'{step}'" for step in STATUS_STEPS[old])
        raise IllegalStateChange(f"From '{old}' the next status can be {allowed}, not '{new}'.")


async def reorder_events(work: Work, ids: list[UUID]) -> None:
    """Put all events that are neither archived nor templates in this order. Raises OrderIncomplete."""
    work.allow("contests:edit")
    query = select(Event.id).where(Event.tenant_id == work.tenant, Event.status != "archived", ~Event.is_template)
    ordering.check_complete(ids, (await work.session.scalars(query)).all())
    await ordering.write(work, "events", ids)


def _check_dates(event: Event) -> None:
    if event.starts_on is not None and event.ends_on is not None and event.ends_on < event.starts_on:
        raise DatesReversed(
            f"It begins on {event.starts_on} and would end on {event.ends_on}.",
            errors=[FieldError("/endsOn", "is before startsOn")],
        )


async def _flush(work: Work, event: Event) -> None:
    slug = event.slug  # a refused flush forgets the row
    try:
        await work.session.flush()
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation):
            raise EventSlugTaken(f"'{slug}' is another event's: choose another short name.") from error
        raise
