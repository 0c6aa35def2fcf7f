"""Places as judges write them: rules 2 to 4 of the skating system, and rankings of any kind. 1 is the best."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from event_manager.tabulation.exact import text_of
from event_manager.tabulation.grid import Grid, Key
from event_manager.tabulation.model import BadInput, Trouble
from event_manager.tabulation.ranking.ballots import Ballots, of_unit
from event_manager.tabulation.ranking.ordinals import closed_up, ranks, repeated
from event_manager.tabulation.words import listed, plural

EqualPlaces = Literal["refuse", "accept"]


def ordinals_from_places(grid: Grid, ballots: Ballots, unit: Key, *, equal: EqualPlaces) -> Ballots:
    """The places given, closed up per judge over entries that left the contest.

    A ballot of m entries must use the places 1..m. Raises BadInput naming judge, entries and unit for any other
    place and for one given twice; with `equal` "accept" places given twice count as they were written.
    """
    left = len(grid.context.left)
    troubles: list[Trouble] = []
    for judge, ballot in ballots.items():
        key = unit._replace(judge=judge)
        troubles += _beyond(grid, key, ballot, last=len(ballot) + left)
        if equal == "refuse":
            troubles += _twice(grid, key, ballot)
    if troubles:
        raise BadInput(troubles)
    if not left:
        return ballots
    return {judge: closed_up(ballot, grid.entries) for judge, ballot in ballots.items()}


def completed(grid: Grid, ballots: Ballots, unit: Key, *, equal: EqualPlaces) -> Ballots:
    """Rankings of all entries: those a ballot leaves out stand equal after those it names; equals share the mean.

    Only an entry for which the judge is recused or absent is in no place of the ranking. Raises BadInput as
    `ordinals_from_places` does.
    """
    rankings = {}
    for judge, ballot in ordinals_from_places(grid, ballots, unit, equal=equal).items():
        key, behind = unit._replace(judge=judge), Fraction(len(grid.entries) + 1)
        owed = [entry for entry in grid.entries if (entry, key) not in grid.context.excused]
        rankings[judge] = ranks({entry: ballot.get(entry, behind) for entry in owed}, best="lowest")
    return rankings


def _beyond(grid: Grid, key: Key, ballot: Mapping[str, Fraction], *, last: int) -> list[Trouble]:
    wrong = {e: place for e, place in ballot.items() if place.denominator > 1 or not 1 <= place <= last}
    free = [str(place) for place in range(1, last + 1) if place not in ballot.values()]
    hint = f"; nobody has {listed(free)}" if free else ""
    return [
        Trouble(
            f"judge {key.judge} gave entry {entry} place {text_of(place)}{of_unit(key)}, but placed"
            f" {plural(len(ballot), 'entry')}: places go from 1 to {last}{hint}",
            grid.context.where(entry, key),
        )
        for entry, place in wrong.items()
    ]


def _twice(grid: Grid, key: Key, ballot: Mapping[str, Fraction]) -> list[Trouble]:
    return [
        Trouble(
            f"judge {key.judge} gave place {text_of(place)} to entries {listed(entries)}{of_unit(key)}; a judge must"
            " place all entries without equals: ask the judge which is the better",
            grid.context.where(entries[-1], key),
        )
        for place, entries in repeated(ballot)
    ]
