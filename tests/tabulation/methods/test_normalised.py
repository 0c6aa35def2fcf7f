"""Z-scores and the severity model: against the standard library, and by hand."""

from fractions import Fraction
from statistics import fmean, pstdev, stdev

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from event_manager.tabulation.methods.zscore import Zscore
from event_manager.tabulation.model import BadInput
from event_manager.tabulation.ranking.effects import least_squares
from event_manager.tabulation.ranking.linear import solve_exactly
from event_manager.tabulation.rules import RuleSet
from tests.tabulation.methods.sheets import changed, run

EQUATIONS = st.integers(1, 5).flatmap(
    lambda n: st.lists(st.lists(st.integers(-9, 9), min_size=n + 1, max_size=n + 1), min_size=n, max_size=n)
)
MARKS = st.integers(3, 6).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 20), min_size=n, max_size=n), min_size=1, max_size=4)
)


def panel(columns: list[list[int]]) -> dict[str, dict[str, int]]:
    return {f"J{j}": {str(e): mark for e, mark in enumerate(column)} for j, column in enumerate(columns)}


def by_floats(columns: list[list[int]], *, sample: bool) -> dict[str, float]:
    """The textbook formula in floating point."""
    spread = stdev if sample else pstdev
    everybody = [mark for column in columns for mark in column]
    mapped = [
        [fmean(everybody) + (m - fmean(c)) / spread(c) * spread(everybody) if spread(c) else m for m in c]
        for c in columns
    ]
    return {str(e): fmean(column[e] for column in mapped) for e in range(len(columns[0]))}


def with_sd(sd: str) -> RuleSet:
    rules = changed("zscore")
    stages = [s.model_copy(update={"sd": sd}) if isinstance(s, Zscore) else s for s in rules.stages]
    return rules.model_copy(update={"stages": tuple(stages)})


@settings(max_examples=100, deadline=None)
@given(MARKS, st.sampled_from(["population", "sample"]))
def test_zscore_is_the_textbook_formula(columns: list[list[int]], sd: str) -> None:
    totals = run(with_sd(sd), panel(columns)).totals

    assert {e: float(t) for e, t in totals.items()} == pytest.approx(
        by_floats(columns, sample=sd == "sample"), abs=1e-6
    )


def test_zscore_levels_strict_and_generous_judges() -> None:
    result = run("zscore", {"strict": {"1": 2, "2": 4, "3": 6}, "generous": {"4": 7, "5": 8, "6": 9}})

    assert result.places == {"3": "1", "6": "1", "2": "3", "5": "3", "1": "5", "4": "5"}


@pytest.mark.parametrize(
    "marks", [{"4": 9, "5": 5}, {"4": 7, "5": 7, "6": 7}], ids=["two entries only", "all marks the same"]
)
def test_judge_without_a_usable_spread_is_not_normalised(marks: dict[str, int]) -> None:
    result = run("zscore", {"A": {"1": 2, "2": 4, "3": 6}, "B": marks})

    assert {e: Fraction(result.totals[e]) for e in marks} == marks
    told = {line.entry: "not normalised" in " ".join(line.explanation) for line in result.lines}
    assert told == {e: e in marks for e in told}


def test_severity_takes_out_how_a_judge_marks() -> None:
    result = run("severity", {"A": {"1": 5, "2": 6}, "B": {"2": 8, "3": 7}})

    assert result.places == {"2": "1", "1": "2", "3": "2"}
    assert result.lines[1].explanation[-1] == "5 by A, who marks 1 below it: the whole panel would give 6"


def test_severity_refuses_judges_without_a_common_entry() -> None:
    with pytest.raises(BadInput, match=r"fall into 2 groups with no entry in common \(A; B\)"):
        run("severity", {"A": {"1": 5, "2": 6}, "B": {"3": 8, "4": 7}})


def test_severity_places_nobody_where_all_who_were_marked_left() -> None:
    result = run("severity", {"A": {"1": 5}}, entries="1 9", states={"1": "dns"})

    assert result.places == {"1": "", "9": ""}


@settings(max_examples=100, deadline=None)
@given(MARKS)
def test_severity_on_a_full_panel_is_the_mean(columns: list[list[int]]) -> None:
    ballots = {j: {e: Fraction(m) for e, m in b.items()} for j, b in panel(columns).items()}

    effects = least_squares(ballots)

    assert effects.entries == {
        str(e): Fraction(sum(column[e] for column in columns), len(columns)) for e in range(len(columns[0]))
    }
    assert sum(effects.judges.values()) == 0


def test_severity_finds_effects_that_fit_without_error() -> None:
    judges = {"A": Fraction(-1), "B": Fraction(1, 3), "C": Fraction(2, 3)}
    entries = {str(n): Fraction(n * n, 7) for n in range(5)}
    seen = {"A": "012", "B": "234", "C": "041"}
    ballots = {j: {e: entries[e] + judges[j] for e in seen[j]} for j in judges}

    effects = least_squares(ballots)

    assert (effects.entries, effects.judges) == (entries, judges)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(st.integers(-9, 9), min_size=n + 1, max_size=n + 1), min_size=n, max_size=n)
    )
)
def test_equations_are_solved_exactly(rows: list[list[int]]) -> None:
    try:
        solution = solve_exactly([row[:-1] for row in rows], [row[-1] for row in rows])
    except ValueError:
        return

    assert [sum(a * x for a, x in zip(row, solution, strict=False)) for row in rows] == [row[-1] for row in rows]
