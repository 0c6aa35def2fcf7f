"""Sum (A1 when weighted): what a total of marks is."""

from collections.abc import Sequence
from typing import Literal

from event_manager.tabulation.exact import Column, Number
from event_manager.tabulation.methods.base import Cell, Weighted


class Sum(Weighted):
    """Adds up. Over judges it needs panels of equal size; over criteria the weights of the rule set count.

    Weights need not add up to 1.
    """

    kind: Literal["sum"] = "sum"

    @property
    def needs_equal_panels(self) -> bool:
        """A sum of more marks is more."""
        return True

    def cell(self, values: Sequence[Number], denom: int) -> Cell:
        """The sum."""
        del denom
        return sum(values), 1

    def reduce_whole(self, columns: Sequence[Sequence[Number]], denom: int) -> Column:
        """All sums at once."""
        return Column(list(map(sum, zip(*columns, strict=True))), denom)
