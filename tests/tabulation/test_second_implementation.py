"""Sports' rules written down a second time, plainly and with fractions: both must agree on random contests."""

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from event_manager.tabulation.engine import tabulate
from event_manager.tabulation.exact import text_of
from event_manager.tabulation.library import load_rule_set
from event_manager.tabulation.model import FactRow, Inputs, MarkRow

Marks = Mapping[str, list[Fraction]]
"""Unit -> marks of its panel."""


def rounded(value: Fraction, mode: str = ROUND_HALF_UP, places: int = 2) -> Fraction:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return Fraction(exact.quantize(Decimal(1).scaleb(-places), rounding=mode))


def diving_2000(marks: Marks, difficulty: Fraction) -> Fraction:
    return sum((rounded(sum(sorted(m)[1:-1]) * Fraction(3, 5) * difficulty) for m in marks.values()), Fraction(0))


def diving_2015(marks: Marks, difficulty: Fraction) -> Fraction:
    return sum((rounded(sum(sorted(m)[2:-2]) * difficulty) for m in marks.values()), Fraction(0))


def skating_components(marks: Marks, factor: Fraction) -> Fraction:
    def component(given: list[Fraction]) -> Fraction:
        kept = sorted(m for m in given if m)[1:-1]
        return rounded(rounded(Fraction(sum(kept)) / len(kept)) * factor)

    return sum(map(component, marks.values()), Fraction(0))


def near_the_median(marks: Marks, _: Fraction) -> Fraction:
    def component(given: list[Fraction]) -> Fraction:
        kept = [m for m in given if abs(m - median(given)) <= Fraction(3, 2)]
        return Fraction(sum(kept)) / len(kept)

    return rounded(sum(map(component, marks.values()), Fraction(0)) * 4 / len(marks))


def weighted_by_nearness(marks: Marks, _: Fraction) -> Fraction:
    def category(given: list[Fraction]) -> Fraction:
        weights = [1 / (1 + (m - median(given)) ** 2) for m in given]
        return sum((w * m for w, m in zip(weights, given, strict=True)), Fraction(0)) / sum(weights)

    return rounded(sum(map(category, marks.values()), Fraction(0)), ROUND_HALF_EVEN)


def best_run(marks: Marks, _: Fraction) -> Fraction:
    return max(rounded(Fraction(sum(sorted(m)[1:-1])) / (len(m) - 2)) for m in marks.values())


Rule = Callable[[Marks, Fraction], Fraction]
RULES: list[tuple[str, Rule, str, int, int, str]] = [
    ("diving-2000", diving_2000, "part", 7, 2, "difficulty"),
    ("diving-2015", diving_2015, "part", 7, 2, "difficulty"),
    ("ijs", skating_components, "criterion", 9, 4, "factor"),
    ("wdsf-js3", near_the_median, "criterion", 5, 4, ""),
    ("wrrc-boogie", weighted_by_nearness, "criterion", 7, 4, ""),
    ("halfpipe", best_run, "part", 6, 1, ""),
]
"""Rule set, second implementation, the column of its units, judges, steps per point, fact."""


@pytest.mark.parametrize(("name", "rule", "column", "judges", "steps", "fact"), RULES, ids=[r[0] for r in RULES])
@settings(deadline=None)
@given(data=st.data())
def test_both_implementations_agree(
    name: str, rule: Rule, column: str, judges: int, steps: int, fact: str, data: st.DataObject
) -> None:
    least = 1 if name == "ijs" else 0
    panel = st.lists(st.integers(least, 10 * steps), min_size=judges, max_size=judges)
    units = data.draw(st.sampled_from([2, 4]) if name == "wdsf-js3" else st.integers(1, 4))
    contest = data.draw(st.lists(st.lists(panel, min_size=units, max_size=units), min_size=1, max_size=4))
    worth = Fraction(data.draw(st.integers(10, 40)), 10)
    rows = [
        MarkRow(f"E{e}", f"J{j}", text_of(Fraction(mark, steps)), **{column: f"U{u}"})  # type: ignore[arg-type]
        for e, entry in enumerate(contest)
        for u, marks in enumerate(entry)
        for j, mark in enumerate(marks)
    ]

    result = tabulate(load_rule_set(name), Inputs(rows, facts=[FactRow("", fact, text_of(worth))] if fact else []))

    assert {entry: Fraction(total) for entry, total in result.totals.items()} == {
        f"E{e}": rule({f"U{u}": [Fraction(m, steps) for m in marks] for u, marks in enumerate(entry)}, worth)
        for e, entry in enumerate(contest)
    }
