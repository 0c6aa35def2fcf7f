"""Rule sets shipped with the product: one JSON file each, every one with worked examples that it must reproduce."""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TypedDict

from event_manager.tabulation.engine import tabulate
from event_manager.tabulation.model import BadRules, Entry, FactRow, Inputs, MarkRow, ScoringError
from event_manager.tabulation.rules import Case, RuleSet, parse_rules


@cache
def rule_set_names() -> tuple[str, ...]:
    """The names of all shipped rule sets, sorted."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(f.name.removesuffix(".json") for f in files if f.name.endswith(".json")))


@cache
def load_rule_set(name: str) -> RuleSet:
    """A shipped rule set. Raises BadRules naming those there are."""
    if name not in rule_set_names():
        raise BadRules(f"there is no rule set “{name}”; there are {', '.join(rule_set_names())}")
    file = resources.files(__name__) / f"{name}.json"
    return parse_rules(json.loads(file.read_text(encoding="utf-8")), source=f"{name}.json")


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """What one worked example gave; no faults: it was reproduced."""

    title: str
    faults: tuple[str, ...]


def check_rule_set(rules: RuleSet) -> list[CaseOutcome]:
    """Runs every worked example of a rule set."""
    return [CaseOutcome(case.title, tuple(_faults(rules, case))) for case in rules.cases]


def case_inputs(case: Case) -> Inputs:
    """The inputs of a worked example: lines of comma-separated text, the first naming the columns; entry * is all."""
    marks = [MarkRow(row["entry"], row.get("judge", ""), row["mark"], **_unit(row)) for row in _records(case.marks)]
    entries: list[Entry] = []
    facts: list[FactRow] = []
    for row in _records(case.entries):
        entry, unit = row.pop("entry").replace("*", ""), _unit(row)
        order = row.pop("running_order", "")
        if entry and entry not in {e.id for e in entries}:
            entries.append(Entry(entry, order=int(order) if order else None))
        facts += [FactRow(entry, fact, value, **unit) for fact, value in row.items() if value and fact not in unit]
    return Inputs(marks, entries, facts)


class _Unit(TypedDict):
    part: str
    criterion: str
    category: str


def _unit(row: dict[str, str]) -> _Unit:
    return {"part": row.get("part", ""), "criterion": row.get("criterion", ""), "category": row.get("category", "")}


def _records(lines: tuple[str, ...]) -> list[dict[str, str]]:
    if not lines:
        return []
    header, *rows = [[cell.strip() for cell in line.split(",")] for line in lines]
    return [dict(zip(header, row, strict=True)) for row in rows]


def _faults(rules: RuleSet, case: Case) -> list[str]:
    try:
        result = tabulate(rules, case_inputs(case))
    except ScoringError as error:
        return [str(error)]
    except (KeyError, ValueError) as error:
        return [f"the example cannot be read ({error}): its first line names the columns, entry and mark among them"]
    faults = [
        f"entry {entry}: place {got or 'none'}, expected {case.places.get(entry, 'none')}"
        for entry, got in result.places.items()
        if got != case.places.get(entry, "")
    ]
    faults += [
        f"entry {entry}: total {result.totals.get(entry)}, expected {total}"
        for entry, total in case.totals.items()
        if result.totals.get(entry) != total
    ]
    ties = len(result.ties)
    return [*faults, f"{ties} ties, expected {case.ties}"] if ties != case.ties else faults
