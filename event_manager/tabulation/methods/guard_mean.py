"""Guard mean (F2): a trimmed mean that steps back to the mean of all when the middle of the panel disagrees."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from pydantic import Field

from event_manager.tabulation.exact import Exact, Number, text_of
from event_manager.tabulation.methods.base import Cell, Reducer


class GuardMean(Reducer):
    """Drops `low` and `high` marks and averages; if the two middle marks differ by more than `tolerance`, the mean
    of all marks counts instead. A panel of odd size has one middle mark, and is guarded by its two neighbours.
    """

    kind: Literal["guard-mean"] = "guard-mean"
    tolerance: Exact = Field(ge=0)
    low: int = Field(1, ge=0)
    high: int = Field(1, ge=0)

    def cell(self, values: Sequence[Number], denom: int) -> Cell:
        """The sum of what counts, and how many count."""
        kept = self._counting(values, self.tolerance * denom)
        return sum(kept), len(kept)

    def _counting(self, values: Sequence[Number], limit: Fraction) -> Sequence[Number]:
        ordered = sorted(values)
        if len(ordered) <= self.low + self.high or _spread(ordered) > limit:
            return ordered
        return ordered[self.low : len(ordered) - self.high]

    def note(self, names: Sequence[str], values: Sequence[Fraction]) -> str:
        """Whether extremes were dropped, and why not."""
        del names
        spread = _spread(sorted(values))
        if spread > self.tolerance:
            return f"the middle marks differ by {text_of(Fraction(spread))}, so all count"
        if len(values) <= self.low + self.high:
            return f"nothing dropped: {len(values)} are too few"
        return f"{self.low} lowest and {self.high} highest dropped"


def _spread(ordered: Sequence[Number]) -> Number:
    """How far the two middle marks are apart; of an odd panel, the neighbours of the middle one."""
    size = len(ordered)
    above = size // 2 + size % 2
    return ordered[above] - ordered[size // 2 - 1] if size > 1 else 0
