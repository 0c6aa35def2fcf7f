"""Shapes of participants, their entries in contests, and the rosters of categories."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from event_manager.contests.schemas.common import FactMap, Facts, Line, Number, Reason, Title
from event_manager.kit.http import Wire

Kind = Literal["person", "group"]
EntryState = Literal["entered", "scratched", "dns", "dnf", "dq", "withdrawn"]
RosterState = Literal["entered", "scratched", "dns", "dnf", "dq"]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
MOST_ROWS = 2000


class ParticipantView(Wire):
    """A person or group that competes. ``email`` is null for readers who may not edit entries."""

    id: UUID
    name: str
    kind: Kind
    club: str
    country: str
    email: str | None
    archived_at: datetime | None
    version: int


class ParticipantCreate(Wire):
    """A new participant. ``club`` is also a school, team or troupe."""

    name: Title
    kind: Kind = "person"
    club: Line = ""
    country: Line = ""
    email: Email | None = None


class ParticipantUpdate(Wire):
    """Fields to change; what is left out stays. Null empties ``email``; ``archived`` false offers it again."""

    name: Title | None = None
    kind: Kind | None = None
    club: Line | None = None
    country: Line | None = None
    email: Email | None = None
    archived: bool | None = None


class EntryView(Wire):
    """A participant's entry in a contest."""

    id: UUID
    contest_id: UUID
    participant_id: UUID
    name: str
    kind: Kind
    club: str
    country: str
    number: str | None
    running_order: int
    state: EntryState
    state_reason: str
    facts: Facts
    checked_in_at: datetime | None
    category_ids: list[UUID]
    version: int


class EntryCreate(Wire):
    """Enter a participant of the organisation (``participantId``) or a new one (``participant``).

    Without ``categoryIds`` the entry competes in every category of the contest that is not judged yet.
    """

    participant_id: UUID | None = None
    participant: ParticipantCreate | None = None
    number: Number | None = None
    facts: FactMap = Field(default_factory=dict)
    category_ids: Annotated[list[UUID], Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _one_participant(self) -> "EntryCreate":
        if (self.participant_id is None) == (self.participant is None):
            raise ValueError("give either participantId or participant")
        return self


class EntriesCreate(Wire):
    """Several entries at once: all of them or none."""

    rows: Annotated[list[EntryCreate], Field(min_length=1, max_length=MOST_ROWS)]


class EntriesCreated(Wire):
    """The new entries, in the order given."""

    items: list[EntryView]


class EntryUpdate(Wire):
    """Fields to change; what is left out stays. Null takes the number away."""

    number: Number | None = None
    facts: FactMap | None = None


class EntryStateChange(Wire):
    """Scratch, withdraw, disqualify, or take it back with "entered"; always with a reason."""

    state: EntryState
    reason: Reason


class RosterStateChange(Wire):
    """The same for one category."""

    state: RosterState
    reason: Reason


class CheckIn(Wire):
    """Reported on the day, or not after all."""

    checked_in: bool = True


class RosterPut(Wire):
    """The contest entries that compete in the category."""

    entry_ids: Annotated[list[UUID], Field(max_length=5000)]


class RosterUpdate(Wire):
    """Facts of the entry in this category, such as ``{"difficulty": "3.2"}``; they replace the ones before."""

    facts: FactMap


class RosterEntry(Wire):
    """An entry as it stands in a category. ``id`` is what marks refer to, ``entryId`` the entry in the contest.

    ``state`` is the contest's where that is not "entered", else the category's. ``facts`` are the contest's overlaid
    with the category's. The list is in running order.
    """

    id: UUID
    entry_id: UUID
    participant_id: UUID
    name: str
    kind: Kind
    club: str
    country: str
    number: str | None
    position: int
    state: EntryState
    state_reason: str
    facts: Facts
    checked_in: bool


class Roster(Wire):
    """Who competes in a category, in running order."""

    items: list[RosterEntry]


class RunningOrder(Wire):
    """``given`` takes ``entryIds`` (all of them); ``shuffle`` draws from ``seed`` (made up when left out)."""

    how: Literal["given", "shuffle", "reverse", "number"]
    entry_ids: Annotated[list[UUID], Field(max_length=5000)] | None = None
    seed: Annotated[Line, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> "RunningOrder":
        if (self.how == "given") != (self.entry_ids is not None):
            raise ValueError("entryIds come with 'given', and only with it")
        if self.seed is not None and self.how != "shuffle":
            raise ValueError("a seed is for 'shuffle'")
        return self


class RunningOrderView(Wire):
    """The order as it is now; a draw is repeated with the same seed."""

    entry_ids: list[UUID]
    seed: str | None = None


class Renumber(Wire):
    """New numbers for all entries in running order, from ``start``."""

    start: Annotated[int, Field(ge=1, le=10**8)] = 1
