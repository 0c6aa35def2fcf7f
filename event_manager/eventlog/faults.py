"""What verification may find wrong with a log, as a sentence that names the entry."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from event_manager.eventlog.stored import Slot
from event_manager.kit.db import Row

Kind = Literal["altered", "removed", "inserted", "reordered", "tile", "seal", "checkpoint"]


@dataclass(frozen=True, slots=True)
class Fault:
    """``position`` counts a tenant's entries from 0 in the order in which they were sealed.

    ``type`` and ``at`` are what the entry says now; of a removed one only the time in its id is known.
    """

    kind: Kind
    problem: str
    position: int | None = None
    entry_id: UUID | None = None
    type: str | None = None
    at: datetime | None = None

    def __str__(self) -> str:
        if self.entry_id is None:
            return self.problem
        told = [
            f"position {self.position}",
            *([self.type] if self.type else []),
            *([_time(self.at)] if self.at else []),
        ]
        return f"entry {self.entry_id} ({', '.join(told)}) {self.problem}"


class Tampered(Exception):
    """The walk over a log ends at this fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def of_slot(kind: Kind, slot: Slot, problem: str) -> Fault:
    """A fault of the entry at a place."""
    if slot.row is None:
        return Fault(kind, problem, slot.position, slot.entry_id, None, time_of(slot.entry_id))
    return of_row(kind, slot.row, slot.position, problem)


def of_row(kind: Kind, row: Row, position: int, problem: str) -> Fault:
    """A fault of an entry as it is now."""
    return Fault(kind, problem, position, row["id"], row["type"], row["at"])


def time_of(entry_id: UUID) -> datetime | None:
    """The time in a UUIDv7; None for an id of another kind."""
    if entry_id.version != 7:
        return None
    return datetime.fromtimestamp((entry_id.int >> 80) / 1000, UTC)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
