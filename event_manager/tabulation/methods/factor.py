"""Factor: a value times what the entry's unit is worth (difficulty of a dive, factor of a component)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from pydantic import Field

from event_manager.tabulation.exact import Column, Exact, Rounding, column_of, text_of
from event_manager.tabulation.facts import inherited
from event_manager.tabulation.grid import Grid, Key, Unit
from event_manager.tabulation.methods.base import Stage
from event_manager.tabulation.model import BadInput, Trouble


class Factor(Stage):
    """Every value times `times`, times the entry's `fact`, times the factor of its criterion in `criteria`.

    The fact may be stated for the unit itself or for anything around it (a whole part, criterion or entry, or all
    entries). Without a stated fact `default` counts; with no default that is refused. Then rounding.
    """

    kind: Literal["factor"] = "factor"
    times: Exact = Fraction(1)
    fact: str = ""
    default: Exact | None = None
    criteria: Mapping[str, Exact] = Field(default_factory=dict)
    round: Rounding | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """The fact multiplied with."""
        return (self.fact,) if self.fact else ()

    def apply(self, grid: Grid) -> Grid:
        """Every column multiplied, then rounded. Raises BadInput naming values without their factor."""
        return grid.with_columns({key: self._column(key, c, grid) for key, c in grid.columns.items()})

    def _column(self, key: Key, column: Column, grid: Grid) -> Column:
        column = column.times(self.times * self.criteria.get(key.criterion, 1))
        if self.fact:
            factors = [
                None if column.values[i] is None else self._fact(entry, key, grid)
                for i, entry in enumerate(grid.entries)
            ]
            column = column_of(
                [
                    None if (v := column.at(i)) is None or (f := factors[i]) is None else v * f
                    for i in range(len(factors))
                ]
            )
        return column.rounded(self.round)

    def _fact(self, entry: str, key: Key, grid: Grid) -> Fraction:
        stated = inherited(grid.context.facts.get(self.fact, {}), Unit(entry, key.category, key.part, key.criterion))
        value = self.default if stated is None else stated
        if value is None:
            unit = key.label or "the entry as a whole"
            raise BadInput([Trouble(f"entry {entry} has no {self.fact} for {unit}; state it among the entries")])
        return value

    def explain(self, before: Grid, after: Grid, row: int) -> list[str]:
        """What was multiplied with what."""
        sentences = []
        entry = after.entries[row]
        for key, column in after.columns.items():
            value, given = column.at(row), before.columns[key].at(row)
            if value is None or given is None:
                continue
            factors = [self.times, self.criteria.get(key.criterion, Fraction(1))]
            if self.fact:
                factors.append(self._fact(entry, key, before))
            told = "".join(f" × {text_of(f)}" for f in factors if f != 1)
            if told:
                of = f" of {key.label}" if key.label else ""
                sentences.append(f"{self.label}{of}: {text_of(given)}{told} = {text_of(value)}")
        return sentences
