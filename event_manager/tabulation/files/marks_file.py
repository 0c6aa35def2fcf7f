"""Marks, entries and judges files into the inputs of a tabulation. Refuses with every place named; never guesses."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from event_manager.tabulation.facts import SEGMENT
from event_manager.tabulation.files.columns import UNIT
from event_manager.tabulation.files.decisions_file import is_json, read_decisions
from event_manager.tabulation.files.entries_file import read_entries, read_judges
from event_manager.tabulation.files.records import records
from event_manager.tabulation.files.sheet import Sheet
from event_manager.tabulation.files.sheet_files import read_sheets
from event_manager.tabulation.files.troubles import Troubles, refused
from event_manager.tabulation.model import ABSENT, RECUSED, Inputs, MarkRow

_NEEDED = ("entry", "judge", "mark")
_ROLES = ("marks", "entries", "judges", "decisions")


@dataclass(frozen=True, slots=True)
class Files:
    """Where the inputs are: paths, "-" for standard input. A workbook of marks may hold the others as sheets."""

    marks: str
    entries: str | None = None
    judges: str | None = None
    decisions: str | None = None


def read_inputs(files: Files, facts: Collection[str]) -> Inputs:
    """Everything the files say, as text; `facts` are the names of facts that entries may carry.

    Raises `BadInput` naming each trouble by file, line and column; all files are read before refusing.
    """
    sheets = _choose_sheets(files)
    troubles = Troubles()
    marks = list(_read_marks(sheets["marks"], troubles))
    _check_judges(marks, troubles)
    _check_twins(marks, troubles)
    if not marks and not troubles:
        raise refused(sheets["marks"].file, "holds no marks below its header")
    if any(row.part for row in marks):  # then a heading "segment" means the part, which tells as much
        facts = [fact for fact in facts if fact != SEGMENT]
    entries, facts_stated = read_entries(sheets.get("entries"), facts, troubles)
    judges = read_judges(sheets.get("judges"), troubles)
    decisions = read_decisions(sheets.get("decisions") or files.decisions, troubles)
    troubles.stop_if_any()
    return Inputs(marks=marks, entries=entries, facts=facts_stated, judges=judges, decisions=decisions)


def _choose_sheets(files: Files) -> dict[str, Sheet]:
    """The sheet of each role: the one with that title, else the first that has no other role's title."""
    book = read_sheets(files.marks)
    found = {role: sheet for role in _ROLES if (sheet := _titled(book, role))}
    if "marks" not in found:
        rest = [sheet for sheet in book if sheet not in found.values()]
        if not rest:
            raise refused(files.marks, "has no sheet of marks; name one “marks”")
        found["marks"] = rest[0]
    for role, path in (("entries", files.entries), ("judges", files.judges), ("decisions", files.decisions)):
        if path is not None and role in found:
            raise refused(path, f"is given beside the sheet “{found[role].title}” of {files.marks}; use one")
        if path is not None and not (role == "decisions" and is_json(path)):
            other = read_sheets(path)
            found[role] = _titled(other, role) or other[0]
    return found


def _titled(sheets: Sequence[Sheet], role: str) -> Sheet | None:
    return next((sheet for sheet in sheets if sheet.title.strip().casefold() == role), None)


def _read_marks(sheet: Sheet, troubles: Troubles) -> Iterator[MarkRow]:
    for record in records(sheet, (*_NEEDED, *UNIT), troubles, required=_NEEDED):
        yield MarkRow(
            entry=record.name("entry", needed=True),
            judge=record.name("judge"),
            mark=record.number("mark", words=(RECUSED, ABSENT)),
            part=record.name("part"),
            criterion=record.name("criterion"),
            category=record.name("category"),
            where=record.where("mark"),
        )


def _check_judges(marks: Sequence[MarkRow], troubles: Troubles) -> None:
    """Either every mark has its judge or none has: places of dances, for one, are nobody's in particular."""
    if any(row.judge for row in marks):
        for row in marks:
            if not row.judge:
                troubles.add("no judge is named, though others are", row.where and row.where._replace(column="judge"))


def _check_twins(marks: Sequence[MarkRow], troubles: Troubles) -> None:
    """Names both lines of a duplicate mark; which of the two is meant is not for a program to choose."""
    lines: dict[tuple[str, ...], int] = {}
    for row in marks:
        key = (row.entry, row.judge, row.part, row.criterion, row.category)
        line = row.where.line if row.where else 0
        if row.entry and lines.setdefault(key, line) != line:
            by = f"judge {row.judge} has given" if row.judge else "there is"
            unit = " / ".join(name for name in (row.category, row.part, row.criterion) if name)
            of = f" on {unit}" if unit else ""
            troubles.add(f"duplicate mark: {by} a mark for entry {row.entry}{of} in line {lines[key]} too", row.where)
