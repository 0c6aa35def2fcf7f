"""The Bradley-Terry model: strengths from pairwise comparisons, by maximum likelihood with a small ridge.

P(i beats j) = 1 / (1 + exp(a_j - a_i)). Source: Bradley and Terry, Biometrika 39 (1952). The ridge r x sum(a^2) is
taken off the log-likelihood: without it an entry that wins all its comparisons has no finite strength.

All arithmetic is decimal in one fixed context, so that every machine gives the same digits; strengths are rounded to
`DIGITS` decimals, far above the error of the arithmetic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction

DIGITS = 12
_CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN)
_SMALL_STEP = Decimal("1e-13")
_LONGEST_STEP = Decimal(2)
_MOST_STEPS = 200

Wins = Mapping[tuple[str, str], Fraction]
Matrix = list[list[Decimal]]


class NotConverged(Exception):
    """The likelihood could not be maximised within the steps allowed."""


@dataclass(frozen=True, slots=True)
class Strengths:
    """`value[entry]`: log-strength, the mean of all is zero. `lower`: Cholesky factor of the curvature there."""

    value: Mapping[str, Decimal]
    order: Sequence[str]
    lower: Matrix

    def error_between(self, one: str, other: str) -> Decimal:
        """Standard error of the difference of two strengths."""
        return self._error({one: Decimal(1), other: Decimal(-1)})

    def error(self, entry: str) -> Decimal:
        """Standard error of one strength against the mean of all."""
        share = {e: Decimal(-1) / len(self.order) for e in self.order}
        return self._error(share | {entry: 1 + share[entry]})

    def _error(self, contrast: Mapping[str, Decimal]) -> Decimal:
        with localcontext(_CONTEXT):
            forward = _forward(self.lower, [contrast.get(e, Decimal(0)) for e in self.order])
            return sum((x * x for x in forward), Decimal(0)).sqrt()


def fit(wins: Wins, *, ridge: Decimal) -> Strengths:
    """Strengths of all entries named in `wins`, where `wins[a, b]` is how often a beat b (a draw is half each).

    Newton steps, shortened while far away, until the step vanishes. `ridge` must be positive.
    """
    order = sorted({entry for pair in wins for entry in pair})
    with localcontext(_CONTEXT):
        won, met = _counts(wins, order)
        a = [Decimal(0)] * len(order)
        for _ in range(_MOST_STEPS):
            slope, curvature = _derivatives(a, won, met, ridge)
            lower = _factor(curvature)
            step = _solve(lower, slope)
            longest = max(abs(s) for s in step)
            scale = min(Decimal(1), _LONGEST_STEP / longest) if longest else Decimal(1)
            a = [value + scale * s for value, s in zip(a, step, strict=True)]
            if longest < _SMALL_STEP:
                return _strengths(order, a, lower)
    raise NotConverged


def _counts(wins: Wins, order: Sequence[str]) -> tuple[list[Decimal], list[dict[int, Decimal]]]:
    """Wins of each entry, and how often it met each other one."""
    index = {entry: i for i, entry in enumerate(order)}
    won = [Decimal(0)] * len(order)
    met: list[dict[int, Decimal]] = [{} for _ in order]
    for (winner, loser), times in sorted(wins.items()):
        i, j, count = index[winner], index[loser], Decimal(times.numerator) / times.denominator
        won[i] += count
        met[i][j] = met[i].get(j, Decimal(0)) + count
        met[j][i] = met[j].get(i, Decimal(0)) + count
    return won, met


def _derivatives(
    a: Sequence[Decimal], won: Sequence[Decimal], met: Sequence[Mapping[int, Decimal]], ridge: Decimal
) -> tuple[list[Decimal], Matrix]:
    """Gradient of the penalised log-likelihood and minus its matrix of second derivatives."""
    strength = [value.exp() for value in a]
    slope = [w - 2 * ridge * value for w, value in zip(won, a, strict=True)]
    curvature = [[Decimal(0)] * len(a) for _ in a]
    for i, others in enumerate(met):
        curvature[i][i] += 2 * ridge
        for j, times in sorted(others.items()):
            p = strength[i] / (strength[i] + strength[j])
            weight = times * p * (1 - p)
            slope[i] -= times * p
            curvature[i][i] += weight
            curvature[i][j] -= weight
    return slope, curvature


def _factor(matrix: Matrix) -> Matrix:
    """Lower Cholesky factor of a positive definite matrix, by rows."""
    lower: Matrix = []
    for i, row in enumerate(matrix):
        new: list[Decimal] = []
        for j in range(i):
            dot = sum(map(Decimal.__mul__, new, lower[j]), Decimal(0))
            new.append((row[j] - dot) / lower[j][j])
        new.append((row[i] - sum((x * x for x in new), Decimal(0))).sqrt())
        lower.append(new)
    return lower


def _forward(lower: Matrix, right: Sequence[Decimal]) -> list[Decimal]:
    """y with lower x y = right."""
    y: list[Decimal] = []
    for row, value in zip(lower, right, strict=True):
        y.append((value - sum(map(Decimal.__mul__, y, row), Decimal(0))) / row[-1])
    return y


def _solve(lower: Matrix, right: Sequence[Decimal]) -> list[Decimal]:
    """x with (lower x transposed lower) x = right."""
    left = _forward(lower, right)
    x = [Decimal(0)] * len(lower)
    for i in reversed(range(len(lower))):
        x[i] = left[i] / lower[i][i]
        left = [value - factor * x[i] for value, factor in zip(left, lower[i][:-1], strict=False)]
    return x


def _strengths(order: Sequence[str], a: Sequence[Decimal], lower: Matrix) -> Strengths:
    last = Decimal(1).scaleb(-DIGITS)
    return Strengths({e: v.quantize(last) + 0 for e, v in zip(order, a, strict=True)}, order, lower)
