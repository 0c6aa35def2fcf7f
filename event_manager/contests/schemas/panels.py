"""Shapes of panels: seats, recusals, hints, and a judge's own assignments."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from event_manager.contests.schemas.common import Line, Reason
from event_manager.contests.schemas.levels import PartKind, State
from event_manager.kit.http import Wire

SeatRole = Literal["head", "regular", "shadow", "tie_break", "technical"]
Label = Annotated[Line, Field(min_length=1, max_length=20)]


class SeatView(Wire):
    """A judge's seat. ``label`` is what sheets and results show; a replaced seat stays with its marks."""

    id: UUID
    category_id: UUID
    user_id: UUID
    name: str
    label: str
    role: SeatRole
    group_label: str
    state: Literal["active", "absent", "replaced"]
    state_reason: str
    replaces_id: UUID | None
    marks_version: int


class Panel(Wire):
    """The seats of a category by label."""

    frozen_at: datetime | None
    items: list[SeatView]


class Assignment(Wire):
    """Who sits where."""

    id: UUID
    user_id: UUID
    name: str
    label: str
    role: SeatRole
    state: Literal["active", "absent"]


class CategoryPanel(Wire):
    """A category's panel, by label."""

    category_id: UUID
    name: str
    state: State
    frozen_at: datetime | None
    seats: list[Assignment]


class Assignments(Wire):
    """Who judges what in a contest: one item a category, in their order."""

    items: list[CategoryPanel]


class PanelCopy(Wire):
    """The category whose judges shall sit here too."""

    category_id: UUID


class SeatCreate(Wire):
    """A seat for an active member. Without ``label`` it gets the next free J1, J2, ..."""

    user_id: UUID
    label: Label | None = None
    role: SeatRole = "regular"
    group_label: Line = ""


class SeatUpdate(Wire):
    """Fields to change; what is left out stays. A change of ``state`` needs a ``reason``."""

    label: Label | None = None
    role: SeatRole | None = None
    group_label: Line | None = None
    state: Literal["active", "absent"] | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _reason(self) -> "SeatUpdate":
        if (self.state is None) != (self.reason is None):
            raise ValueError("a change of state comes with a reason, and only that")
        return self


class SeatReplace(Wire):
    """Who takes the seat over, and why. The new seat has the same label, role and group."""

    user_id: UUID
    reason: Reason


class RecusalView(Wire):
    """A seat that does not mark an entry."""

    id: UUID
    seat_id: UUID
    entry_id: UUID
    category_entry_id: UUID
    kind: Literal["recusal", "conflict"]
    reason: str
    declared_by: UUID | None
    created_at: datetime


class Recusals(Wire):
    """Recusals and conflicts of a category, oldest first."""

    items: list[RecusalView]


class RecusalCreate(Wire):
    """``entryId`` is the entry in the contest. Judges declare their own; organisers anybody's."""

    seat_id: UUID
    entry_id: UUID
    kind: Literal["recusal", "conflict"] = "recusal"
    reason: Reason


class ConflictHint(Wire):
    """A judge and an entry that may be too close. Nothing follows from it by itself."""

    seat_id: UUID
    entry_id: UUID
    label: str
    number: str | None
    why: str


class ConflictHints(Wire):
    """Hints only; declare a conflict where one is real."""

    items: list[ConflictHint]


class MySeat(Wire):
    """A category in which I have a seat."""

    seat_id: UUID
    label: str
    role: SeatRole
    seat_state: Literal["active", "absent"]
    category_id: UUID
    category_name: str
    state: State
    kind: PartKind
    part_names: list[str]
    contest_id: UUID
    contest_name: str
    event_id: UUID
    event_name: str
    starts_on: date | None
    locked: bool
    criteria: int
    entries: int
    recused: int


class MySeats(Wire):
    """My seats in contests that are not archived: those being judged first."""

    items: list[MySeat]
