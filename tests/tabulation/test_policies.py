"""Every row of the edge policy table: missing, recused, unequal, not started, not finished, disqualified."""

from fractions import Fraction

import pytest

from event_manager.tabulation.engine import tabulate
from event_manager.tabulation.model import BadInput, Entry, FactRow, Inputs, Judge, MarkRow, Where
from tests.tabulation.written import marks, mean_rules, result_of, rule_set, sum_rules


def test_a_missing_mark_blocks_the_result_and_is_named() -> None:
    with pytest.raises(
        BadInput, match="missing mark: entry 2 has none by judge B; enter it, or write absent or recused"
    ):
        result_of(sum_rules(), marks({"1": "7 8", "2": "9 -"}))


def test_a_missing_mark_is_never_counted_as_zero() -> None:
    rules = mean_rules(policies={"missing": "absent"})

    assert result_of(rules, marks({"1": "7 8", "2": "9 -"})).totals == {"1": "7.5", "2": "9"}


def test_a_missing_mark_can_be_filled_with_the_mean_of_the_others() -> None:
    rules = sum_rules(policies={"missing": "fill"})

    assert result_of(rules, marks({"1": "7 8 9", "2": "9 8 -"})).totals == {"1": "24", "2": "25.5"}


def test_a_sum_of_unequal_panels_is_refused_for_an_absent_judge() -> None:
    with pytest.raises(
        BadInput, match="entry 2 has 1 marks and others have 2: sums of unequal panels cannot be compared"
    ):
        result_of(sum_rules(), marks({"1": "7 8", "2": "9 absent"}))


def test_a_recused_judge_is_left_out_of_a_mean_for_that_entry_only() -> None:
    result = result_of(mean_rules(), marks({"1": "7 8", "2": "recused 9"}))

    assert result.totals == {"1": "7.5", "2": "9"}
    assert result.warnings == ("unequal panels: 2 has 1 of 2 marks",)


def test_a_recused_mark_in_a_sum_can_count_as_the_mean_of_the_panel() -> None:
    rules = sum_rules(policies={"recused": "fill"})

    assert result_of(rules, marks({"1": "7 8 6", "2": "recused 9 8"})).totals == {"1": "21", "2": "25.5"}


def test_zero_means_missing_only_where_the_rule_set_says_so() -> None:
    rows = marks({"1": "7 0 8", "2": "7 7 7"})

    assert result_of(mean_rules(), rows).totals["1"] == "5"
    assert result_of(mean_rules(marks={"zero": "absent"}), rows).totals["1"] == "7.5"


def test_mixed_panels_are_refused_and_named() -> None:
    with pytest.raises(
        BadInput, match="mixed panels: entry 2 was marked by A and C, the judges of all entries are A, B and C"
    ):
        result_of(mean_rules(), marks({"1": "7 8 -", "2": "7 - 8"}))


def test_mixed_panels_can_be_allowed() -> None:
    rules = mean_rules(policies={"panel": "allow"})

    assert result_of(rules, marks({"1": "7 8 -", "2": "7 - 9"})).totals == {"1": "7.5", "2": "8"}


def test_a_judge_of_the_roster_who_marked_nobody_is_missed() -> None:
    with pytest.raises(BadInput, match="entry 1 has none by judge B"):
        result_of(mean_rules(), marks({"1": "7"}), judges=[Judge("A"), Judge("B")])


def test_judges_of_another_group_owe_no_mark() -> None:
    rows = marks({"1": "7", "2": "8"}, criterion="style") + [
        MarkRow(entry, "B", "5", criterion="difficulty") for entry in ("1", "2")
    ]
    judges = [Judge("A", group="style"), Judge("B", group="difficulty")]

    assert result_of(mean_rules(), rows, judges=judges).totals == {"1": "12", "2": "13"}


