"""Voting rules written down a second time from their definitions, sharing no code: both agree on random ballots."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, permutations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from event_manager.tabulation.engine import Result
from tests.tabulation.methods.sheets import changed, order, run

Profile = Sequence[Sequence[str]]
"""Ballots, each the entries it names, best first."""

FULL = st.lists(st.permutations(list("abcd")), min_size=1, max_size=9)
CUT_OFF = st.lists(
    st.permutations(list("abcd")).flatmap(lambda names: st.integers(1, 4).map(lambda n: names[:n])),
    min_size=1,
    max_size=9,
)


def result_of(rules: str, ballots: Profile) -> Result:
    return run(rules, {f"J{i}": order(" ".join(ballot)) for i, ballot in enumerate(ballots)})


def named(ballots: Profile) -> list[str]:
    return sorted({entry for ballot in ballots for entry in ballot})


def prefers(ballot: Sequence[str], a: str, b: str) -> bool:
    return a in ballot and (b not in ballot or ballot.index(a) < ballot.index(b))


def margin(ballots: Profile, a: str, b: str) -> int:
    return sum(prefers(ballot, a, b) for ballot in ballots) - sum(prefers(ballot, b, a) for ballot in ballots)


def places_by(scores: Mapping[str, Fraction]) -> dict[str, str]:
    return {e: str(1 + sum(other > score for other in scores.values())) for e, score in scores.items()}


@settings(deadline=None)
@given(CUT_OFF)
def test_borda_is_the_number_of_entries_placed_behind_and_half_of_those_equal(ballots: Profile) -> None:
    def points(ballot: Sequence[str], entry: str) -> Fraction:
        rivals = [rival for rival in named(ballots) if rival != entry]
        behind = sum(prefers(ballot, entry, rival) for rival in rivals)
        return behind + Fraction(len(rivals) - behind - sum(prefers(ballot, r, entry) for r in rivals), 2)

    expected = {e: sum((points(ballot, e) for ballot in ballots), Fraction(0)) for e in named(ballots)}
    result = result_of("borda", ballots)

    assert {e: Fraction(total) for e, total in result.totals.items()} == expected
    assert result.places == places_by(expected)


@settings(deadline=None)
@given(CUT_OFF)
def test_copeland_is_duels_won_less_duels_lost(ballots: Profile) -> None:
    entries = named(ballots)
    margins = {e: [margin(ballots, e, rival) for rival in entries] for e in entries}
    expected = {e: Fraction(sum(m > 0 for m in row) - sum(m < 0 for m in row)) for e, row in margins.items()}

    assert result_of("copeland", ballots).places == places_by(expected)


@settings(deadline=None)
@given(CUT_OFF)
def test_schulze_compares_the_strongest_of_all_paths_there_are(ballots: Profile) -> None:
    entries = named(ballots)

    def strength(path: Sequence[str]) -> int:
        lost = any(margin(ballots, a, b) <= 0 for a, b in pairwise(path))
        return 0 if lost else min(sum(prefers(ballot, a, b) for ballot in ballots) for a, b in pairwise(path))

    def strongest(a: str, b: str) -> int:
        others = [e for e in entries if e not in (a, b)]
        return max(strength((a, *via, b)) for n in range(len(others) + 1) for via in permutations(others, n))

    beaten_by = {e: [r for r in entries if r != e and strongest(r, e) > strongest(e, r)] for e in entries}

    def tier(entry: str) -> int:
        return 1 + max((tier(rival) for rival in beaten_by[entry]), default=0)

    assert result_of("schulze", ballots).places == places_by({e: Fraction(-tier(e)) for e in entries})


@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(CUT_OFF, st.integers(1, 3))
def test_the_transferable_vote_agrees_with_a_count_of_paper_by_paper(ballots: Profile, seats: int) -> None:
    rules = changed("stv", seats=seats)

    result = run(rules, {f"J{i}": order(" ".join(ballot)) for i, ballot in enumerate(ballots)})

    expected = count_papers([(list(ballot), Fraction(1)) for ballot in ballots], named(ballots), seats)
    assert result.order == expected


def count_papers(papers: list[tuple[list[str], Fraction]], entries: Sequence[str], seats: int) -> list[str]:
    """The order of a count in which every choice is clear; profiles in which one is not are left out."""
    quota = len(papers) // (seats + 1) + 1
    up, down, standing = list[str](), list[str](), set(entries)
    while standing:
        papers = [([e for e in names if e in standing], worth) for names, worth in papers]
        held = {e: sum((worth for names, worth in papers if names[:1] == [e]), Fraction(0)) for e in standing}
        assume(len(set(held.values())) == len(held))
        best_first = sorted(standing, key=lambda e: -held[e])
        if len(standing) <= seats - len(up) or len(up) >= seats:
            return [*up, *best_first, *down]
        winners = [e for e in best_first if held[e] >= quota]
        worth_left = {e: (held[e] - quota) / held[e] for e in winners}
        papers = [(names, worth * worth_left.get(names[0], Fraction(1)) if names else worth) for names, worth in papers]
        if not winners:
            down.insert(0, best_first[-1])
        up += winners
        standing -= set(winners or best_first[-1:])
    return [*up, *down]


# What another judge changes


@pytest.mark.parametrize("rules", ["borda", "stv", "place-sum"])
@settings(deadline=None)
@given(ballots=FULL)
def test_a_judge_who_agrees_with_the_result_never_lowers_the_winner(rules: str, ballots: Profile) -> None:
    before = result_of(rules, ballots)
    after = result_of(rules, [*ballots, before.order])

    if list(before.places.values()).count("1") == 1:
        assert after.order[0] == before.order[0]
        assert after.places[before.order[0]] == "1"


@pytest.mark.parametrize("rules", ["copeland", "schulze"])
@settings(deadline=None)
@given(ballots=FULL)
def test_who_wins_every_duel_is_first_alone_and_stays_so_with_one_more_judge_who_agrees(
    rules: str, ballots: Profile
) -> None:
    before = result_of(rules, ballots)
    unbeaten = [a for a in "abcd" if all(margin(ballots, a, b) > 0 for b in "abcd" if b != a)]
    after = result_of(rules, [*ballots, before.order])

    for winner in unbeaten:
        assert [e for e, place in before.places.items() if place == "1"] == [winner]
        assert [e for e, place in after.places.items() if place == "1"] == [winner]
