"""Judges' places in a final: rules 2 to 4 of the skating system. Each judge places all entries, without equals."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from event_manager.scoring.ballots import Ballots, of_unit
from event_manager.scoring.exact import text_of
from event_manager.scoring.grid import Grid, Key
from event_manager.scoring.model import BadInput, Trouble
from event_manager.scoring.ordinals import closed_up, repeated
from event_manager.scoring.words import listed

EqualPlaces = Literal["refuse", "accept"]


def ordinals_from_places(grid: Grid, ballots: Ballots, unit: Key, *, equal: EqualPlaces) -> Ballots:
    """The places given, closed up per judge over entries that are out of the contest.

    Raises BadInput naming judge, entries and dance where a place is none of 1..n or given twice; with `equal`
    "accept" places given twice count as they were written.
    """
    out = _out(grid)
    troubles: list[Trouble] = []
    for judge, ballot in ballots.items():
        key = unit._replace(judge=judge)
        troubles += _beyond(grid, key, ballot, last=len(grid.entries) + out)
        if equal == "refuse":
            troubles += _twice(grid, key, ballot)
    if troubles:
        raise BadInput(troubles)
    if not out:
        return ballots
    return {judge: closed_up(ballot, grid.entries) for judge, ballot in ballots.items()}


def _out(grid: Grid) -> int:
    """How many entries were marked or listed but are not tabulated (withdrawn, disqualified, ...)."""
    return len({unit.entry for unit in grid.context.state} - set(grid.entries))


def _beyond(grid: Grid, key: Key, ballot: Mapping[str, Fraction], *, last: int) -> list[Trouble]:
    wrong = {e: place for e, place in sorted(ballot.items()) if place.denominator > 1 or not 1 <= place <= last}
    left_out = sorted(set(range(1, last + 1)) - {int(place) for place in ballot.values()})
    hint = f"; nobody has place {listed(map(str, left_out))}" if left_out else ""
    return [
        Trouble(
            f"judge {key.judge} gave entry {entry} the place {text_of(place)}{of_unit(key)}; places are whole numbers"
            f" from 1 to {last}, the number of entries{hint}",
            grid.context.where(entry, key),
        )
        for entry, place in wrong.items()
    ]


def _twice(grid: Grid, key: Key, ballot: Mapping[str, Fraction]) -> list[Trouble]:
    return [
        Trouble(
            f"judge {key.judge} gave place {text_of(place)} to entries {listed(entries)}{of_unit(key)}; in a final a"
            " judge must place all entries without equals: ask the judge which is the better",
            grid.context.where(entries[-1], key),
        )
        for place, entries in repeated(ballot)
    ]
