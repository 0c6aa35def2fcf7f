"""Points table (C1): places become points by a table (12, 10, 8, 7 ... 1; 3, 2, 1; any)."""

from fractions import Fraction
from typing import Literal

from pydantic import Field

from event_manager.tabulation.exact import Column, Exact, column_of, text_of
from event_manager.tabulation.grid import Grid, Key
from event_manager.tabulation.methods.base import Transform
from event_manager.tabulation.model import BadInput, Trouble


class PointsTable(Transform):
    """The first number of `points` for place 1, the second for place 2, ...; `beyond` for all places after the table.

    Values must be places. Equal places (`equal`): each gets the points of that place, or, where equal marks took the
    mean of their ranks (2.5 and 2.5), the mean of the points of all the places they stand for.
    """

    kind: Literal["points-table"] = "points-table"
    points: tuple[Exact, ...] = Field(min_length=1)
    beyond: Exact = Fraction(0)
    equal: Literal["each", "mean"] = "each"

    def column(self, key: Key, column: Column, grid: Grid) -> Column:
        """Points in place of places. Raises BadInput for a value that is no place."""
        places = [column.at(i) for i in range(len(grid.entries))]
        points: list[Fraction | None] = []
        for entry, place in zip(grid.entries, places, strict=True):
            sharing = places.count(place) if self.equal == "mean" else 1
            points.append(None if place is None else self._points(entry, place, sharing, key))
        return column_of(points)

    def _points(self, entry: str, place: Fraction, sharing: int, key: Key) -> Fraction:
        first = place - Fraction(sharing - 1, 2)
        if first.denominator > 1 or first < 1:
            raise BadInput([Trouble(f"{text_of(place)} of entry {entry} ({key.label or 'total'}) is no place")])
        return sum((self._of(int(first) + i) for i in range(sharing)), Fraction(0)) / sharing

    def _of(self, place: int) -> Fraction:
        return self.points[place - 1] if place <= len(self.points) else self.beyond
