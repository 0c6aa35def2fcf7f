"""Writes of contests."""

from uuid import UUID

from sqlalchemy import func, select

from event_manager import eventlog
from event_manager.contests.event_types import (
    ContestCreated,
    ContestsReordered,
    ContestStatusChanged,
    ContestUpdated,
)
from event_manager.contests.models import Contest
from event_manager.contests.queries.places import (
    VersionCheck,
    any_version,
    editable_contest,
    editable_event,
    find_contest,
)
from event_manager.contests.schemas.levels import ContestCreate, ContestUpdate, Status
from event_manager.contests.service import changes, ordering
from event_manager.contests.service.events import check_step
from event_manager.kit.work import Work


async def create_contest(work: Work, event_id: UUID, new: ContestCreate) -> Contest:
    """Set up a contest as the last of its event. Raises Locked."""
    place = await editable_event(work, event_id)
    contest = Contest(
        tenant_id=work.tenant,
        event_id=place.event.id,
        sort_order=await next_place(work, event_id),
        updated_at=work.now(),
        **{name: getattr(new, name) for name in ContestCreate.model_fields},
    )
    work.session.add(contest)
    await work.session.flush()
    await eventlog.append(work, ContestCreated(contest_id=contest.id, event_id=event_id, title=contest.name))
    return contest


async def next_place(work: Work, event_id: UUID) -> int:
    """The sort order after the event's last contest."""
    query = select(func.max(Contest.sort_order)).where(Contest.tenant_id == work.tenant, Contest.event_id == event_id)
    return (await work.session.scalar(query) or 0) + 1


async def update_contest(
    work: Work, contest_id: UUID, change: ContestUpdate, *, seen: VersionCheck = any_version
) -> Contest:
    """Change facts of a contest. Raises Locked."""
    contest = (await editable_contest(work, contest_id)).contest
    seen(contest.version)
    told = changes.assign(work, contest, changes.wanted(change))
    if told:
        await work.session.flush()
        await eventlog.append(work, ContestUpdated(contest_id=contest.id, changes=told))
    return contest


async def set_contest_status(work: Work, contest_id: UUID, status: Status) -> Contest:
    """Open, close, archive or restore. Raises IllegalStateChange naming the allowed steps."""
    place = await find_contest(work, contest_id)
    work.allow("contests:edit", place.path)
    contest = place.contest
    if contest.status != "archived":
        place.check_unlocked()
    check_step(contest.status, status)
    old, contest.status, contest.updated_at = contest.status, status, work.now()
    await work.session.flush()
    await eventlog.append(work, ContestStatusChanged(contest_id=contest.id, old=old, new=status))
    return contest


async def reorder_contests(work: Work, event_id: UUID, ids: list[UUID]) -> None:
    """Put all contests of the event that are not archived in this order. Raises OrderIncomplete, Locked."""
    await editable_event(work, event_id)
    query = select(Contest.id).where(
        Contest.tenant_id == work.tenant, Contest.event_id == event_id, Contest.status != "archived"
    )
    ordering.check_complete(ids, (await work.session.scalars(query)).all())
    await ordering.write(work, "contests", ids)
    await eventlog.append(work, ContestsReordered(event_id=event_id, contest_ids=ids))
