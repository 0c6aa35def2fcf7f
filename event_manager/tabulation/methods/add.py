"""Points that no judge gave, added or taken off: elements, bonus, carried points; deductions and penalties."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from event_manager.tabulation.exact import Column, Rounding, column_of
from event_manager.tabulation.grid import Grid
from event_manager.tabulation.methods.base import Stage
from event_manager.tabulation.stated import stated_by_column


class Add(Stage):
    """Adds the facts named in `of` to the values they belong to; several add up.

    A fact belongs to the value of its own unit. One stated for more than one of the values that are there (a whole
    entry, while parts are apart) is refused, and so is one for a criterion when criteria are combined already:
    elements that stand beside every component would count several times.
    """

    kind: Literal["add"] = "add"
    of: tuple[str, ...]
    round: Rounding | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts added."""
        return self.of

    def apply(self, grid: Grid) -> Grid:
        """The values with their facts."""
        stated = stated_by_column(grid, self.of, whole=True)
        return grid.with_columns(
            {
                key: self._column(column, grid, stated.get(key, {})).rounded(self.round)
                for key, column in grid.columns.items()
            }
        )

    def _column(self, column: Column, grid: Grid, stated: Mapping[str, Fraction]) -> Column:
        if not stated:
            return column
        return column_of(
            [None if (v := column.at(i)) is None else v + stated.get(entry, 0) for i, entry in enumerate(grid.entries)]
        )
