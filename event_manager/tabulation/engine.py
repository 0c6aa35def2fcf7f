"""Tabulation: marks and a rule set in, places out. A pure function; the same input gives the same result.

The stages run in their order on a grid of exact numbers; totals are ranked; ties go through the cascade; entries
that left the contest are listed by their state. Explanations are made from the trace when asked for (`Result.lines`),
so that ranking alone stays fast.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from event_manager.tabulation.evidence import MARKS, Evidence
from event_manager.tabulation.exact import Column
from event_manager.tabulation.explain import Trace, explain_entry, parts_of
from event_manager.tabulation.grid import Grid
from event_manager.tabulation.levels import natural
from event_manager.tabulation.model import BadInput, BadRules, Decision, Inputs, Placed, State, Tie, Trouble
from event_manager.tabulation.reading import read
from event_manager.tabulation.rules import Band, RuleSet
from event_manager.tabulation.standings import Standing, advancing, band_of, capped, place_groups
from event_manager.tabulation.ties import ByChair, TieBreaker, open_tie


@dataclass(frozen=True)
class Result:
    """The places. `lines` has one per entry, best first, then those without a place; `ties` what was equal.

    `warnings` are sentences a reader of the result must see (unequal panels allowed, ties across the cut).
    """

    rules: RuleSet
    inputs: Inputs
    trace: Trace
    standings: Mapping[str, Standing]
    totals: Mapping[str, str]
    bands: Mapping[str, Band]
    states: Mapping[str, State]
    ties: Sequence[Tie]
    advanced: frozenset[str] | None
    warnings: Sequence[str]

    @property
    def order(self) -> list[str]:
        """Entries as a result list shows them."""
        last = Fraction(10**9)

        def key(entry: str) -> tuple[Fraction, object]:
            standing = self.standings.get(entry)
            return (standing.position if standing else last, natural(entry))

        return sorted(self.states, key=key)

    @property
    def places(self) -> dict[str, str]:
        """The place of every entry, "" without one."""
        return {e: self.standings[e].place if e in self.standings else "" for e in self.order}

    @property
    def idle_decisions(self) -> list[Decision]:
        """The chair's decisions that opened no tie."""
        used = {tie.decision for tie in self.ties}
        return [decision for decision in self.inputs.decisions if decision not in used]

    @cached_property
    def lines(self) -> tuple[Placed, ...]:
        """Every entry with its intermediate values and its explanation in words."""
        return tuple(self._line(entry) for entry in self.order)

    @cached_property
    def _ties_of(self) -> Mapping[str, Sequence[Tie]]:
        found: dict[str, list[Tie]] = {}
        for tie in self.ties:
            for entry in tie.entries:
                found.setdefault(entry, []).append(tie)
        return found

    def _line(self, entry: str) -> Placed:
        standing, band = self.standings.get(entry), self.bands.get(entry)
        return Placed(
            entry=entry,
            place=standing.place if standing else "",
            position=standing.position if standing else None,
            total=self.totals.get(entry, ""),
            state=self.states[entry],
            parts=parts_of(self.trace, entry),
            explanation=explain_entry(
                self.trace,
                entry,
                state=self.states[entry],
                total=self.totals.get(entry, ""),
                standing=standing,
                ties=self._ties_of.get(entry, ()),
            ),
            advanced=None if self.advanced is None else entry in self.advanced,
            award=band.name if band else "",
        )


def tabulate(rules: RuleSet, inputs: Inputs) -> Result:
    """Places of all entries. Raises BadInput or BadRules; then there is no result at all."""
    reading = read(rules, inputs)
    trace = run_stages(rules, reading.grid)
    evidence = Evidence(trace.grids, inputs.decisions, low_wins=rules.marks.kind == "rank")
    warnings = list(reading.warnings)
    if rules.placer is not None:
        placing = trace.placing = rules.placer.place(trace.last)
        groups, totals = [list(g) for g in placing.groups], dict(placing.totals)
        bands: dict[str, Band] = {}
        ties = list(placing.ties)
        on = "everything this method compares"
    else:
        groups, totals, bands = rank_totals(rules, trace)
        ties, on = [], "the total"
    groups, opened = _open_all(groups, rules, evidence, on, known=ties)
    ties = [tie for tie in ties if tie.broken or not _opened_after_all(tie, opened)]
    groups, left_out = _after_the_ranked(groups, rules, reading.states)
    standings = place_groups(groups, rules, left_out)
    if bands:
        standings = {entry: capped(standing, bands.get(entry)) for entry, standing in standings.items()}
    advanced = None
    if rules.cut is not None:
        advanced, tied = advancing([[e for e in g if e in standings] for g in groups], rules.cut)
        if tied:
            warnings.append(_tied_at_cut(tied, rules.cut.ties))
    return Result(
        rules, inputs, trace, standings, totals, bands, reading.states, (*ties, *opened), advanced, tuple(warnings)
    )


