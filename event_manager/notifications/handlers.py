"""The handlers that tell people of what happens in the log, and that forget who was erased from it."""

from typing import ClassVar
from uuid import UUID

from event_manager.eventlog.handling import Effect, Entry, registered
from event_manager.kit.errors import NotFound
from event_manager.kit.work import Work
from event_manager.notifications import service
from event_manager.notifications.kinds import KINDS, TYPES


@registered
class Notify(Effect):
    """Tells people, in the app and by mail, of what concerns them. Repeated, it tells only those not told yet."""

    name: ClassVar[str] = "notifications.notify"
    types: ClassVar[tuple[str, ...]] = TYPES
    priority: ClassVar[int] = 10
    in_order: ClassVar[bool] = True

    async def handle(self, work: Work, entry: Entry) -> None:
        """Tell of one entry; of what has been removed since there is nothing to tell."""
        for kind in KINDS.values():
            if entry.type in kind.types:
                try:
                    notice = await kind.notice(work, entry)
                except NotFound:
                    continue
                if notice is not None:
                    await service.tell(work, kind, entry, notice)


@registered
class Forget(Effect):
    """Removes the notifications of and about a person whom the log was made to forget."""

    name: ClassVar[str] = "notifications.forget"
    types: ClassVar[tuple[str, ...]] = ("audit.erasure.recorded",)

    async def handle(self, work: Work, entry: Entry) -> None:
        """Forget one person in one organisation."""
        await service.forget_person(work, UUID(entry.payload["personId"]))
