"""Shapes of what is told of handlers and of the log's activity."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from event_manager.kit.http import Wire


class HandlerPosition(Wire):
    """The last entry that a handler has dealt with: its transaction and its id."""

    xid: str
    id: UUID


class HandlerView(Wire):
    """A handler: how far it is, and how many entries it could not deal with yet (failing) or any more (dead).

    ``held``: it stands still while it is built anew. ``lagSeconds``: age of the oldest entry not read yet.
    """

    name: str
    title: str
    mode: Literal["projection", "effect"]
    types: list[str]
    epoch: int
    position: HandlerPosition
    lag_seconds: float
    failing: int
    dead: int
    held: bool
    updated_at: datetime


class HandlerList(Wire):
    """Every handler that has begun to follow the log."""

    items: list[HandlerView]


class DeadLetter(Wire):
    """An entry that a handler has given up, and why. What the entry says is its organisation's and not told here."""

    id: UUID
    handler: str
    epoch: int
    event_id: UUID
    event_type: str
    tenant_id: UUID
    tries: int
    error: str
    created_at: datetime
    updated_at: datetime


class ActivityDay(Wire):
    """How many entries of a type a day (UTC) has."""

    day: date
    type: str
    entries: int


class ActivityView(Wire):
    """Entries of your log by day and type, oldest first; days and types without entries are left out."""

    items: list[ActivityDay]
