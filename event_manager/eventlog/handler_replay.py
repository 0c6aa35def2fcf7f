"""Replaying handlers: a projection is built anew beside the old one and swapped in; an effect is repeated on purpose.

Both get an epoch of their own, so that what was done before does not count as done. A rebuild that dies leaves the
projection as it was; the next begins again. Nothing here runs by itself: an operator asks for it, and the log tells.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from event_manager import eventlog
from event_manager.eventlog import handler_rebuild as rebuilding
from event_manager.eventlog import handler_store as store
from event_manager.eventlog.errors import NotReplayable, ReplayUnreasoned, UnknownHandler
from event_manager.eventlog.event_types import HandlerReplayed
from event_manager.eventlog.handler_loop import catch_up, platform_work, wanted
from event_manager.eventlog.handler_runs import Runs
from event_manager.eventlog.handler_service import PERMISSION
from event_manager.eventlog.handling import Effect, Entry, Handler, Projection, handler_id, handlers
from event_manager.eventlog.reading import BEGINNING, newest, position_of
from event_manager.kit.access import Actor
from event_manager.kit.errors import Forbidden
from event_manager.kit.loops import Around
from event_manager.kit.work import Work


@dataclass(frozen=True, slots=True)
class Selector:
    """Which entries an effect is repeated for; None is any."""

    tenant_id: UUID | None = None
    types: frozenset[str] | None = None
    entity_id: UUID | None = None
    start: datetime | None = None
    end: datetime | None = None

    def fits(self, entry: Entry) -> bool:
        """Whether an entry is meant."""
        return (
            self.tenant_id in (None, entry.tenant_id)
            and (self.types is None or entry.type in self.types)
            and self.entity_id in (None, entry.entity_id)
            and (self.start is None or entry.at >= self.start)
            and (self.end is None or entry.at < self.end)
        )


@dataclass(slots=True)
class Replayed:
    """What a replay did, or would do. ``differences`` of a projection: the first rows that differ, and how many do."""

    handler: str
    mode: str
    done: bool
    entries: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    differing: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)
    failed: int = 0

    def count(self, entries: list[Entry]) -> None:
        """Take entries into account."""
        if entries:
            self.entries += len(entries)
            self.first_at, self.last_at = self.first_at or entries[0].at, entries[-1].at


def find(name: str) -> Handler:
    """A registered handler. Raises UnknownHandler naming those there are."""
    try:
        return handlers()[name]
    except KeyError:
        known = ", ".join(sorted(handlers()))
        raise UnknownHandler(f"There is no handler '{name}'; there are: {known}.") from None


async def replay_handler(
    around: Around, actor: Actor, handler: Handler, selector: Selector, *, reason: str = "", effect: bool = False,
    dry_run: bool = False,
) -> Replayed:  # fmt: skip
    """Replay one handler; with ``dry_run`` only say what that would change.

    Raises Forbidden, NotReplayable (an effect that was not named as one, a part of a projection, or a rebuild under
    way), ReplayUnreasoned, RebuildFailed.
    """
    if not actor.can(PERMISSION):
        raise Forbidden(f"This needs the permission '{PERMISSION}' of the installation.")
    if isinstance(handler, Projection):
        if selector != Selector():
            raise NotReplayable(f"'{handler.name}' is a projection, which is built anew as a whole: leave the filters.")
        return await _rebuild(around, actor, handler, reason=reason, swap=not dry_run)
    if not effect:
        raise NotReplayable(f"'{handler.name}' is an effect: what it does would happen again. Say that you mean it.")
    if not dry_run and not reason.strip():
        raise ReplayUnreasoned("Give the reason; it stands in the log.")
    return await _repeat(around, actor, handler, selector, reason=reason, dry_run=dry_run)


async def _repeat(
    around: Around, actor: Actor, handler: Handler, selector: Selector, *, reason: str, dry_run: bool
) -> Replayed:
    """Hand the entries that fit to an effect again; those that fail become dead letters of this replay."""
    told = Replayed(handler.name, handler.mode, done=not dry_run)
    async with platform_work(around) as work:
        await store.register(work, handler)
        end, position = await newest(work), BEGINNING
        epoch = 0 if dry_run else await store.new_epoch(work, handler.name)
        await work.commit()
    runs = Runs(_once(handler), around, epoch, replay=True)
    while True:
        async with platform_work(around) as work:
            rows = await store.window(work, handler, position, until=end)
        if not rows:
            break
        chosen = [entry for entry in wanted(handler, rows) if selector.fits(entry)]
        told.count(chosen)
        if not dry_run:
            await runs.run(chosen)
        position = position_of(rows[-1])
    if not dry_run:
        async with platform_work(around) as work:
            told.failed = await store.count_dead(work, handler.name, epoch)
            await _tell(work, actor, handler, epoch, told, differences=None, reason=reason)
            await work.commit()
    return told


def _once(handler: Handler) -> Handler:
    """The same effect with a single try: whoever replays it is there to see what fails."""
    once = type(handler.name, (type(handler), Effect), {"max_attempts": 1, "__doc__": handler.__doc__})
    made: Handler = once()
    return made


async def _rebuild(around: Around, actor: Actor, handler: Projection, *, reason: str, swap: bool) -> Replayed:
    me = uuid4()
    told = Replayed(handler.name, handler.mode, done=swap)
    async with rebuilding.exclusively(around, handler, me) as epoch:
        copy = rebuilding.Copy(around, handler, me)
        async with platform_work(around) as work:
            end = await newest(work)
        told.entries += await copy.until(end)
        await rebuilding.hold(around, handler, me)
        await catch_up(around, [handler], me=me)
        async with platform_work(around) as work:
            end = await rebuilding.live_position(work, handler)
        told.entries += await copy.until(end)
        told.first_at, told.last_at = copy.first_at, copy.last_at
        async with platform_work(around) as work:
            told.differing, told.differences = await rebuilding.differences(work, handler.shadow)
            if swap:
                await rebuilding.swap(work, handler, me, epoch)
                await _tell(work, actor, handler, epoch, told, differences=told.differing, reason=reason)
            await work.commit()
    return told


async def _tell(
    work: Work, actor: Actor, handler: Handler, epoch: int, told: Replayed, *, differences: int | None, reason: str
) -> None:
    """The audit entry, in the installation's log, by whoever asked."""
    work.actor = actor
    await eventlog.append(
        work,
        HandlerReplayed(
            handler_id=handler_id(handler.name), handler=handler.name, mode=handler.mode, epoch=epoch,
            entries=told.entries, differences=differences, reason=reason,
        ),
    )  # fmt: skip