def run_stages(rules: RuleSet, grid: Grid) -> Trace:
    """The grid through every stage. Raises BadRules where a dimension is left that no stage combines."""
    trace = Trace({MARKS: grid})
    for stage in rules.stages:
        grid = stage.apply(grid)
        trace.grids[stage.label] = grid
        trace.stages.append(stage)
    if rules.placer is None and len(grid.columns) > 1:
        raise BadRules(
            f"rule set {rules.name} does not say how to combine {', '.join(sorted(k.label for k in grid.columns))};"
            " tabulate them apart, or choose a rule set that combines them"
        )
    return trace


Ranked = tuple[list[list[str]], dict[str, str], dict[str, Band]]


def rank_totals(rules: RuleSet, trace: Trace) -> Ranked:
    """Groups of equal entries, best first; the totals as shown; and the bands that totals as compared reach."""
    grid, ranking = trace.last, rules.ranking
    exact = next(iter(grid.columns.values()), Column([None] * len(grid.entries)))
    rounded = exact.rounded(ranking.round)
    compared = rounded if ranking.compare == "rounded" else exact
    places = ranking.round.places if ranking.round else _places_of_last_round(rules)
    sign = 1 if ranking.direction == "low" else -1
    groups: dict[tuple[int, object], list[str]] = {}
    totals, bands = {}, {}
    for i, entry in enumerate(grid.entries):
        numerator = compared.values[i]
        if numerator is None:
            _check_without_total(entry, i, trace)
            continue
        tier = -grid.tier[i] if grid.tier else 0
        groups.setdefault((tier, sign * numerator), []).append(entry)
        if rules.bands and (band := band_of(Fraction(numerator, compared.denom), rules.bands)):
            bands[entry] = band
        totals[entry] = rounded.text(i, least_places=places)
    return [groups[key] for key in sorted(groups)], totals, bands


def _places_of_last_round(rules: RuleSet) -> int:
    rounds = [r.places for s in rules.stages if (r := getattr(s, "round", None)) is not None]
    return rounds[-1] if rounds else 0


def _check_without_total(entry: str, row: int, trace: Trace) -> None:
    """Lets nobody with marks drop out silently."""
    if any(c.values[row] is not None for c in trace.grids[MARKS].columns.values()):
        raise BadInput([Trouble(f"entry {entry} has marks but not enough of them for a total; complete them")])


def _open_all(
    groups: Sequence[Sequence[str]], rules: RuleSet, evidence: Evidence, on: str, known: Sequence[Tie]
) -> tuple[list[list[str]], list[Tie]]:
    opened: list[list[str]] = []
    ties: list[Tie] = []
    cascade: tuple[TieBreaker, ...] = rules.ties
    if evidence.decisions and not any(isinstance(breaker, ByChair) for breaker in cascade):
        cascade = (*cascade, ByChair(kind="chair"))
    for group in groups:
        if len(group) == 1:
            opened.append(list(group))
            continue
        if not cascade and any(set(group) <= set(tie.entries) and not tie.broken for tie in known):
            opened.append(list(group))
            continue
        inner, tied = open_tie(group, cascade, evidence, on)
        opened += inner
        ties += tied
    return opened, ties


def _opened_after_all(tie: Tie, opened: Sequence[Tie]) -> bool:
    """Whether what a method left shared, the cascade opened: then the one record of it is enough."""
    return any(later.broken and set(later.entries) == set(tie.entries) for later in opened)


def _after_the_ranked(
    groups: list[list[str]], rules: RuleSet, states: Mapping[str, State]
) -> tuple[list[list[str]], frozenset[str]]:
    """Adds those who did not finish as last where the rules say so; names those whose place stays empty."""
    if rules.policies.dnf == "last":
        last = [entry for entry, state in states.items() if state == "dnf"]
        groups = [*groups, last] if last else groups
    return groups, frozenset(entry for entry, state in states.items() if state == "dq")


def _tied_at_cut(tied: Sequence[str], ties: str) -> str:
    outcome = {"all": "all advance", "none": "none of them advances", "chair": "the chair decides who advances"}[ties]
    return f"{', '.join(tied)} are tied across the cut: {outcome}"
