"""Opening ties: an ordered cascade of typed breakers. Marks are never altered; what stays equal shares its place.

A breaker measures the tied entries; entries of equal measure go on to the next breaker.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from event_manager.scoring.exact import text_of
from event_manager.scoring.grid import Grid, Key
from event_manager.scoring.methods.base import Options
from event_manager.scoring.model import Decision, Tie
from event_manager.scoring.words import listed

MARKS = "marks"
"""The name of the grid of marks as given, before any stage; stages are named by their label."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What breakers may look at. `grids`: by stage label, in order, `MARKS` first. `low_wins`: marks are places."""

    grids: Mapping[str, Grid]
    decisions: Sequence[Decision] = ()
    low_wins: bool = False

    @property
    def marks(self) -> Grid:
        """The marks as given."""
        return self.grids[MARKS]


@dataclass(frozen=True, slots=True)
class Measure:
    """One entry's measure: the smaller key is the better; `words` tells it ("Talent 9.5")."""

    key: tuple[Fraction, ...]
    words: str


_NOTHING = Fraction(10**15)


class TieBreaker(Options, ABC):
    """One step of a cascade. `segments`: used only where the part, category or segment fact has such a word."""

    kind: str
    segments: tuple[str, ...] = ()
    title: ClassVar[str]

    @abstractmethod
    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """A measure for each of the tied entries."""

    def applies(self, evidence: Evidence) -> bool:
        """Whether this breaker is meant for the segment at hand."""
        names = _segment_names(evidence.marks)
        return not self.segments or any(word in name for word in self.segments for name in names)

    @property
    def called(self) -> str:
        """How explanations call this breaker."""
        return self.title


class ByCriteria(TieBreaker):
    """The better in the first criterion, then in the second, ... (the rule set's order unless `criteria` says)."""

    kind: Literal["criterion-order"] = "criterion-order"
    criteria: tuple[str, ...] = ()
    title: ClassVar[str] = "criteria in their order"

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """Mean of the marks in each criterion, or what the stages made of them where they kept criteria apart."""
        grid = next((g for g in evidence.grids.values() if _judges_combined(g)), evidence.marks)
        names = [name for name in self.criteria or grid.names("criterion") if name in grid.names("criterion")]
        table = {e: [_value(grid, e, partial(_is_criterion, name)) for name in names] for e in entries}
        depth = _first_difference(list(table.values()))
        sign = 1 if evidence.low_wins else -1
        return {e: _measured(values, sign, names[: depth + 1]) for e, values in table.items()}


class CountBack(TieBreaker):
    """More of the best marks; equal in those, more of the next best, and so on.

    `of` is the grid looked at, `direction` says which marks are best. `voters` asks first who was marked above zero
    by more judges. `criterion` limits it to criteria having one of these words.
    """

    kind: Literal["count-back"] = "count-back"
    of: str = MARKS
    direction: Literal["high", "low"] | None = None
    voters: bool = False
    criterion: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """Names what is counted."""
        first = "judges giving points, then " if self.voters else ""
        return f"{first}count of best marks{f' ({self.criterion[0]})' if self.criterion else ''}"

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """How often each value was given, best value first."""
        grid = evidence.grids[self.of]
        marks = {e: _marks(grid, e, self.criterion) for e in entries}
        low = self.direction == "low" or (self.direction is None and evidence.low_wins)
        levels = sorted({v for values in marks.values() for v in values}, reverse=not low)
        counts = {e: [values.count(level) for level in levels] for e, values in marks.items()}
        names = [f"marks of {text_of(level)}" for level in levels]
        if self.voters:
            counts = {e: [sum(v > 0 for v in marks[e]), *row] for e, row in counts.items()}
            names = ["judges giving points", *names]
        depth = _first_difference([[Fraction(n) for n in row] for row in counts.values()])
        return {
            e: Measure(
                tuple(Fraction(-n) for n in row),
                ", ".join(f"{names[i]}: {row[i]}" for i in range(min(depth + 1, len(row)))),
            )
            for e, row in counts.items()
        }


class ByHeadJudge(TieBreaker):
    """The better by the head judge's own marks, added up with the weights of the criteria."""

    kind: Literal["head-judge"] = "head-judge"
    title: ClassVar[str] = "head judge"

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """The head judge's weighted total; nobody has one where no head judge is named."""
        grid = evidence.marks
        heads = {name for name, judge in grid.context.judges.items() if judge.head}
        sign = 1 if evidence.low_wins else -1
        return {
            e: _measured([_value(grid, e, lambda key: key.judge in heads, weigh=True)], sign, ["head judge"])
            for e in entries
        }


class ByValue(TieBreaker):
    """The better value of a named stage, on all its units or those having one of the given words.

    `part` may also be `last`: the last part in order.
    """

    kind: Literal["value"] = "value"
    of: str
    direction: Literal["high", "low"] = "high"
    part: tuple[str, ...] | Literal["last"] = ()
    criterion: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """Names the value."""
        unit = self.part if self.part == "last" else "/".join((*self.part[:1], *self.criterion[:1]))
        return f"{unit} {self.of}".strip()

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """The sum over the units meant."""
        grid = evidence.grids[self.of]
        parts = grid.names("part")[-1:] if self.part == "last" else self.part
        sign = 1 if self.direction == "low" else -1

        def meant(key: Key) -> bool:
            return _has_word(key.part, parts) and _has_word(key.criterion, self.criterion)

        return {e: _measured([_value(grid, e, meant)], sign, [self.called]) for e in entries}


