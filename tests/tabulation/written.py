"""Short ways to write a contest down: marks as a table, facts and rule sets as plain data."""

from collections.abc import Mapping, Sequence

from event_manager.tabulation.engine import Result, tabulate
from event_manager.tabulation.model import Decision, Entry, FactRow, Inputs, Judge, MarkRow
from event_manager.tabulation.rules import RuleSet, parse_rules


def marks(table: Mapping[str, str], *, part: str = "", criterion: str = "", category: str = "") -> list[MarkRow]:
    """Entry -> marks of judges A, B, C ... separated by blanks; "-" for none."""
    return [
        MarkRow(entry, "ABCDEFGHIJ"[i], mark, part, criterion, category)
        for entry, row in table.items()
        for i, mark in enumerate(row.split())
        if mark != "-"
    ]


def rule_set(*stages: Mapping[str, object], **fields: object) -> RuleSet:
    """A rule set of these stages."""
    named = {"name": "test", "version": "1", "title": "Test", "source": "made up for a test"}
    return parse_rules({**named, "stages": list(stages), **fields})


def sum_rules(**fields: object) -> RuleSet:
    """Sums over everything."""
    return rule_set(
        *({"kind": "sum", "over": d, "name": d} for d in ("judge", "criterion", "part", "category")), **fields
    )


def mean_rules(**fields: object) -> RuleSet:
    """Means over judges, sums over the rest."""
    sums = ({"kind": "sum", "over": d, "name": d} for d in ("criterion", "part", "category"))
    return rule_set({"kind": "mean", "name": "judge"}, *sums, **fields)


def result_of(
    rules: RuleSet,
    rows: Sequence[MarkRow],
    *facts: tuple[str, str, str],
    entries: Sequence[Entry] = (),
    judges: Sequence[Judge] = (),
    decisions: Sequence[Decision] = (),
) -> Result:
    """The tabulation; a fact is (entry, fact, value)."""
    return tabulate(rules, Inputs(rows, entries, [FactRow(*fact) for fact in facts], judges, decisions))
