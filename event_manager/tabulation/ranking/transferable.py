"""Single transferable vote: Droop quota, surpluses passed on in exact fractions, the lowest excluded.

Rules of this count, in order: (1) quota = floor(votes / (seats + 1)) + 1. (2) Every candidate that reaches the quota in
a round is elected; of each of its ballots the fraction surplus / tally goes to the next candidate still in the count
(weighted inclusive Gregory); all surpluses of a round at once, so their order cannot matter. (3) Nobody reaches it:
the lowest is excluded and its ballots go on at their full weight. (4) Equal tallies are told apart by the last round
in which they differed (backward rule); those never different are excluded together, or share where that would leave
seats empty. (5) As many left as seats: all are elected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

Tally = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Round:
    """Tallies of those in the count, and who was elected (equals together) or excluded on them."""

    tally: Tally
    elected: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[str, ...] = ()


@dataclass(slots=True)
class Count:
    """The whole count. `groups`: all candidates best first, equals together."""

    quota: int
    rounds: list[Round] = field(default_factory=list)
    groups: list[tuple[str, ...]] = field(default_factory=list)


@dataclass(slots=True)
class _Ballot:
    ranking: Sequence[str]
    weight: Fraction = Fraction(1)


def count_votes(rankings: Sequence[Sequence[str]], candidates: Sequence[str], *, seats: int) -> Count:
    """Counts ballots, each a ranking of some candidates, best first. `seats` is at least 1."""
    ballots = [_Ballot(ranking) for ranking in rankings if ranking]
    count = Count(quota=floor(Fraction(len(ballots), seats + 1)) + 1)
    left, behind = list(candidates), list[tuple[str, ...]]()
    elected: list[tuple[str, ...]] = []
    while left:
        tally = _tally(ballots, left)
        history = [tally, *(r.tally for r in reversed(count.rounds))]
        order = _tiers(left, history)
        open_seats = seats - sum(map(len, elected))
        reached = [group for group in order if tally[group[0]] >= count.quota]
        if open_seats <= 0 or len(left) <= open_seats or (not reached and len(left) - len(order[-1]) < open_seats):
            count.rounds.append(Round(tally, elected=tuple(order) if open_seats > 0 else ()))
            elected += order
            break
        if reached:
            _pass_surpluses(ballots, reached, tally, left, count.quota)
            count.rounds.append(Round(tally, elected=tuple(reached)))
            elected += reached
            left = [c for c in left if tally[c] < count.quota]
        else:
            count.rounds.append(Round(tally, excluded=order[-1]))
            behind.insert(0, order[-1])
            left = [c for c in left if c not in order[-1]]
    count.groups = [*elected, *behind]
    return count


def _tally(ballots: Sequence[_Ballot], left: Sequence[str]) -> dict[str, Fraction]:
    tally = dict.fromkeys(left, Fraction(0))
    for ballot in ballots:
        first = _first(ballot, tally)
        if first is not None:
            tally[first] += ballot.weight
    return tally


def _first(ballot: _Ballot, left: Mapping[str, object]) -> str | None:
    return next((c for c in ballot.ranking if c in left), None)


def _tiers(left: Sequence[str], history: Sequence[Tally]) -> list[tuple[str, ...]]:
    """Best first by the newest tally, then by the one before, and so on; the rest equal."""
    tiers: dict[tuple[Fraction, ...], list[str]] = {}
    for c in left:
        tiers.setdefault(tuple(tally[c] for tally in history), []).append(c)
    return [tuple(tiers[key]) for key in sorted(tiers, reverse=True)]


def _pass_surpluses(
    ballots: Sequence[_Ballot], reached: Sequence[Sequence[str]], tally: Tally, left: Sequence[str], quota: int
) -> None:
    winners = {c for group in reached for c in group}
    standing = dict.fromkeys(left)
    for ballot in ballots:
        first = _first(ballot, standing)
        if first in winners:
            ballot.weight *= (tally[first] - quota) / tally[first]
