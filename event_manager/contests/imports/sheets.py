"""The table of entrants in a file: the shared reader of CSV and XLSX, with the limits of what is sent over HTTP."""

from dataclasses import dataclass

from event_manager.contests.errors import UnreadableFile
from event_manager.tabulation.files.sheet import Limits, Row
from event_manager.tabulation.files.sheet import Sheet as Table
from event_manager.tabulation.files.sheet_files import read_tables
from event_manager.tabulation.model import BadInput, Trouble

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 2000
LIMITS = Limits(
    data=MOST_BYTES, unpacked=100 * 1024 * 1024, rows=MOST_ROWS, columns=100, characters=1000,
    lines=10 * MOST_ROWS, cells=10 * MOST_ROWS * 100,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. ``sheets`` are the names of all in the file (none for CSV), ``headings`` its first filled line."""

    name: str
    sheets: list[str]
    headings: list[str]
    lines: list[Row]


def read_sheet(data: bytes, sheet: str | None = None) -> Sheet:
    """The table in a file, told by its bytes. Raises UnreadableFile saying what it is instead and how to mend it."""
    try:
        tables = read_tables("The file", data, LIMITS)
        table = _choose(tables, sheet)
        rows = list(table.rows)
    except BadInput as refusal:
        raise UnreadableFile(" ".join(map(_sentence, refusal.troubles))) from None
    if not rows:
        raise UnreadableFile("The table is empty: its first line must name the columns.")
    headings = [
        cell if isinstance(cell, str) and cell else f"Column {i}" for i, cell in enumerate(rows[0].cells, start=1)
    ]
    return Sheet(table.title, [one.title for one in tables if one.title], headings, rows[1:])


def _choose(tables: list[Table], wanted: str | None) -> Table:
    titled = {table.title: table for table in tables}
    if not tables:
        raise UnreadableFile("The workbook has no sheet with cells.")
    if wanted is None or list(titled) == [""]:
        return tables[0]
    if wanted not in titled:
        raise UnreadableFile(f"There is no sheet '{wanted}'; there are {', '.join(titled)}.")
    return titled[wanted]


def _sentence(trouble: Trouble) -> str:
    where = f"Line {trouble.where.line}: " if trouble.where else ""
    return f"{where}{trouble.message}."
