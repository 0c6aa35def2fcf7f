"""Reacting to the log: a room's ``handlers.py`` holds one class per reaction, and the handlers' loop calls it.

    @registered
    class TellJudges(Effect):
        \"""Tell a judge of a seat.\"""
        name, types = "notifications.tell-judges", ("judge.assigned",)

        async def handle(self, work: Work, entry: Entry) -> None: ...

`handle` runs as a system actor in the entry's tenant, in one transaction with the note that the entry is done: what it
writes through `work` happens exactly once. What it does outside can happen again, so defer a job for that.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

import orjson

from event_manager.eventlog.models import PLATFORM
from event_manager.kit.db import Row
from event_manager.kit.jobs.tasks import Backoff
from event_manager.kit.work import Work

NAME = re.compile(r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9-]*$")
PATTERN = re.compile(r"^(\*|[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*(\.\*)?)$")
NEVER_HANDLED = "system.handler."
"""What the handlers themselves report; a handler that fails on its own failure would go on for ever."""

Mode = Literal["projection", "effect"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log, as a handler gets it. ``tenant_id`` is nil for the installation's own log."""

    id: UUID
    tenant_id: UUID
    type: str
    version: int
    entity_type: str
    entity_id: UUID
    actor_kind: str
    actor_id: UUID | None
    correlation_id: str
    at: datetime
    xid: int
    body: bytes

    @classmethod
    def of(cls, row: Row) -> "Entry":
        """From a row of `reading.COLUMNS`."""
        return cls(**{name: row[name] for name in cls.__slots__})

    @property
    def payload(self) -> dict[str, Any]:
        """What the entry says, camelCase, as its type's schema has it."""
        read: dict[str, Any] = orjson.loads(self.body)
        return read

    @property
    def tenant_or_none(self) -> UUID | None:
        """The tenant for a unit of work; None for the installation's own log."""
        return None if self.tenant_id == PLATFORM else self.tenant_id


@dataclass(frozen=True, slots=True)
class Shadow:
    """Where a projection is built anew: a side table like its own, the columns of the key and those compared."""

    table: str
    side: str
    key: tuple[str, ...]
    values: tuple[str, ...]


class Handler:
    """Base of both modes; derive from `Projection` or `Effect`. The docstring is the handler's documentation.

    ``types``: names, or patterns (``score.*``, ``*``). ``priority``: higher goes first where slots are short.
    ``max_attempts`` tries with ``backoff`` between them, then the entry is a dead letter. ``permissions`` of the system
    actor. ``installation``: entries of the installation's own log too. ``timeout``: seconds one try may take.
    """

    name: ClassVar[str]
    types: ClassVar[tuple[str, ...]]
    mode: ClassVar[Mode]
    priority: ClassVar[int] = 0
    max_attempts: ClassVar[int] = 10
    backoff: ClassVar[Backoff] = Backoff(first=2.0, cap=3600.0)
    permissions: ClassVar[tuple[str, ...]] = ()
    installation: ClassVar[bool] = False
    timeout: ClassVar[float] = 30.0

    async def handle(self, work: Work, entry: Entry) -> None:
        """React to one entry. Raise `Permanent` when trying again is useless; anything else is tried again."""
        raise NotImplementedError

    async def handle_many(self, work: Work, entries: Sequence[Entry]) -> None:
        """React to entries of one tenant in their order, in one transaction; override it to write in one statement."""
        for entry in entries:
            attribute(work, entry)
            await self.handle(work, entry)

    def wants(self, type_name: str, tenant_id: UUID) -> bool:
        """Whether an entry of this type and log is handled."""
        if type_name.startswith(NEVER_HANDLED) or (tenant_id == PLATFORM and not self.installation):
            return False
        return any(fits(pattern, type_name) for pattern in self.types)


class Effect(Handler):
    """A reaction that must not be repeated: a mail, a notification. It begins with what happens after it was added.

    ``in_order``: entries of one tenant one after the other; but none waits for one that failed.
    """

    mode: ClassVar[Mode] = "effect"
    in_order: ClassVar[bool] = False


class Projection(Handler):
    """A table that is nothing but a view of the log. It begins with the oldest entry and can be built anew.

    Entries of one tenant come in their order, several in one transaction. ``self.table`` is the table to write to.
    """

    mode: ClassVar[Mode] = "projection"
    shadow: ClassVar[Shadow]

    def __init__(self, *, rebuilding: bool = False) -> None:
        self.table = self.shadow.side if rebuilding else self.shadow.table


def attribute(work: Work, entry: Entry) -> None:
    """Whatever `work` does from now on was caused by this entry."""
    work.correlation_id, work.causation_id = entry.correlation_id, entry.id


def fits(pattern: str, type_name: str) -> bool:
    """Whether a type's name is what a pattern stands for."""
    if pattern.endswith("*"):
        return type_name.startswith(pattern[:-1])
    return type_name == pattern


def handler_id(name: str) -> UUID:
    """What the log calls a handler by, since entities of entries have UUIDs."""
    return uuid5(NAMESPACE_URL, f"event-manager:handler:{name}")


_handlers: dict[str, Handler] = {}
H = TypeVar("H", bound=type[Handler])


def registered(cls: H) -> H:
    """Class decorator: let the loops follow the log for this handler. Raises ValueError for what it lacks."""
    check(cls)
    known = _handlers.get(cls.name)
    if known is not None and type(known).__qualname__ != cls.__qualname__:
        raise ValueError(f"the handler '{cls.name}' is already {type(known).__module__}.{type(known).__qualname__}")
    _handlers[cls.name] = cls()
    return cls


def check(cls: type[Handler]) -> None:
    """Raise ValueError or TypeError naming what a handler's class lacks."""
    if not NAME.match(getattr(cls, "name", "")):
        raise ValueError(f"{cls.__qualname__}.name must look like 'room.verb-something'")
    wrong = [pattern for pattern in cls.types if not PATTERN.match(pattern)]
    if wrong or not cls.types:
        raise ValueError(f"{cls.__qualname__}.types must be names or patterns as 'score.*': {wrong}")
    if not issubclass(cls, Projection | Effect):
        raise TypeError(f"{cls.__qualname__} must derive from Projection or Effect")
    if not (cls.__doc__ or "").strip():
        raise ValueError(f"{cls.__qualname__} needs a docstring: it is the handler's documentation")


def handlers() -> Mapping[str, Handler]:
    """Every handler whose module has been imported, by name."""
    return _handlers
