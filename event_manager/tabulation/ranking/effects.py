"""The additive model mark = entry + judge + error: effects by least squares, in exact rational numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from event_manager.tabulation.ranking.ballots import Ballots
from event_manager.tabulation.ranking.linear import solve_exactly


@dataclass(frozen=True, slots=True)
class Effects:
    """`judges`: how far above the others each judge marks, adding up to zero. `entries`: what an entry would get
    on average from all judges of the panel."""

    entries: Mapping[str, Fraction]
    judges: Mapping[str, Fraction]


def least_squares(ballots: Ballots) -> Effects:
    """Effects of a connected set of marks; raises ValueError where the judges are not connected by common entries.

    Given the judges' effects, an entry's is the mean of its marks less those; what remains are as many equations as
    judges, the last of which is replaced by "the effects add up to zero".
    """
    judges = sorted(ballots)
    by_entry: dict[str, list[str]] = {}
    for judge in judges:
        for entry in ballots[judge]:
            by_entry.setdefault(entry, []).append(judge)
    panels = list(by_entry.values())
    matrix = [[_coefficient(a, b, panels) for b in judges] for a in judges]
    means = {e: sum((ballots[j][e] for j in js), Fraction(0)) / len(js) for e, js in by_entry.items()}
    right = [sum((mark - means[entry] for entry, mark in ballots[j].items()), Fraction(0)) for j in judges]
    matrix[-1], right[-1] = [Fraction(1)] * len(judges), Fraction(0)
    judge_effects = dict(zip(judges, _solve(matrix, right), strict=True))
    entry_effects = {
        entry: sum((ballots[j][entry] - judge_effects[j] for j in js), Fraction(0)) / len(js)
        for entry, js in by_entry.items()
    }
    return Effects(entry_effects, judge_effects)


def _coefficient(a: str, b: str, panels: Sequence[Sequence[str]]) -> Fraction:
    shared = sum((Fraction(1, len(panel)) for panel in panels if a in panel and b in panel), Fraction(0))
    return sum(a in panel for panel in panels) - shared if a == b else -shared


def _solve(matrix: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction]:
    whole_rows, whole_right = [], []
    for row, value in zip(matrix, right, strict=True):
        denominator = lcm(value.denominator, *(x.denominator for x in row))
        whole_rows.append([int(x * denominator) for x in row])
        whole_right.append(int(value * denominator))
    return solve_exactly(whole_rows, whole_right)
