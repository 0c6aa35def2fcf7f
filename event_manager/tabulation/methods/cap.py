"""Cap: no value counts above (or below) a limit."""

from fractions import Fraction
from typing import Literal

from event_manager.tabulation.exact import Column, Exact, column_of
from event_manager.tabulation.grid import Grid, Key
from event_manager.tabulation.methods.base import Transform


class Cap(Transform):
    """Values above `most` count as `most`, below `least` as `least`."""

    kind: Literal["cap"] = "cap"
    most: Exact | None = None
    least: Exact | None = None

    def column(self, key: Key, column: Column, grid: Grid) -> Column:
        """Every value within the limits."""
        del key
        return column_of([self._within(column.at(i)) for i in range(len(grid.entries))])

    def _within(self, value: Fraction | None) -> Fraction | None:
        if value is None:
            return None
        if self.most is not None:
            value = min(value, self.most)
        return value if self.least is None else max(value, self.least)
