"""Rows of CSV text: comma, semicolon or tab, quoted cells, any line ends."""

import csv
import io
from collections.abc import Iterator

from event_manager.tabulation.files.sheet import Limits, Row, check_size, tidy
from event_manager.tabulation.files.troubles import refused

_DELIMITERS = (",", ";", "\t")


def csv_rows(name: str, text: str, limits: Limits) -> Iterator[Row]:
    """The rows that hold anything, the first is line 1. Raises `BadInput` at text that is no CSV."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_find_delimiter(text), strict=True, skipinitialspace=True
    )
    count = 0
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise refused(name, _explain_csv_error(error, limits), line) from None
        if record is None:
            return
        check_size(name, line, rows=count, columns=len(record), limits=limits)
        cells = tuple(tidy(cell, limits) for cell in record)
        if not any(cells):
            continue
        count += 1
        check_size(name, line, rows=count, columns=len(cells), limits=limits)
        yield Row(line, cells)


def _find_delimiter(text: str) -> str:
    """The delimiter that cuts the first filled line into most cells; a comma when none does."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(
        _DELIMITERS, key=lambda mark: len(next(csv.reader([first[:10_000]], delimiter=mark, skipinitialspace=True)))
    )


def _explain_csv_error(error: csv.Error, limits: Limits) -> str:
    reason = str(error)
    if "field larger" in reason:
        return f"has a cell longer than {limits.characters} characters; is a closing quote missing?"
    if "unexpected end" in reason:
        return "holds a quoted cell that is never closed"
    if "expected after" in reason:
        return "has something after a closing quote, perhaps a blank; inside a quoted cell, write a quote twice"
    return f"cannot be read as CSV: {reason}"
