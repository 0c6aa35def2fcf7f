"""The tie cascade: each breaker, their order, shared places, chair decisions, cuts and bands."""

import pytest

from event_manager.tabulation.model import BadRules, Decision, Entry, Judge
from tests.tabulation.written import marks, mean_rules, result_of, rule_set, sum_rules

DEFAULT = [{"kind": "criterion-order"}, {"kind": "count-back"}, {"kind": "head-judge"}]


def test_equal_totals_share_the_first_of_their_places_by_default() -> None:
    result = result_of(sum_rules(), marks({"1": "9", "2": "8", "3": "8", "4": "7"}))

    assert result.places == {"1": "1", "2": "2", "3": "2", "4": "4"}
    assert [(t.entries, t.how, t.broken) for t in result.ties] == [
        (("2", "3"), "equal on the total; they share the place", False)
    ]
    assert result.lines[1].explanation[0] == "placed 2nd, shared with 3: total 8"


@pytest.mark.parametrize(
    ("shared", "places"), [("mean", ["1", "2.5", "2.5", "4"]), ("range", ["1", "2-3", "2-3", "4"])]
)
def test_shared_places_can_be_shown_as_their_mean_or_range(shared: str, places: list[str]) -> None:
    result = result_of(sum_rules(ranking={"shared": shared}), marks({"1": "9", "2": "8", "3": "8", "4": "7"}))

    assert list(result.places.values()) == places


def test_the_named_criterion_decides_before_the_number_of_high_marks() -> None:
    rules = sum_rules(criteria=[{"name": "talent"}, {"name": "gown"}], ties=DEFAULT)
    rows = marks({"1": "8 8", "2": "9 6"}, criterion="talent") + marks({"1": "7 7", "2": "10 5"}, criterion="gown")

    assert result_of(rules, rows).places == {"1": "1", "2": "2"}
    assert result_of(rules, rows).ties[0].how == (
        "equal on the total; opened by criteria in their order: 1 talent 16, 2 talent 15"
    )


def test_criteria_are_compared_by_their_mean_where_a_judge_was_recused() -> None:
    rules = rule_set(
        {"kind": "sum", "over": "criterion", "name": "judge's total"},
        {"kind": "mean"},
        ties=[{"kind": "criterion-order"}],
    )
    rows = marks({"1": "6 6", "2": "recused 7"}, criterion="a") + marks({"1": "8 8", "2": "recused 7"}, criterion="b")

    assert result_of(rules, rows).places == {"2": "1", "1": "2"}


def test_of_equal_criteria_the_highest_marks_are_counted_and_then_the_next() -> None:
    result = result_of(sum_rules(ties=DEFAULT), marks({"1": "9 7 6 8", "2": "9 7 7 7", "3": "9 9 6 6"}))

    assert result.places == {"3": "1", "1": "2", "2": "3"}
    assert result.ties[0].how.endswith("3 marks of 9: 2, 1 marks of 9: 1, 2 marks of 9: 1")


def test_the_head_judge_decides_what_is_still_equal() -> None:
    judges = [Judge("A"), Judge("B", head=True)]
    result = result_of(sum_rules(ties=DEFAULT), marks({"1": "9 8", "2": "8 9"}), judges=judges)

    assert result.places == {"2": "1", "1": "2"}


def test_a_head_judge_can_be_named_by_label_in_the_rule_set() -> None:
    rules = sum_rules(ties=DEFAULT, seats={"head": ["b"]})

    assert result_of(rules, marks({"1": "9 8", "2": "8 9"})).places == {"2": "1", "1": "2"}


def test_a_three_way_tie_goes_on_with_those_still_equal() -> None:
    rules = sum_rules(ties=[{"kind": "count-back"}, {"kind": "running-order"}])
    entries = [Entry("1", order=3), Entry("2", order=2), Entry("3", order=1)]
    result = result_of(rules, marks({"1": "9 5", "2": "7 7", "3": "7 7"}), entries=entries)

    assert result.places == {"1": "1", "3": "2", "2": "3"}
    assert [t.broken for t in result.ties] == [True, True]


def test_the_chair_decides_by_a_record_and_marks_stay() -> None:
    decision = Decision(("2", "1"), "the chair", "cleaner technique")
    result = result_of(sum_rules(ties=DEFAULT), marks({"1": "8", "2": "8"}), decisions=[decision])

    assert result.places == {"2": "1", "1": "2"}
    assert "decided by the chair: cleaner technique" in result.ties[0].how
    assert result.totals == {"1": "8", "2": "8"}


def test_a_decision_about_others_opens_no_tie() -> None:
    decision = Decision(("2", "3"), "the chair", "cleaner technique")

    assert result_of(sum_rules(), marks({"1": "8", "2": "8", "3": "1"}), decisions=[decision]).places["1"] == "1"


def test_ties_are_tested_on_the_rounded_or_on_the_exact_total() -> None:
    rows = marks({"1": "7 7 8", "2": "7.3 7.3 7.2"})
    rounded = mean_rules(ranking={"round": {"places": 1}})
    exact = mean_rules(ranking={"round": {"places": 1}, "compare": "exact"})

    assert result_of(rounded, rows).places == {"1": "1", "2": "1"}
    assert result_of(exact, rows).places == {"1": "1", "2": "2"}


def test_a_breaker_can_look_at_the_value_of_a_stage() -> None:
    rules = rule_set(
        {"kind": "sum", "name": "run"},
        {"kind": "best", "over": "part", "name": "best"},
        ties=[{"kind": "value", "of": "run", "part": "last"}],
    )
    rows = marks({"1": "9", "2": "5"}, part="Run 1") + marks({"1": "4", "2": "9"}, part="Run 2")

    assert result_of(rules, rows).places == {"2": "1", "1": "2"}


def test_a_breaker_that_looks_at_no_stage_is_refused() -> None:
    with pytest.raises(BadRules, match="looks at “run”, which no stage makes; there are marks, judge"):
        sum_rules(ties=[{"kind": "value", "of": "run"}])


def test_a_stated_fact_can_decide_and_who_lacks_it_comes_last() -> None:
    rules = sum_rules(ties=[{"kind": "fact", "fact": "difficulty"}])

    assert result_of(rules, marks({"1": "8", "2": "8"}), ("2", "difficulty", "3.1")).places == {"2": "1", "1": "2"}


@pytest.mark.parametrize(("ties", "advanced"), [("all", {"1", "2", "3"}), ("none", {"1"}), ("chair", {"1"})])
def test_ties_across_the_cut_advance_together_or_not(ties: str, advanced: set[str]) -> None:
    result = result_of(sum_rules(cut={"top": 2, "ties": ties}), marks({"1": "9", "2": "8", "3": "8", "4": "7"}))

    assert {line.entry for line in result.lines if line.advanced} == advanced
    assert result.warnings[0].startswith("2, 3 are tied across the cut: ")


def test_a_band_goes_to_all_or_none_and_may_cap_the_place() -> None:
    bands = [
        {"name": "gold", "atLeast": "9"},
        {"name": "silver", "atLeast": "8"},
        {"name": "none", "atLeast": "0", "bestPlace": 3},
    ]
    result = result_of(sum_rules(bands=bands), marks({"1": "9.5", "2": "9", "3": "7"}))

    assert [(line.entry, line.place, line.award) for line in result.lines] == [
        ("1", "1", "gold"),
        ("2", "2", "gold"),
        ("3", "3", "none"),
    ]
    alone = result_of(sum_rules(bands=bands), marks({"3": "7"}))
    assert [(line.place, line.award) for line in alone.lines] == [("3", "none")]
