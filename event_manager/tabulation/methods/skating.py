"""Skating system, rules 1 to 11 (B3), and with raw scores relative placement as used for swing dances.

Sources: the skating system of the Official Board of Ballroom Dancing (Dawson, 1963), as published by national and
world dance sport bodies; relative placement as explained by the World Swing Dance Council.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import Literal

from event_manager.tabulation.exact import text_of
from event_manager.tabulation.grid import Grid, Key
from event_manager.tabulation.methods.base import Placer
from event_manager.tabulation.model import Placing, Tie
from event_manager.tabulation.ranking.ballots import Ballots, ballots_by_unit, of_unit, refuse_holes, same_panel
from event_manager.tabulation.ranking.finals import EqualPlaces, ordinals_from_places
from event_manager.tabulation.ranking.majority import SKATING, Marks, Standing, by_majority
from event_manager.tabulation.ranking.ordinals import Best, EqualRanks, mean_place, ranks, tiers
from event_manager.tabulation.ranking.summaries import Summary, summarise
from event_manager.tabulation.words import listed, ordinal

Standings = Mapping[Key, list[Standing]]


class Skating(Placer):
    """Places by majority in each dance (rules 5 to 8), then over several dances (rules 9 to 11).

    A dance is a unit: a part, criterion or category. `read` says what the marks are: `places` by judges; raw
    `scores`, ranked per judge, the `best` first, equal ones sharing the mean or the first of their ranks; or
    `dance-places`, already found (one mark per dance, halves allowed), where only rules 9 and 10 are left to apply.
    Places without any judge's name are dance places too. `equal_places`: the same place given twice by one judge is
    refused, or counts as written. The total is the sum of the places in the dances, where there are several.
    """

    kind: Literal["skating"] = "skating"
    read: Literal["places", "scores", "dance-places"] = "places"
    best: Best = "highest"
    equal_scores: EqualRanks = "mean"
    equal_places: EqualPlaces = "refuse"

    def place(self, grid: Grid) -> Placing:
        """One place after another. Raises BadInput for ballots that are no legal placing of all entries."""
        units = ballots_by_unit(grid)
        if not grid.entries:
            return Placing(groups=[])
        for unit, ballots in units.items():
            refuse_holes(grid, ballots, unit)
        nobody = all(set(ballots) == {""} for ballots in units.values())
        if self.read == "dance-places" or (self.read == "places" and nobody):
            places = {unit: _given(grid, ballots, unit) for unit, ballots in units.items()}
            return _several(grid, places, marks={}, in_dances={})
        if not grid.context.allow_unequal:
            same_panel(units)
        dances = {unit: self._ordinals(grid, ballots, unit) for unit, ballots in units.items()}
        standings = {unit: _dance(grid, ballots) for unit, ballots in dances.items()}
        return _one(standings) if len(standings) == 1 else _judged(grid, dances, standings)

    def _ordinals(self, grid: Grid, ballots: Ballots, unit: Key) -> Ballots:
        if self.read == "places":
            return ordinals_from_places(grid, ballots, unit, equal=self.equal_places)
        return {judge: ranks(ballot, best=self.best, equal=self.equal_scores) for judge, ballot in ballots.items()}


def _dance(grid: Grid, ballots: Ballots) -> list[Standing]:
    """Rules 5 to 8."""
    marks = {entry: [ballot[entry] for ballot in ballots.values()] for entry in grid.entries}
    last = max(ceil(mark) for of_entry in marks.values() for mark in of_entry)
    return by_majority(marks, SKATING, columns=range(1, last + 1))


def _places(standings: list[Standing]) -> dict[str, Fraction]:
    """Places of one dance; those equal share the mean of their places."""
    places: dict[str, Fraction] = {}
    for standing in standings:
        places |= dict.fromkeys(standing.entries, mean_place(len(places) + 1, len(standing.entries)))
    return places


def _given(grid: Grid, ballots: Ballots, unit: Key) -> Mapping[str, Fraction]:
    """The one ballot of a dance that holds its result."""
    if len(ballots) > 1:
        raise grid.context.bad(
            f"{len(ballots)} judges marked{of_unit(unit)}; these rules read the place each entry took in a dance, one"
            " for each: to tabulate judges' places use the rules “skating”"
        )
    return next(iter(ballots.values()))


def _one(standings: Standings) -> Placing:
    """The dance decides."""
    ((unit, found),) = standings.items()
    return Placing(
        groups=[s.entries for s in found],
        why={e: f"by {s.rule}{of_unit(unit)}, {s.why_of(e)}" for s in found for e in s.entries},
    )


def _judged(grid: Grid, dances: Mapping[Key, Ballots], standings: Standings) -> Placing:
    """Rules 9 to 11 on dances that judges marked."""
    marks = {e: [ballot[e] for ballots in dances.values() for ballot in ballots.values()] for e in grid.entries}
    places = {unit: _places(found) for unit, found in standings.items()}
    in_dances = {
        entry: [
            f"{_in_words(places[unit][entry])} in {unit.label} by {s.rule}: {s.why_of(entry)}"
            for unit, found in standings.items()
            for s in found
            if entry in s.entries
        ]
        for entry in grid.entries
    }
    return _several(grid, places, marks=marks, in_dances=in_dances)


def _several(
    grid: Grid, places: Mapping[Key, Mapping[str, Fraction]], *, marks: Marks, in_dances: Mapping[str, list[str]]
) -> Placing:
    """Rules 9 to 11, or without `marks` 9 and 10."""
    of_dances = {entry: [in_dance[entry] for in_dance in places.values()] for entry in grid.entries}
    summaries = summarise(of_dances, marks)
    sums = {entry: sum(of_entry, Fraction(0)) for entry, of_entry in of_dances.items()}
    return Placing(
        groups=[s.entries for s in summaries],
        totals={entry: text_of(total) for entry, total in sums.items()},
        why={e: f"by {s.rule}, {s.why[e]}" for s in summaries for e in s.entries},
        steps={e: [*([s.after] if s.after else []), *in_dances.get(e, ())] for s in summaries for e in s.entries},
        ties=[tie for tier in tiers(sums, best="lowest") if (tie := _opened(tier, sums, summaries))],
        parts={e: {unit.label: text_of(in_dance[e]) for unit, in_dance in places.items()} for e in grid.entries},
    )


def _opened(tier: list[str], sums: Mapping[str, Fraction], summaries: list[Summary]) -> Tie | None:
    """The record of equal sums that rules 10 and 11 told apart."""
    found = [s for s in summaries if set(s.entries) <= set(tier)]
    if len(found) < 2:
        return None
    told = ", then ".join(f"{listed(s.entries)} ({s.rule})" for s in found)
    return Tie(tuple(tier), f"equal sums of places, {text_of(sums[tier[0]])}; opened: {told}", broken=True)


def _in_words(place: Fraction) -> str:
    return ordinal(int(place)) if place.denominator == 1 else text_of(place)
