"""The Bradley-Terry model: strengths from pairwise comparisons, by maximum likelihood with a small ridge.

P(i beats j) = 1 / (1 + exp(a_j - a_i)). Source: Bradley and Terry, Biometrika 39 (1952). The ridge r x sum(a^2) is
taken off the log-likelihood: without it an entry that wins all its comparisons has no finite strength.

Arithmetic is in whole numbers of 2^-SCALE, so that every machine gives the same digits; only exp() goes through
decimals of a fixed context. Strengths are rounded to `DIGITS` decimals, far above the error of all this.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import isqrt
from operator import mul, sub

DIGITS = 12
SCALE = 100
_ONE = 1 << SCALE
_DECIMAL = Context(prec=40, rounding=ROUND_HALF_EVEN)
_SMALL_STEP = _ONE // 10**13
_LONGEST_STEP = 2 * _ONE
_MOST_STEPS = 200

Wins = Mapping[tuple[str, str], Fraction]
Matrix = list[list[int]]


class NotConverged(Exception):
    """The likelihood could not be maximised within the steps allowed."""


@dataclass(frozen=True, slots=True)
class Strengths:
    """`value[entry]`: log-strength, the mean of all is zero.

    `spread[entry]` is the entry's column of the inverse Cholesky factor of the curvature at the maximum: the distance
    of two columns is the standard error of the difference of two strengths. `centre` is the mean of all columns.
    """

    value: Mapping[str, Decimal]
    spread: Mapping[str, Sequence[int]]
    centre: Sequence[int]

    def error_between(self, one: str, other: str) -> Decimal:
        """Standard error of the difference of two strengths."""
        return _length(map(sub, self.spread[one], self.spread[other]))

    def error(self, entry: str) -> Decimal:
        """Standard error of one strength against the mean of all."""
        return _length(map(sub, self.spread[entry], self.centre))


def _length(column: Iterable[int]) -> Decimal:
    return _as_decimal(isqrt(sum(x * x for x in column)))


def fit(wins: Wins, *, ridge: Fraction) -> Strengths:
    """Strengths of all entries named in `wins`, where `wins[a, b]` is how often a beat b (a draw is half each).

    Newton steps, shortened while far away, until the step vanishes. `ridge` must be positive. Raises NotConverged.
    """
    order = sorted({entry for pair in wins for entry in pair})
    won, met = _counts(wins, order)
    pull = _fixed(2 * ridge)
    a = [0] * len(order)
    for _ in range(_MOST_STEPS):
        slope, curvature = _derivatives(a, won, met, pull)
        lower = _factor(curvature)
        step = _solve(lower, slope)
        longest = max(map(abs, step))
        shorten = max(longest, _LONGEST_STEP)
        a = [value + s * _LONGEST_STEP // shorten for value, s in zip(a, step, strict=True)]
        if longest < _SMALL_STEP:
            return _strengths(order, a, lower)
    raise NotConverged


def _strengths(order: Sequence[str], a: Sequence[int], lower: Matrix) -> Strengths:
    last = Decimal(1).scaleb(-DIGITS)
    values = {e: _as_decimal(v).quantize(last) + 0 for e, v in zip(order, a, strict=True)}
    columns = [_inverse_column(lower, i) for i in range(len(order))]
    centre = [sum(row) // len(row) for row in zip(*columns, strict=True)]
    return Strengths(values, dict(zip(order, columns, strict=True)), centre)


def _fixed(value: Fraction) -> int:
    return value.numerator * _ONE // value.denominator


def _as_decimal(value: int) -> Decimal:
    return _DECIMAL.divide(Decimal(value), Decimal(_ONE))


def _counts(wins: Wins, order: Sequence[str]) -> tuple[list[int], list[dict[int, Fraction]]]:
    """Wins of each entry (fixed point), and how often it met each other one."""
    index = {entry: i for i, entry in enumerate(order)}
    won = [Fraction(0)] * len(order)
    met: list[dict[int, Fraction]] = [{} for _ in order]
    for (winner, loser), times in sorted(wins.items()):
        i, j = index[winner], index[loser]
        won[i] += times
        met[i][j] = met[i].get(j, Fraction(0)) + times
        met[j][i] = met[j].get(i, Fraction(0)) + times
    return [_fixed(w) for w in won], met


def _derivatives(
    a: Sequence[int], won: Sequence[int], met: Sequence[Mapping[int, Fraction]], pull: int
) -> tuple[list[int], Matrix]:
    """Gradient of the penalised log-likelihood and minus its matrix of second derivatives."""
    odds = [int(_DECIMAL.exp(_as_decimal(value)) * _ONE) for value in a]
    slope = [w - (pull * value >> SCALE) for w, value in zip(won, a, strict=True)]
    curvature = [[0] * len(a) for _ in a]
    for i, others in enumerate(met):
        curvature[i][i] += pull
        for j, times in sorted(others.items()):
            p = odds[i] * _ONE // (odds[i] + odds[j])
            weight = p * (_ONE - p) * times.numerator // (_ONE * times.denominator)
            slope[i] -= p * times.numerator // times.denominator
            curvature[i][i] += weight
            curvature[i][j] -= weight
    return slope, curvature


def _factor(matrix: Matrix) -> Matrix:
    """Lower Cholesky factor of a positive definite matrix, by rows."""
    lower: Matrix = []
    for i, row in enumerate(matrix):
        new: list[int] = []
        for j in range(i):
            new.append(((row[j] << SCALE) - sum(map(mul, new, lower[j]))) // lower[j][j])
        new.append(isqrt((row[i] << SCALE) - sum(map(mul, new, new))))
        lower.append(new)
    return lower


def _forward(lower: Matrix, right: Sequence[int]) -> list[int]:
    """y with lower x y = right."""
    y: list[int] = []
    for row, value in zip(lower, right, strict=True):
        y.append(((value << SCALE) - sum(map(mul, y, row))) // row[-1])
    return y


def _inverse_column(lower: Matrix, i: int) -> list[int]:
    """y with lower y = the i-th unit vector; zero above row i."""
    y: list[int] = []
    for row in lower[i:]:
        right = 0 if y else _ONE << SCALE
        y.append((right - sum(map(mul, y, row[i:]))) // row[-1])
    return [0] * i + y


def _solve(lower: Matrix, right: Sequence[int]) -> list[int]:
    """x with (lower x transposed lower) x = right."""
    left = _forward(lower, right)
    x = [0] * len(lower)
    for i in reversed(range(len(lower))):
        x[i] = (left[i] << SCALE) // lower[i][i]
        left = [value - (factor * x[i] >> SCALE) for value, factor in zip(left, lower[i][:-1], strict=False)]
    return x
