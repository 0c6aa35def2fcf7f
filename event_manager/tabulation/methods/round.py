"""Rounding as a stage of its own, where a rule rounds between two others."""

from typing import Literal

from pydantic import Field

from event_manager.tabulation.exact import Column, Rounding, RoundingMode
from event_manager.tabulation.grid import Grid, Key
from event_manager.tabulation.methods.base import Transform


class Round(Transform):
    """Every value rounded to `places` decimals."""

    kind: Literal["round"] = "round"
    places: int = Field(2, ge=0, le=12)
    mode: RoundingMode = "half-up"

    def column(self, key: Key, column: Column, grid: Grid) -> Column:
        """The rounded column."""
        del key, grid
        return column.rounded(Rounding(places=self.places, mode=self.mode))
