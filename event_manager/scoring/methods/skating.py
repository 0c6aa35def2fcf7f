"""Skating system, rules 1 to 11 (B3), and with raw scores relative placement as used for swing dances.

Sources: the skating system of the Official Board of Ballroom Dancing (Dawson, 1963), as published by national and
world dance sport bodies; relative placement as explained by the World Swing Dance Council.
"""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from typing import Literal

from event_manager.scoring.ballots import Ballots, ballots_by_unit, of_unit, refuse_holes, same_panel
from event_manager.scoring.exact import text_of
from event_manager.scoring.finals import EqualPlaces, ordinals_from_places
from event_manager.scoring.grid import Grid, Key
from event_manager.scoring.majority import SKATING, Marks, Standing, by_majority
from event_manager.scoring.methods.base import Placer
from event_manager.scoring.model import Placing, Tie
from event_manager.scoring.ordinals import Best, EqualRanks, mean_place, ranks, tiers
from event_manager.scoring.summaries import Summary, summarise
from event_manager.scoring.words import listed

Ordinals = Mapping[Key, Ballots]


class Skating(Placer):
    """Places by majority in each dance (rules 5 to 8), then over several dances (rules 9 to 11).

    A dance is a unit: a part, criterion or category. `read` says what the marks are: `places` by judges; raw
    `scores`, ranked per judge, the `best` first, equal ones sharing the mean or the first of their ranks; or
    `dance-places`, already found (one mark per dance, halves allowed), where only rules 9 and 10 are left to apply.
    `equal_places`: the same place given twice by one judge is refused, or counts as written. The total is the sum of
    the places in the dances, where there are several.
    """

    kind: Literal["skating"] = "skating"
    read: Literal["places", "scores", "dance-places"] = "places"
    best: Best = "highest"
    equal_scores: EqualRanks = "mean"
    equal_places: EqualPlaces = "refuse"

    def place(self, grid: Grid) -> Placing:
        """One place after another. Raises BadInput for ballots that are no legal placing of all entries."""
        if not grid.entries:
            return Placing(groups=[])
        if self.read == "dance-places":
            return _placing(summarise(_given_places(grid), {}), _given_places(grid), {})
        dances = self._ordinals(grid)
        standings = {unit: _dance(grid, ballots) for unit, ballots in dances.items()}
        if len(standings) == 1:
            ((unit, only),) = standings.items()
            steps = {e: [_sentence(unit, s, e)] for s in only for e in s.entries}
            return Placing(groups=[s.entries for s in only], steps=steps)
        return _summary(grid, dances, standings)

    def _ordinals(self, grid: Grid) -> Ordinals:
        units = ballots_by_unit(grid)
        if not grid.context.allow_unequal:
            same_panel(units)
        ordinals: dict[Key, Ballots] = {}
        for unit, ballots in units.items():
            refuse_holes(grid, ballots, unit)
            if self.read == "places":
                ordinals[unit] = ordinals_from_places(grid, ballots, unit, equal=self.equal_places)
            else:
                ordinals[unit] = {j: ranks(b, best=self.best, equal=self.equal_scores) for j, b in ballots.items()}
        return ordinals


def _dance(grid: Grid, ballots: Ballots) -> list[Standing]:
    marks = {entry: [ballot[entry] for ballot in ballots.values()] for entry in grid.entries}
    last = max(ceil(mark) for of_entry in marks.values() for mark in of_entry)
    return by_majority(marks, SKATING, columns=range(1, last + 1))


def _summary(grid: Grid, dances: Ordinals, standings: Mapping[Key, list[Standing]]) -> Placing:
    """Rules 9 to 11."""
    places = [_places(in_dance) for in_dance in standings.values()]
    of_dances = {entry: [place[entry] for place in places] for entry in grid.entries}
    marks = {
        entry: [ballot[entry] for ballots in dances.values() for ballot in ballots.values()] for entry in grid.entries
    }
    in_dances = {
        entry: [_sentence(unit, s, entry) for unit, found in standings.items() for s in found if entry in s.entries]
        for entry in grid.entries
    }
    return _placing(summarise(of_dances, marks), of_dances, in_dances)


def _placing(summaries: list[Summary], of_dances: Marks, in_dances: Mapping[str, list[str]]) -> Placing:
    sums = {entry: sum(places, Fraction(0)) for entry, places in of_dances.items()}
    return Placing(
        groups=[s.entries for s in summaries],
        totals={entry: text_of(total) for entry, total in sums.items()},
        steps={e: [*in_dances.get(e, ()), f"{s.rule}: {s.why[e]}"] for s in summaries for e in s.entries},
        ties=[tie for tier in tiers(sums, best="lowest") if (tie := _opened(tier, sums, summaries))],
    )


def _opened(tier: list[str], sums: Mapping[str, Fraction], summaries: list[Summary]) -> Tie | None:
    """The record of equal sums that rules 10 and 11 told apart."""
    found = [s for s in summaries if set(s.entries) <= set(tier)]
    if len(found) < 2:
        return None
    told = ", then ".join(f"{listed(s.entries)} ({s.rule})" for s in found)
    return Tie(tuple(tier), f"equal sums of places, {text_of(sums[tier[0]])}; opened: {told}", broken=True)


def _given_places(grid: Grid) -> dict[str, list[Fraction]]:
    """The marks as places in dances; raises BadInput unless every dance has exactly one for every entry."""
    units = ballots_by_unit(grid)
    for unit, ballots in units.items():
        refuse_holes(grid, ballots, unit)
        if len(ballots) > 1:
            raise grid.context.bad(
                f"{len(ballots)} judges marked{of_unit(unit)}; these rules read the place each entry took in a dance,"
                " one for each: to tabulate judges' places use the rules “skating”"
            )
    return {e: [ballot[e] for ballots in units.values() for ballot in ballots.values()] for e in grid.entries}


def _places(standings: list[Standing]) -> dict[str, Fraction]:
    """Places of one dance; those equal share the mean of their places."""
    places: dict[str, Fraction] = {}
    for standing in standings:
        places |= dict.fromkeys(standing.entries, mean_place(len(places) + 1, len(standing.entries)))
    return places


def _sentence(unit: Key, standing: Standing, entry: str) -> str:
    return f"{standing.rule}{of_unit(unit)}: {standing.why_of(entry)}"
