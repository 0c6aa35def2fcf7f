"""What can happen to events, contests, categories, entries and panels. Payloads hold ids, never personal names."""

from typing import ClassVar
from uuid import UUID

from event_manager.eventlog import EventType
from event_manager.eventlog.samples import Sample, sample_id
from event_manager.eventlog.types import Sensitivity

Changes = dict[str, tuple[str | None, str | None]]
"""Field to [old, new], as text."""


class _OfEvent(EventType):
    entity_type: ClassVar[str] = "event"

    event_id: UUID


class EventCreated(_OfEvent):
    """A competition event was set up."""

    name: ClassVar[str] = "event.created"

    title: str


class EventUpdated(_OfEvent):
    """Facts of an event changed."""

    name: ClassVar[str] = "event.updated"

    changes: Changes


class EventStatusChanged(_OfEvent):
    """An event was opened, closed, archived or taken back to draft."""

    name: ClassVar[str] = "event.status.changed"
    sample: ClassVar[Sample] = {"old": "draft", "new": "open"}

    old: str
    new: str


class EventCloned(_OfEvent):
    """An event was made as a copy of another, with its contests and categories."""

    name: ClassVar[str] = "event.cloned"

    source_id: UUID
    contest_ids: list[UUID]


class _OfContest(EventType):
    entity_type: ClassVar[str] = "contest"

    contest_id: UUID


class ContestCreated(_OfContest):
    """A contest was set up."""

    name: ClassVar[str] = "contest.created"
    sample: ClassVar[Sample] = {"title": "Latin, juniors"}

    event_id: UUID
    title: str


class ContestUpdated(_OfContest):
    """Facts of a contest changed."""

    name: ClassVar[str] = "contest.updated"
    sample: ClassVar[Sample] = {"changes": {"name": ["Latin juniors", "Latin, juniors"]}}

    changes: Changes


class ContestStatusChanged(_OfContest):
    """A contest was opened, closed, archived or taken back to draft."""

    name: ClassVar[str] = "contest.status.changed"
    sample: ClassVar[Sample] = {"old": "open", "new": "closed"}

    old: str
    new: str


class ContestCloned(_OfContest):
    """A contest was made as a copy of another."""

    name: ClassVar[str] = "contest.cloned"

    event_id: UUID
    source_id: UUID


class ContestsReordered(_OfEvent):
    """The contests of an event were put in another order."""

    name: ClassVar[str] = "contest.reordered"

    contest_ids: list[UUID]


class _OfCategory(EventType):
    entity_type: ClassVar[str] = "category"

    category_id: UUID


class CategoryCreated(_OfCategory):
    """A category was set up. ``source_id`` is the one it was copied from, if any."""

    name: ClassVar[str] = "category.created"
    sample: ClassVar[Sample] = {"title": "Solo, under 12", "sourceId": None}

    contest_id: UUID
    title: str
    source_id: UUID | None = None


class CategoryUpdated(_OfCategory):
    """Facts of a category changed."""

    name: ClassVar[str] = "category.updated"
    sample: ClassVar[Sample] = {"changes": {"name": ["Solo U12", "Solo, under 12"], "weight": ["1", "1.5"]}}

    changes: Changes


class CategoryDeleted(_OfCategory):
    """A category that was still a draft was removed, with its criteria, seats and entries."""

    name: ClassVar[str] = "category.deleted"

    contest_id: UUID


class CategoriesReordered(_OfContest):
    """The categories of a contest were put in another order."""

    name: ClassVar[str] = "category.reordered"

    category_ids: list[UUID]


class CriterionAdded(_OfCategory):
    """A criterion was added to a category. Numbers are decimal text."""

    name: ClassVar[str] = "category.criterion.added"
    sample: ClassVar[Sample] = {"key": "technique", "min": "0", "max": "10", "step": "0.1", "weight": "1"}

    criterion_id: UUID
    key: str
    min: str
    max: str
    step: str
    weight: str


