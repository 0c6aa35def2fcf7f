"""Balanced sum: units of one contest have different numbers of components but the same whole (WDSF JS 3, A6)."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from event_manager.tabulation.exact import Number
from event_manager.tabulation.methods.base import Cell, Reducer


class BalancedSum(Reducer):
    """The sum, scaled as if there were `size` numbers: with size 4, four components count once, two count twice."""

    kind: Literal["balanced-sum"] = "balanced-sum"
    size: int = Field(ge=1)

    def cell(self, values: Sequence[Number], denom: int) -> Cell:
        """The sum times size over the count."""
        del denom
        return sum(values) * self.size, len(values)
