"""What can happen to marks and results. Before publication a payload says that a mark exists, never its value."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from event_manager.eventlog.samples import Sample
from event_manager.eventlog.types import EventType, Sensitivity


class MarkedUnit(BaseModel):
    """One mark that was written: which, and the how-manieth value it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True)

    entry_id: UUID
    criterion_id: UUID
    part: str = Field(examples=[""])
    revision: int


class ScoreSubmitted(EventType):
    """A judge submitted or changed marks. Written by the SQL function that takes marks."""

    name: ClassVar[str] = "score.submitted"
    entity_type: ClassVar[str] = "category"
    sensitivity: ClassVar[Sensitivity] = "embargoed"

    category_id: UUID
    seat_id: UUID
    marks: list[MarkedUnit]


class RulesChosen(EventType):
    """A category was given a rule set."""

    name: ClassVar[str] = "category.rules.chosen"
    entity_type: ClassVar[str] = "category"
    sample: ClassVar[Sample] = {"ruleSet": "trimmed-mean", "ruleSetVersion": "1"}

    category_id: UUID
    rule_set: str
    rule_set_version: str


class ContestRulesChosen(EventType):
    """It was decided how a contest's categories make one result."""

    name: ClassVar[str] = "contest.rules.chosen"
    entity_type: ClassVar[str] = "contest"
    sample: ClassVar[Sample] = {"method": "weighted-sum"}

    contest_id: UUID
    method: str


class RuleSetSaved(EventType):
    """An organisation saved a version of its own rule set."""

    name: ClassVar[str] = "rule_set.saved"
    entity_type: ClassVar[str] = "rule_set"
    sample: ClassVar[Sample] = {"ruleSet": "our-trimmed-mean", "ruleSetVersion": 2}

    rule_set_id: UUID
    rule_set: str
    rule_set_version: int


class CategoryJudged(EventType):
    """All marks of a category are in; its judging was closed and its result computed."""

    name: ClassVar[str] = "category.judged"
    entity_type: ClassVar[str] = "category"
    sample: ClassVar[Sample] = {"resultHash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}

    category_id: UUID
    result_hash: str


class DeductionRequested(EventType):
    """Somebody asked for points to be taken off an entry."""

    name: ClassVar[str] = "score.deduction.requested"
    entity_type: ClassVar[str] = "deduction"
    sensitivity: ClassVar[Sensitivity] = "embargoed"

    deduction_id: UUID
    category_id: UUID
    category_entry_id: UUID


class DeductionApplied(EventType):
    """A second person approved a deduction; from now on it counts."""

    name: ClassVar[str] = "score.deduction.applied"
    entity_type: ClassVar[str] = "deduction"
    sensitivity: ClassVar[Sensitivity] = "embargoed"

    deduction_id: UUID
    category_id: UUID
    category_entry_id: UUID


class DeductionWithdrawn(EventType):
    """A deduction was taken back; it no longer counts."""

    name: ClassVar[str] = "score.deduction.withdrawn"
    entity_type: ClassVar[str] = "deduction"
    sensitivity: ClassVar[Sensitivity] = "embargoed"

    deduction_id: UUID
    category_id: UUID
    category_entry_id: UUID


class TieDecided(EventType):
    """The chair ordered tied entries; marks stay as they are."""

    name: ClassVar[str] = "category.tie.resolved"
    entity_type: ClassVar[str] = "category"
    sensitivity: ClassVar[Sensitivity] = "embargoed"

    category_id: UUID
    decision_id: UUID
    entry_ids: list[UUID]
