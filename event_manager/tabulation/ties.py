"""Opening ties: an ordered cascade of typed breakers. Marks are never altered; what stays equal shares its place.

A breaker measures the tied entries; entries of equal measure go on to the next breaker.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import Field

from event_manager.tabulation.evidence import MARKS, Evidence, Pick
from event_manager.tabulation.exact import Column, Number, column_of, text_of
from event_manager.tabulation.grid import Grid
from event_manager.tabulation.methods.base import Options
from event_manager.tabulation.model import Decision, Tie
from event_manager.tabulation.words import listed


class Measure(NamedTuple):
    """One entry's measure: the smaller key is the better; `words` tells it ("Talent 9.5")."""

    key: tuple[Number, ...]
    words: str


_NOTHING = 10**30


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
        if not self.segments:
            return True
        names = _segment_names(evidence.marks)
        return any(word in name for word in self.segments for name in names)

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
        """The mean of the marks in each criterion, or what the stages made of them where they kept criteria apart."""
        of, used = evidence.criteria
        names = [name for name in self.criteria or used if name in used]
        sums: dict[str, Column] = {}
        for name in names:
            sums[name] = evidence.sums_of(entries, Pick(of, criterion=name, mean=of == MARKS))
            if len(set(zip(*(column.values for column in sums.values()), strict=True))) == len(entries):
                break
        return _measured(entries, sums, low_wins=evidence.low_wins)


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
        return f"{first}count of best {self.of}{f' ({self.criterion[0]})' if self.criterion else ''}"

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """How often each value was given, best value first."""
        picked = {e: evidence.numbers_of(e, Pick(self.of, criterion_words=self.criterion)) for e in entries}
        low = self.direction == "low" or (self.direction is None and evidence.low_wins)
        levels = sorted({v for values, _ in picked.values() for v in values}, reverse=not low)
        counts = {e: [values.count(level) for level in levels] for e, (values, _) in picked.items()}
        if self.voters:
            counts = {e: [sum(v > 0 for v in picked[e][0]), *row] for e, row in counts.items()}
        shown = 1 + _first_difference(list(counts.values()))
        denom = next(iter(picked.values()))[1]
        names = [f"marks of {text_of(Fraction(level) / denom)}" for level in levels[:shown]]
        if self.voters:
            names.insert(0, "judges giving points")
        return {e: Measure(tuple(-n for n in row), _told(names[:shown], row)) for e, row in counts.items()}


class ByHeadJudge(TieBreaker):
    """The better by the head judge's own marks, added up with the weights of the criteria."""

    kind: Literal["head-judge"] = "head-judge"
    title: ClassVar[str] = "head judge"

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """The head judge's weighted total; nobody has one where no head judge is named."""
        judges = evidence.marks.context.judges
        pick = Pick(judges=frozenset(name for name, judge in judges.items() if judge.head))
        return _measured(entries, {"head judge": evidence.sums_of(entries, pick)}, low_wins=evidence.low_wins)


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
        pick = Pick(self.of, part_words=tuple(parts), criterion_words=self.criterion)
        return _measured(entries, {self.called: evidence.sums_of(entries, pick)}, low_wins=self.direction == "low")


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
        found = [[v for unit, v in stated.items() if unit.entry == e] for e in entries]
        sums = column_of([sum(values, Fraction(0)) if values else None for values in found])
        return _measured(entries, {self.fact: sums}, low_wins=self.direction == "low")


class ByBestParts(TieBreaker):
    """The better best part, then the better second best, ...: runs of which only some counted."""

    kind: Literal["best-parts"] = "best-parts"
    of: str
    title: ClassVar[str] = "next best part"

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """The values of the stage on all units, best first; a missing one loses to any."""
        picked = {e: evidence.numbers_of(e, Pick(self.of)) for e in entries}
        longest = max(len(values) for values, _ in picked.values())
        measures = {}
        for entry, (values, denom) in picked.items():
            row = sorted(values, reverse=True)
            told = ", ".join(text_of(Fraction(v) / denom) for v in row) or "none"
            measures[entry] = Measure((*(-v for v in row), *[_NOTHING] * (longest - len(row))), f"parts {told}")
        return measures


class ByRunningOrder(TieBreaker):
    """Who performed earlier (or later)."""

    kind: Literal["running-order"] = "running-order"
    first: Literal["earlier", "later"] = "earlier"
    title: ClassVar[str] = "running order"

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """The running order; entries without one stay equal to each other and come last."""
        running = evidence.marks.context.running
        drawn = Column([running.get(entry) for entry in entries])
        return _measured(entries, {"running order": drawn}, low_wins=self.first == "earlier")


class ByChair(TieBreaker):
    """The chair's recorded decision about exactly these entries."""

    kind: Literal["chair"] = "chair"
    title: ClassVar[str] = "chair's decision"

    def applies(self, evidence: Evidence) -> bool:
        """Only where a decision is recorded."""
        return bool(evidence.decisions)

    def decision(self, entries: Sequence[str], evidence: Evidence) -> Decision | None:
        """The first record that names all of the tied entries."""
        return next((d for d in evidence.decisions if set(entries) <= set(d.order)), None)

    def measure(self, entries: Sequence[str], evidence: Evidence) -> Mapping[str, Measure]:
        """The position in the record; without a record everybody is equal."""
        record = self.decision(entries, evidence)
        if record is None:
            return {e: Measure((0,), "no decision recorded") for e in entries}
        reason = f"decided by {record.by}: {record.reason}"
        return {e: Measure((record.order.index(e),), reason) for e in entries}


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
            how = f"equal on {on}; opened by {breaker.called}: {told}"
            decision = breaker.decision(entries, evidence) if isinstance(breaker, ByChair) else None
            ties = [Tie(tuple(entries), how, broken=True, decision=decision)]
            groups: list[list[str]] = []
            for key in keys:
                same = [e for e in entries if measures[e].key == key]
                inner, more = open_tie(same, cascade[i + 1 :], evidence, on) if len(same) > 1 else ([same], [])
                groups += inner
                ties += more
            return groups, ties
    tried = [b.called for b in cascade if b.applies(evidence)]
    return [list(entries)], [
        Tie(tuple(entries), f"equal on {listed([on, *tried])}; they share the place", broken=False)
    ]


def _measured(entries: Sequence[str], columns: Mapping[str, Column], *, low_wins: bool) -> dict[str, Measure]:
    """Measures by columns in their order, each with one value per entry; told up to the first that differs."""
    rows = list(zip(*(column.values for column in columns.values()), strict=True)) or [()] * len(entries)
    shown = list(columns.items())[: 1 + _first_difference(rows)]
    sign = 1 if low_wins else -1
    return {
        entry: Measure(
            tuple(_NOTHING if v is None else v * sign for v in row),
            ", ".join(f"{name} {c.text(i) or '-'}" for name, c in shown),
        )
        for i, (entry, row) in enumerate(zip(entries, rows, strict=True))
    }


def _told(names: Sequence[str], counts: Sequence[int]) -> str:
    return ", ".join(f"{name}: {count}" for name, count in zip(names, counts, strict=False))


def _segment_names(grid: Grid) -> list[str]:
    names = {name for key in grid.columns for name in (key.part, key.category)}
    names.update(grid.context.words.get("segment", {}).values())
    return sorted(name.casefold() for name in names if name)


def _first_difference(rows: Sequence[Sequence[Number | None]]) -> int:
    width = min(map(len, rows), default=0)
    return next((i for i in range(width) if len({row[i] for row in rows}) > 1), width - 1)
