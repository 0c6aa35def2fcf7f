"""Shapes of marks, rule sets and results on the wire. Marks are strings of decimal digits with a point."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from event_manager.kit.http import Wire

DIGITS = re.compile(r"^-?[0-9]{1,9}(\.[0-9]{1,6})?$")


def _decimal(text: str) -> str:
    """A number as it may be written: digits and a point, nothing guessed."""
    if DIGITS.match(text):
        return text
    if "," in text:
        raise ValueError(f"'{text}' has a comma: write decimals with a point, such as 7.5, and no thousands separators")
    raise ValueError(f"'{text}' is not a plain decimal number such as 7 or 7.25 (at most 9 digits and 6 decimals)")


def _positive(text: str) -> str:
    if not text.strip("0.") or text.startswith("-"):
        raise ValueError(f"'{text}' is not more than 0")
    return text


DecimalText = Annotated[str, AfterValidator(_decimal), Field(examples=["7.5"])]
Points = Annotated[DecimalText, AfterValidator(_positive)]
Key = Annotated[str, StringConstraints(min_length=8, max_length=100, pattern=r"^[A-Za-z0-9._:-]+$")]
PartName = Annotated[str, StringConstraints(max_length=100)]
Comment = Annotated[str, StringConstraints(max_length=2000)]
Reason = Annotated[str, StringConstraints(min_length=3, max_length=2000)]


class MarkIn(Wire):
    """One mark. ``key`` makes repeats harmless; ``revision`` is the one you have seen (0: none yet)."""

    key: Key = Field(examples=["0198c3-17-3"])
    entry_id: UUID
    criterion_id: UUID
    part: PartName = ""
    value: DecimalText | None = Field(description="null takes the mark back")
    comment: Comment = ""
    revision: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    marked_at: datetime | None = Field(None, description="When the judge gave it, by the device's clock.")


class MarksIn(Wire):
    """A batch of one judge's marks: all are saved or none is."""

    marks: Annotated[list[MarkIn], Field(min_length=1, max_length=500)]


class SavedMark(Wire):
    """What became of one mark. ``repeated``: it had been saved before under this key."""

    key: str
    revision: int
    repeated: bool


class MarksSaved(Wire):
    """Every mark of the batch is durable."""

    saved: list[SavedMark]


class SheetCriterion(Wire):
    """A criterion on the sheet; marks go from ``min`` to ``max`` in steps."""

    id: UUID
    key: str
    name: str
    min: str
    max: str
    step: str
    weight: str


class SheetEntry(Wire):
    """An entry on the sheet, in running order."""

    id: UUID
    number: str | None
    name: str
    running_order: int
    state: str
    recused: bool


class SheetMark(Wire):
    """One of your own marks as the server has it."""

    entry_id: UUID
    criterion_id: UUID
    part: str
    value: str | None
    comment: str
    revision: int


class Sheet(Wire):
    """All a judge needs for one category; only the judge's own marks are in it."""

    category_id: UUID
    category_name: str
    contest_name: str
    state: str
    locked: bool
    seat_id: UUID
    seat_label: str
    mark_kind: str
    parts: list[str]
    criteria: list[SheetCriterion]
    entries: list[SheetEntry]
    marks: list[SheetMark]
    next_entry_id: UUID | None


class SeatProgress(Wire):
    """How far one seat is."""

    seat_id: UUID
    label: str
    judge_name: str
    state: str
    given: int
    owed: int


class Progress(Wire):
    """Who has marked how much; no mark is shown."""

    category_id: UUID
    state: str
    seats: list[SeatProgress]
    given: int
    owed: int


class RuleSetSummary(Wire):
    """A rule set to choose: of the library or the organisation's own."""

    name: str
    version: str
    title: str
    source: str
    origin: Literal["library", "own"]
    mark_kind: str
    reads: dict[str, str]


class RuleSetIn(Wire):
    """A version of an own rule set; ``document`` as in the scoring guide. Its ``version`` is given when it is saved."""

    document: dict[str, Any]


class OptionGuide(Wire):
    """One option of a stage or tie breaker. ``default`` is JSON text, "" where the option must be given."""

    name: str
    takes: str
    default: str


