"""The result document: marks, rule set and result in one file that anybody can recompute byte for byte.

Its `hash` is the SHA-256 of the canonical bytes of everything else in it: JSON with sorted keys, no blanks, UTF-8.
Rows are sorted, so the order of the input rows never shows; names of files are left out.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from event_manager.tabulation.differences import differences
from event_manager.tabulation.engine import Result, tabulate
from event_manager.tabulation.model import (
    Decision,
    Entry,
    FactRow,
    Inputs,
    Judge,
    MarkRow,
    Placed,
    ScoringError,
)
from event_manager.tabulation.rules import parse_rules

FORMAT = "event-manager-result/1"
ENGINE = "1"
"""Version of the arithmetic; it changes only when the same input could give other bytes."""

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a document is what it claims; `faults` say what is not."""

    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """No fault was found."""
        return not self.faults


def to_document(result: Result) -> Document:
    """The document of a result, `hash` included."""
    document: Document = {
        "format": FORMAT,
        "engine": ENGINE,
        "ruleSet": result.rules.model_dump(mode="json", by_alias=True, exclude={"cases"}),
        "inputs": _inputs(result.inputs),
        "results": [_line(line) for line in result.lines],
        "ties": [{"entries": list(t.entries), "broken": t.broken, "how": t.how} for t in result.ties],
        "warnings": list(result.warnings),
    }
    return document | {"hash": hash_of(document)}


def canonical_bytes(document: Mapping[str, object]) -> bytes:
    """The one way to write a document."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def hash_of(document: Mapping[str, object]) -> str:
    """SHA-256 (hexadecimal) of the document without its `hash`."""
    body = {name: value for name, value in document.items() if name != "hash"}
    return hashlib.sha256(canonical_bytes(body)).hexdigest()


def verify(document: Mapping[str, Any]) -> Verdict:
    """Recomputes a document from its own inputs and rule set and compares every byte."""
    if document.get("format") != FORMAT:
        return Verdict((f"format is {document.get('format')!r}, this program verifies {FORMAT}",))
    if document.get("engine") != ENGINE:
        return Verdict((f"computed by engine {document.get('engine')!r}, this is engine {ENGINE}: use that one",))
    faults = []
    try:
        if document.get("hash") != hash_of(document):
            faults.append("the hash is not that of the content: the file was changed after it was written")
        again = to_document(tabulate(parse_rules(document.get("ruleSet")), inputs_of(document)))
    except UnicodeEncodeError:  # half a surrogate pair, which JSON can write and no text can hold
        return Verdict(("the content holds a character that does not exist",))
    except ScoringError as error:
        return Verdict((*faults, f"the content cannot be tabulated: {error}"))
    claimed = {name: value for name, value in document.items() if name != "hash"}
    del again["hash"]
    return Verdict((*faults, *differences(claimed, again)))


def inputs_of(document: Mapping[str, Any]) -> Inputs:
    """The inputs of a document. Raises ScoringError where they are not of the right shape."""
    try:
        rows = document["inputs"]
        return Inputs(
            marks=[MarkRow(*cells) for cells in map(_texts, rows["marks"])],
            entries=[_entry(row) for row in rows["entries"]],
            facts=[FactRow(*cells) for cells in map(_texts, rows["facts"])],
            judges=[_judge(row) for row in rows["judges"]],
            decisions=[_decision(row) for row in rows["decisions"]],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ScoringError(f"inputs are damaged ({error})") from None


def _texts(row: object) -> tuple[str, str, str, str, str, str]:
    match row:
        case [str(a), str(b), str(c), str(d), str(e), str(f)]:
            return a, b, c, d, e, f
    raise ValueError(f"{row!r} is no row of six texts")


def _entry(row: object) -> Entry:
    match row:
        case [str(id_), str(name), None | int() as order, str(club)] if not isinstance(order, bool):
            return Entry(id_, name, order, club)
    raise ValueError(f"{row!r} is no entry")


def _judge(row: object) -> Judge:
    match row:
        case [str(id_), str(name), bool(head), bool(tie_break), bool(shadow), str(group), str(club)]:
            return Judge(id_, name, head, tie_break, shadow, group, club)
    raise ValueError(f"{row!r} is no judge")


def _decision(row: object) -> Decision:
    match row:
        case {"order": [*order], "by": str(by), "reason": str(reason)} if all(isinstance(e, str) for e in order):
            return Decision(tuple(map(str, order)), by, reason)
    raise ValueError(f"{row!r} is no decision")


def _inputs(inputs: Inputs) -> Document:
    return {
        "marks": sorted(list(row[:6]) for row in inputs.marks),
        "entries": sorted([list(entry[:4]) for entry in inputs.entries], key=lambda row: str(row[0])),
        "facts": sorted(list(row[:6]) for row in inputs.facts),
        "judges": sorted([list(judge) for judge in inputs.judges], key=lambda row: str(row[0])),
        "decisions": [{"order": list(d.order), "by": d.by, "reason": d.reason} for d in inputs.decisions],
    }


def _line(line: Placed) -> Document:
    shown: Document = {
        "entry": line.entry,
        "place": line.place,
        "total": line.total,
        "parts": line.parts,
        "explanation": "\n".join(line.explanation),
    }
    if line.state != "entered":
        shown["state"] = line.state
    if line.advanced is not None:
        shown["advanced"] = line.advanced
    if line.award:
        shown["award"] = line.award
    return shown
