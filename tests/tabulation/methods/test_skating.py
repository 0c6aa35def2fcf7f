from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from event_manager.tabulation.engine import tabulate
from event_manager.tabulation.library import load_rule_set
from event_manager.tabulation.model import BadInput, Judge
from tests.tabulation.methods import slow_skating
from tests.tabulation.methods.sheets import Ballots, changed, inputs, order, run, run_parts

SKATING = load_rule_set("skating")
DANCES = ("Waltz", "Tango", "Rumba", "Jive", "Samba")


@st.composite
def finals(draw: Callable[..., object], dances: int = 5) -> dict[str, dict[str, dict[str, int]]]:
    """dance -> judge -> entry -> place; small fields and panels, where ties are frequent."""
    entries = [str(n) for n in range(1, draw(st.integers(1, 6)) + 1)]  # type: ignore[operator]
    judges = "ABCDEFG"[: draw(st.integers(1, 7))]  # type: ignore[misc]
    names = DANCES[: draw(st.integers(1, dances))]  # type: ignore[misc]
    ballot = st.permutations(entries).map(lambda best_first: {e: i for i, e in enumerate(best_first, 1)})
    return {dance: {judge: draw(ballot) for judge in judges} for dance in names}  # type: ignore[misc]


def places(contest: dict[str, dict[str, dict[str, int]]], **options: object) -> dict[str, Fraction]:
    found = tabulate(SKATING, inputs(contest, **options)).places  # type: ignore[arg-type]
    return {entry: Fraction(place) for entry, place in found.items() if place}


def by_entry(ballots: Ballots) -> dict[str, list[int]]:
    entries = next(iter(ballots.values()))
    return {e: [int(str(ballot[e])) for ballot in ballots.values()] for e in entries}


@settings(max_examples=400, deadline=None)
@given(finals())
def test_agrees_with_a_scrutineer_working_by_hand(contest: dict[str, dict[str, dict[str, int]]]) -> None:
    dances = [by_entry(ballots) for ballots in contest.values()]
    by_hand = slow_skating.single_dance(dances[0]) if len(dances) == 1 else slow_skating.several_dances(dances)

    assert places(contest) == by_hand


@settings(max_examples=60, deadline=None)
@given(finals(), st.randoms())
def test_order_of_rows_never_matters(contest: dict[str, dict[str, dict[str, int]]], random: object) -> None:
    given_rows = inputs(contest)
    shuffled = list(given_rows.marks)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert tabulate(SKATING, type(given_rows)(shuffled)).lines == tabulate(SKATING, given_rows).lines


@settings(max_examples=100, deadline=None)
@given(finals())
def test_a_withdrawn_couple_is_as_if_it_had_never_been_there(
    contest: dict[str, dict[str, dict[str, int]]],
) -> None:
    without = {
        dance: {j: order(" ".join(sorted((e for e in b if e != "1"), key=b.__getitem__))) for j, b in ballots.items()}
        for dance, ballots in contest.items()
    }

    assert places(contest, states={"1": "withdrawn"}) == (places(without) if any(without["Waltz"].values()) else {})


@settings(max_examples=60, deadline=None)
@given(finals())
def test_every_place_is_explained_by_its_rule(contest: dict[str, dict[str, dict[str, int]]]) -> None:
    for line in tabulate(SKATING, inputs(contest)).lines:
        assert line.explanation[0].startswith("placed ")
        assert " by Rule " in line.explanation[0]


def test_a_single_couple_takes_place_one() -> None:
    assert run("skating", {"A": {"7": 1}, "B": {"7": 1}}).places == {"7": "1"}


def test_even_panel_needs_more_than_half() -> None:
    result = run("skating", {"A": order("1 2"), "B": order("1 2"), "C": order("2 1"), "D": order("2 1")})

    assert result.places == {"1": "1.5", "2": "1.5"}


def test_three_tied_get_one_place_by_rule_11_and_the_rest_go_back_to_rule_10() -> None:
    dances = {
        "Waltz": {"A": order("4 3 2 1"), "B": order("1 3 2 4"), "C": order("2 4 3 1")},
        "Tango": {"A": order("3 1 2 4"), "B": order("4 1 2 3"), "C": order("1 4 2 3")},
        "Rumba": {"A": order("2 3 4 1"), "B": order("2 1 3 4"), "C": order("4 1 3 2")},
    }

    lines = run_parts("skating", dances).lines

    assert [(line.entry, line.explanation[0]) for line in lines] == [
        ("1", "placed 1st by Rule 11, 6 of 9 marks 2nd or better; total 7"),
        ("4", "placed 2nd by Rule 10, 2 of 3 dances 2nd or better; total 7"),
        ("2", "placed 3rd by Rule 10, the last one left of those equal; total 7"),
        ("3", "placed 4th by Rule 9, sum of the places 9; total 9"),
    ]


