"""Places that judges give, and places that follow from raw marks.

A ballot is what one judge says of several entries: `{entry: mark}`. Ordinals are its ranks, 1 the best, as exact
fractions because equal marks may share the mean of their ranks.
"""

from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import Literal

Ballot = Mapping[str, Fraction]
Best = Literal["highest", "lowest"]
EqualRanks = Literal["mean", "first"]


def tiers(values: Mapping[str, Fraction], *, best: Best) -> list[list[str]]:
    """Entries from best to worst; equal values stand together, in the order given."""
    groups: dict[Fraction, list[str]] = {}
    for entry in values:
        groups.setdefault(values[entry], []).append(entry)
    return [groups[value] for value in sorted(groups, reverse=best == "highest")]


def mean_place(first: int, count: int) -> Fraction:
    """The mean of `count` consecutive places from `first` on: 2 and 3 are 2.5 each."""
    return first + Fraction(count - 1, 2)


def ranks(ballot: Ballot, *, best: Best, equal: EqualRanks = "mean") -> dict[str, Fraction]:
    """Rank of every entry of one ballot; equal marks take the mean (1, 2.5, 2.5, 4) or the first (1, 2, 2, 4)."""
    places: dict[str, Fraction] = {}
    for tier in tiers(ballot, best=best):
        first = len(places) + 1
        place = mean_place(first, len(tier)) if equal == "mean" else Fraction(first)
        places.update(dict.fromkeys(tier, place))
    return places


def closed_up(ballot: Ballot, staying: Collection[str]) -> dict[str, Fraction]:
    """The places of the entries that stay, moved up over those that left; equal places take the mean."""
    return ranks({entry: place for entry, place in ballot.items() if entry in staying}, best="lowest")


def repeated(ballot: Ballot) -> list[tuple[Fraction, list[str]]]:
    """Every mark given to more than one entry, with those entries."""
    return [(ballot[tier[0]], tier) for tier in tiers(ballot, best="lowest") if len(tier) > 1]
