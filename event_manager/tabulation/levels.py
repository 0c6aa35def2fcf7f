"""Which column of the marks means what, and in which order names are read."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from event_manager.tabulation.grid import Dimension, Key
from event_manager.tabulation.model import BadRules, FactRow, MarkRow

UNIT: tuple[Dimension, ...] = ("category", "part", "criterion")
_DIGITS = re.compile(r"(\d+)")


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key that puts "Dive 2" before "Dive 10"."""
    pieces = (piece for piece in _DIGITS.split(name.casefold()) if piece)
    return (*((0, int(p), "") if p.isdecimal() else (1, 0, p) for p in pieces), (2, 0, name))


class Levels(NamedTuple):
    """From which column of the rows each dimension is read; -1 for none. Indices are those of `UNIT`."""

    category: int = 0
    part: int = 1
    criterion: int = 2

    def key(self, category: str, part: str, criterion: str, judge: str = "") -> Key:
        """The key of one row."""
        cells = (category, part, criterion, "")
        return Key(cells[self.category], cells[self.part], cells[self.criterion], judge)


def find_levels(levels: Sequence[Dimension], rows: Iterable[MarkRow]) -> Levels:
    """How the columns in use map to the rule set's `levels`, innermost to innermost.

    Of more columns than levels, those with a single value only tell the context and are dropped, outermost first;
    others keep their own meaning where it is free. Raises BadRules where two columns would mean the same.
    """
    if not levels:
        return Levels()
    units = {(row.category, row.part, row.criterion) for row in rows}
    values = [{unit[i] for unit in units} for i in range(3)]
    used = [i for i in range(3) if values[i] != {""}]
    while len(used) > len(levels) and (constant := [i for i in used if len(values[i]) == 1]):
        used.remove(constant[0])
    source = dict(zip(reversed(levels), reversed(used), strict=False))
    for i in used:
        if i in source.values():
            continue
        if UNIT[i] not in source:
            source[UNIT[i]] = i
        else:
            names = ", ".join(UNIT[j] for j in used)
            raise BadRules(
                f"the marks use the columns {names}, this rule set reads {len(levels)} of them"
                f" ({', '.join(levels)}); split the file by {UNIT[i]}"
            )
    return Levels(*(source.get(dimension, -1) for dimension in UNIT))


def fact_key(levels: Levels, row: FactRow) -> Key:
    """The unit a fact belongs to, in the same columns as the marks."""
    return levels.key(row.category, row.part, row.criterion)
