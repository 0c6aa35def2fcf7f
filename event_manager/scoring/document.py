"""The result document: marks, rule set and result in one file that anybody can recompute byte for byte.

Its `hash` is the SHA-256 of the canonical bytes of everything else in it: JSON with sorted keys, no blanks, UTF-8.
Rows are sorted, so the order of the input rows never shows; names of files are left out.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from event_manager.scoring.engine import Result, tabulate
from event_manager.scoring.model import (
    Decision,
    Entry,
    FactRow,
    Inputs,
    Judge,
    MarkRow,
    Placed,
    ScoringError,
)
from event_manager.scoring.rules import parse_rules

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
    if document.get("hash") != hash_of(document):
        faults.append("the hash is not that of the content: the file was changed after it was written")
    try:
        again = to_document(tabulate(parse_rules(document.get("ruleSet")), inputs_of(document)))
    except ScoringError as error:
        return Verdict((*faults, f"the content cannot be tabulated: {error}"))
    changed = [name for name in again if name != "hash" and again[name] != document.get(name)]
    faults += [f"{name} is not what the marks and the rule set give" for name in changed]
    return Verdict(tuple(faults))


def inputs_of(document: Mapping[str, Any]) -> Inputs:
    """The inputs of a document. Raises ScoringError where they are not of the right shape."""
    try:
        rows = document["inputs"]
        return Inputs(
            marks=[MarkRow(*cells) for cells in map(_texts, rows["marks"])],
            entries=[Entry(*row) for row in rows["entries"]],
            facts=[FactRow(*cells) for cells in map(_texts, rows["facts"])],
            judges=[Judge(*row) for row in rows["judges"]],
            decisions=[Decision(tuple(row["order"]), row["by"], row["reason"]) for row in rows["decisions"]],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ScoringError(f"inputs are damaged ({error})") from None


def _texts(row: object) -> tuple[str, str, str, str, str, str]:
    match row:
        case [str(a), str(b), str(c), str(d), str(e), str(f)]:
            return a, b, c, d, e, f
    raise ValueError(f"{row!r} is no row of six texts")


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
        "explanation": list(line.explanation),
    }
    if line.state != "entered":
        shown["state"] = line.state
    if line.advanced is not None:
        shown["advanced"] = line.advanced
    if line.award:
        shown["award"] = line.award
    return shown