def test_a_shadow_judge_is_kept_but_never_counted() -> None:
    judges = [Judge("A"), Judge("B", shadow=True)]

    assert result_of(mean_rules(), marks({"1": "7 1", "2": "6 9"}), judges=judges).places == {"1": "1", "2": "2"}


@pytest.mark.parametrize("state", ["dns", "withdrawn", "scratched"])
def test_who_did_not_start_is_listed_without_a_place_and_the_others_close_up(state: str) -> None:
    result = result_of(sum_rules(), marks({"1": "9", "2": "8", "3": "7"}), ("1", "state", state))

    assert result.places == {"2": "1", "3": "2", "1": ""}
    assert result.lines[-1].explanation == [f"no place: 1 {_WORDS[state]}"]


_WORDS = {"dns": "did not start", "withdrawn": "withdrew", "scratched": "was scratched"}


@pytest.mark.parametrize(
    ("policy", "places"),
    [
        ("no-place", {"2": "1", "3": "2", "1": ""}),
        ("last", {"2": "1", "3": "2", "1": "3"}),
        ("score", {"1": "1", "2": "2", "3": "3"}),
    ],
)
def test_who_did_not_finish_is_placed_as_the_contest_says(policy: str, places: dict[str, str]) -> None:
    rules = sum_rules(policies={"dnf": policy})

    assert result_of(rules, marks({"1": "9", "2": "8", "3": "7"}), ("1", "state", "dnf")).places == places


@pytest.mark.parametrize(
    ("policy", "places"), [("close-up", {"2": "1", "3": "2", "1": ""}), ("leave-gap", {"2": "2", "3": "3", "1": ""})]
)
def test_a_disqualified_entry_loses_its_place_and_others_close_up_or_not(policy: str, places: dict[str, str]) -> None:
    rules = sum_rules(policies={"dq": policy})

    assert result_of(rules, marks({"1": "9", "2": "8", "3": "7"}), ("1", "state", "dq")).places == places


def test_ranks_are_derived_anew_without_a_disqualified_entry() -> None:
    rules = rule_set({"kind": "ranks"}, {"kind": "sum"}, ranking={"direction": "low"})
    rows = marks({"1": "9 7", "2": "8 9", "3": "7 8"})

    assert result_of(rules, rows, ("1", "state", "dq")).totals == {"2": "2", "3": "4"}


def test_an_entry_without_marks_needs_a_state() -> None:
    with pytest.raises(BadInput, match="entry 2 has no marks; enter them, or give its state"):
        result_of(sum_rules(), marks({"1": "9"}), entries=[Entry("1"), Entry("2")])


def test_a_part_that_an_entry_was_not_marked_in_is_missed() -> None:
    rows = marks({"1": "9", "2": "8"}, part="Waltz") + marks({"1": "9"}, part="Tango")

    with pytest.raises(BadInput, match="entry 2 has no marks at all for Tango"):
        result_of(sum_rules(), rows)


def test_a_state_in_one_part_excuses_its_marks() -> None:
    rows = marks({"1": "9", "2": "8"}, part="Waltz") + marks({"1": "9"}, part="Tango")
    inputs = Inputs(rows, facts=[FactRow("2", "state", "dns", part="Tango")])

    assert tabulate(sum_rules(), inputs).totals == {"1": "18", "2": "8"}


def test_a_criterion_left_unmarked_is_never_counted_as_zero() -> None:
    rules = mean_rules(policies={"unmarked": "skip"})
    rows = marks({"1": "9", "2": "8"}, criterion="song") + marks({"1": "9"}, criterion="stage")

    with pytest.raises(BadInput, match="entry 2 has no marks for stage; a missing criterion is never counted as zero"):
        result_of(rules, rows)


def test_a_judge_with_half_a_total_does_not_count() -> None:
    rules = rule_set({"kind": "sum", "over": "criterion"}, {"kind": "mean"}, policies={"missing": "absent"})
    rows = marks({"1": "9 5", "2": "8 8"}, criterion="song") + marks({"1": "9 -", "2": "8 8"}, criterion="stage")

    assert result_of(rules, rows).totals == {"1": "18", "2": "16"}


