"""Stages that work on scores: each with a table of cases worked out by hand."""

from collections.abc import Mapping

import pytest

from event_manager.tabulation.engine import tabulate
from event_manager.tabulation.model import BadInput, BadRules, FactRow, Inputs, MarkRow
from tests.tabulation.written import marks, result_of, rule_set

Stage = Mapping[str, object]

OVER_JUDGES: list[tuple[str, Stage, str, str]] = [
    ("a sum", {"kind": "sum"}, "7 8.5 9", "24.5"),
    ("a mean is exact", {"kind": "mean"}, "7 8 8", "7.666667"),
    ("a trim drops one of equal extremes", {"kind": "trimmed"}, "9 9 7 5 5", "7"),
    ("a trim of two", {"kind": "trimmed", "low": 2, "high": 2, "then": "sum"}, "9 8 7.5 7 6 5 4", "20.5"),
    ("a trim of the highest only", {"kind": "trimmed", "low": 0, "high": 1}, "9 8 6", "7"),
    ("no trim of two marks", {"kind": "trimmed"}, "9 4", "6.5"),
    ("no double trim of four marks", {"kind": "trimmed", "low": 2, "high": 2}, "9 8 7 4", "7"),
    ("the median of an odd panel", {"kind": "median"}, "1 9 7", "7"),
    ("the median of an even panel", {"kind": "median"}, "1 9 7 8", "7.5"),
    ("a mark at the tolerance counts", {"kind": "median-tolerance"}, "8 8 8 8 6.5", "7.7"),
    ("a mark beyond the tolerance does not", {"kind": "median-tolerance"}, "8 8 8 8 6.25", "8"),
    ("a narrower tolerance", {"kind": "median-tolerance", "tolerance": "1.2"}, "8 8 8 8 6.75", "8"),
    ("an even panel whose middle is empty", {"kind": "median-tolerance"}, "2 9", "5.5"),
    ("weights fall with the distance", {"kind": "weighted-median"}, "5 5 8", "5.142857"),
    ("equal distances weigh equally", {"kind": "weighted-median"}, "6 7 8", "7"),
    ("a guarded trim", {"kind": "guard-mean", "tolerance": "1"}, "2 7 8 9", "7.5"),
    ("a guard against a split panel", {"kind": "guard-mean", "tolerance": "1"}, "2 5 8 9", "6"),
    ("a guard of an odd panel", {"kind": "guard-mean", "tolerance": "1"}, "1 5 7 9 9", "6.2"),
    ("the best two", {"kind": "best", "count": 2}, "3 9 7", "16"),
    ("the mean of the best two", {"kind": "best", "count": 2, "then": "mean"}, "3 9 7", "8"),
    ("the two lowest", {"kind": "best", "count": 2, "direction": "low"}, "3 9 7", "10"),
    ("two components as if they were four", {"kind": "balanced-sum", "size": 4}, "8 9", "34"),
]


@pytest.mark.parametrize(
    ("stage", "given", "total"), [case[1:] for case in OVER_JUDGES], ids=[c[0] for c in OVER_JUDGES]
)
def test_marks_of_a_panel_are_combined(stage: Stage, given: str, total: str) -> None:
    assert result_of(rule_set(stage), marks({"1": given})).totals == {"1": total}


def test_an_even_panel_whose_middle_is_empty_counts_its_median() -> None:
    result = result_of(rule_set({"kind": "median-tolerance", "tolerance": "1"}), marks({"1": "2 2 9 9"}))

    assert result.totals == {"1": "5.5"}


def test_weights_of_criteria_need_not_add_up_to_one() -> None:
    rules = rule_set(
        {"kind": "mean"},
        {"kind": "sum", "over": "criterion"},
        criteria=[{"name": "song", "weight": "0.6"}, {"name": "stage", "weight": "2"}],
    )
    rows = marks({"1": "7 8"}, criterion="song") + marks({"1": "9 9"}, criterion="stage")

    assert result_of(rules, rows).totals == {"1": "22.5"}


def test_a_weighted_mean_divides_by_the_number_of_values_and_a_sum_over_categories_takes_weights() -> None:
    rules = rule_set({"kind": "mean"}, {"kind": "sum", "over": "category", "weights": {"final": "3"}})
    rows = marks({"1": "7"}, category="semi") + marks({"1": "9"}, category="final")

    assert result_of(rules, rows).totals == {"1": "34"}