class CriterionChanged(_OfCategory):
    """A criterion of a category changed."""

    name: ClassVar[str] = "category.criterion.changed"
    sample: ClassVar[Sample] = {"changes": {"max": ["10", "20"]}}

    criterion_id: UUID
    changes: Changes


class CriterionRemoved(_OfCategory):
    """A criterion was removed from a category."""

    name: ClassVar[str] = "category.criterion.removed"
    sample: ClassVar[Sample] = {"key": "costume"}

    criterion_id: UUID
    key: str


class ScoringOpened(_OfCategory):
    """Judging of a category began; its panel is frozen."""

    name: ClassVar[str] = "category.scoring.opened"
    sample: ClassVar[Sample] = {"criteria": 3, "seats": 5, "entries": 24}

    contest_id: UUID
    criteria: int
    seats: int
    entries: int


class ScoringClosed(_OfCategory):
    """Judging of a category ended."""

    name: ClassVar[str] = "category.scoring.closed"
    sample: ClassVar[Sample] = {"inputsVersion": 212}

    contest_id: UUID
    inputs_version: int


class ScoringReopened(_OfCategory):
    """A category went back to judging, and why."""

    name: ClassVar[str] = "category.scoring.reopened"
    sample: ClassVar[Sample] = {"old": "judged", "reason": "A judge had the wrong sheet"}

    contest_id: UUID
    old: str
    reason: str


class CategoryStateChanged(_OfCategory):
    """A category moved on between two states after judging."""

    name: ClassVar[str] = "category.state.changed"
    sample: ClassVar[Sample] = {"old": "judged", "new": "tallied"}

    old: str
    new: str


class PanelFrozenEvent(_OfCategory):
    """The panel of a category was frozen: seats stay as they are."""

    name: ClassVar[str] = "category.panel.frozen"


class PanelUnfrozen(_OfCategory):
    """The panel of a category may change again, and why."""

    name: ClassVar[str] = "category.panel.unfrozen"
    sample: ClassVar[Sample] = {"reason": "A judge fell ill"}

    reason: str


class _OfLevel(EventType):
    entity_type: ClassVar[str] = "level"

    level_id: UUID
    level: str
    reason: str


class LevelLocked(_OfLevel):
    """An event, contest or category (``level``) was locked against every write on it and below it."""

    name: ClassVar[str] = "contest.level.locked"
    sample: ClassVar[Sample] = {"level": "category", "reason": "The board reviews a protest"}


class LevelUnlocked(_OfLevel):
    """An event, contest or category (``level``) was unlocked by a second person."""

    name: ClassVar[str] = "contest.level.unlocked"
    sample: ClassVar[Sample] = {"level": "category", "reason": "The protest was rejected"}

    locked_by: UUID | None


class ParticipantCreated(EventType):
    """A person or group that competes was recorded."""

    name: ClassVar[str] = "participant.created"
    entity_type: ClassVar[str] = "participant"
    sample: ClassVar[Sample] = {"kind": "person"}

    participant_id: UUID
    kind: str


class ParticipantUpdated(EventType):
    """Facts of a participant changed; only the names of the fields are told."""

    name: ClassVar[str] = "participant.updated"
    entity_type: ClassVar[str] = "participant"
    sample: ClassVar[Sample] = {"fields": ["club", "country"]}

    participant_id: UUID
    fields: list[str]


class ParticipantArchived(EventType):
    """A participant is offered for new entries no more."""

    name: ClassVar[str] = "participant.archived"
    entity_type: ClassVar[str] = "participant"

    participant_id: UUID


class _OfContestant(EventType):
    entity_type: ClassVar[str] = "contestant"

    contestant_id: UUID
    contest_id: UUID


class ContestantRegistered(_OfContestant):
    """A participant was entered in a contest. ``contestantId`` is the id of the entry."""

    name: ClassVar[str] = "contestant.registered"
    sample: ClassVar[Sample] = {"number": "117"}

    participant_id: UUID
    number: str | None
    category_ids: list[UUID]


class ContestantUpdated(_OfContestant):
    """Number or facts of an entry changed; with ``categoryId`` its facts in that category only."""

    name: ClassVar[str] = "contestant.updated"
    sample: ClassVar[Sample] = {"changes": {"number": ["117", "118"]}, "categoryId": None}

    changes: Changes
    category_id: UUID | None = None


