"""Ordinals (B1): each judge's marks become ranks, whatever the judge's own scale."""

from typing import Literal

from event_manager.tabulation.exact import Column, column_of
from event_manager.tabulation.grid import Grid, Key
from event_manager.tabulation.methods.base import Transform
from event_manager.tabulation.ranking.ordinals import Best, EqualRanks, ranks


class Ranks(Transform):
    """Rank 1 for the best mark of each column; equal marks share the `mean` or take the `first` of their ranks.

    Summed over judges, lowest first, this is the rank sum.
    """

    kind: Literal["ranks"] = "ranks"
    best: Best = "highest"
    equal: EqualRanks = "mean"

    def column(self, key: Key, column: Column, grid: Grid) -> Column:
        """Ranks among the entries that have a mark in this column."""
        del key
        ballot = {e: value for i, e in enumerate(grid.entries) if (value := column.at(i)) is not None}
        places = ranks(ballot, best=self.best, equal=self.equal)
        return column_of([places.get(entry) for entry in grid.entries])