class ByFact(TieBreaker):
    """The better by a fact stated for the entry (elements, difficulty), added up over its units."""

    kind: Literal["fact"] = "fact"
    fact: str
    direction: Literal["high", "low"] = "high"

    @property
    def called(self) -> str:
        """The fact."""
        return self.fact

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """The sum of what is stated; an entry without the fact comes last."""
        stated = evidence.marks.context.facts.get(self.fact, {})
        sign = 1 if self.direction == "low" else -1
        values = {e: [v for unit, v in stated.items() if unit.entry == e] for e in entries}
        return {e: _measured([sum(v, Fraction(0)) if v else None], sign, [self.fact]) for e, v in values.items()}


class ByBestParts(TieBreaker):
    """The better best part, then the better second best, ...: runs of which only some counted."""

    kind: Literal["best-parts"] = "best-parts"
    of: str
    title: ClassVar[str] = "next best part"

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """The values of the stage on all units, best first; a missing one loses to any."""
        grid = evidence.grids[self.of]
        rows = {e: sorted(_marks(grid, e, ()), reverse=True) for e in entries}
        longest = max(map(len, rows.values()))
        return {
            e: Measure(
                tuple([-v for v in row] + [_NOTHING] * (longest - len(row))),
                "parts " + (", ".join(text_of(v) for v in row) or "none"),
            )
            for e, row in rows.items()
        }


class ByRunningOrder(TieBreaker):
    """Who performed earlier (or later)."""

    kind: Literal["running-order"] = "running-order"
    first: Literal["earlier", "later"] = "earlier"
    title: ClassVar[str] = "running order"

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """The running order; entries without one stay equal to each other and come last."""
        running = evidence.marks.context.running
        sign = 1 if self.first == "earlier" else -1
        values = {e: Fraction(running[e]) if e in running else None for e in entries}
        return {e: _measured([value], sign, ["running order"]) for e, value in values.items()}


class ByChair(TieBreaker):
    """The chair's recorded decision about exactly these entries."""

    kind: Literal["chair"] = "chair"
    title: ClassVar[str] = "chair's decision"

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """The position in the record; without a record everybody is equal."""
        record = next((d for d in evidence.decisions if set(entries) <= set(d.order)), None)
        if record is None:
            return {e: Measure((Fraction(0),), "no decision recorded") for e in entries}
        reason = f"decided by {record.by}: {record.reason}"
        return {e: Measure((Fraction(record.order.index(e)),), reason) for e in entries}


Breaker = Annotated[
    ByCriteria | CountBack | ByHeadJudge | ByValue | ByFact | ByBestParts | ByRunningOrder | ByChair,
    Field(discriminator="kind"),
]


def open_tie(
    entries: Sequence[str], cascade: Sequence[TieBreaker], evidence: Evidence, on: str
) -> tuple[list[list[str]], list[Tie]]:
    """The tied entries as groups, best first, and the record of what was tried. `on` names what was equal."""
    for i, breaker in enumerate(cascade):
        if not breaker.applies(evidence):
            continue
        measures = breaker.measure(entries, evidence)
        keys = sorted({m.key for m in measures.values()})
        if len(keys) > 1:
            told = ", ".join(f"{e} {measures[e].words}" for e in sorted(entries, key=lambda e: (measures[e].key, e)))
            ties = [Tie(tuple(entries), f"equal on {on}; opened by {breaker.called}: {told}", broken=True)]
            groups: list[list[str]] = []
            for key in keys:
                same = [e for e in entries if measures[e].key == key]
                inner, more = open_tie(same, cascade[i + 1 :], evidence, on) if len(same) > 1 else ([same], [])
                groups += inner
                ties += more
            return groups, ties
    tried = [b.called for b in cascade if b.applies(evidence)]
    equal = f" and on {listed(tried)}" if tried else ""
    return [list(entries)], [Tie(tuple(entries), f"equal on {on}{equal}; they share the place", broken=False)]


def _measured(values: Sequence[Fraction | None], sign: int, names: Sequence[str]) -> Measure:
    key = tuple(_NOTHING if v is None else v * sign for v in values)
    told = ", ".join(f"{n} {'-' if v is None else text_of(v)}" for n, v in zip(names, values, strict=False))
    return Measure(key, told)


def _is_criterion(name: str, key: Key) -> bool:
    return key.criterion == name


def _value(grid: Grid, entry: str, meant: Callable[[Key], bool], *, weigh: bool = False) -> Fraction | None:
    row, weights = grid.entries.index(entry), grid.context.weights if weigh else {}
    found = [
        v * weights.get(key.criterion, 1)
        for key, c in grid.columns.items()
        if meant(key) and (v := c.at(row)) is not None
    ]
    return sum(found, Fraction(0)) if found else None


def _marks(grid: Grid, entry: str, words: Sequence[str]) -> list[Fraction]:
    row = grid.entries.index(entry)
    return [v for key, c in grid.columns.items() if _has_word(key.criterion, words) and (v := c.at(row)) is not None]


def _has_word(name: str, words: Sequence[str]) -> bool:
    return not words or any(word.casefold() in name.casefold() for word in words)


def _judges_combined(grid: Grid) -> bool:
    return all(key.criterion and not key.judge for key in grid.columns)


def _segment_names(grid: Grid) -> list[str]:
    names = {name for key in grid.columns for name in (key.part, key.category)}
    names.update(grid.context.words.get("segment", {}).values())
    return sorted(name.casefold() for name in names if name)


def _first_difference(rows: Sequence[Sequence[Fraction | None]]) -> int:
    width = min(map(len, rows), default=0)
    return next((i for i in range(width) if len({row[i] for row in rows}) > 1), width - 1)