class ContestantStateChanged(_OfContestant):
    """An entry was scratched, did not start, did not finish or came back. ``categoryId`` is null for the contest."""

    name: ClassVar[str] = "contestant.state.changed"
    sample: ClassVar[Sample] = {"old": "entered", "new": "dns", "reason": "Did not come to the floor"}
    sensitivity: ClassVar[Sensitivity] = "personal"
    subject: ClassVar[str] = "contestant_id"
    personal: ClassVar[tuple[str, ...]] = ("reason",)

    category_id: UUID | None
    old: str
    new: str
    reason: str = ""


class ContestantWithdrawn(ContestantStateChanged):
    """An entry was withdrawn from its contest."""

    name: ClassVar[str] = "contestant.withdrawn"
    sample: ClassVar[Sample] = {"categoryId": None, "old": "entered", "new": "withdrawn", "reason": "Injured"}


class ContestantDisqualified(ContestantStateChanged):
    """An entry was disqualified, in the contest or in one category."""

    name: ClassVar[str] = "contestant.disqualified"
    sample: ClassVar[Sample] = {"old": "entered", "new": "dq", "reason": "Music longer than allowed"}


class ContestantCheckedIn(_OfContestant):
    """An entry reported on the day, or its check-in was taken back."""

    name: ClassVar[str] = "contestant.checked_in"

    checked_in: bool


class RosterChanged(_OfCategory):
    """Entries were put into a category or taken out of it."""

    name: ClassVar[str] = "category.roster.changed"

    added: list[UUID]
    removed: list[UUID]


class RunningOrderSet(_OfContest):
    """Entries got a running order, in the contest or in one category. A draw can be repeated from its ``seed``."""

    name: ClassVar[str] = "contest.running_order.set"
    sample: ClassVar[Sample] = {"how": "shuffle", "seed": "spring-cup-2026"}

    category_id: UUID | None
    how: str
    seed: str | None
    entry_ids: list[UUID]


class Renumbered(_OfContest):
    """All entries of a contest got new numbers, on purpose."""

    name: ClassVar[str] = "contest.renumbered"
    sample: ClassVar[Sample] = {"numbers": {sample_id("contestantId"): "101", sample_id("contestantId 2"): "102"}}

    numbers: dict[str, str]


class _OfSeat(EventType):
    entity_type: ClassVar[str] = "seat"

    seat_id: UUID
    category_id: UUID


class JudgeAssigned(_OfSeat):
    """A judge got a seat on the panel of a category. ``replacesId`` is the seat it takes over, if any."""

    name: ClassVar[str] = "judge.assigned"
    sample: ClassVar[Sample] = {"role": "regular", "label": "J3", "replacesId": None, "reason": ""}

    user_id: UUID
    role: str
    label: str
    replaces_id: UUID | None = None
    reason: str = ""


class JudgeUnassigned(_OfSeat):
    """A seat without marks was removed from a panel."""

    name: ClassVar[str] = "judge.unassigned"

    user_id: UUID


class SeatUpdated(_OfSeat):
    """Role, label, group or state of a seat changed."""

    name: ClassVar[str] = "judge.seat.updated"
    sample: ClassVar[Sample] = {"changes": {"state": ["active", "absent"], "reason": [None, "Ill"]}}

    changes: Changes


class JudgeRecused(_OfSeat):
    """A judge does not mark an entry (the reason stands in the record itself)."""

    name: ClassVar[str] = "judge.recused"

    contestant_id: UUID


class ConflictDeclared(_OfSeat):
    """A judge has a conflict of interest with an entry and does not mark it."""

    name: ClassVar[str] = "conflict.declared"

    contestant_id: UUID


class RecusalLifted(_OfSeat):
    """A judge marks an entry after all, and why."""

    name: ClassVar[str] = "judge.recusal.lifted"
    sample: ClassVar[Sample] = {"reason": "Declared by mistake"}

    contestant_id: UUID
    reason: str
