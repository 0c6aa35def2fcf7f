"""Short ways to write marks down for a test."""

from collections.abc import Mapping
from typing import Any

from event_manager.tabulation.engine import Result, tabulate
from event_manager.tabulation.library import load_rule_set
from event_manager.tabulation.model import Entry, FactRow, Inputs, Judge, MarkRow
from event_manager.tabulation.rules import RuleSet

Ballots = Mapping[str, Mapping[str, object]]


def order(entries: str) -> dict[str, int]:
    """ "b a" is the ballot that places b first and a second."""
    return {entry: place for place, entry in enumerate(entries.split(), start=1)}


def rows(dances: Mapping[str, Ballots]) -> list[MarkRow]:
    """part -> judge -> entry -> mark as rows."""
    return [
        MarkRow(entry, judge, str(mark), part=part)
        for part, ballots in dances.items()
        for judge, ballot in ballots.items()
        for entry, mark in ballot.items()
    ]


def inputs(
    dances: Mapping[str, Ballots],
    *,
    states: Mapping[str, str] | None = None,
    entries: str = "",
    judges: tuple[Judge, ...] = (),
) -> Inputs:
    """Inputs of a contest in several parts; `states` says who is out."""
    facts = [FactRow(entry, "state", state) for entry, state in (states or {}).items()]
    return Inputs(rows(dances), entries=[Entry(e) for e in entries.split()], facts=facts, judges=judges)


def run(rules: str | RuleSet, ballots: Ballots, **options: Any) -> Result:
    """The result of a contest with one ballot per judge."""
    return run_parts(rules, {"": ballots}, **options)


def run_parts(rules: str | RuleSet, dances: Mapping[str, Ballots], **options: Any) -> Result:
    """The result of a contest in several parts, by a shipped rule set (its name) or one made for the test."""
    rule_set = load_rule_set(rules) if isinstance(rules, str) else rules
    return tabulate(rule_set, inputs(dances, **options))


def changed(name: str, *, policies: Mapping[str, str] | None = None, **stage: object) -> RuleSet:
    """A shipped rule set with other options of its last stage."""
    rules = load_rule_set(name)
    last = rules.stages[-1].model_copy(update=stage)
    return rules.model_copy(
        update={
            "stages": (*rules.stages[:-1], last),
            "policies": rules.policies.model_copy(update=dict(policies or {})),
        }
    )
