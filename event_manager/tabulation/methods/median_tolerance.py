"""Median with tolerance (A6): marks far from the middle of the panel are dropped, the rest averaged (WDSF JS 3)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field

from event_manager.tabulation.exact import Exact, Number, text_of
from event_manager.tabulation.methods.base import Cell, Reducer
from event_manager.tabulation.methods.median import twice_median


class MedianTolerance(Reducer):
    """The mean of the marks that lie within `tolerance` of the panel's median; at the tolerance exactly is within.

    Of an even panel whose two middle marks lie far apart none may be left: then the median itself counts.
    """

    kind: Literal["median-tolerance"] = "median-tolerance"
    tolerance: Exact = Field(default=Fraction(3, 2), ge=0)

    def cell(self, values: Sequence[Number], denom: int) -> Cell:
        """The mean of what is kept."""
        double = twice_median(values)
        exact: Fraction = 2 * self.tolerance * denom
        limit = exact.numerator if exact.denominator == 1 else exact
        kept = [v for v in values if -limit <= 2 * v - double <= limit]
        return (sum(kept), len(kept)) if kept else (double, 2)

    def note(self, names: Sequence[str], values: Sequence[Fraction]) -> str:
        """The median, and which marks were too far from it."""
        median = Fraction(twice_median(values)) / 2
        far = [(n, v) for n, v in zip(names, values, strict=True) if abs(v - median) > self.tolerance]
        dropped = ", ".join(f"{text_of(v)} ({n})" for n, v in far)
        return f"median {text_of(median)}" + (f", dropped {dropped}" if far else ", none dropped")
