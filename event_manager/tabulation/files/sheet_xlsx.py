"""Sheets of an XLSX workbook, with numbers as the decimal text their author typed."""

import io
import itertools
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from event_manager.tabulation.files.sheet import Cell, Limits, Row, Sheet, Unreadable, check_size, tidy
from event_manager.tabulation.files.troubles import refused
from event_manager.tabulation.model import BadInput

_NOT_SAVED = Unreadable(
    "the cell holds a formula without a saved value; open the workbook in a spreadsheet program, save it, try again"
)
# What openpyxl lets through when a part of the workbook is missing, cut off or not what it says.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, InvalidFileException, ParseError, EOFError, RuntimeError,
    LookupError, ValueError, ArithmeticError, TypeError, AttributeError,
)  # fmt: skip


def read_workbook(name: str, data: bytes, limits: Limits) -> list[Sheet]:
    """The work sheets in their order. Raises `BadInput` when the bytes are no XLSX workbook."""
    _check_archive(name, data, limits)
    book = _open(name, data, data_only=True)
    formulas = _Formulas(name, data, limits)
    titles = [sheet.title for sheet in book.worksheets]
    return [Sheet(f"{name}[{title}]", title, _rows(name, book, title, formulas, limits)) for title in titles]


def _check_archive(name: str, data: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except _BROKEN:
        raise refused(name, "is a broken workbook or archive; save it again as XLSX or CSV") from None
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise refused(name, "is protected by a password; save a copy without one")
    if "xl/workbook.xml" not in names:
        raise refused(name, "is an archive but no XLSX workbook; save it as XLSX or CSV")
    if sum(member.file_size for member in members) > limits.unpacked:
        raise refused(name, f"unpacks to more than {limits.unpacked // 1024 // 1024} MB; save it as CSV")


def _open(name: str, data: bytes, *, data_only: bool) -> Workbook:
    try:
        with warnings.catch_warnings():  # about styles and extensions, which do not matter here
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=data_only)
    except _BROKEN as error:
        raise _broken(name, error) from None


def _broken(name: str, error: Exception) -> BadInput:
    reason = str(error) or type(error).__name__
    return refused(name, f"is a broken workbook ({reason}); save it again as XLSX or CSV")


class _Formulas:
    """Where a workbook holds formulas; read only when a cell turns up that could be an unsaved one."""

    def __init__(self, name: str, data: bytes, limits: Limits) -> None:
        self._name, self._data, self._limits = name, data, limits
        self._known: dict[str, frozenset[tuple[int, int]]] = {}

    def at(self, title: str, row: int, column: int) -> bool:
        if title not in self._known:
            book = _open(self._name, self._data, data_only=False)
            self._known[title] = frozenset(
                (cell.row, cell.column)
                for _, cells in _walk(self._name, book, title, self._limits)
                for cell in cells
                if cell.data_type == "f"
            )
        return (row, column) in self._known[title]


def _walk(name: str, book: Workbook, title: str, limits: Limits) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Lines from 1 on, each with the cells that the file holds; refuses at the one that is a cell too many."""
    sheet = book[title]
    sheet.reset_dimensions()  # the stated size may be wrong; the rows tell it themselves
    rows = sheet.iter_rows()
    seen = 0
    for line in itertools.count(1):
        try:
            with warnings.catch_warnings():  # a date out of range comes back as an error value
                warnings.simplefilter("ignore")
                cells = next(rows, None)
        except _BROKEN as error:
            raise _broken(name, error) from None
        if cells is None:
            return
        seen += len(cells)
        if seen > limits.cells:
            raise refused(name, f"reaches {len(cells)} columns far; delete what stands beside the table", line)
        yield line, cells


def _rows(name: str, book: Workbook, title: str, formulas: _Formulas, limits: Limits) -> Iterator[Row]:
    count = 0
    for line, cells in _walk(name, book, title, limits):
        try:
            texts = [_text(cell, title, formulas, limits) for cell in cells]
        except LookupError as error:  # a cell looks its format up when it is asked for it
            raise _broken(name, error) from None
        while texts and not texts[-1]:
            texts.pop()
        count += bool(texts)
        check_size(name, line, rows=count, columns=len(texts), limits=limits)
        if texts:
            yield Row(line, tuple(texts))


def _text(cell: ReadOnlyCell | EmptyCell, title: str, formulas: _Formulas, limits: Limits) -> Cell:
    match cell.value:
        case None:
            unsaved = isinstance(cell, ReadOnlyCell) and formulas.at(title, cell.row, cell.column)
            return _NOT_SAVED if unsaved else ""
        case bool() as value:
            return Unreadable("the cell holds TRUE or FALSE where text or a number is meant", str(value))
        case int() | float() as number:
            return shown_text(number, cell.number_format or "")
        case str() as text if cell.data_type == "e":
            return Unreadable(f"the cell holds the error {text} of a formula", text)
        case str() as text:
            return tidy(text, limits)
        case _ as value:
            why = "the cell holds a date or time, perhaps made of a number; format it as text and type it again"
            return Unreadable(why, str(value))


def shown_text(number: float, number_format: str) -> str:
    """The number as its cell shows it where the format, such as 000, puts zeros before it: 007 for a stored 7."""
    text = number_text(number)
    zeros = len(number_format) if number_format and not number_format.strip("0") else 0
    return text.zfill(zeros) if text.isdigit() else text


def number_text(number: float) -> str:
    """The decimal text of a cell's number: 9.1 for the stored 9.0999999999999996, 11 for 11.0.

    A workbook keeps binary doubles of which 15 digits are meant (that is what its programs let one type and
    show); written out at that precision, every typed number comes back as it was typed.
    """
    return format(Decimal(f"{number:.15g}").normalize() + 0, "f")
