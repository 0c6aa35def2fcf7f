"""A rule set: versioned data that says how marks become places. Frozen into a contest at its first mark.

Read bottom up: a `RuleSet` states what a mark may be (`marks`, `criteria`), the `stages` in their order, how totals
rank (`ranking`), what opens a tie (`ties`), and what happens to entries and judges that are not there (`policies`).
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SerializeAsAny, ValidationError, model_validator

from event_manager.tabulation.evidence import MARKS
from event_manager.tabulation.exact import Exact, Rounding
from event_manager.tabulation.grid import Dimension
from event_manager.tabulation.methods import parse_stage
from event_manager.tabulation.methods.base import Options, Placer, Stage
from event_manager.tabulation.model import BadRules
from event_manager.tabulation.ties import Breaker, ByBestParts, ByFact, ByValue, CountBack

MarkKind = Literal["score", "rank", "recall", "points", "ballot", "comparison"]


class MarkRule(Options):
    """What one mark may be. `zero`: `absent` where the sport writes 0 for "this judge gave no mark"."""

    kind: MarkKind = "score"
    min: Exact | None = None
    max: Exact | None = None
    step: Exact | None = Field(None, gt=0)
    zero: Literal["mark", "absent"] = "mark"


class CriterionRule(Options):
    """One criterion. Limits left out are those of `marks`. The order of the list is the order for ties."""

    name: str = Field(min_length=1)
    title: str = ""
    weight: Exact = Field(default="1", validate_default=True)
    min: Exact | None = None
    max: Exact | None = None
    step: Exact | None = Field(None, gt=0)


class Ranking(Options):
    """How totals become places.

    `compare`: ties are tested on the total as rounded (what readers see) or on the exact value. `shared`: entries
    that stay equal share the first of their places (1, 2, 2, 4), the mean (2.5) or the range ("2-3").
    """

    direction: Literal["high", "low"] = "high"
    round: Rounding | None = None
    compare: Literal["rounded", "exact"] = "rounded"
    shared: Literal["first", "mean", "range"] = "first"


class Seats(Options):
    """Labels of judges with a special seat, where no list of judges is given."""

    head: tuple[str, ...] = ()
    tie_break: tuple[str, ...] = ()
    shadow: tuple[str, ...] = ()


class Policies(Options):
    """What each missing thing means. The first choice is the default and the safest.

    - `missing` (a judge of the panel gave this entry no mark): refuse; or treat as absent; or fill with the mean of
      the other judges' marks on that unit. Never zero.
    - `recused`, `absent` (said so by the words `recused` and `absent` as marks): leave out, or fill likewise.
    - `unmarked` (nobody marked the entry in a part or category that others were marked in): refuse; or
      skip it; or `count`: only refuse where entries of a category have different numbers of parts marked.
    - `panel` of unequal make-up between entries of one unit: refuse, or allow.
    - `dnf`: no place; last; or placed by the score of what was finished.
    - `dq`: others close up (marks are ranked anew without the entry), or its place stays empty.
    Entries that did not start, withdrew or were scratched are listed without a place; the others close up.
    """

    missing: Literal["block", "absent", "fill"] = "block"
    recused: Literal["absent", "fill"] = "absent"
    absent: Literal["absent", "fill"] = "absent"
    unmarked: Literal["block", "skip", "count"] = "block"
    panel: Literal["refuse", "allow"] = "refuse"
    dnf: Literal["no-place", "last", "score"] = "no-place"
    dq: Literal["close-up", "leave-gap"] = "close-up"


class Cut(Options):
    """Who advances: the first `top` places. Ties across the cut: take all, take none, or the chair decides."""

    top: int = Field(ge=1)
    ties: Literal["all", "none", "chair"] = "all"


class Band(Options):
    """A standard: everybody whose total reaches `at_least` gets it. `best_place` caps the place of its entries."""

    name: str = Field(min_length=1)
    at_least: Exact
    best_place: int | None = Field(None, ge=1)


class Case(Options):
    """A worked example of our own that the rule set must reproduce: CSV text, and the places expected."""

    title: str
    marks: tuple[str, ...] = Field(min_length=2)
    entries: tuple[str, ...] = ()
    places: dict[str, str]
    totals: dict[str, str] = Field(default_factory=dict)
    ties: int = 0


class RuleSet(Options):
    """How marks become places. `reads` tells in words which columns of MARKS and ENTRIES the rule set uses.

    `levels`: for rule sets that tolerate their dimensions in any column, the meaning of the columns in use, from
    the outermost to the innermost; the innermost column in use is the last level.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)
    version: str = Field(min_length=1, max_length=40)
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    reads: dict[str, str] = Field(default_factory=dict)
    levels: tuple[Dimension, ...] = ()
    marks: MarkRule = MarkRule()
    criteria: tuple[CriterionRule, ...] = ()
    seats: Seats = Seats()
    stages: tuple[Annotated[SerializeAsAny[Stage], BeforeValidator(parse_stage)], ...] = Field(min_length=1)
    ranking: Ranking = Ranking()
    ties: tuple[Breaker, ...] = ()
    policies: Policies = Policies()
    cut: Cut | None = None
    bands: tuple[Band, ...] = ()
    cases: tuple[Case, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> "RuleSet":
        _refuse_repeats("criterion", [c.name for c in self.criteria])
        _refuse_repeats("stage name", [s.label for s in self.stages])
        labels = [MARKS, *(s.label for s in self.stages)]
        for unknown in sorted(
            {b.of for b in self.ties if isinstance(b, CountBack | ByValue | ByBestParts)} - {*labels}
        ):
            raise ValueError(f"a tie breaker looks at “{unknown}”, which no stage makes; there are {', '.join(labels)}")
        placers = [i for i, stage in enumerate(self.stages) if isinstance(stage, Placer)]
        if placers and placers != [len(self.stages) - 1]:
            raise ValueError("a stage that places entries must be the last one")
        thresholds = [band.at_least for band in self.bands]
        if thresholds != sorted(set(thresholds), reverse=True):
            raise ValueError("bands go from the best down, each with a lower atLeast than the one before")
        return self

    @property
    def facts_read(self) -> frozenset[str]:
        """The facts that any stage or tie breaker uses; others are refused, lest a deduction be ignored silently."""
        by_ties = (breaker.fact for breaker in self.ties if isinstance(breaker, ByFact))
        return frozenset([*(fact for stage in self.stages for fact in stage.facts), *by_ties])

    @property
    def facts_adding_up(self) -> frozenset[str]:
        """The facts of which one unit may have several."""
        return frozenset(fact for stage in self.stages for fact in stage.adding_up)

    @property
    def placer(self) -> Placer | None:
        """The last stage where it places entries itself."""
        last = self.stages[-1]
        return last if isinstance(last, Placer) else None


def parse_rules(data: object, source: str = "rule set") -> RuleSet:
    """The rule set of JSON data; raises BadRules with every fault, its place in the data and the words for it."""
    try:
        return RuleSet.model_validate(data)
    except ValidationError as error:
        found = error.errors()
        within = {e["loc"][:n] for e in found for n in range(1, len(e["loc"]))}  # a list is not short for a faulty item
        faults = [f"{source}: {_pointer(e['loc'])}: {e['msg']}" for e in found if e["loc"] not in within]
        raise BadRules("\n".join(faults)) from None


def _pointer(location: Sequence[int | str]) -> str:
    return "/" + "/".join(str(part) for part in location)


def _refuse_repeats(what: str, names: list[str]) -> None:
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"{what} “{repeated[0]}” is there twice; give each its own name")
