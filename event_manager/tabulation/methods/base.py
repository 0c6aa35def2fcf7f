"""What every stage of a rule set offers. A stage is frozen data (its options) plus one pure function.

Pick the narrowest base:
- `Transform` changes the marks of one judge on one unit, seeing that whole column (ranks, points table, z-score);
- `Reducer` combines one dimension away, cell by cell (sum, trimmed mean, median, best n);
- `Placer` turns the whole grid into places (skating system, STV, Bradley-Terry) and ends the pipeline;
- `Stage` itself for anything else (deductions, rounding).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from event_manager.tabulation.exact import Column, Exact, Number, Rounding, common, text_of
from event_manager.tabulation.grid import Dimension, Grid, Key
from event_manager.tabulation.model import BadInput, Placing, Trouble


class Options(BaseModel):
    """Base of all rule set data: frozen, unknown fields refused, camelCase in JSON."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True, validate_by_alias=True
    )


class Stage(Options, ABC):
    """One step of a rule set. Subclasses declare `kind: Literal["the-file-name"]` and their options.

    `name` labels the values of this stage in `parts`, in explanations and for tie breakers; blank: the kind.
    """

    kind: str
    name: str = ""

    @classmethod
    def kind_name(cls) -> str:
        """The one kind this class stands for."""
        (kind,) = get_args(cls.model_fields["kind"].annotation)
        return str(kind)

    @property
    def label(self) -> str:
        """How results call this stage."""
        return self.name or self.kind

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts this stage reads."""
        return ()

    @property
    def adding_up(self) -> tuple[str, ...]:
        """Those of its facts of which one unit may have several that add up; others are stated once."""
        return ()

    @abstractmethod
    def apply(self, grid: Grid) -> Grid:
        """The grid after this stage. Raises BadInput or BadRules; never changes its argument."""

    def explain(self, before: Grid, after: Grid, row: int) -> list[str]:
        """Sentences for one entry (the row of both grids): by default, the values that this stage made."""
        return [
            f"{self.label}{_of(key, before)}: {text_of(value)}"
            for key, column in after.columns.items()
            if (value := column.at(row)) is not None and value != _before(before, key, row)
        ]


class Transform(Stage):
    """Changes each column of marks on its own: what one judge gave all entries on one unit."""

    @abstractmethod
    def column(self, key: Key, column: Column, grid: Grid) -> Column:
        """The new column; None stays None."""

    def apply(self, grid: Grid) -> Grid:
        """Every column transformed."""
        return grid.with_columns({key: self.column(key, c, grid) for key, c in grid.columns.items()})


Cell = tuple[Number, int]
"""A numerator and what it is to be divided by (a mean is its sum and its count): exact without a Fraction."""


class Reducer(Stage):
    """Combines one dimension away, each entry for itself. `round` rounds the outcome, exact without it."""

    over: Dimension = "judge"
    round: Rounding | None = None

    @property
    def needs_equal_panels(self) -> bool:
        """Whether outcomes of panels of different size cannot be compared (a sum), so that they are refused."""
        return False

    @abstractmethod
    def cell(self, values: Sequence[Number], denom: int) -> Cell:
        """The outcome of the numbers present, at least one: numerators over `denom`, as is the outcome."""

    def note(self, names: Sequence[str], values: Sequence[Fraction]) -> str:
        """What a reader must know about these numbers besides their outcome, such as what was dropped."""
        del names, values
        return ""

    def apply(self, grid: Grid) -> Grid:
        """One column per group of columns that differ only in `over`."""
        reduced = {
            key: self.reduce(key, members, grid).rounded(self.round) for key, members in grid.groups(self.over).items()
        }
        return grid.with_columns(reduced)

    def reduce(self, key: Key, members: Mapping[str, Column], grid: Grid) -> Column:
        """One column out of several; `members` by their name in `over`, in the contest's order."""
        self.check_complete(key, members, grid)
        columns, denom = common(self.weighted(members, grid))
        if not any(None in column for column in columns):
            return self.reduce_whole(columns, denom)  # type: ignore[arg-type]  # no None in it, as just seen
        self.check_holes(key, members, grid)
        cells = [
            None if (values := self.present(row, key)) is None else self.cell(values, denom)
            for row in zip(*columns, strict=True)
        ]
        return _column(cells, denom)

    def reduce_whole(self, columns: Sequence[Sequence[Number]], denom: int) -> Column:
        """The outcomes where nobody is missing: cell by cell, unless a method knows a shorter way."""
        cell = self.cell
        return _column([cell(row, denom) for row in zip(*columns, strict=True)], denom)

    def weighted(self, members: Mapping[str, Column], grid: Grid) -> list[Column]:
        """The columns with their weights applied; without weights as they are."""
        del grid
        return list(members.values())

    def present(self, row: Sequence[Number | None], key: Key) -> list[Number] | None:
        """The numbers there are, or None where the outcome would be no fair one.

        What one judge gave is only combined when it is complete: half a judge's total would be a low one.
        """
        values = [v for v in row if v is not None]
        incomplete = len(values) < len(row) and self.over != "judge" and key.judge
        return None if incomplete or not values else values

    def check_complete(self, key: Key, members: Mapping[str, Column], grid: Grid) -> None:
        """Refuses to make totals of judges who marked different criteria."""
        if self.over != "criterion" or not key.judge:
            return
        beside = {k.criterion: k for k in grid.columns if k[:2] == key[:2]}
        missing = [name for name in beside if name not in members]
        if missing:
            raise BadInput([Trouble(_other_criteria(key, missing))])

    def check_holes(self, key: Key, members: Mapping[str, Column], grid: Grid) -> None:
        """Refuses holes that would change what an outcome means."""
        counts = {entry: sum(c.values[i] is not None for c in members.values()) for i, entry in enumerate(grid.entries)}
        some = {entry: n for entry, n in counts.items() if n}
        if self.over == "judge" and self.needs_equal_panels and not grid.context.allow_unequal:
            most = max(some.values(), default=0)
            short = [entry for entry, n in some.items() if n < most]
            if short:
                raise BadInput([Trouble(_unequal(entry, some[entry], most, key)) for entry in short])
        if self.over == "criterion" and not key.judge:
            short = [entry for entry, n in some.items() if n < len(members)]
            if short:
                raise BadInput([Trouble(_no_criterion(entry, members, grid, key)) for entry in short])

    def explain(self, before: Grid, after: Grid, row: int) -> list[str]:
        """One sentence per outcome: the numbers that went in by name, what was noted, what came out."""
        sentences = []
        groups = before.groups(self.over)
        for key, column in after.columns.items():
            value = column.at(row)
            members = {name: v for name, c in groups[key].items() if (v := c.at(row)) is not None}
            if value is None or (len(members) == 1 and next(iter(members.values())) == value):
                continue
            titles = before.context.titles if self.over == "criterion" else {}
            numbers = ", ".join(
                f"{self.factor(name, before)}{text_of(v)}{f' ({titles.get(name, name)})' if name else ''}"
                for name, v in members.items()
            )
            note = self.note([titles.get(name, name) for name in members], list(members.values()))
            told = f"{numbers}{f'; {note}' if note else ''}; gives {text_of(value)}"
            sentences.append(f"{self.label}{_of(key, before)}: {told}")
        return sentences

    def factor(self, name: str, grid: Grid) -> str:
        """What stands before a number that counts more or less than once, such as "2 x "."""
        del name, grid
        return ""


