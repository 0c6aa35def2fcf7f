"""A table of text cells that know their place, whatever file it came from."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from event_manager.tabulation.files.troubles import refused

_GARBLED = re.compile("[ÂÃâ][\u0080-\u00bf\u2018-\u2122]|\ufffd")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a table may have at most: bytes, bytes unpacked, filled rows, columns, characters in a cell.

    `lines` counts blank rows too, `cells` blank cells: a few bytes can state a cell far out, and every cell before it
    takes its time.
    """

    data: int = 64 * 1024 * 1024
    unpacked: int = 512 * 1024 * 1024
    rows: int = 1_000_000
    columns: int = 200
    characters: int = 2_000
    lines: int = 2_000_000
    cells: int = 50_000_000


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that cannot be taken for what it should be; `why` says what it holds instead and how to mend it."""

    why: str
    text: str = ""


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


def tidy(text: str, limits: Limits) -> Cell:
    """The cell's text in composed Unicode, runs of white space made single spaces; or why it cannot be meant so."""
    if text.isascii() and text.isalnum() and len(text) <= limits.characters:  # most cells
        return text
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if len(clean) > limits.characters:
        return Unreadable(
            f"the cell is longer than {limits.characters} characters; is a closing quote missing?", clean[:40]
        )
    if any(unicodedata.category(c) == "Cc" for c in clean):
        return Unreadable("the cell holds invisible control characters; type it again", repr(clean)[1:41])
    if not clean.isascii() and _GARBLED.search(clean):
        why = "the cell has garbled letters, from another encoding; save the file as 'CSV UTF-8' or XLSX"
        return Unreadable(why, clean)
    return clean


def check_size(name: str, line: int, *, rows: int, columns: int, limits: Limits) -> None:
    """Refuse a table that is longer or wider than can be meant, before it fills the memory."""
    if rows > limits.rows + 1:  # the first names the columns
        raise refused(name, f"has more than {limits.rows} rows; split it", line)
    if columns > limits.columns:
        raise refused(name, f"has more than {limits.columns} columns", line)
    if line > limits.lines:
        raise refused(name, f"goes on after line {limits.lines}; delete what stands below the table", line)