def test_totals_of_judges_who_marked_different_criteria_are_refused() -> None:
    rules = rule_set({"kind": "sum", "over": "criterion"}, {"kind": "mean"})
    rows = marks({"1": "9 5"}, criterion="song") + marks({"1": "9"}, criterion="stage")

    with pytest.raises(BadInput, match="judge B has no marks at all for stage: totals per judge need every criterion"):
        result_of(rules, rows)


def test_everything_wrong_is_named_at_once_with_its_place() -> None:
    at = [Where("marks.csv", line, "mark") for line in range(2, 8)]
    rows = [
        MarkRow("1", "A", "7.25", where=at[0]),
        MarkRow("1", "A", "8", where=at[1]),
        MarkRow("2", "A", "11", where=at[2]),
        MarkRow("2", "B", "1,5", where=at[3]),
        MarkRow("9", "A", "5", where=at[4]),
        MarkRow("2", "C", "x", where=at[5]),
    ]
    rules = sum_rules(marks={"min": "0", "max": "10", "step": "0.5"})

    with pytest.raises(BadInput) as refusal:
        result_of(rules, rows, entries=[Entry("1"), Entry("2")])

    assert [str(t) for t in refusal.value.troubles] == [
        "marks.csv:2 (mark): mark 7.25 is off step: marks go in steps of 0.5 (judge A, entry 1)",
        "marks.csv:3 (mark): duplicate mark: judge A has marked entry 1 in line 2",
        "marks.csv:4 (mark): mark 11 is out of range (0 to 10) (judge A, entry 2)",
        "marks.csv:5 (mark): “1,5” has a comma; write the decimal point as “.” (judge B, entry 2)",
        "marks.csv:6 (mark): unknown entry 9",
        "marks.csv:7 (mark): “x” is not a decimal number (judge C, entry 2)",
    ]


def test_a_deduction_that_the_rule_set_would_ignore_is_refused() -> None:
    with pytest.raises(BadInput, match="this rule set does not use deduction"):
        result_of(sum_rules(), marks({"1": "9"}), ("1", "deduction", "1"))


def test_nobody_with_marks_drops_out_silently() -> None:
    rules = rule_set(
        {"kind": "sum", "over": "criterion"}, {"kind": "mean"}, policies={"missing": "absent", "unmarked": "skip"}
    )
    rows = marks({"1": "9", "2": "8"}, criterion="song") + marks({"1": "9"}, criterion="stage")

    with pytest.raises(BadInput, match="entry 2 has marks but not enough of them for a total"):
        result_of(rules, rows)


def test_a_contest_that_everybody_left_has_no_places() -> None:
    result = result_of(sum_rules(), marks({"1": "9", "2": "8"}), ("1", "state", "dns"), ("2", "state", "withdrawn"))

    assert result.places == {"1": "", "2": ""}


def test_a_part_left_blank_for_some_marks_is_refused() -> None:
    with pytest.raises(BadInput, match="part is blank here and named for other marks; name it for all"):
        result_of(sum_rules(), marks({"1": "9"}) + marks({"1": "8"}, part="Tango"))


def test_one_category_may_have_criteria_and_another_none() -> None:
    rows = marks({"1": "9"}, category="gown", criterion="fit") + marks({"1": "8"}, category="talent")

    assert result_of(sum_rules(), rows).totals == {"1": "17"}


def test_positions_are_exact_numbers() -> None:
    result = result_of(sum_rules(ranking={"shared": "mean"}), marks({"1": "9", "2": "9", "3": "1"}))

    assert [(line.place, line.position) for line in result.lines] == [
        ("1.5", Fraction(3, 2)),
        ("1.5", Fraction(3, 2)),
        ("3", Fraction(3)),
    ]
