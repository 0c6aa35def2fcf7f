"""Trimmed mean or sum (A3, A4, A5): the extremes of a panel do not count."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field

from event_manager.tabulation.exact import Column, Number, text_of
from event_manager.tabulation.methods.base import Cell, Reducer


class Trimmed(Reducer):
    """Drops the `low` lowest and the `high` highest numbers, one instance each even if equal; mean or sum of the rest.

    Whether marks per criterion or judges' totals are trimmed is said by the order of stages: before or after the
    criteria are combined. With fewer than low + high + 1 numbers nothing is dropped, and the explanation says so.
    """

    kind: Literal["trimmed"] = "trimmed"
    low: int = Field(1, ge=0)
    high: int = Field(1, ge=0)
    then: Literal["mean", "sum"] = "mean"

    def cell(self, values: Sequence[Number], denom: int) -> Cell:
        """The sum of the rest, over its count for a mean."""
        del denom
        rest = self._rest(values)
        return sum(rest), len(rest) if self.then == "mean" else 1

    def reduce_whole(self, columns: Sequence[Sequence[Number]], denom: int) -> Column:
        """All panels at once, since they are of one size."""
        size = len(columns)
        kept = slice(self.low, size - self.high) if size > self.low + self.high else slice(None)
        sums = [sum(sorted(row)[kept]) for row in zip(*columns, strict=True)]
        return Column(sums, denom * len(range(size)[kept]) if self.then == "mean" else denom)

    @property
    def needs_equal_panels(self) -> bool:
        """A sum of more marks is more."""
        return self.then == "sum"

    def _rest(self, values: Sequence[Number]) -> Sequence[Number]:
        if len(values) <= self.low + self.high:
            return values
        return sorted(values)[self.low : len(values) - self.high]

    def note(self, names: Sequence[str], values: Sequence[Fraction]) -> str:
        """Which were dropped, or why none was."""
        if len(values) <= self.low + self.high:
            return f"nothing dropped: {len(values)} are too few to drop {self.low + self.high}"
        by_value = sorted(range(len(values)), key=lambda i: (values[i], names[i]))
        dropped = by_value[: self.low] + by_value[len(values) - self.high :]
        return "dropped " + ", ".join(f"{text_of(values[i])} ({names[i]})" for i in dropped)
