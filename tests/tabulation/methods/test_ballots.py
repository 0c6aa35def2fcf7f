"""Borda, Copeland, Schulze, best of majority, rank sum and Toastmasters: small cases worked out by hand."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from event_manager.tabulation.model import BadInput, Judge
from tests.tabulation.methods.sheets import changed, order, run

COUNTS = ("borda", "place-sum", "copeland", "schulze", "stv", "best-of-majority")
PANELS = st.integers(2, 5).flatmap(
    lambda n: st.lists(st.permutations([str(e) for e in range(1, n + 1)]), min_size=1, max_size=6)
)


def panel(rankings: list[list[str]]) -> dict[str, dict[str, int]]:
    return {f"J{i}": order(" ".join(ranking)) for i, ranking in enumerate(rankings)}


def top(places: dict[str, str]) -> set[str]:
    best = min(Fraction(place) for place in places.values())
    return {entry for entry, place in places.items() if Fraction(place) == best}


@settings(max_examples=80, deadline=None)
@given(PANELS, st.sampled_from([*COUNTS, "skating"]))
def test_names_of_judges_and_order_of_rows_never_matter(rankings: list[list[str]], rules: str) -> None:
    assert run(rules, panel(rankings)).places == run(rules, panel(rankings[::-1])).places


@settings(max_examples=80, deadline=None)
@given(PANELS)
def test_borda_is_the_rank_sum_on_full_ballots(rankings: list[list[str]]) -> None:
    size, judges = len(rankings[0]), len(rankings)
    points = run("borda", panel(rankings)).totals
    sums = run("place-sum", panel(rankings)).totals

    assert {e: Fraction(p) for e, p in points.items()} == {e: size * judges - Fraction(s) for e, s in sums.items()}


@settings(max_examples=80, deadline=None)
@given(PANELS, st.sampled_from(["borda", "place-sum", "toastmasters"]))
def test_a_judge_who_agrees_with_the_result_never_lowers_the_winner(rankings: list[list[str]], rules: str) -> None:
    before = run(rules, panel(rankings))
    agreeing = sorted(before.places, key=lambda e: (Fraction(before.places[e]), e))

    after = run(rules, panel([*rankings, agreeing]))

    assert agreeing[0] in top(after.places)


@settings(max_examples=80, deadline=None)
@given(PANELS)
def test_a_winner_of_all_duels_is_first_by_copeland_and_schulze(rankings: list[list[str]]) -> None:
    def beats(a: str, b: str) -> bool:
        return 2 * sum(r.index(a) < r.index(b) for r in rankings) > len(rankings)

    entries = rankings[0]
    winners = {a for a in entries if all(beats(a, b) for b in entries if b != a)}

    if winners:
        assert top(run("copeland", panel(rankings)).places) == winners
        assert top(run("schulze", panel(rankings)).places) == winners


@settings(max_examples=80, deadline=None)
@given(PANELS, st.sampled_from([*COUNTS, "toastmasters"]))
def test_a_withdrawn_entry_is_as_if_it_had_never_been_there(rankings: list[list[str]], rules: str) -> None:
    without = [[e for e in ranking if e != "1"] for ranking in rankings]

    places = run(rules, panel(rankings), states={"1": "withdrawn"}).places

    assert {e: p for e, p in places.items() if e != "1"} == run(rules, panel(without)).places


@pytest.mark.parametrize(
    "rules", [*COUNTS, "toastmasters", "skating", "relative-placement", "recall", "severity", "bradley-terry", "zscore"]
)
def test_nobody_is_placed_where_everybody_withdrew(rules: str) -> None:
    result = run(rules, {"A": {"1": 1}, "B": {"1": 1}}, states={"1": "withdrawn"})

    assert result.places == {"1": ""}


def test_borda_shares_the_points_left_among_entries_a_ballot_leaves_out() -> None:
    result = run("borda", {"A": order("1"), "B": order("2 1 3 4")}, entries="1 2 3 4")

    assert result.totals == {"1": "5", "2": "4", "3": "2", "4": "1"}


def test_borda_gives_the_mean_of_the_others_where_a_judge_is_recused() -> None:
    result = run("borda", {"A": order("1 2 3"), "B": order("1 3 2"), "C": {"1": "recused", "2": 1, "3": 2}})

    assert {e: Fraction(total) for e, total in result.totals.items()} == {
        "1": 6,
        "2": Fraction("2.5"),
        "3": Fraction("1.5"),
    }


def test_a_recused_judge_counts_in_no_duel_of_that_entry() -> None:
    ballots = {"A": order("1 2 3"), "B": order("2 1 3"), "C": {"1": "recused", "2": 1, "3": 2}}

    assert run("copeland", ballots).totals == {"1": "1", "2": "1", "3": "-2"}
    assert run("schulze", ballots).places == {"1": "1", "2": "1", "3": "3"}


def test_copeland_counts_duels_won_minus_lost() -> None:
    result = run("copeland", {"A": order("1 2 3"), "B": order("2 3 1"), "C": order("3 1 2")})

    assert result.totals == {"1": "0", "2": "0", "3": "0"}
    assert set(result.places.values()) == {"1"}


def test_schulze_may_have_several_winners() -> None:
    result = run("schulze", {"A": order("1 2 3"), "B": order("2 1 3")})

    assert result.places == {"1": "1", "2": "1", "3": "3"}


def test_schulze_example_of_45_voters() -> None:
    """The example of the method's own paper: E beats A beats C beats B beats D."""
    groups = {
        "A C B E D": 5,
        "A D E C B": 5,
        "B E D A C": 8,
        "C A B E D": 3,
        "C A E B D": 7,
        "C B A D E": 2,
        "D C E B A": 7,
        "E B A D C": 8,
    }
    voters = {f"{ranking}{n}": order(ranking) for ranking, votes in groups.items() for n in range(votes)}

    assert run("schulze", voters).places == {"E": "1", "A": "2", "C": "3", "B": "4", "D": "5"}


