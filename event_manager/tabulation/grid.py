"""The grid a rule set works on: columns of exact numbers, one row per entry.

A column is known by its `Key`: category, part, criterion and judge, each blank once the stages have combined it away
(or where the contest never had it). A method takes a grid and returns a new one; grids are never changed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple, get_args

from event_manager.tabulation.exact import Column
from event_manager.tabulation.model import BadInput, Judge, State, Trouble, Where

Dimension = Literal["judge", "criterion", "part", "category"]


class Key(NamedTuple):
    """Names one column. Sorting keys gives the reading order of the output."""

    category: str = ""
    part: str = ""
    criterion: str = ""
    judge: str = ""

    def without(self, dimension: Dimension) -> "Key":
        """The key with that dimension combined away."""
        return self._replace(**{dimension: ""})

    def called(self, titles: Mapping[str, str]) -> str:
        """The label as readers call it: the criterion by its title."""
        return self._replace(criterion=titles.get(self.criterion, self.criterion)).label

    @property
    def label(self) -> str:
        """The unit in words: "Semi-final / Waltz / TQ / Judge 3", or "" when everything is combined."""
        return " / ".join(name for name in self if name)


class Unit(NamedTuple):
    """Where a fact belongs: an entry and its unit; a blank means all."""

    entry: str
    category: str = ""
    part: str = ""
    criterion: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What the stages may read besides the numbers. The same for every grid of one tabulation.

    `order`: the names of each dimension in their order (criteria: as the rule set lists them, then by name).
    `weights`: weight of a criterion, 1 where none is given. `titles`: what readers call a criterion, where that is
    not its name. `facts`: numbers, `words`: text, both by the fact's name,
    then unit. `judges`: every judge by name. `running`, `clubs`: by entry. `state`: by unit, with a blank category,
    part and criterion for the entry as a whole. `left`: the entries that are not in contention. `excused`:
    marks that are rightly not there, because the judge is recused or absent. `sealed`: the marks of tie-break judges,
    which no stage counts; its columns have the rows of `entries`. `where`: finds the row of a mark for a message.
    `allow_unequal`: panels may differ.
    """

    order: Mapping[Dimension, tuple[str, ...]]
    entries: tuple[str, ...] = ()
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Mapping[Unit, Fraction]] = field(default_factory=dict)
    words: Mapping[str, Mapping[Unit, str]] = field(default_factory=dict)
    judges: Mapping[str, Judge] = field(default_factory=dict)
    running: Mapping[str, int] = field(default_factory=dict)
    clubs: Mapping[str, str] = field(default_factory=dict)
    state: Mapping[Unit, State] = field(default_factory=dict)
    left: tuple[str, ...] = ()
    excused: frozenset[tuple[str, Key]] = frozenset()
    sealed: Mapping[Key, Column] = field(default_factory=dict)
    where: Callable[[str, Key], Where | None] = lambda _entry, _key: None
    allow_unequal: bool = False

    def bad(self, message: str, entry: str = "", key: Key | None = None) -> BadInput:
        """A refusal naming the row of the mark it is about."""
        return BadInput([Trouble(message, self.where(entry, key) if key else None)])


@dataclass(frozen=True, slots=True)
class Grid:
    """`columns[key].values[i]` is the number of `entries[i]`; entries are sorted, so row order cannot matter.

    `tier` (if a stage of rounds set it): entries of a higher tier rank before all of a lower one.
    """

    entries: tuple[str, ...]
    columns: Mapping[Key, Column]
    context: Context
    tier: tuple[int, ...] | None = None
    _grouped: dict[Dimension, dict[Key, dict[str, Column]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def with_columns(self, columns: Mapping[Key, Column]) -> "Grid":
        """The same entries and context with other columns."""
        return Grid(self.entries, columns, self.context, self.tier)

    def names(self, dimension: Dimension) -> tuple[str, ...]:
        """The names in use in that dimension, in the contest's order ("" left out)."""
        used = {getattr(key, dimension) for key in self.columns}
        return tuple(name for name in self.context.order.get(dimension, ()) if name in used)

    def groups(self, dimension: Dimension) -> dict[Key, dict[str, Column]]:
        """Columns that differ only in that dimension: remaining key -> name -> column, all in the contest's order.

        Kept, because explanations ask for them once per entry.
        """
        if dimension in self._grouped:
            return self._grouped[dimension]
        grouped: dict[Key, dict[str, Column]] = {}
        for key in in_reading_order(self.columns, self.context.order, last=dimension):
            grouped.setdefault(key.without(dimension), {})[getattr(key, dimension)] = self.columns[key]
        self._grouped[dimension] = {key: grouped[key] for key in in_reading_order(grouped, self.context.order)}
        return self._grouped[dimension]

    def total(self) -> Column:
        """The one column left at the end.

        Raises BadInput where a dimension has not been combined; the engine checks this before.
        """
        (column,) = self.columns.values()
        return column


def in_reading_order(
    keys: Iterable[Key], order: Mapping[Dimension, tuple[str, ...]], last: Dimension = "judge"
) -> list[Key]:
    """The keys as the contest orders categories, parts, criteria and judges; `last` varies fastest."""
    dimensions = sorted(get_args(Dimension), key=lambda dimension: (dimension == last, Key._fields.index(dimension)))
    positions = [(d, {name: i for i, name in enumerate(order.get(d, ()))}) for d in dimensions]

    def position(key: Key) -> list[int]:
        return [at.get(getattr(key, dimension), -1) for dimension, at in positions]

    return sorted(keys, key=position)
