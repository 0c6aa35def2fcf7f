"""Places by majority: column after column, who is placed there or better by more than half of the marks.

The shared core of the skating system (rules 5 to 8, and 11), of relative placement and of best of majority. They
differ only in how several entries that reach the majority in the same column are separated: their `System`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from event_manager.tabulation.exact import text_of
from event_manager.tabulation.words import listed, ordinal, plural

Marks = Mapping[str, Sequence[Fraction]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One number that separates entries, the smaller key first, and how a reader is told."""

    key: Fraction
    words: str
    rule: str


@dataclass(frozen=True, slots=True)
class System:
    """How entries that reach the majority in one column are separated.

    `measures(marks of one entry, column, last column)` lists the comparisons in order; `alone` and `later` name the
    rule when only one entry reaches it: in the column of its place, or in a later one.
    """

    measures: Callable[[Sequence[Fraction], int, int], Sequence[Measure]]
    alone: str
    later: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Entries that the majority rules leave equal, mostly one, and why they stand where they do."""

    entries: tuple[str, ...]
    rule: str
    why: str

    def why_of(self, entry: str) -> str:
        """The reason, naming the others when the place is shared."""
        others = [other for other in self.entries if other != entry]
        return f"{self.why}, and equal to {listed(others)} in all that follows" if others else self.why


def by_majority(marks: Marks, system: System, *, columns: range, noun: str = "judge") -> list[Standing]:
    """All entries of `marks`, best first; equal ones in the order given.

    `marks` has the same number of places for every entry. A column c of `columns` takes the entries not yet placed
    that have c or better on a majority of their marks (more than half), and orders them by the system's measures,
    before column c + 1 is looked at. The last column must be at least the largest mark, so that all get a place.
    `noun` says what a mark is, for the reader.
    """
    size = len(next(iter(marks.values()), ()))
    majority = size // 2 + 1
    left = list(marks)
    standings: list[Standing] = []
    for column in columns:
        reached = [entry for entry in left if count_to(marks[entry], column) >= majority]
        if not reached:
            continue
        place = columns[0] + len(marks) - len(left)
        left = [entry for entry in left if entry not in reached]
        found = {entry: system.measures(marks[entry], column, columns[-1]) for entry in reached}
        alone = system.alone if column <= place else system.later
        standings += _separated(found, alone, plural(size, noun))
    return standings


def count_to(marks: Sequence[Fraction], column: int) -> int:
    """How many of the marks are `column` or better."""
    return sum(mark <= column for mark in marks)


def sum_to(marks: Sequence[Fraction], column: int) -> Fraction:
    """Sum of the marks that are `column` or better."""
    return sum((mark for mark in marks if mark <= column), Fraction(0))


def or_better(column: int) -> str:
    """1st; 3rd or better."""
    return f"{ordinal(column)} or better" if column > 1 else "1st"


def _skating(marks: Sequence[Fraction], column: int, last: int) -> list[Measure]:
    found: list[Measure] = []
    for c in range(column, last + 1):
        count, total = count_to(marks, c), sum_to(marks, c)
        words = f"{count} of {{size}} {or_better(c)}" if c == column else f"then {count} {or_better(c)}"
        found.append(Measure(Fraction(-count), words, "Rule 6" if c == column else "Rule 7"))
        found.append(Measure(total, f"sum of these {text_of(total)}", "Rule 7"))
    return found


def _best_of_majority(marks: Sequence[Fraction], column: int, _last: int) -> list[Measure]:
    count, total, whole = count_to(marks, column), sum_to(marks, column), sum(marks, Fraction(0))
    return [
        Measure(Fraction(-count), f"{count} of {{size}} {or_better(column)}", "the greater majority"),
        Measure(total, f"sum of these {text_of(total)}", "the smaller sum of the majority's ordinals"),
        Measure(whole, f"sum of all ordinals {text_of(whole)}", "the smaller sum of all ordinals"),
    ]


SKATING = System(_skating, alone="Rule 5", later="Rule 8")
BEST_OF_MAJORITY = System(_best_of_majority, alone="a majority", later="a majority")


def _separated(found: Mapping[str, Sequence[Measure]], alone: str, size: str) -> list[Standing]:
    """The entries of one column, best first, each with as many measures as were needed to separate it."""
    keys = {entry: tuple(measure.key for measure in measures) for entry, measures in found.items()}
    groups: dict[tuple[Fraction, ...], list[str]] = {}
    for entry in sorted(found, key=keys.__getitem__):
        groups.setdefault(keys[entry], []).append(entry)
    standings = []
    for key, group in groups.items():
        measures = found[group[0]]
        depth = max((_first_difference(key, rival) for rival in groups if rival != key), default=-1)
        rule = measures[depth].rule if depth >= 0 else measures[-1].rule if len(group) > 1 else alone
        words = ", ".join(measure.words for measure in measures[: max(depth, 0) + 1]).format(size=size)
        standings.append(Standing(tuple(group), rule, words))
    return standings


def _first_difference(one: Sequence[Fraction], other: Sequence[Fraction]) -> int:
    return next(n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b)
