"""Locking a level against every write on it and below it; unlocking takes a second person.

Writes below, marks too, hold their category first. So a lock holds all categories it covers: it waits for writes under
way, and those that come later see it.
"""

from collections.abc import Awaitable, Callable
from typing import Literal
from uuid import UUID

from event_manager import eventlog
from event_manager.contests.errors import Locked, NotLocked, UnlockNeedsSecondPerson
from event_manager.contests.event_types import LevelLocked, LevelUnlocked
from event_manager.contests.queries.places import Place, find_category, find_contest, find_event
from event_manager.identity.queries_members import person_behind
from event_manager.kit.work import Work

Level = Literal["event", "contest", "category"]
FIND: dict[Level, Callable[[Work, UUID], Awaitable[Place]]] = {
    "event": find_event, "contest": find_contest, "category": find_category,
}  # fmt: skip
HOLD = """
SELECT c.id FROM categories c JOIN contests k ON k.tenant_id = c.tenant_id AND k.id = c.contest_id
 WHERE c.tenant_id = %(tenant)s AND %(id)s IN (c.id, k.id, k.event_id)
 ORDER BY c.id FOR NO KEY UPDATE OF c"""


async def lock(work: Work, level: Level, id_: UUID, reason: str) -> Place:
    """Lock an event, contest or category, once the writes under way below it are done. Raises Locked when it is."""
    place = await FIND[level](work, id_)
    work.allow("contests:lock", place.path)
    await work.sql(HOLD, {"tenant": work.tenant, "id": id_})
    row = place.levels[-1]
    await work.session.refresh(row)
    if row.locked_at is not None:
        raise Locked(f"The {level} '{row.name}' is locked already, since {row.locked_at:%Y-%m-%d %H:%M} UTC.")
    row.locked_at, row.updated_at, row.lock_reason = work.now(), work.now(), reason
    row.locked_by = await person_behind(work)
    await work.session.flush()
    await eventlog.append(work, LevelLocked(level_id=id_, level=level, reason=reason))
    return place


async def unlock(work: Work, level: Level, id_: UUID, reason: str) -> Place:
    """Unlock, as another person than the one who locked. Raises NotLocked, UnlockNeedsSecondPerson."""
    place = await FIND[level](work, id_)
    work.allow("contests:unlock", place.path)
    row = place.levels[-1]
    if row.locked_at is None:
        raise NotLocked(f"The {level} '{row.name}' is open for changes.")
    if row.locked_by is not None and row.locked_by == await person_behind(work):
        raise UnlockNeedsSecondPerson(
            f"You locked the {level} '{row.name}' yourself: somebody else with the right 'contests:unlock' unlocks it."
        )
    locked_by, row.locked_at, row.locked_by, row.lock_reason = row.locked_by, None, None, ""
    row.updated_at = work.now()
    await work.session.flush()
    await eventlog.append(work, LevelUnlocked(level_id=id_, level=level, reason=reason, locked_by=locked_by))
    return place
