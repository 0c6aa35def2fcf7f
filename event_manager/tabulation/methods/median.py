"""Median: the middle number of a panel, or the mean of the two middle ones."""

from collections.abc import Sequence
from typing import Literal

from event_manager.tabulation.exact import Number
from event_manager.tabulation.methods.base import Cell, Reducer


class Median(Reducer):
    """Half of the panel is at or below it, half at or above."""

    kind: Literal["median"] = "median"

    def cell(self, values: Sequence[Number], denom: int) -> Cell:
        """The middle, as the sum of the two middle numbers over 2 (odd panels: twice the same)."""
        del denom
        return twice_median(values), 2


def twice_median(values: Sequence[Number]) -> Number:
    """Twice the median, which keeps whole numbers whole."""
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] + ordered[-1 - middle]
