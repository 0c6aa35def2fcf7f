"""A table of text cells that know their place, whatever file it came from."""

from collections.abc import Iterator
from dataclasses import dataclass

from event_manager.tabulation.files.troubles import refused

MOST_ROWS = 1_000_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 2_000  # in one cell


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that cannot be taken for what it should be; `why` says what it holds instead and how to mend it."""

    why: str


Cell = str | Unreadable


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `line` as the author of the file counts it, cells without surrounding white space."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: `file` as messages call it, `title` of the work sheet ("" for CSV), rows for one walk, none blank."""

    file: str
    title: str
    rows: Iterator[Row]


def tidy(text: str) -> str:
    """The cell's text with runs of white space, line breaks and no-break spaces made single spaces."""
    return " ".join(text.split())


def check_size(name: str, line: int, *, rows: int, columns: int) -> None:
    """Refuse a table that is longer or wider than can be meant, before it fills the memory."""
    if rows > MOST_ROWS:
        raise refused(name, f"has more than {MOST_ROWS} rows; split it, say one file per contest", line)
    if columns > MOST_COLUMNS:
        raise refused(name, f"has more than {MOST_COLUMNS} columns; one row is one mark", line)
