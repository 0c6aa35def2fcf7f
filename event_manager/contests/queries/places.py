"""Where something stands in the hierarchy, whether it is locked, and who may see or change it there.

Every service and every read of one thing begins here: the row is loaded through the tenant's own view (another
tenant's id is unknown), then the permission is asked for the path of ids from the top down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from event_manager.contests.errors import ArchivedLevel, Locked
from event_manager.contests.models import Category, Contest, Event, PanelSeat
from event_manager.kit.access import Path
from event_manager.kit.errors import Forbidden, NotFound
from event_manager.kit.work import Work

HOLD = "SELECT 1 FROM categories WHERE tenant_id = %s AND id = %s FOR NO KEY UPDATE"
HOLD_BELOW = "SELECT 1 FROM categories WHERE tenant_id = %s AND contest_id = %s ORDER BY id FOR NO KEY UPDATE"
VersionCheck = Callable[[int], None]
"""Compares the version somebody has seen with the present one; raises PreconditionFailed."""


def any_version(_version: int) -> None:
    """For callers that have seen nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """A level with all levels above it; ``contest`` and ``category`` are None below the level meant."""

    event: Event
    contest_or_none: Contest | None = None
    category_or_none: Category | None = None

    @property
    def contest(self) -> Contest:
        """The contest; only of a place that has one."""
        if self.contest_or_none is None:
            raise LookupError("this place is an event")
        return self.contest_or_none

    @property
    def category(self) -> Category:
        """The category; only of a place that has one."""
        if self.category_or_none is None:
            raise LookupError("this place has no category")
        return self.category_or_none

    @property
    def levels(self) -> list[Event | Contest | Category]:
        """From the top down."""
        return [level for level in (self.event, self.contest_or_none, self.category_or_none) if level is not None]

    @property
    def path(self) -> Path:
        """The ids, from the top down."""
        return tuple(level.id for level in self.levels)

    def check_unlocked(self) -> None:
        """Raise Locked when the level itself or one above it is locked, ArchivedLevel when one is archived."""
        for level in self.levels:
            word = WORDS[type(level)]
            if level.locked_at is not None:
                raise Locked(
                    f"The {word} '{level.name}' is locked since {level.locked_at:%Y-%m-%d %H:%M} UTC"
                    f" ({level.lock_reason}). Another person than the one who locked it can unlock it.",
                    extra={"level": word, "levelId": str(level.id)},
                )
            if not isinstance(level, Category) and level.status == "archived":
                raise ArchivedLevel(f"The {word} '{level.name}' is archived: restore it first.")


WORDS: dict[type[Event | Contest | Category], str] = {Event: "event", Contest: "contest", Category: "category"}


async def find_event(work: Work, event_id: UUID) -> Place:
    """An event of the tenant. Raises NotFound."""
    event = await work.session.scalar(select(Event).where(Event.tenant_id == work.tenant, Event.id == event_id))
    if event is None:
        raise NotFound("There is no such event here.")
    return Place(event)


