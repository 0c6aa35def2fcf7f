"""Penalty on every award (diving restart: two points off what each judge gave), before the awards are combined."""

from fractions import Fraction
from typing import Literal

from event_manager.tabulation.exact import Column, Exact, column_of
from event_manager.tabulation.facts import inherited
from event_manager.tabulation.grid import Grid, Key, Unit
from event_manager.tabulation.methods.base import Transform


class AwardPenalty(Transform):
    """Takes the entry's `fact` off each judge's mark on the units it is stated for; never below `floor`."""

    kind: Literal["award-penalty"] = "award-penalty"
    fact: str = "penalty"
    floor: Exact | None = Fraction(0)

    @property
    def facts(self) -> tuple[str, ...]:
        """The penalty."""
        return (self.fact,)

    def column(self, key: Key, column: Column, grid: Grid) -> Column:
        """The marks less the penalty."""
        stated = grid.context.facts.get(self.fact)
        if not stated:
            return column
        reduced: list[Fraction | None] = []
        for i, entry in enumerate(grid.entries):
            value = column.at(i)
            penalty = inherited(stated, Unit(entry, key.category, key.part, key.criterion))
            if value is not None and penalty is not None:
                value -= abs(penalty)
                value = value if self.floor is None else max(value, self.floor)
            reduced.append(value)
        return column_of(reduced)
