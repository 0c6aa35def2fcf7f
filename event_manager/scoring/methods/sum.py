"""Sum (A1 when weighted): what a total of marks is."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from event_manager.scoring.exact import Number
from event_manager.scoring.methods.base import Cell, Weighted


class Sum(Weighted):
    """Adds up. Over judges it needs panels of equal size; over criteria the weights of the rule set count.

    Weights need not add up to 1.
    """

    kind: Literal["sum"] = "sum"
    needs_equal_panel: ClassVar[bool] = True

    def cell(self, values: Sequence[Number]) -> Cell:
        """The sum."""
        return sum(values), 1
