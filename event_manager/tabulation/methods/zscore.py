"""Per-judge normalisation by z-scores (D1). Fair only where entries are assigned to judges at random or balanced."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Literal

from event_manager.tabulation.exact import Column, Rounding, column_of, common, text_of
from event_manager.tabulation.grid import Grid
from event_manager.tabulation.methods.base import Stage
from event_manager.tabulation.words import plural

_DECIMAL = Context(prec=50, rounding=ROUND_HALF_EVEN)
_FEWEST = 3


class Zscore(Stage):
    """Replaces each mark x by z = (x - mean) / sd of its judge, mapped back with the mean and sd of all marks.

    Mean and sd are those of the entries the judge marked on that unit; `sd` divides by n (population) or n - 1
    (sample). A judge with fewer than 3 entries, or with sd 0, is not normalised: the raw marks count. Roots are taken
    to 50 digits and values rounded to 12 decimals, so that equal ones are equal.
    """

    kind: Literal["zscore"] = "zscore"
    sd: Literal["population", "sample"] = "population"

    def apply(self, grid: Grid) -> Grid:
        """Columns on one common scale, unit by unit."""
        columns = {}
        for unit, members in grid.groups("judge").items():
            everybody = self._spread(members.values())
            for judge, column in members.items():
                columns[unit._replace(judge=judge)] = _mapped(column, self._spread([column]), everybody)
        return grid.with_columns(columns)

    def explain(self, before: Grid, after: Grid, row: int) -> list[str]:
        """What each judge gave, against that judge's own mean and sd, and what it counts as."""
        sentences = []
        for key, column in after.columns.items():
            given, counts = before.columns[key].at(row), column.at(row)
            if given is None or counts is None:
                continue
            own = self._spread([before.columns[key]])
            why = own.words if own.usable else f"{own.words}: not normalised"
            sentences.append(f"{self.label} of {key.label}: {text_of(given)} ({why}) counts as {text_of(counts)}")
        return sentences

    def _spread(self, columns: Iterable[Column]) -> "_Spread":
        numbers, denom = common(list(columns))
        present = [v for column in numbers for v in column if v is not None]
        count, total = len(present), sum(present)
        divisor = count if self.sd == "population" else count - 1
        if divisor < 1:
            return _Spread(count, Fraction(total, denom), Decimal(0))
        deviation = Fraction(count * sum(v * v for v in present) - total * total, count * divisor * denom * denom)
        return _Spread(count, Fraction(total, count * denom), _DECIMAL.sqrt(_decimal(deviation)))


@dataclass(frozen=True, slots=True)
class _Spread:
    """Number, mean and standard deviation of some marks."""

    count: int
    mean: Fraction
    sd: Decimal

    @property
    def usable(self) -> bool:
        return self.count >= _FEWEST and self.sd > 0

    @property
    def words(self) -> str:
        sd = text_of(Fraction(self.sd.quantize(Decimal("0.0001"))))
        return f"{plural(self.count, 'mark')}, mean {text_of(self.mean)}, sd {sd}"


def _mapped(column: Column, own: _Spread, everybody: _Spread) -> Column:
    """The column on the scale of everybody; unchanged where the judge's own spread cannot be used."""
    if not own.usable:
        return column
    scale = Fraction(_DECIMAL.divide(everybody.sd, own.sd))
    rounding = Rounding(places=12, mode="half-even")
    values = [column.at(i) for i in range(len(column.values))]
    return column_of([None if v is None else everybody.mean + (v - own.mean) * scale for v in values]).rounded(rounding)


def _decimal(value: Fraction) -> Decimal:
    return _DECIMAL.divide(Decimal(value.numerator), Decimal(value.denominator))
