"""English for explanations: ordinal numbers, counted nouns, lists."""

from collections.abc import Iterable


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def plural(count: int, noun: str) -> str:
    """1 judge, 2 judges; 1 entry, 2 entries."""
    many = f"{noun[:-1]}ies" if noun.endswith("ry") else f"{noun}s"
    return f"{count} {noun if count == 1 else many}"


def listed(names: Iterable[str]) -> str:
    """a; a and b; a, b and c (in the order given)."""
    *first, last = list(names) or [""]
    return f"{', '.join(first)} and {last}" if first else last