def test_place_is_explained_with_counts_of_all_marks() -> None:
    dances = {
        "Waltz": {"A": order("1 2 3"), "B": order("1 2 3"), "C": order("2 1 3")},
        "Tango": {"A": order("2 1 3"), "B": order("2 1 3"), "C": order("2 1 3")},
    }

    best = run_parts("skating", dances).lines[0]

    assert (best.entry, best.place) == ("2", "1")
    assert best.parts == {"places": {"Tango": "1", "Waltz": "2"}}
    assert best.explanation == [
        "placed 1st by Rule 11, 4 of 6 marks 1st; total 3",
        "equal sums of places, 3; opened: 2 (Rule 11), then 1 (Rule 11)",
        "sum of the places 3 for each of 1 and 2; 1st place among 1 and 2 by the marks of all dances taken as one",
        "1st in Tango by Rule 5: 3 of 3 judges 1st",
        "2nd in Waltz by Rule 5: 3 of 3 judges 2nd or better",
    ]


def refused(ballots: Ballots, rules: str = "skating") -> str:
    with pytest.raises(BadInput) as refusal:
        run_parts(rules, {"Waltz": ballots})
    return str(refusal.value)


def test_place_beyond_the_number_of_couples_is_refused() -> None:
    assert refused({"A": order("1 2 3"), "B": {"1": 1, "2": 2, "3": 4}}) == (
        "judge B gave entry 3 place 4 in Waltz, but placed 3 entries: places go from 1 to 3; nobody has 3"
    )


def test_judge_without_a_mark_for_one_couple_is_refused() -> None:
    message = refused({"A": order("1 2 3"), "B": order("1 2")})

    assert "entry 3" in message
    assert "B" in message


def test_judge_on_the_panel_of_some_dances_only_is_refused() -> None:
    with pytest.raises(BadInput) as refusal:
        run_parts("skating", {"Waltz": {"A": order("1 2"), "B": order("2 1")}, "Tango": {"A": order("1 2")}})

    assert str(refusal.value) == (
        "judge B marked nothing in Tango but is on the panel elsewhere: leave the judge out of all of them"
        " (the panel is one smaller for the whole event), or complete the marks"
    )


def test_two_dances_may_have_panels_of_their_own_of_equal_size() -> None:
    result = run_parts("skating", {"Waltz": {"A": order("1 2")}, "Samba": {"B": order("1 2")}})

    assert result.places == {"1": "1", "2": "2"}


def test_disqualified_couple_closes_up_judge_by_judge() -> None:
    ballots = {"A": order("9 1 2"), "B": order("1 9 2"), "C": order("2 1 9")}

    assert run("skating", ballots, states={"9": "dq"}).places == {"1": "1", "2": "2", "9": ""}


def test_dances_already_placed_share_where_rule_10_cannot_tell() -> None:
    result = run_parts(
        "skating-dances", {"Waltz": {"-": {"1": "1.5", "2": "1.5", "3": 3}}, "Tango": {"-": {"1": 1, "2": 2, "3": 3}}}
    )

    assert result.places == {"1": "1", "2": "2", "3": "3"}


def test_places_without_a_judge_are_those_of_the_dances() -> None:
    places = {"Waltz": {"": {"1": 1, "2": 2, "3": 3}}, "Tango": {"": {"1": "2.5", "2": 1, "3": "2.5"}}}

    assert run_parts("skating", places).places == {"2": "1", "1": "2", "3": "3"}


def test_dances_already_tabulated_share_what_rule_10_leaves_equal() -> None:
    result = run_parts("skating", {"Waltz": {"": {"1": 1, "2": 2}}, "Tango": {"": {"1": 2, "2": 1}}})

    assert result.places == {"1": "1.5", "2": "1.5"}


def test_half_place_by_a_judge_is_refused() -> None:
    message = refused({"A": {"1": 1, "2": "2.5", "3": 3}, "B": order("1 2 3")})

    assert message.startswith("judge A gave entry 2 place 2.5 in Waltz")


def test_relative_placement_ranks_raw_scores_per_judge() -> None:
    result = run(
        "relative-placement",
        {"A": {"1": "90", "2": "85"}, "B": {"1": "7.1", "2": "7.0"}, "C": {"1": "60", "2": "99"}},
    )

    assert result.places == {"1": "1", "2": "2"}


def test_head_judges_order_replaces_the_last_sharing_of_relative_placement() -> None:
    ballots = {"A": {"1": 9, "2": 8}, "B": {"1": 7, "2": 8}}
    panel = (Judge("A"), Judge("B", head=True))

    assert run("relative-placement", ballots).places == {"1": "1.5", "2": "1.5"}
    assert run("relative-placement", ballots, judges=panel).places == {"2": "1", "1": "2"}


def test_equal_places_count_as_written_where_the_rules_accept_them() -> None:
    result = run(changed("skating", equal_places="accept"), {"A": {"1": 1, "2": 1}, "B": {"1": 1, "2": 2}})

    assert result.places == {"1": "1", "2": "2"}
