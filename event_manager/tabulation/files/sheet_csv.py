"""Rows of CSV text: comma, semicolon or tab, quoted cells, any line ends."""

import csv
import io
from collections.abc import Iterator

from event_manager.tabulation.files.sheet import MOST_CHARACTERS, Row, check_size, tidy
from event_manager.tabulation.files.troubles import refused

_DELIMITERS = (",", ";", "\t")


def csv_rows(name: str, text: str) -> Iterator[Row]:
    """The rows that hold anything, the first is line 1. Raises `BadInput` at text that is no CSV."""
    # A quote that is never closed would swallow the rest of the file; the limit ends that early.
    csv.field_size_limit(MOST_CHARACTERS)
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_find_delimiter(text), strict=True, skipinitialspace=True
    )
    count = 0
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise refused(name, _explain_csv_error(error), line) from None
        if record is None:
            return
        cells = tuple(tidy(cell) for cell in record)
        if not any(cells):
            continue
        count += 1
        check_size(name, line, rows=count, columns=len(cells))
        yield Row(line, cells)


def _find_delimiter(text: str) -> str:
    """The delimiter that cuts the first filled line into most cells; a comma when none does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=lambda mark: len(next(csv.reader([first], delimiter=mark, skipinitialspace=True))))


def _explain_csv_error(error: csv.Error) -> str:
    reason = str(error)
    if "field larger" in reason:
        return f"has a cell longer than {MOST_CHARACTERS} characters; is a closing quote missing?"
    if "unexpected end" in reason:
        return "holds a quoted cell that is never closed"
    if "expected after" in reason:
        return "has something after a closing quote, perhaps a blank; inside a quoted cell, write a quote twice"
    return f"cannot be read as CSV: {reason}"