class Placer(Stage):
    """Places entries by looking at the whole grid; the last stage of its rule set."""

    @abstractmethod
    def place(self, grid: Grid) -> Placing:
        """Groups of equal entries, best first, with totals and steps. Raises BadInput."""

    def apply(self, grid: Grid) -> Grid:
        """The grid as it is: a placer is asked by `place`."""
        return grid


class Weighted(Reducer):
    """A reducer whose columns carry weights. Over criteria the rule set's weights count unless given here."""

    weights: Mapping[str, Exact] = Field(default_factory=dict)

    def weights_of(self, names: Sequence[str], grid: Grid) -> list[Fraction]:
        """The weight of each name, 1 where none is stated."""
        default = grid.context.weights if self.over == "criterion" else {}
        return [self.weights.get(n, default.get(n, Fraction(1))) for n in names]

    def weighted(self, members: Mapping[str, Column], grid: Grid) -> list[Column]:
        """Every column times its weight."""
        weights = self.weights_of(list(members), grid)
        return [column.times(w) for column, w in zip(members.values(), weights, strict=True)]

    def factor(self, name: str, grid: Grid) -> str:
        """The weight where it is not 1."""
        [weight] = self.weights_of([name], grid)
        return "" if weight == 1 else f"{text_of(weight)} x "


def _column(cells: Sequence[Cell | None], denom: int) -> Column:
    divisors = {cell[1] for cell in cells if cell is not None}
    if len(divisors) <= 1:
        return Column([None if cell is None else cell[0] for cell in cells], denom * max(divisors, default=1))
    common_divisor = lcm(*divisors)
    scaled = [None if cell is None else cell[0] * (common_divisor // cell[1]) for cell in cells]
    return Column(scaled, denom * common_divisor)


def _of(key: Key, grid: Grid | None = None) -> str:
    label = key.called(grid.context.titles) if grid else key.label
    return f" of {label}" if label else ""


def _before(before: Grid, key: Key, row: int) -> Fraction | None:
    column = before.columns.get(key)
    return column.at(row) if column else None


def _unequal(entry: str, have: int, most: int, key: Key) -> str:
    return (
        f"entry {entry} has {have} marks{_of(key)} and others have {most}: sums of unequal panels cannot be"
        " compared; complete the marks, use a mean, or set policies.panel to “allow”"
    )


def _other_criteria(key: Key, missing: Sequence[str]) -> str:
    return (
        f"judge {key.judge} has no marks at all for {', '.join(missing)}: totals per judge need every criterion;"
        " complete the marks, or use a rule set that combines judges per criterion, such as trimmed-mean"
    )


def _no_criterion(entry: str, members: Mapping[str, Column], grid: Grid, key: Key) -> str:
    row = grid.entries.index(entry)
    missing = ", ".join(name for name, c in members.items() if c.values[row] is None)
    return f"entry {entry} has no marks for {missing}{_of(key)}; a missing criterion is never counted as zero"
