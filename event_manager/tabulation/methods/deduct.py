"""Deductions: approved points taken off after aggregation and after the cap, on the value they were given for."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from event_manager.tabulation.exact import Column, Exact, Rounding, column_of, text_of
from event_manager.tabulation.grid import Grid
from event_manager.tabulation.methods.base import Stage
from event_manager.tabulation.stated import stated_by_column


class Deduct(Stage):
    """Takes the facts named in `of` off, and `percent_of` a value for the facts in `percent`; several add up.

    A minus sign in front of a deduction is allowed and means the same. The result is not below `floor`. Nobody
    else's values and none of the entry's other values are touched.
    """

    kind: Literal["deduct"] = "deduct"
    of: tuple[str, ...] = ("deduction",)
    percent: tuple[str, ...] = ("deduction_percent",)
    floor: Exact | None = Fraction(0)
    round: Rounding | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts taken off."""
        return (*self.of, *self.percent)

    @property
    def adding_up(self) -> tuple[str, ...]:
        """Every deduction counts."""
        return self.facts

    def apply(self, grid: Grid) -> Grid:
        """The values less their deductions."""
        points, percent = stated_by_column(grid, self.of, sign=False), stated_by_column(grid, self.percent, sign=False)
        return grid.with_columns(
            {
                key: self._column(column, grid, points.get(key, {}), percent.get(key, {})).rounded(self.round)
                for key, column in grid.columns.items()
            }
        )

    def _column(
        self, column: Column, grid: Grid, points: Mapping[str, Fraction], percent: Mapping[str, Fraction]
    ) -> Column:
        if not points and not percent:
            return column
        return column_of(
            [
                None if (v := column.at(i)) is None else self._less(v, points.get(entry), percent.get(entry))
                for i, entry in enumerate(grid.entries)
            ]
        )

    def _less(self, value: Fraction, points: Fraction | None, percent: Fraction | None) -> Fraction:
        if points is None and percent is None:
            return value
        left = value - (points or 0) - value * (percent or 0) / 100
        return left if self.floor is None else max(left, self.floor)

    def explain(self, before: Grid, after: Grid, row: int) -> list[str]:
        """What was taken off."""
        sentences = []
        for key, column in after.columns.items():
            value, given = column.at(row), before.columns[key].at(row)
            if value is not None and given is not None and value != given:
                of = f" of {key.label}" if key.label else ""
                sentences.append(f"{self.label}{of}: {text_of(given)} less {text_of(given - value)} = {text_of(value)}")
        return sentences
