"""A result for people and programs: as a text table, JSON, CSV or an HTML page."""

import csv
import io
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal

from event_manager.tabulation.document import to_document
from event_manager.tabulation.engine import Result
from event_manager.tabulation.files.named import named, names_of
from event_manager.tabulation.files.report_html import html_page
from event_manager.tabulation.files.text_table import format_table, indented
from event_manager.tabulation.model import Placed
from event_manager.tabulation.words import listed

Format = Literal["table", "json", "csv", "html"]
_FIRST_KEYS = ("ruleSet", "results", "ties", "hash")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def render(result: Result, wanted: Format, *, explain: bool = False) -> str:
    """The result in that format, ending in a line break; `explain` adds the words for every place.

    JSON is the whole result document, explanations included: what `verify-result` recomputes.
    """
    formats: Mapping[Format, Callable[[Result, bool], str]] = {
        "table": _table,
        "json": lambda result, _explain: document_text(to_document(result)),
        "csv": _csv,
        "html": html_page,
    }
    return formats[wanted](result, explain)


def document_text(document: Mapping[str, Any]) -> str:
    """A result document as JSON text, places first, one line per entry or row of input."""
    names = [*_FIRST_KEYS, *(name for name in document if name not in _FIRST_KEYS)]
    return _spread({name: document[name] for name in names}, "") + "\n"


def _spread(value: Any, indent: str) -> str:
    """JSON with one line per item down to the second level."""
    if not isinstance(value, dict | list) or not value or len(indent) > 2:
        return json.dumps(value, ensure_ascii=False)
    inner = indent + "  "
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + _compact(item) for item in value) + f"\n{indent}]"
    items = (f"{inner}{json.dumps(name, ensure_ascii=False)}: {_spread(item, inner)}" for name, item in value.items())
    return "{\n" + ",\n".join(items) + f"\n{indent}}}"


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _table(result: Result, explain: bool) -> str:
    rules, lines = result.rules, result.lines
    columns = {
        "Place": [line.place or "-" for line in lines],
        "Entry": [line.entry for line in lines],
        "Name": [names_of(result).get(line.entry, "") for line in lines],
        "Total": [line.total for line in lines],
        "State": ["" if line.state == "entered" else line.state for line in lines],
        "Award": [line.award for line in lines],
        "Advances": ["yes" if line.advanced else "" for line in lines],
    }
    shown = {name: cells for name, cells in columns.items() if any(cells)}
    rows = list(zip(*shown.values(), strict=True))
    text = [*indented(f"{rules.title} ({rules.name}, version {rules.version})", ""), ""]
    text += format_table(list(shown), rows, right=frozenset({"Place", "Total"}))
    told = named(result)
    if explain:
        for line in told.lines:
            text += ["", *_words(line)]
    if told.ties:
        text += ["", "Ties", *(row for tie in told.ties for row in indented(_tie(tie.entries, tie.how), "  "))]
    if told.warnings:
        text += ["", *(row for warning in told.warnings for row in indented(f"Note: {warning}", ""))]
    return "\n".join(text) + "\n"


def _words(line: Placed) -> list[str]:
    text = indented(f"{line.entry}: {line.explanation[0]}", "") if line.explanation else [line.entry]
    return text + [row for step in line.explanation[1:] for row in indented(step, "  ")]


def _tie(entries: tuple[str, ...], how: str) -> str:
    return f"{listed(entries)}: {how}"


def _csv(result: Result, explain: bool) -> str:
    parts = [_flat(line.parts) for line in result.lines]
    columns = list(dict.fromkeys(name for values in parts for name in values))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    words = ["explanation"] if explain else []
    writer.writerow(map(_harmless, ["place", "entry", "name", "total", "state", "award", *columns, *words]))
    names = names_of(result)
    for line, values in zip(result.lines, parts, strict=True):
        told = [". ".join(line.explanation)] if explain else []
        row = [line.place, line.entry, names.get(line.entry, ""), line.total, line.state, line.award]
        writer.writerow(map(_harmless, [*row, *(values.get(name, "") for name in columns), *told]))
    return out.getvalue()


def _flat(parts: Mapping[str, str | Mapping[str, str]]) -> dict[str, str]:
    """The values of the stages as columns: `judges` or `judges: Waltz`."""
    flat: dict[str, str] = {}
    for stage, value in parts.items():
        flat |= {stage: value} if isinstance(value, str) else {f"{stage}: {unit}": v for unit, v in value.items()}
    return flat


def _harmless(cell: str) -> str:
    """Text that a spreadsheet program would run as a formula gets an apostrophe; numbers stay numbers."""
    runs = cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if runs else cell
