"""Headings of marks, entries and judges files: which column is meant, and what to say when none is.

Headings are compared without case, spaces, underscores and hyphens: "Running order" is `running_order`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from event_manager.tabulation.files.sheet import Row, Unreadable
from event_manager.tabulation.files.troubles import Troubles, refused
from event_manager.tabulation.model import Where

NOTE = "note"
"""For people; every file may have one, and it is not read."""
UNIT = ("part", "criterion", "category")
SYNONYMS: Mapping[str, Sequence[str]] = {
    "entry": ("contestant", "competitor", "participant", "couple", "bib"),
    "judge": ("adjudicator", "juror", "voter"),
    "mark": ("score", "value", "points", "rank", "place", "placement", "award", "vote"),
    "part": ("dance", "dive", "run", "round", "segment"),
    "criterion": ("component", "aspect", "caption", "channel"),
    "order": ("running order", "running", "start order"),
    "club": ("country", "nation", "school", "team"),
    "state": ("status",),
    "difficulty": ("degree of difficulty", "DD"),
    "elements": ("element total", "element score"),
    "deduction": ("deductions",),
    "penalty": ("penalties",),
    NOTE: ("notes", "comment", "comments", "remark", "remarks"),
}


def key(heading: str) -> str:
    """What two spellings of a heading share: "Running order" and "running_order"."""
    return "".join(c for c in heading.casefold() if c not in " _-")


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands in the rows of one sheet, and how its heading is written; `unnamed` have none."""

    file: str
    index: Mapping[str, int]
    headings: Sequence[str]
    unnamed: Sequence[int]

    def heading(self, column: str) -> str:
        """How the sheet writes that column's name; the name itself where it has no such column."""
        i = self.index.get(column)
        return column if i is None else self.headings[i]


def read_header(file: str, row: Row, columns: Sequence[str], troubles: Troubles, *, required: Sequence[str]) -> Header:
    """Finds each of `columns` (by name or synonym) in the first row of a sheet.

    Notes unknown, doubled and missing columns as troubles. Raises `BadInput` where the row is no header at all.
    """
    headings = [cell if isinstance(cell, str) else "" for cell in row.cells]
    meanings = _meanings(columns)
    known = [meanings.get(key(heading), "") for heading in headings]
    if not any(known):
        first = ", ".join(headings[:6])
        raise refused(file, f"names no known column ({first}); {_ask_for(required)}", row.line)
    if _looks_wide(known, headings, required):
        raise refused(file, _reshape(headings, known), row.line)
    index: dict[str, int] = {}
    for i, (heading, name) in enumerate(zip(headings, known, strict=True)):
        here = Where(file, row.line, heading)
        if name in index:
            twin = headings[index[name]]
            troubles.add(f"“{twin}” and “{heading}” both mean {name}; remove or rename one", here)
        elif name:
            index[name] = i
        elif heading or isinstance(row.cells[i], Unreadable):
            troubles.add(f"unknown column{_nearest(heading, meanings)}; known are {', '.join(columns)}", here)
    for name in required:
        if name not in index:
            troubles.add(f"there is no column {name}; {_ask_for(required)}", Where(file, row.line))
    return Header(file, index, headings, [i for i, heading in enumerate(headings) if not heading])


def _meanings(columns: Sequence[str]) -> dict[str, str]:
    synonyms = {key(word): name for name in columns for word in SYNONYMS.get(name, ())}
    return synonyms | {key(name): name for name in columns}


def _nearest(heading: str, meanings: Mapping[str, str]) -> str:
    found = get_close_matches(key(heading), meanings, n=1, cutoff=0.8)
    return f"; is {meanings[found[0]]} meant?" if found else ""


def _ask_for(required: Sequence[str]) -> str:
    return f"the first line must name the columns: {','.join(required)} and those the rule set needs"


def _looks_wide(known: Sequence[str], headings: Sequence[str], required: Sequence[str]) -> bool:
    """Entries in rows and judges in columns: an entry column, no mark column, several unknown ones."""
    unknown = sum(1 for name, heading in zip(known, headings, strict=True) if heading and not name)
    return "mark" in required and "entry" in known and "mark" not in known and unknown > 1


def _reshape(headings: Sequence[str], known: Sequence[str]) -> str:
    judges = [heading for heading, name in zip(headings, known, strict=True) if heading and not name]
    return (
        f"seems to have a column per judge ({', '.join(judges[:4])}); write one line per mark instead: "
        f"entry,judge,mark and then, say, 11,{judges[0]},7.5"
    )