def test_rounding_each_part_and_then_adding_differs_from_adding_first() -> None:
    rows = marks({"1": "7 7 8"}, part="a") + marks({"1": "7 7 8"}, part="b")
    first = rule_set({"kind": "mean", "round": {"places": 1}}, {"kind": "sum", "over": "part"})
    last = rule_set({"kind": "mean"}, {"kind": "sum", "over": "part", "round": {"places": 1}})

    assert (result_of(first, rows).totals, result_of(last, rows).totals) == ({"1": "14.6"}, {"1": "14.7"})


def test_half_even_and_half_up_differ_on_a_half() -> None:
    rows = marks({"1": "7.25 7.25"})
    up, even = (rule_set({"kind": "mean"}, {"kind": "round", "places": 1, "mode": m}) for m in ("half-up", "half-even"))

    assert (result_of(up, rows).totals, result_of(even, rows).totals) == ({"1": "7.3"}, {"1": "7.2"})


def test_a_cap_limits_a_value_and_deductions_come_after_it() -> None:
    rules = rule_set({"kind": "sum"}, {"kind": "cap", "most": "15"}, {"kind": "deduct"})
    result = result_of(rules, marks({"1": "9 9", "2": "7 7"}), ("1", "deduction", "2"))

    assert result.totals == {"1": "13", "2": "14"}


def test_deductions_add_up_ignore_their_sign_and_touch_nobody_else() -> None:
    rules = rule_set({"kind": "sum"}, {"kind": "deduct", "of": ["deduction", "penalty"], "percent": ["share"]})
    facts = [("1", "deduction", "2"), ("1", "penalty", "-1.5"), ("1", "share", "10"), ("2", "deduction", "99")]

    assert result_of(rules, marks({"1": "10 10", "2": "8 8", "3": "5 5"}), *facts).totals == {
        "1": "14.5",
        "2": "0",
        "3": "10",
    }


def test_a_deduction_without_a_part_is_refused_while_parts_are_apart() -> None:
    rules = rule_set({"kind": "sum"}, {"kind": "deduct"}, {"kind": "sum", "over": "part", "name": "parts"})
    rows = marks({"1": "9"}, part="Waltz") + marks({"1": "8"}, part="Tango")

    with pytest.raises(BadInput, match="deduction of entry 1 does not say to which of Tango, Waltz it belongs"):
        result_of(rules, rows, ("1", "deduction", "1"))


def test_a_deduction_of_one_part_stays_there() -> None:
    rules = rule_set({"kind": "sum"}, {"kind": "deduct"}, {"kind": "best", "over": "part"})
    rows = marks({"1": "9"}, part="Run 1") + marks({"1": "8"}, part="Run 2")
    facts = [FactRow("1", "deduction", "3", part="Run 1")]

    assert tabulate(rules, Inputs(rows, facts=facts)).totals == {"1": "8"}


def test_two_equal_deductions_of_one_unit_both_count() -> None:
    rules = rule_set({"kind": "sum"}, {"kind": "deduct"})

    assert result_of(rules, marks({"1": "9"}), ("1", "deduction", "1"), ("1", "deduction", "1")).totals == {"1": "7"}


def test_a_deduction_for_a_part_that_is_not_there_is_refused() -> None:
    rules = rule_set({"kind": "sum"}, {"kind": "sum", "over": "part", "name": "parts"}, {"kind": "deduct"})
    facts = [FactRow("1", "deduction", "1", part="Tnago")]

    with pytest.raises(BadInput, match="nothing is marked in part Tnago; there are Tango"):
        tabulate(rules, Inputs(marks({"1": "9"}, part="Tango"), facts=facts))


def test_points_stated_beside_every_criterion_are_refused() -> None:
    rules = rule_set(
        {"kind": "sum"}, {"kind": "sum", "over": "criterion", "name": "c"}, {"kind": "add", "of": ["elements"]}
    )
    facts = [FactRow("1", "elements", "40", criterion="skills")]

    with pytest.raises(BadInput, match="elements of entry 1 is stated for skills; state it once, without a criterion"):
        tabulate(rules, Inputs(marks({"1": "9"}, criterion="skills"), facts=facts))


def test_a_factor_is_found_at_the_narrowest_unit_it_is_stated_for() -> None:
    rules = rule_set(
        {"kind": "sum"}, {"kind": "factor", "fact": "factor"}, {"kind": "sum", "over": "criterion", "name": "c"}
    )
    rows = marks({"1": "10", "2": "10"}, criterion="a") + marks({"1": "10", "2": "10"}, criterion="b")
    facts = [
        FactRow("", "factor", "2"),
        FactRow("", "factor", "3", criterion="b"),
        FactRow("2", "factor", "5", criterion="b"),
    ]

    assert tabulate(rules, Inputs(rows, facts=facts)).totals == {"1": "50", "2": "70"}


