"""Best n: only the best runs, parts or categories count (halfpipe, contest totals)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field

from event_manager.tabulation.exact import Number, text_of
from event_manager.tabulation.methods.base import Cell, Reducer


class Best(Reducer):
    """The sum or mean of the `count` best numbers; who has fewer is scored on those (a run not improved is none)."""

    kind: Literal["best"] = "best"
    count: int = Field(1, ge=1)
    direction: Literal["high", "low"] = "high"
    then: Literal["sum", "mean"] = "sum"

    def cell(self, values: Sequence[Number], denom: int) -> Cell:
        """The sum of the best, over their number for a mean."""
        del denom
        kept = sorted(values, reverse=self.direction == "high")[: self.count]
        return sum(kept), len(kept) if self.then == "mean" else 1

    def note(self, names: Sequence[str], values: Sequence[Fraction]) -> str:
        """Which count."""
        sign = -1 if self.direction == "high" else 1
        order = sorted(range(len(values)), key=lambda i: (sign * values[i], i))[: self.count]
        return "counting " + ", ".join(f"{text_of(values[i])} ({names[i]})" for i in sorted(order))
