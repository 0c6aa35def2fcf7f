from collections.abc import Sequence
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from event_manager.tabulation.ranking.transferable import count_votes
from tests.tabulation.methods.sheets import changed, order, run

Rankings = st.lists(
    st.permutations(list("abcd")).flatmap(lambda r: st.integers(1, 4).map(lambda n: list(r[:n]))),
    min_size=1,
    max_size=9,
)


def votes(text: str) -> list[Sequence[str]]:
    """ "4 ab, 2 c" are four ballots a, b and two ballots c."""
    return [list(names) for item in text.split(", ") for count, names in [item.split()] for _ in range(int(count))]


def test_quota_is_droop() -> None:
    assert count_votes(votes("9 a, 1 b"), "ab", seats=1).quota == 6
    assert count_votes(votes("9 a, 1 b"), "ab", seats=2).quota == 4


def test_surplus_goes_on_in_exact_fractions() -> None:
    count = count_votes(votes("4 ab, 1 b, 2 c"), "abc", seats=2)

    assert count.quota == 3
    assert count.rounds[0].elected == (("a",),)
    assert count.rounds[1].tally == {"b": Fraction(2), "c": Fraction(2)}


def test_fractions_of_a_third_stay_exact() -> None:
    count = count_votes(votes("5 ab, 1 ac, 2 c, 1 d"), "abcd", seats=2)

    assert count.quota == 4
    assert count.rounds[1].tally == {"b": Fraction(5, 3), "c": Fraction(2) + Fraction(1, 3), "d": Fraction(1)}
    assert count.groups == [("a",), ("c",), ("b",), ("d",)]


def test_equal_tallies_are_told_apart_by_the_last_round_in_which_they_differed() -> None:
    count = count_votes(votes("4 a, 3 b, 2 c, 1 dc"), "abcd", seats=1)

    assert count.rounds[1].tally["b"] == count.rounds[1].tally["c"]
    assert count.rounds[1].excluded == ("c",)


def test_candidates_never_different_are_excluded_together() -> None:
    count = count_votes(votes("3 a, 2 b, 1 ca, 1 db"), "abcd", seats=1)

    assert count.rounds[0].excluded == ("c", "d")
    assert count.groups == [("a",), ("b",), ("c", "d")]


def test_equal_candidates_share_rather_than_leave_seats_empty() -> None:
    assert count_votes(votes("2 a, 2 b"), "ab", seats=1).groups == [("a", "b")]


def test_instant_runoff_elects_the_second_choice_of_the_excluded() -> None:
    result = run("stv", {"A": order("1 2"), "B": order("1 3"), "C": order("2 3"), "D": order("2"), "E": order("3 2")})

    assert result.places == {"2": "1", "1": "2", "3": "3"}
    assert result.lines[0].explanation[-1] == "round 2: 3, elected by reaching the quota"


def test_several_seats_are_filled_in_the_order_of_election() -> None:
    ballots = {f"v{n}": order("a b") for n in range(4)} | {"w1": order("c"), "w2": order("c"), "w3": order("b")}

    assert next(iter(run(changed("stv", seats=2), ballots).places)) == "a"


@settings(max_examples=150, deadline=None)
@given(Rankings, st.integers(1, 3))
def test_order_of_ballots_never_matters_and_everybody_is_placed(rankings: list[list[str]], seats: int) -> None:
    count = count_votes(rankings, "abcd", seats=seats)

    assert count.groups == count_votes(rankings[::-1], "abcd", seats=seats).groups
    assert sorted(c for group in count.groups for c in group) == list("abcd")


@settings(max_examples=150, deadline=None)
@given(Rankings)
def test_a_majority_of_first_choices_wins(rankings: list[list[str]]) -> None:
    firsts = [ranking[0] for ranking in rankings]
    majority = [c for c in "abcd" if 2 * firsts.count(c) > len(firsts)]

    if majority:
        assert count_votes(rankings, "abcd", seats=1).groups[0] == tuple(majority)


@settings(max_examples=150, deadline=None)
@given(Rankings, st.integers(1, 3))
def test_votes_are_never_made_from_nothing(rankings: list[list[str]], seats: int) -> None:
    rounds = count_votes(rankings, "abcd", seats=seats).rounds

    assert all(sum(r.tally.values()) <= len(rankings) for r in rounds)
