"""The grid seen as ballots: what each judge says of the entries, unit by unit."""

from collections.abc import Mapping
from fractions import Fraction

from event_manager.tabulation.grid import Grid, Key
from event_manager.tabulation.model import BadInput, Trouble
from event_manager.tabulation.words import listed

Ballots = Mapping[str, Mapping[str, Fraction]]
"""Judge -> entry -> mark; an entry the judge did not mark is left out."""


def ballots_by_unit(grid: Grid) -> dict[Key, dict[str, dict[str, Fraction]]]:
    """For every unit (dance, criterion, category; blank judge in its key), each judge's ballot."""
    return {
        unit: {
            judge: {e: value for i, e in enumerate(grid.entries) if (value := column.at(i)) is not None}
            for judge, column in members.items()
        }
        for unit, members in grid.groups("judge").items()
    }


def of_unit(key: Key) -> str:
    """` in Waltz`, or nothing where the contest has one unit only; a judge in the key is not named."""
    label = key.without("judge").label
    return f" in {label}" if label else ""


def refuse_holes(grid: Grid, ballots: Ballots, unit: Key) -> None:
    """Raises BadInput naming each judge who left an entry of the unit without a mark."""
    troubles = []
    for judge, ballot in ballots.items():
        missing = [entry for entry in grid.entries if entry not in ballot]
        if missing:
            troubles.append(
                Trouble(
                    f"judge {judge} gave no mark to {_entries(missing)}{of_unit(unit)}: this method needs a mark"
                    " from every judge for every entry; complete the marks, or leave the judge out of all of them",
                )
            )
    if troubles:
        raise BadInput(troubles)


def same_panel(panels: Mapping[Key, Mapping[str, object]]) -> None:
    """Raises BadInput where panels of the units differ in size, naming who is missing where.

    Other judges in another unit are legal (the two halves of a ten-dance event), one judge fewer is not.
    """
    if len({len(ballots) for ballots in panels.values()}) < 2:
        return
    everyone = sorted({judge for ballots in panels.values() for judge in ballots})
    absent = {judge: [unit.label for unit, ballots in panels.items() if judge not in ballots] for judge in everyone}
    raise BadInput(
        [
            Trouble(
                f"judge {judge} marked nothing in {listed(units)} but is on the panel elsewhere: leave the judge"
                " out of all of them (the panel is one smaller for the whole event), or complete the marks"
            )
            for judge, units in absent.items()
            if units
        ]
    )


def _entries(names: list[str]) -> str:
    return f"entry {names[0]}" if len(names) == 1 else f"entries {listed(names)}"


def one_unit(grid: Grid) -> tuple[Key, dict[str, dict[str, Fraction]]]:
    """The ballots of a contest that is decided on one ballot per judge; raises BadInput where there are several."""
    units = ballots_by_unit(grid)
    if len(units) > 1:
        labels = listed(unit.label or "one without a name" for unit in units)
        raise grid.context.bad(
            f"the marks are of {len(units)} units ({labels}) and this method reads one ballot per judge: combine them"
            " by a stage before, or tabulate each by itself"
        )
    return next(iter(units.items()), (Key(), {}))
