"""Mean (A2): the average of those present."""

from collections.abc import Sequence
from typing import Literal

from event_manager.tabulation.exact import Column, Number
from event_manager.tabulation.methods.base import Cell, Reducer


class Mean(Reducer):
    """The sum of the numbers present divided by how many there are, so panels may be of unequal size."""

    kind: Literal["mean"] = "mean"

    def cell(self, values: Sequence[Number], denom: int) -> Cell:
        """The sum over the count."""
        del denom
        return sum(values), len(values)

    def reduce_whole(self, columns: Sequence[Sequence[Number]], denom: int) -> Column:
        """All means at once: sums over the common denominator times the size of the panel."""
        return Column(list(map(sum, zip(*columns, strict=True))), denom * len(columns))
