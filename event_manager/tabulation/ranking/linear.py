"""Linear equations with whole coefficients, solved exactly."""

from collections.abc import Sequence
from fractions import Fraction


def solve_exactly(matrix: Sequence[Sequence[int]], right: Sequence[int]) -> list[Fraction]:
    """x with matrix x = right, for a square matrix of whole numbers.

    Fraction-free elimination: every number on the way is a determinant of the input, so sizes stay bounded. Raises
    ValueError where there is no single solution. Source: Bareiss, Mathematics of Computation 22 (1968).
    """
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    previous = 1
    for k in range(len(rows)):
        pivot = next((i for i in range(k, len(rows)) if rows[i][k]), None)
        if pivot is None:
            raise ValueError("the equations have no single solution")
        rows[k], rows[pivot] = rows[pivot], rows[k]
        top, lead = rows[k], rows[k][k]
        for i in range(k + 1, len(rows)):
            factor = rows[i][k]
            rows[i] = [(lead * a - factor * b) // previous for a, b in zip(rows[i], top, strict=True)]
        previous = lead
    return _substituted(rows)


def _substituted(rows: Sequence[Sequence[int]]) -> list[Fraction]:
    solution: dict[int, Fraction] = {}
    for i in reversed(range(len(rows))):
        known = sum((rows[i][j] * value for j, value in solution.items()), Fraction(0))
        solution[i] = (rows[i][-1] - known) / rows[i][i]
    return [solution[i] for i in range(len(rows))]