def test_best_of_majority_prefers_the_greater_majority() -> None:
    result = run("best-of-majority", {"A": order("1 2 3"), "B": order("1 2 3"), "C": order("2 1 3")})

    assert result.places == {"1": "1", "2": "2", "3": "3"}
    assert result.lines[1].explanation == ["placed 2nd by a majority, 3 of 3 judges 2nd or better"]


def test_best_of_majority_takes_the_smaller_sum_of_the_majority() -> None:
    ballots = {
        "A": order("1 2 3 4"),
        "B": order("2 1 3 4"),
        "C": order("3 4 1 2"),
        "D": order("3 1 4 2"),
        "E": order("4 3 2 1"),
    }

    lines = run("best-of-majority", ballots).lines

    rule = "by the smaller sum of the majority's ordinals, 3 of 5 judges 2nd or better, sum of these"
    assert [(line.entry, line.explanation[0]) for line in lines[:2]] == [
        ("3", f"placed 1st {rule} 4"),
        ("1", f"placed 2nd {rule} 5"),
    ]


def test_best_of_majority_reads_equal_ordinals() -> None:
    result = run("best-of-majority", {"A": {"1": 1, "2": 1, "3": 3}, "B": {"1": 1, "2": 2, "3": 3}})

    assert result.places == {"1": "1", "2": "2", "3": "3"}


def test_rank_sum_gives_equal_marks_the_mean_of_their_ranks() -> None:
    result = run("rank-sum", {"A": {"1": 9, "2": 9, "3": 5}, "B": {"1": 7, "2": 8, "3": 6}})

    assert result.totals == {"1": "3.5", "2": "2.5", "3": "6"}


def test_rank_sum_opens_ties_by_first_places_then_by_raw_marks() -> None:
    by_firsts = run(
        "rank-sum", {"A": {"1": 9, "2": 8, "3": 7}, "B": {"1": 9, "2": 8, "3": 7}, "C": {"1": 5, "2": 7, "3": 6}}
    )
    by_marks = run("rank-sum", {"A": {"1": 9, "2": 8}, "B": {"1": 5, "2": 9}})

    assert by_firsts.places == {"1": "1", "2": "2", "3": "3"}
    assert by_marks.places == {"2": "1", "1": "2"}


def test_equal_places_on_a_ballot_are_refused_unless_the_rules_accept_them() -> None:
    ballots = {"A": {"1": 1, "2": 1, "3": 3}, "B": order("1 2 3")}

    with pytest.raises(BadInput, match="judge A gave place 1 to entries 1 and 2"):
        run("borda", ballots)
    assert run(changed("borda", equal_places="accept"), ballots).totals == {"1": "3.5", "2": "2.5", "3": "0"}


def test_gap_on_a_ballot_is_refused() -> None:
    with pytest.raises(BadInput, match=r"judge A gave entry 2 place 3, but placed 2 entries: .* nobody has 2"):
        run("stv", {"A": {"1": 1, "2": 3}, "B": order("1 2 3")})


def test_toastmasters_tie_break_ballot_counts_for_ties_only() -> None:
    ballots = {"A": order("1 2 3"), "B": order("2 1 3"), "Tie-break": order("4 2 1 3")}

    result = run("toastmasters", ballots, entries="1 2 3 4")

    assert result.places == {"2": "1", "1": "2", "3": "3", "4": "4"}
    assert result.totals == {"1": "5", "2": "5", "3": "2", "4": "0"}
    assert [tie.how for tie in result.ties] == [
        "equal on 5 points; opened by the tie-break judge's ballot: 2 2nd, 1 3rd"
    ]


def test_toastmasters_without_a_tie_break_judge_share() -> None:
    assert run("toastmasters", {"A": order("1 2 3"), "B": order("2 1 3")}).places == {"1": "1", "2": "1", "3": "3"}


def test_toastmasters_over_time_is_out_before_counting_and_the_others_move_up() -> None:
    ballots = {"A": order("9 1 2"), "B": order("1 9 2"), "C": order("2 1 9")}

    result = run("toastmasters", ballots, states={"9": "dq"})

    assert result.totals["1"] == "8"
    assert result.places == {"1": "1", "2": "2", "9": ""}


def test_toastmasters_ballot_without_three_places_is_void() -> None:
    with pytest.raises(BadInput, match="judge B placed 2 entries; a ballot without 3 places is void"):
        run("toastmasters", {"A": order("1 2 3"), "B": order("1 2")})


def test_tie_break_judge_must_rank_everybody() -> None:
    judges = (Judge("A"), Judge("B"), Judge("S", tie_break=True))

    with pytest.raises(BadInput, match="tie-break judge S must rank all entries but did not rank 3"):
        run("toastmasters", {"A": order("1 2 3"), "B": order("2 1 3"), "S": order("1 2")}, judges=judges)
