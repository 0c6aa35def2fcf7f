"""The skating system a second time, as a scrutineer works by hand: one place at a time, filter after filter.

Slow and simple on purpose; shares no code with the product.
"""

from fractions import Fraction

Places = dict[str, Fraction]


def single_dance(marks: dict[str, list[int]]) -> Places:
    """Rules 5 to 8. `marks`: entry -> its place by each judge."""
    places: Places = {}
    left = set(marks)
    column = 1
    while left:
        winners = best(left, marks, column)
        if not winners:
            column += 1
            continue
        give(winners, places)
        left -= winners
    return places


def several_dances(dances: list[dict[str, list[int]]]) -> Places:
    """Rules 9 to 11."""
    in_dances = [single_dance(marks) for marks in dances]
    sums = {e: sum(found[e] for found in in_dances) for e in in_dances[0]}
    pooled = {e: [mark for marks in dances for mark in marks[e]] for e in sums}
    places: Places = {}
    left = set(sums)
    while left:
        place = len(places) + 1
        tied = {e for e in left if sums[e] == min(sums[f] for f in left)}
        got = {e: [found[e] for found in in_dances if found[e] <= place] for e in tied}
        tied = {e for e in tied if len(got[e]) == max(len(got[f]) for f in tied)}
        tied = {e for e in tied if sum(got[e]) == min(sum(got[f]) for f in tied)}
        winners = tied if len(tied) == 1 else by_all_marks(tied, pooled, place)
        give(winners, places)
        left -= winners
        if len(tied) == 2 and len(winners) == 1:
            give(tied - winners, places)
            left -= tied
    return places


def by_all_marks(tied: set[str], pooled: dict[str, list[int]], place: int) -> set[str]:
    """Rule 11: the best of the tied, from column `place` on."""
    column = place
    while not (winners := best(tied, pooled, column)):
        column += 1
    return winners


def best(left: set[str], marks: dict[str, list[int]], column: int) -> set[str]:
    """Who is first in this column: one entry, several that stay equal to the end, or nobody."""
    last = max(max(marks[e]) for e in left)
    majority = len(next(iter(marks.values()))) // 2 + 1
    winners = {e for e in left if sum(m <= column for m in marks[e]) >= majority}
    while winners and column <= last:
        counted = {e: [m for m in marks[e] if m <= column] for e in winners}
        winners = {e for e in winners if len(counted[e]) == max(len(counted[f]) for f in winners)}
        winners = {e for e in winners if sum(counted[e]) == min(sum(counted[f]) for f in winners)}
        column += 1
    return winners


def give(winners: set[str], places: Places) -> None:
    """The next place, or the mean of the next places."""
    first = len(places) + 1
    shared = Fraction(2 * first + len(winners) - 1, 2)
    places.update(dict.fromkeys(winners, shared))
