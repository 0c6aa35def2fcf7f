"""The chair's decisions about ties: a table with a line per entry, or JSON as result documents hold them."""

import json
from collections.abc import Iterator, Sequence

from event_manager.tabulation.engine import Result
from event_manager.tabulation.files.json_files import read_json
from event_manager.tabulation.files.records import Record, records
from event_manager.tabulation.files.sheet import Sheet
from event_manager.tabulation.files.sheet_files import read_bytes
from event_manager.tabulation.files.troubles import Troubles
from event_manager.tabulation.model import BadInput, Decision, ScoringError, Trouble, Where
from event_manager.tabulation.words import listed

_COLUMNS = ("decision", "position", "entry", "by", "reason")


def is_json(path: str) -> bool:
    """Whether a file of decisions is JSON, by its name."""
    return path.casefold().endswith(".json")


def read_decisions(source: Sheet | str | None, troubles: Troubles) -> Sequence[Decision]:
    """The decisions of a sheet, or of the JSON file of that name, in an order that does not hang on that of the rows.

    Faults of a sheet are noted as troubles. Raises ScoringError where JSON is not of the right shape.
    """
    if source is None:
        return ()
    found = _json_decisions(source) if isinstance(source, str) else _sheet_decisions(source, troubles)
    return sorted(found, key=lambda decision: decision.order)


def refuse_idle_decisions(result: Result) -> None:
    """Raises BadInput for each decision that opened no tie: such a one is about other entries than meant."""
    if idle := result.idle_decisions:
        left = [listed(tie.entries) for tie in result.ties if not tie.broken]
        tied = f"tied are {'; '.join(left)}" if left else "nobody is left tied"
        raise BadInput([Trouble(f"the decision by {d.by} about {listed(d.order)} opens no tie; {tied}", d.where)
                        for d in idle])  # fmt: skip


def _sheet_decisions(sheet: Sheet, troubles: Troubles) -> Iterator[Decision]:
    groups: dict[str, list[Record]] = {}
    for record in records(sheet, _COLUMNS, troubles, required=_COLUMNS[1:]):
        groups.setdefault(record.name("decision"), []).append(record)
    for group in groups.values():
        yield _of_records(group)


def _of_records(group: Sequence[Record]) -> Decision:
    entries: dict[int, str] = {}
    for record in group:
        entry, position = record.name("entry", needed=True), _position(record)
        if entry in entries.values():
            record.note(f"entry {entry} is there twice in one decision", "entry")
        if position in entries:
            record.note(
                f"position {position} is {entries[position]}'s already; a decision leaves no equals", "position"
            )
        entries.setdefault(position, entry)
    if len(group) < 2:
        group[0].note("a decision is about two entries or more; write a line for each", "entry")
    order = tuple(entry for _, entry in sorted(entries.items()))
    return Decision(order, _once(group, "by"), _once(group, "reason"), group[0].where("entry"))


def _position(record: Record) -> int:
    text = record.name("position")
    if not (text.isascii() and text.isdecimal() and int(text)):
        record.note(f"the position is a whole number from 1, 1 the best, not “{text}”", "position")
        return -record.row.line  # apart from all others, lest one fault be told as two
    return int(text)


def _once(group: Sequence[Record], column: str) -> str:
    """What the lines of one decision say in that column; blank lines say nothing."""
    said = [(record, text) for record in group if (text := record.name(column))]
    if not said:
        group[0].note(f"{column} is blank; a decision names who made it and why", column)
        return ""
    for record, text in said[1:]:
        if text != said[0][1]:
            record.note(
                f"{column} was “{said[0][1]}” before; a second decision needs its own name under decision", column
            )
    return said[0][1]


def _json_decisions(path: str) -> Iterator[Decision]:
    data = read_json(path)
    if not isinstance(data, list):
        raise ScoringError(
            f'{path}: write a list such as [{{"order": ["12", "7"], "by": "Ada Lind", "reason": "..."}}]'
        )
    for item, line in zip(data, _lines(path), strict=True):
        yield _of_json(item, Where(path, line))


def _of_json(item: object, where: Where) -> Decision:
    match item:
        case {"order": [str(), str(), *_] as order, "by": str(by), "reason": str(reason), **rest} if not rest:
            names = [entry for entry in order if isinstance(entry, str) and entry.strip()]
            if len(set(names)) == len(order) and by.strip() and reason.strip():
                return Decision(tuple(names), by.strip(), reason.strip(), where)
    raise BadInput(
        [Trouble("a decision has order (two entries or more, as texts, best first, none twice), by and reason", where)]
    )


def _lines(path: str) -> Iterator[int]:
    """The line at which each item of a file that holds a JSON list begins."""
    text = read_bytes(path).decode("utf-8-sig")
    decoder, at = json.JSONDecoder(), text.index("[") + 1
    while True:
        while text[at] in " \t\r\n,":
            at += 1
        if text[at] == "]":
            return
        yield text.count("\n", 0, at) + 1
        _, at = decoder.raw_decode(text, at)
