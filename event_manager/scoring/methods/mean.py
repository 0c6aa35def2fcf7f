"""Mean (A2): the average of those present."""

from collections.abc import Sequence
from typing import Literal

from event_manager.scoring.exact import Number
from event_manager.scoring.methods.base import Cell, Reducer


class Mean(Reducer):
    """The sum of the numbers present divided by how many there are, so panels may be of unequal size."""

    kind: Literal["mean"] = "mean"

    def cell(self, values: Sequence[Number], denom: int) -> Cell:
        """The sum over the count."""
        del denom
        return sum(values), len(values)
