"""Headings of marks and entries files: which column is meant, and what to say when none is.

Headings are compared without case, spaces, underscores and hyphens: "Running order" is `running_order`.
"""

from collections.abc import Iterable
from difflib import get_close_matches

SYNONYMS = {
    "entry": ("contestant", "competitor", "participant", "couple", "bib"),
    "judge": ("adjudicator", "juror", "voter"),
    "mark": ("score", "value", "rank", "points"),
    "part": ("dance", "run", "round", "segment"),
    "criterion": ("component", "aspect", "caption"),
    "category": (),
}


def key(heading: str) -> str:
    """What two headings share when they are the same word: "Running order" and "running_order"."""
    return "".join(c for c in heading.casefold() if c not in " _-")


def column_names(facts: Iterable[str] = ()) -> dict[str, str]:
    """Every heading understood, as its key, with the column it stands for; `facts` add their own names."""
    names = {key(word): name for name, words in SYNONYMS.items() for word in (name, *words)}
    return names | {key(fact): fact for fact in facts}


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean "mark"?` when one of the known words is near, else nothing."""
    keys = {key(name): name for name in known}
    found = get_close_matches(key(word), keys, n=1, cutoff=0.7)
    return f'; did you mean "{keys[found[0]]}"?' if found else ""
