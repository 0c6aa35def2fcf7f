"""Walks a sheet below its header: one record per row, cells by the name of their column."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from event_manager.tabulation.files.cell_text import read_name, read_number
from event_manager.tabulation.files.columns import NOTE, Header, read_header
from event_manager.tabulation.files.sheet import Cell, Row, Sheet, Unreadable
from event_manager.tabulation.files.troubles import Troubles, refused
from event_manager.tabulation.model import Where


@dataclass(frozen=True, slots=True)
class Record:
    """One row. Reading a cell notes what is wrong with it as a trouble and then answers "" for it."""

    header: Header
    row: Row
    troubles: Troubles

    def name(self, column: str, *, needed: bool = False) -> str:
        """The name in that column, "" where there is none."""
        cell = self._cell(column)
        if cell:
            return self._text(column, read_name(cell))
        if needed:
            self.note(f"no {column} is named", column)
        return ""

    def number(self, column: str, *, words: Collection[str] = ()) -> str:
        """The decimal text in that column, or one of the words that may stand instead; "" where it is blank."""
        cell = self._cell(column)
        if isinstance(cell, str) and (not cell or cell.casefold() in words):
            return cell.casefold()
        return self._text(column, read_number(cell))

    def word(self, column: str) -> str:
        """The cell in small letters, "" where it is blank."""
        return self._text(column, self._cell(column)).casefold()

    def where(self, column: str) -> Where:
        """The place of that cell, for messages."""
        return Where(self.header.file, self.row.line, self.header.heading(column))

    def note(self, message: str, column: str) -> None:
        """Note something wrong with that cell."""
        self.troubles.add(message, self.where(column))

    def _cell(self, column: str) -> Cell:
        i = self.header.index.get(column)
        return self.row.cells[i] if i is not None and i < len(self.row.cells) else ""

    def _text(self, column: str, cell: Cell) -> str:
        if isinstance(cell, Unreadable):
            self.note(cell.why, column)
            return ""
        return cell


def records(sheet: Sheet, columns: Sequence[str], troubles: Troubles, *, required: Sequence[str]) -> Iterator[Record]:
    """The records of a sheet; none where a required column is missing, which is noted as a trouble.

    Raises `BadInput` where the sheet has no header or cannot be read on.
    """
    first = next(sheet.rows, None)
    if first is None:
        raise refused(sheet.file, f"is empty; the first line must name the columns: {','.join(required)}")
    header = read_header(sheet.file, first, (*columns, NOTE), troubles, required=required)
    if any(name not in header.index for name in required):
        return
    for row in sheet.rows:
        _check_width(header, row, troubles)
        yield Record(header, row, troubles)


def _check_width(header: Header, row: Row, troubles: Troubles) -> None:
    width = len(header.headings)
    if len(row.cells) > width and any(row.cells[width:]):
        advice = "is there a decimal comma, or a name with a comma that needs quotes around it?"
        troubles.add(f"{len(row.cells)} cells, but the header has {width}; {advice}", Where(header.file, row.line))
    for i in header.unnamed:
        if i < len(row.cells) and row.cells[i]:
            troubles.add(f"cell {i + 1} has no heading above it", Where(header.file, row.line))
