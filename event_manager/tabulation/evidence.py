"""What tie breakers may look at: the grids of every stage, and sums over them that are made once and kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from event_manager.tabulation.exact import Column, Number, common
from event_manager.tabulation.grid import Grid, Key
from event_manager.tabulation.model import Decision

MARKS = "marks"
"""The name of the grid of marks as given, before any stage; stages are named by their label."""


class Pick(NamedTuple):
    """Which columns of a grid are meant: of this criterion, with these words in their names, by these judges.

    `mean`: their mean is wanted and not their sum, because panels may be of unequal size.
    """

    of: str = MARKS
    criterion: str | None = None
    part_words: tuple[str, ...] = ()
    criterion_words: tuple[str, ...] = ()
    judges: frozenset[str] | None = None
    mean: bool = False

    def means(self, key: Key) -> bool:
        """Whether the column of that key is meant."""
        return (
            (self.criterion is None or key.criterion == self.criterion)
            and (self.judges is None or key.judge in self.judges)
            and _has_word(key.part, self.part_words)
            and _has_word(key.criterion, self.criterion_words)
        )


@dataclass(slots=True)
class Evidence:
    """What breakers may look at. `grids`: by stage label, in order, `MARKS` first. `low_wins`: marks are places.

    Sums are made once per tabulation and kept, since a large contest has hundreds of ties.
    """

    grids: Mapping[str, Grid]
    decisions: Sequence[Decision] = ()
    low_wins: bool = False
    criteria: tuple[str, tuple[str, ...]] = field(init=False)
    """Where criteria are compared (the first grid that has them without judges, else the marks), and which."""
    _rows: dict[str, int] = field(init=False)
    _sums: dict[Pick, Column] = field(default_factory=dict)
    _numbers: dict[Pick, tuple[list[tuple[Number | None, ...]], int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rows = {entry: i for i, entry in enumerate(self.marks.entries)}

        found = (label for label, grid in self.grids.items() if _judges_combined(grid))
        label = next(found, MARKS)
        self.criteria = (label, self.grids[label].names("criterion"))

    @property
    def marks(self) -> Grid:
        """The marks as given."""
        return self.grids[MARKS]

    def sums_of(self, entries: Sequence[str], pick: Pick) -> Column:
        """The weighted sum of each entry's values that are meant; None where there are none."""
        if pick not in self._sums:
            self._sums[pick] = _sum_columns(self.grids[pick.of], pick)
        sums = self._sums[pick]
        return Column([sums.values[self._rows[entry]] for entry in entries], sums.denom)

    def numbers_of(self, entry: str, pick: Pick) -> tuple[list[Number], int]:
        """The entry's values that are meant, as numerators, and their denominator."""
        if pick not in self._numbers:
            meant = [c for key, c in self.grids[pick.of].columns.items() if pick.means(key)]
            columns, denom = common(meant)
            self._numbers[pick] = list(zip(*columns, strict=True)), denom
        rows, denom = self._numbers[pick]
        return [v for v in rows[self._rows[entry]] if v is not None] if rows else [], denom


def _sum_columns(grid: Grid, pick: Pick) -> Column:
    weights = grid.context.weights
    meant = [c.times(weights.get(key.criterion, Fraction(1))) for key, c in grid.columns.items() if pick.means(key)]
    columns, denom = common(meant)
    if not columns:
        return Column([None] * len(grid.entries))
    rows = zip(*columns, strict=True)
    if not any(None in column for column in columns):
        return Column(list(map(sum, rows)), denom * len(columns) if pick.mean else denom)
    given = ([v for v in row if v is not None] for row in rows)
    return Column([Fraction(sum(v), len(v) if pick.mean else 1) if v else None for v in given], denom)


def _has_word(name: str, words: Sequence[str]) -> bool:
    return not words or any(word.casefold() in name.casefold() for word in words)


def _judges_combined(grid: Grid) -> bool:
    return all(key.criterion and not key.judge for key in grid.columns)
