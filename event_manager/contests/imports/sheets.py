"""A table of text cells that know their line, from CSV text or an XLSX workbook. Nothing is guessed."""

import csv
import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from event_manager.contests.errors import UnreadableFile

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 100
MOST_BLANK_ROWS = 10 * MOST_ROWS
MOST_CELLS = MOST_BLANK_ROWS * MOST_COLUMNS
"""Blank ones included: a few bytes can state a cell far out, and every cell before it takes its time."""
MOST_CHARACTERS = 1000
GARBLED = re.compile("[ÂÃâ][\u0080-\u00bf\u2018-\u2122]|\ufffd")
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, ParseError, EOFError, RuntimeError,
    LookupError, ValueError, ArithmeticError, TypeError, AttributeError,
)  # fmt: skip
"""What openpyxl lets through when a part of a workbook is missing, cut off or not what it says."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that cannot be taken; ``why`` says what it holds and how to mend it."""

    text: str
    why: str


Cell = str | Bad


@dataclass(frozen=True, slots=True)
class Line:
    """A row: ``number`` as its author counts it."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. ``sheets`` are the names of all in the file (none for CSV), ``headings`` its first filled line."""

    name: str
    sheets: list[str]
    headings: list[str]
    lines: list[Line]


def read_sheet(data: bytes, sheet: str | None = None) -> Sheet:
    """The table in a file, told by its bytes. Raises UnreadableFile saying what it is instead and how to mend it."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB: split it.")
    if not data.strip():
        raise UnreadableFile("The file is empty: its first line must name the columns.")
    if data.startswith(b"PK\x03\x04"):
        name, names, lines = _workbook(data, sheet)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("This is a workbook of the old kind (.xls) or has a password: save it as XLSX or CSV.")
    else:
        name, names, lines = "", [], _csv(_decode(data))
    return _with_headings(name, names, lines)


def _with_headings(name: str, names: list[str], lines: Iterator[Line]) -> Sheet:
    filled: list[Line] = []
    for line in lines:
        if not any(line.cells):
            continue
        _check_width(line.number, len(line.cells))
        filled.append(line)
        if len(filled) > MOST_ROWS + 1:
            raise UnreadableFile(f"The table has more than {MOST_ROWS} rows: split it.")
    if not filled:
        raise UnreadableFile("The table is empty: its first line must name the columns.")
    headings = [
        cell if isinstance(cell, str) and cell else f"Column {i}" for i, cell in enumerate(filled[0].cells, start=1)
    ]
    return Sheet(name, names, headings, filled[1:])


def _check_width(number: int, cells: int) -> None:
    if cells > MOST_COLUMNS:
        raise UnreadableFile(f"Line {number} has more than {MOST_COLUMNS} columns.")


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise UnreadableFile("The file begins as UTF-16 text but is cut off: save it as CSV in UTF-8.") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(
            f"Line {line} is not UTF-8 text (byte 0x{data[error.start]:02x}): save the file as 'CSV UTF-8', or as XLSX."
        ) from None
    if "\0" in text:
        raise UnreadableFile("This is no text: CSV and XLSX can be read.")
    return text


def _csv(text: str) -> Iterator[Line]:
    first = next(line for line in text.splitlines() if line.strip())
    delimiter = max((",", ";", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise UnreadableFile(f"Line {number} cannot be read as CSV ({error}): check its quotes.") from None
        if record is None:
            return
        if number > MOST_BLANK_ROWS + 1:
            raise UnreadableFile(f"The file goes on after line {MOST_BLANK_ROWS}: delete what stands below the list.")
        _check_width(number, len(record))
        yield Line(number, tuple(_tidy(cell) for cell in record))


def _workbook(data: bytes, wanted: str | None) -> tuple[str, list[str], Iterator[Line]]:
    import openpyxl  # here, since it takes a tenth of the start-up time

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                raise UnreadableFile(f"The workbook unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        names = [sheet.title for sheet in book.worksheets]
    except BROKEN as error:
        raise UnreadableFile("This is no XLSX workbook, or a broken one: save it again as XLSX or CSV.") from error
    if wanted is not None and wanted not in names:
        raise UnreadableFile(f"There is no sheet '{wanted}'; there are {', '.join(names)}.")
    if not names:
        raise UnreadableFile("The workbook has no sheet with cells.")
    return wanted or names[0], names, _cells(book, wanted or names[0])


def _cells(book: "Workbook", name: str) -> Iterator[Line]:
    sheet = book[name]
    sheet.reset_dimensions()  # the stated size may be wrong; the rows tell it themselves
    rows = sheet.iter_rows()
    number = seen = 0
    while True:
        number += 1
        try:
            cells = next(rows, None)
        except BROKEN as error:
            raise UnreadableFile(f"The workbook breaks off at row {number}: save it again.") from error
        if cells is None:
            book.close()
            return
        seen += len(cells)
        if number > MOST_BLANK_ROWS:
            raise UnreadableFile(f"The sheet goes on after row {MOST_BLANK_ROWS}: delete what stands below the list.")
        if seen > MOST_CELLS:
            raise UnreadableFile(f"The sheet reaches {len(cells)} columns far: delete what stands beside the list.")
        texts = [_text(cell) for cell in cells]
        while texts and texts[-1] == "":
            texts.pop()
        yield Line(number, tuple(texts))


def _text(cell: Any) -> Cell:
    match cell.value:
        case None:
            return ""
        case bool() as value:
            return Bad(str(value), "holds TRUE or FALSE where text or a number is meant")
        case int() | float() as number:
            digits = f"{number:.15g}"  # what its program showed; more would be the dust of binary fractions
            zeros = re.fullmatch(r"0+", cell.number_format or "")
            return digits.zfill(len(zeros[0])) if zeros and digits.isdigit() else digits
        case str() as text if cell.data_type == "e":
            return Bad(text, "holds the error of a formula")
        case str() as text:
            return _tidy(text)
        case _ as value:
            return Bad(str(value), "holds a date or time, perhaps made of a number: format it as text")


def _tidy(text: str) -> Cell:
    """Composed Unicode without surplus white space; or why the text cannot be meant so."""
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if len(clean) > MOST_CHARACTERS:
        return Bad(clean[:40], f"is longer than {MOST_CHARACTERS} characters; is a closing quote missing?")
    if any(unicodedata.category(c) == "Cc" for c in clean):
        return Bad(repr(clean)[1:41], "holds invisible control characters: type it again")
    if GARBLED.search(clean):
        return Bad(clean, "has garbled letters, from another encoding: save it as 'CSV UTF-8' or XLSX")
    return clean
