"""From rows to what the engine reads. Entries go by number, judges by seat label, criteria by key: as people do."""

from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID

from event_manager.kit.db import Row
from event_manager.tabulation.model import Decision, Entry, FactRow, Inputs, Judge, MarkRow
from event_manager.tabulation.rules import RuleSet, parse_rules

MARKING_ROLES = ("head", "regular", "tie_break", "shadow")


@dataclass(frozen=True)
class CategoryRows:
    """Everything a category's result is made from."""

    parts: Sequence[str]
    criteria: Sequence[Row]
    entries: Sequence[Row]
    seats: Sequence[Row]
    recusals: frozenset[tuple[UUID, UUID]]
    marks: Sequence[Row]
    deductions: Sequence[Row] = ()
    decisions: Sequence[Row] = ()


@dataclass(frozen=True)
class Owed:
    """What a seat still has to mark."""

    seat: Row
    missing: int
    total: int


def decimal_text(value: Decimal) -> str:
    """Digits as they were typed, never in exponent form."""
    return format(value, "f")


def labels(entries: Sequence[Row]) -> dict[UUID, str]:
    """What each entry is called in results: its number, else its name, made unique."""
    taken: set[str] = set()
    found: dict[UUID, str] = {}
    for row in entries:
        label = row["number"] or row["name"]
        while label in taken:
            label = f"{label} ({str(row['id'])[-4:]})"
        taken.add(label)
        found[row["id"]] = label
    return found


def rules_for(document: dict[str, Any], criteria: Sequence[Row]) -> RuleSet:
    """The rule set of a category: its document with the category's own criteria and their limits.

    A single criterion is folded away, so that rule sets of one mark an entry (places, ballots) read it as such.
    Raises BadRules.
    """
    if len(criteria) == 1:
        [only] = criteria
        marks = {**document.get("marks", {})}
        if marks.get("kind", "score") == "score":
            marks.update({name: decimal_text(only[name]) for name in ("min", "max", "step")})
        return parse_rules({**document, "marks": marks, "criteria": []})
    own = [
        {
            "name": row["key"],
            "title": row["name"],
            **{name: decimal_text(row[name]) for name in ("weight", "min", "max", "step")},
        }
        for row in criteria
    ]
    return parse_rules({**document, "criteria": own})


def owed(rows: CategoryRows) -> list[Owed]:
    """What every marking seat owes, and how much of it is missing."""
    units = max(1, len(rows.parts)) * len(rows.criteria)
    given: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for mark in rows.marks:
        given[mark["seat"], mark["entry"]] += 1
    found = []
    for seat in rows.seats:
        if seat["state"] != "active" or seat["role"] not in MARKING_ROLES:
            continue
        entries = [
            e["id"] for e in rows.entries if e["state"] == "entered" and (seat["id"], e["id"]) not in rows.recusals
        ]
        total = units * len(entries)
        found.append(Owed(seat, total - sum(given[seat["id"], entry] for entry in entries), total))
    return found


def inputs_of(rows: CategoryRows) -> Inputs:
    """The engine's inputs."""
    named = labels(rows.entries)
    called = {e["entry_id"]: named[e["id"]] for e in rows.entries}
    return Inputs(
        marks=_marks(rows, named),
        entries=[Entry(named[e["id"]], e["name"], e["running_order"], e["club"]) for e in rows.entries],
        facts=[*_states(rows, named), *_facts(rows, named), *_deductions(rows, called)],
        judges=[
            Judge(
                seat["label"], seat["judge_name"], head=seat["role"] == "head", tie_break=seat["role"] == "tie_break",
                shadow=seat["role"] == "shadow", group=seat["group_label"],
            )
            for seat in rows.seats
            if seat["role"] in MARKING_ROLES
        ],
        decisions=[
            Decision(tuple(called[UUID(e)] for e in d["entry_ids"]), d["decided_by_name"], d["reason"])
            for d in reversed(rows.decisions)  # the first that names the tied entries counts: the latest
        ],
    )  # fmt: skip


def _marks(rows: CategoryRows, named: dict[UUID, str]) -> list[MarkRow]:
    keys = {c["id"]: c["key"] if len(rows.criteria) > 1 else "" for c in rows.criteria}
    seats = {s["id"]: s for s in rows.seats}
    unheard = _unheard(rows)
    counted = [
        MarkRow(named[m["entry"]], seats[m["seat"]]["label"], decimal_text(m["value"]), m["part"], keys[m["criterion"]])
        for m in rows.marks
        if m["seat"] in seats
        and (m["seat"], m["entry"]) not in rows.recusals
        and (m["seat"], m["entry"], m["part"]) not in unheard
    ]
    return [*counted, *_words(rows, named, list(keys.values()), unheard)]


def _unheard(rows: CategoryRows) -> set[tuple[UUID, UUID, str]]:
    """Seat, entry and part where an absent judge has not given every criterion: half a judgement is none."""
    given = Counter((m["seat"], m["entry"], m["part"]) for m in rows.marks)
    absent = [seat["id"] for seat in rows.seats if seat["state"] == "absent"]
    return {
        unit
        for unit in product(absent, (e["id"] for e in rows.entries if e["state"] == "entered"), rows.parts or [""])
        if given[unit] < len(rows.criteria)
    }


def _words(
    rows: CategoryRows, named: dict[UUID, str], keys: Sequence[str], unheard: Set[tuple[UUID, UUID, str]]
) -> list[MarkRow]:
    """``recused`` and ``absent`` where a seat gives no mark and says so."""
    return [
        MarkRow(named[entry["id"]], seat["label"], word, part, key)
        for seat, entry, part in product(rows.seats, rows.entries, rows.parts or [""])
        if (word := _word(rows, unheard, (seat["id"], entry["id"], part)))
        for key in keys
    ]


def _word(rows: CategoryRows, unheard: Set[tuple[UUID, UUID, str]], unit: tuple[UUID, UUID, str]) -> str:
    if unit[:2] in rows.recusals:
        return "recused"
    return "absent" if unit in unheard else ""


def _states(rows: CategoryRows, named: dict[UUID, str]) -> list[FactRow]:
    return [FactRow(named[e["id"]], "state", e["state"]) for e in rows.entries if e["state"] != "entered"]


def _facts(rows: CategoryRows, named: dict[UUID, str]) -> list[FactRow]:
    """Facts of entries; ``difficulty/Dive 2`` is the difficulty in the part "Dive 2"."""
    found = []
    for entry in rows.entries:
        for fact, value in (entry["facts"] or {}).items():
            name, _, part = fact.partition("/")
            if value is not None:
                found.append(FactRow(named[entry["id"]], name, str(value), part))
    return found


def _deductions(rows: CategoryRows, called: dict[UUID, str]) -> list[FactRow]:
    """Approved deductions, added up per entry (of the contest) and part."""
    total: dict[tuple[UUID, str], Decimal] = defaultdict(Decimal)
    for row in rows.deductions:
        if row["state"] == "applied":
            total[row["entry_id"], row["part"]] += row["points"]
    return [FactRow(called[entry], "deduction", decimal_text(points), part) for (entry, part), points in total.items()]
