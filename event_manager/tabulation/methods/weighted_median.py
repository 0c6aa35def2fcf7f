"""Mean weighted by nearness to the median (A7): the farther from the panel's middle, the less a mark counts (WRRC)."""

from collections.abc import Sequence
from fractions import Fraction
from math import prod
from typing import Literal

from event_manager.tabulation.exact import Number, text_of
from event_manager.tabulation.methods.base import Cell, Reducer
from event_manager.tabulation.methods.median import twice_median


class WeightedMedian(Reducer):
    """The weighted mean of all marks; the weight of a mark is 1 / (1 + d²), d its distance from the median."""

    kind: Literal["weighted-median"] = "weighted-median"

    def cell(self, values: Sequence[Number], denom: int) -> Cell:
        """An exact fraction."""
        double = twice_median(values)
        # Of mark v / denom the weight 1 / (1 + d²) is in proportion to 1 / q, q = (2 denom)² + (2v - double)².
        inverse = {v: (2 * denom) ** 2 + (2 * v - double) ** 2 for v in values}
        product = prod(inverse.values())
        weights = [product // inverse[v] if isinstance(product, int) else product / inverse[v] for v in values]
        return Fraction(sum(w * v for w, v in zip(weights, values, strict=True))) / sum(weights), 1

    def note(self, names: Sequence[str], values: Sequence[Fraction]) -> str:
        """The median the weights are measured from."""
        del names
        return f"weighted by nearness to the median {text_of(Fraction(twice_median(values)) / 2)}"