def test_a_value_without_its_factor_is_refused() -> None:
    rules = rule_set({"kind": "sum"}, {"kind": "factor", "fact": "difficulty"})

    with pytest.raises(BadInput, match="entry 1 has no difficulty for Dive 1; state it among the entries"):
        result_of(rules, marks({"1": "8"}, part="Dive 1"))


def test_a_penalty_on_every_award_stops_at_zero() -> None:
    rules = rule_set({"kind": "award-penalty"}, {"kind": "sum"})

    assert result_of(rules, marks({"1": "8 1 5"}), ("1", "penalty", "2")).totals == {"1": "9"}


def test_places_become_points_by_a_table() -> None:
    rules = rule_set({"kind": "points-table", "points": ["12", "10", "8"]}, {"kind": "sum"})

    assert result_of(rules, marks({"1": "1 2", "2": "2 4", "3": "3 1"})).totals == {"1": "22", "2": "10", "3": "20"}


def test_mean_ranks_share_the_points_of_their_places() -> None:
    rules = rule_set(
        {"kind": "ranks"}, {"kind": "points-table", "points": ["3", "2", "1"], "equal": "mean"}, {"kind": "sum"}
    )

    assert result_of(rules, marks({"1": "9", "2": "9", "3": "5"})).totals == {"1": "2.5", "2": "2.5", "3": "1"}


def rounds(**by_round: str) -> list[MarkRow]:
    return [
        row
        for name, table in by_round.items()
        for row in marks(dict(p.split("=") for p in table.split()), category=name)
    ]


def test_a_later_round_ranks_first_and_carries_the_round_before_only() -> None:
    rules = rule_set({"kind": "sum"}, {"kind": "carry-over"}, policies={"unmarked": "count"})
    rows = rounds(preliminary="a=5 b=9 c=10 d=8", semifinal="a=6 b=6 c=4", final="a=7 b=6")
    result = result_of(rules, rows)

    assert [(e, result.places[e], result.totals[e]) for e in result.order] == [
        ("a", "1", "13"),
        ("b", "2", "12"),
        ("c", "3", "14"),
        ("d", "4", "8"),
    ]


def test_rounds_whose_names_tell_no_order_are_refused() -> None:
    rules = rule_set({"kind": "sum"}, {"kind": "carry-over"})

    with pytest.raises(BadRules, match="the order of the rounds morning, noon is unknown"):
        result_of(rules, rounds(morning="a=5", noon="a=6"))


def test_a_part_less_marked_than_the_others_is_named_where_parts_are_counted() -> None:
    rules = rule_set({"kind": "sum"}, {"kind": "sum", "over": "part", "name": "p"}, policies={"unmarked": "count"})
    rows = marks({"1": "9"}, part="107B") + marks({"1": "9"}, part="205C") + marks({"2": "9"}, part="301B")

    with pytest.raises(BadInput, match="entry 2 has marks for 1 part, others for 2"):
        result_of(rules, rows)


def test_a_contest_can_rank_the_sum_of_the_categories_ranks() -> None:
    rules = rule_set(
        {"kind": "sum"},
        {"kind": "ranks"},
        {"kind": "sum", "over": "category", "name": "rank sum"},
        ranking={"direction": "low"},
    )
    rows = rounds(swimwear="a=9 b=8 c=1", talent="a=5 b=9 c=8")

    assert result_of(rules, rows).totals == {"a": "4", "b": "3", "c": "5"}


def test_parts_that_no_stage_combines_are_refused() -> None:
    rows = marks({"1": "9"}, part="Waltz") + marks({"1": "8"}, part="Tango")

    with pytest.raises(BadRules, match="does not say how to combine Tango, Waltz"):
        result_of(rule_set({"kind": "sum"}), rows)


def test_what_was_dropped_is_told_by_judge() -> None:
    result = result_of(rule_set({"kind": "trimmed", "name": "run"}), marks({"1": "9 7 8"}))

    assert result.lines[0].explanation == [
        "placed 1st: total 8",
        "run: 9 (A), 7 (B), 8 (C); dropped 7 (B), 9 (A); gives 8",
    ]


def test_why_nothing_was_dropped_is_told() -> None:
    result = result_of(rule_set({"kind": "trimmed", "name": "run"}), marks({"1": "9 7"}))

    assert result.lines[0].explanation[1] == "run: 9 (A), 7 (B); nothing dropped: 2 are too few to drop 2; gives 8"