class KindGuide(Wire):
    """One kind of stage or tie breaker."""

    kind: str
    about: str
    options: list[OptionGuide]


class RuleGuide(Wire):
    """What a rule set can be made of."""

    parts: list[KindGuide]
    stages: list[KindGuide]
    ties: list[KindGuide]


class RuleSetView(RuleSetSummary):
    """A rule set with its full document."""

    document: dict[str, Any]


class CategoryRulesIn(Wire):
    """Choose a rule set by name (own ones come before the library's), or hand in a document."""

    name: Annotated[str, StringConstraints(max_length=60)] | None = None
    document: dict[str, Any] | None = None


class CategoryRulesView(Wire):
    """The rule set of a category. Frozen since the first mark, if there is one."""

    category_id: UUID
    name: str
    version: str
    title: str
    source: str
    document: dict[str, Any]
    frozen_at: datetime | None


class ContestRulesIn(Wire):
    """How categories make the contest's result: sum of weighted totals, sum of places, or the best n totals."""

    method: Literal["weighted-sum", "rank-sum", "best-n"] = "weighted-sum"
    best: Annotated[int, Field(ge=1, le=100)] | None = None


class ContestRulesView(ContestRulesIn):
    """How categories make the contest's result."""

    contest_id: UUID


class DeductionIn(Wire):
    """Points to take off an entry's total."""

    entry_id: UUID
    part: PartName = ""
    points: Points
    reason: Reason


class DeductionView(Wire):
    """A deduction; it counts once somebody else has approved it."""

    id: UUID
    category_id: UUID
    entry_id: UUID
    part: str
    points: str
    reason: str
    state: Literal["requested", "applied", "withdrawn"]
    requested_by: UUID | None
    approved_by: UUID | None
    created_at: datetime


class DecisionIn(Wire):
    """The order of tied entries, best first, as the chair decides it."""

    entry_ids: Annotated[list[UUID], Field(min_length=2, max_length=100)]
    reason: Reason


class DecisionView(Wire):
    """A chair's decision."""

    id: UUID
    entry_ids: list[UUID]
    reason: str
    decided_by_name: str
    created_at: datetime


class ResultLine(Wire):
    """One place. ``place`` is text: "3", "2.5" where the rule shares so, "" without a place."""

    entry_id: UUID | None
    entry: str
    name: str
    place: str
    total: str
    state: str
    parts: dict[str, Any]
    explanation: list[str]
    award: str = ""
    advanced: bool | None = None


class TieView(Wire):
    """Entries that were equal, and what opened the tie."""

    entries: list[str]
    broken: bool
    how: str


class ResultBody(Wire):
    """What a computed result says. ``hash`` is that of the result document, which anybody can recompute."""

    rule_set: str
    rule_set_title: str
    hash: str
    computed_at: datetime
    results: list[ResultLine]
    ties: list[TieView]
    warnings: list[str]


class ResultView(ResultBody):
    """A computed result, and what it is the result of."""

    id: UUID
    title: str
    state: str


class ClosedView(Wire):
    """Judging is closed."""

    category_id: UUID
    state: str
    hash: str


class MarkRevisionView(Wire):
    """One value that a mark had."""

    id: UUID
    seat_id: UUID
    seat_label: str
    criterion_id: UUID
    criterion_name: str
    part: str
    value: str | None
    comment: str
    revision: int
    user_id: UUID | None
    user_name: str
    marked_at: datetime | None
    created_at: datetime


class MarkHistory(Wire):
    """Every value of an entry's marks, oldest first."""

    items: list[MarkRevisionView]


class RuleSets(Wire):
    """Rule sets to choose from."""

    items: list[RuleSetSummary]


class MissingView(Wire):
    """Something that a category needs: where (``/criteria``, ``/rules``, ``/panel`` ...), what, and what to do."""

    pointer: str
    needs: str
    mend: str


class Readiness(Wire):
    """Whether judging can be opened, and all that is missing. Nothing is missing once it has been opened."""

    category_id: UUID
    state: str
    ready: bool
    missing: list[MissingView]