async def find_contest(work: Work, contest_id: UUID, *, hold: bool = False) -> Place:
    """A contest of the tenant with its event. ``hold`` keeps others from changing its categories. Raises NotFound.

    They are held by a statement before the one that reads, so that a lock that was waited for is seen.
    """
    if hold:
        await work.sql(HOLD_BELOW, (work.tenant, contest_id))
    query = select(Event, Contest).join(Contest, ABOVE_CONTEST)
    query = query.where(Contest.tenant_id == work.tenant, Contest.id == contest_id)
    if hold:
        query = query.execution_options(populate_existing=True)
    row = (await work.session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such contest here.")
    return Place(row[0], row[1])


async def find_category(work: Work, category_id: UUID, *, hold: bool = False) -> Place:
    """A category of the tenant with its contest and event. ``hold`` keeps others from changing it. Raises NotFound.

    It is held by a statement before the one that reads, so that a lock of its contest that was waited for is seen.
    """
    if hold:
        await work.sql(HOLD, (work.tenant, category_id))
    query = select(Event, Contest, Category).join(Contest, ABOVE_CONTEST).join(Category, ABOVE_CATEGORY)
    query = query.where(Category.tenant_id == work.tenant, Category.id == category_id)
    if hold:
        query = query.execution_options(populate_existing=True)
    row = (await work.session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("There is no such category here.")
    return Place(row[0], row[1], row[2])


async def readable_event(work: Work, event_id: UUID) -> Place:
    """An event that the actor may read, or below which it may read something."""
    place = await find_event(work, event_id)
    await _allow_reading(work, place, event_visible)
    return place


async def readable_contest(work: Work, contest_id: UUID) -> Place:
    """A contest that the actor may read, or of which it may read a category."""
    place = await find_contest(work, contest_id)
    await _allow_reading(work, place, contest_visible)
    return place


async def readable_category(work: Work, category_id: UUID, permission: str = "contests:read") -> Place:
    """A category in which the actor has a reading permission, or a seat."""
    place = await find_category(work, category_id)
    if not work.actor.can(permission, place.path) and not await sits_on(work, category_id):
        work.allow(permission, place.path)
    return place


async def sits_on(work: Work, category_id: UUID) -> bool:
    """Whether the actor has a seat on the category's panel."""
    if work.actor.user_id is None:
        return False
    query = select(PanelSeat.id).where(PanelSeat.tenant_id == work.tenant, PanelSeat.category_id == category_id)
    query = query.where(PanelSeat.user_id == work.actor.user_id, PanelSeat.state != "replaced")
    return await work.session.scalar(query) is not None


async def editable_event(work: Work, event_id: UUID, permission: str = "contests:edit") -> Place:
    """An event that the actor may change and nobody has locked."""
    return _editable(work, await find_event(work, event_id), permission)


async def editable_contest(
    work: Work, contest_id: UUID, permission: str = "contests:edit", *, hold: bool = False
) -> Place:
    """A contest that the actor may change and nobody has locked."""
    return _editable(work, await find_contest(work, contest_id, hold=hold), permission)


async def editable_category(
    work: Work, category_id: UUID, permission: str = "contests:edit", *, hold: bool = False
) -> Place:
    """A category that the actor may change and nobody has locked."""
    return _editable(work, await find_category(work, category_id, hold=hold), permission)


def _editable(work: Work, place: Place, permission: str) -> Place:
    work.allow(permission, place.path)
    place.check_unlocked()
    return place


async def _allow_reading(work: Work, place: Place, visible: Callable[[frozenset[UUID]], ColumnElement[bool]]) -> None:
    if work.actor.can("contests:read", place.path):
        return
    scopes = work.actor.scopes("contests:read") or frozenset()
    level = type(place.levels[-1])
    query = select(level.id).where(level.tenant_id == work.tenant, level.id == place.path[-1], visible(scopes))
    if not scopes or await work.session.scalar(query) is None:
        raise Forbidden("This needs the permission 'contests:read' here.")


ABOVE_CONTEST = and_(Event.tenant_id == Contest.tenant_id, Event.id == Contest.event_id)
ABOVE_CATEGORY = and_(Contest.tenant_id == Category.tenant_id, Contest.id == Category.contest_id)


def category_visible(scopes: frozenset[UUID]) -> ColumnElement[bool]:
    """Condition on a statement over Category: it or a level above it is in the scopes."""
    above = exists().where(ABOVE_CATEGORY, Contest.event_id.in_(scopes)).correlate(Category)
    return or_(Category.id.in_(scopes), Category.contest_id.in_(scopes), above)


def contest_visible(scopes: frozenset[UUID]) -> ColumnElement[bool]:
    """Condition on a statement over Contest: it, a level above or a category of it is in the scopes."""
    below = exists().where(ABOVE_CATEGORY, Category.id.in_(scopes)).correlate(Contest)
    return or_(Contest.id.in_(scopes), Contest.event_id.in_(scopes), below)


def event_visible(scopes: frozenset[UUID]) -> ColumnElement[bool]:
    """Condition on a statement over Event: it or something below it is in the scopes."""
    contests = exists().where(ABOVE_CONTEST, Contest.id.in_(scopes)).correlate(Event)
    categories = exists().where(ABOVE_CONTEST, ABOVE_CATEGORY, Category.id.in_(scopes)).correlate(Event)
    return or_(Event.id.in_(scopes), contests, categories)
