"""Shapes of events, contests, categories and criteria."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from event_manager.contests.schemas.common import Amount, Key, Line, Signed, Slug, Step, Title
from event_manager.kit.http import Wire

Status = Literal["draft", "open", "closed", "archived"]
EventNumbering = Literal["manual", "auto", "none"]
Numbering = Literal["inherit", "manual", "auto", "none"]
State = Literal["draft", "judging", "judged", "tallied", "audited", "approved", "published"]
PartKind = Literal["single", "dances", "runs", "rounds", "segments"]
Digits = Annotated[int, Field(ge=0, le=9)]
Prefix = Annotated[Line, Field(max_length=10)]


class LevelView(Wire):
    """What events, contests and categories have in common. ``lockedAt`` is null when open for changes."""

    id: UUID
    name: str
    sort_order: int
    is_template: bool
    locked_at: datetime | None
    locked_by: UUID | None
    lock_reason: str
    version: int
    created_at: datetime
    updated_at: datetime


class EventView(LevelView):
    """A competition event."""

    slug: str | None
    starts_on: date | None
    ends_on: date | None
    venue: str
    status: Status
    numbering: EventNumbering
    number_prefix: str
    number_digits: int
    next_number: int


class EventCreate(Wire):
    """A new event. ``numbering`` serves its contests that inherit; ``slug`` is for addresses of public pages."""

    name: Title
    slug: Slug | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    venue: Line = ""
    numbering: EventNumbering = "auto"
    number_prefix: Prefix = ""
    number_digits: Digits = 0
    is_template: bool = False


class EventUpdate(Wire):
    """Fields to change; what is left out stays. Null empties ``slug``, ``startsOn`` and ``endsOn``."""

    name: Title | None = None
    slug: Slug | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    venue: Line | None = None
    numbering: EventNumbering | None = None
    number_prefix: Prefix | None = None
    number_digits: Digits | None = None
    is_template: bool | None = None


class StatusChange(Wire):
    """The wanted status, of an event or a contest."""

    status: Status


class ContestView(LevelView):
    """A contest of an event."""

    event_id: UUID
    status: Status
    numbering: Numbering
    number_prefix: str
    number_digits: int
    next_number: int


class ContestCreate(Wire):
    """A new contest. With ``numbering`` "inherit" numbers run through the event's contests."""

    name: Title
    numbering: Numbering = "inherit"
    number_prefix: Prefix = ""
    number_digits: Digits = 0
    is_template: bool = False


class ContestUpdate(Wire):
    """Fields to change; what is left out stays."""

    name: Title | None = None
    numbering: Numbering | None = None
    number_prefix: Prefix | None = None
    number_digits: Digits | None = None
    is_template: bool | None = None


class CategoryView(LevelView):
    """A category. ``weight`` counts in the contest's total; ``parts`` are its dances, runs, rounds or segments."""

    contest_id: UUID
    weight: Amount
    kind: PartKind
    part_names: list[str]
    state: State
    state_at: datetime | None
    reopened_at: datetime | None
    reopened_from: State | None
    reopened_reason: str
    panel_frozen_at: datetime | None
    inputs_version: int


class CategoryDetail(CategoryView):
    """A category with where it stands: the ids and names above it, and how much it holds."""

    event_id: UUID
    event_name: str
    contest_name: str
    criteria: int
    entries: int
    seats: int


class _Parts(Wire):
    @model_validator(mode="after")
    def _parts_fit_their_kind(self) -> "_Parts":
        kind: str | None = getattr(self, "kind", None)
        names: list[str] | None = getattr(self, "part_names", None)
        if kind is None and names is None:
            return self
        if (kind in (None, "single")) != (not names):
            raise ValueError("give partNames together with what they are: kind dances, runs, rounds or segments")
        if names is not None and len(set(names)) != len(names):
            raise ValueError("a name stands twice in partNames")
        return self


PartNames = Annotated[list[Annotated[Title, Field(max_length=60)]], Field(max_length=40)]


class CategoryCreate(_Parts):
    """A new category; every entry of the contest competes in it until you choose otherwise."""

    name: Title
    weight: Amount = Decimal(1)
    kind: PartKind = "single"
    part_names: PartNames = Field(default_factory=list)
    is_template: bool = False


class CategoryUpdate(_Parts):
    """Fields to change; what is left out stays. ``kind`` and ``partNames`` come together, before judging."""

    name: Title | None = None
    weight: Amount | None = None
    kind: PartKind | None = None
    part_names: PartNames | None = None
    is_template: bool | None = None


class CriterionView(Wire):
    """What a mark is for: from ``min`` to ``max`` by ``step``."""

    id: UUID
    key: str
    name: str
    min: Signed
    max: Signed
    step: Amount
    weight: Amount
    sort_order: int


class CriterionPut(Wire):
    """A criterion as it shall be. With ``id`` it is the existing one, changed; without it is new.

    ``key`` names it in files and rule sets; left out, it is made from the name.
    """

    id: UUID | None = None
    key: Key | None = None
    name: Title
    min: Signed = Decimal(0)
    max: Signed
    step: Step = Decimal("0.1")
    weight: Amount = Decimal(1)

    @model_validator(mode="after")
    def _range(self) -> "CriterionPut":
        if self.max <= self.min:
            raise ValueError("max must be greater than min")
        if (self.max - self.min) % self.step != 0:
            raise ValueError("max must be reached from min in whole steps")
        return self


class CriteriaPut(Wire):
    """The whole list of a category's criteria, in order."""

    criteria: Annotated[list[CriterionPut], Field(max_length=100)]


class CriteriaView(Wire):
    """The criteria of a category, in order."""

    items: list[CriterionView]


class EventClone(Wire):
    """A copy of an event with its contests, categories and criteria; on request with panels and entries."""

    name: Title
    starts_on: date | None = None
    ends_on: date | None = None
    panels: bool = False
    entries: bool = False
    is_template: bool = False


class ContestClone(Wire):
    """A copy of a contest with its categories and criteria, in the same or (``eventId``) another event."""

    name: Title
    event_id: UUID | None = None
    panels: bool = False
    entries: bool = False
    is_template: bool = False


class CategoryClone(Wire):
    """A copy of a category with its criteria, in the same or (``contestId``) another contest."""

    name: Title
    contest_id: UUID | None = None
    panels: bool = False
    is_template: bool = False


class TemplateView(Wire):
    """Something marked as a template: clone it to use it."""

    level: Literal["event", "contest", "category"]
    id: UUID
    name: str
    path: list[UUID]


class Templates(Wire):
    """All templates that you may see."""

    items: list[TemplateView]
