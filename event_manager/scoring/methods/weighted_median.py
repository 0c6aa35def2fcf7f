"""Mean weighted by nearness to the median (A7): the farther from the panel's middle, the less a mark counts (WRRC)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from event_manager.scoring.exact import Number, text_of
from event_manager.scoring.methods.base import Cell, Reducer
from event_manager.scoring.methods.median import twice_median


class WeightedMedian(Reducer):
    """The weighted mean of all marks; the weight of a mark is 1 / (1 + d²), d its distance from the median."""

    kind: Literal["weighted-median"] = "weighted-median"

    def cell(self, values: Sequence[Number], denom: int) -> Cell:
        """An exact fraction."""
        middle = Fraction(twice_median(values)) / 2
        # 1 / (1 + (d / denom)²) is proportional to 1 / (denom² + d²)
        weights = [1 / (denom * denom + (v - middle) ** 2) for v in values]
        return sum((w * v for w, v in zip(weights, values, strict=True)), Fraction(0)) / sum(weights), 1

    def note(self, names: Sequence[str], values: Sequence[Fraction]) -> str:
        """The median the weights are measured from."""
        del names
        return f"weighted by nearness to the median {text_of(Fraction(twice_median(values)) / 2)}"
