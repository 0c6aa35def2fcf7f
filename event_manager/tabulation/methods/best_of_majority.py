"""Best of majority (B2): places from judges' ordinals, as in figure skating before 2004."""

from math import ceil
from typing import Literal

from event_manager.tabulation.grid import Grid
from event_manager.tabulation.methods.base import Placer
from event_manager.tabulation.model import Placing
from event_manager.tabulation.ranking.ballots import of_unit, one_unit, refuse_holes
from event_manager.tabulation.ranking.majority import BEST_OF_MAJORITY, by_majority


class BestOfMajority(Placer):
    """Place n goes to the entry that a majority of judges has at n or better.

    Several at the same n: the greater majority, then the smaller sum of the majority's ordinals, then the smaller
    sum of all ordinals, then they share. The marks are ordinals; raw marks go through a `ranks` stage before.
    """

    kind: Literal["best-of-majority"] = "best-of-majority"

    def place(self, grid: Grid) -> Placing:
        """One unit only; every judge has an ordinal for every entry. Raises BadInput."""
        if not grid.entries:
            return Placing(groups=[])
        unit, ballots = one_unit(grid)
        refuse_holes(grid, ballots, unit)
        marks = {entry: [ballot[entry] for ballot in ballots.values()] for entry in grid.entries}
        last = max(ceil(mark) for of_entry in marks.values() for mark in of_entry)
        standings = by_majority(marks, BEST_OF_MAJORITY, columns=range(1, last + 1))
        why = {e: f"by {s.rule}{of_unit(unit)}, {s.why_of(e)}" for s in standings for e in s.entries}
        return Placing(groups=[s.entries for s in standings], why=why)
