"""Facts of entries: read, checked, and found again by unit."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import get_args

from event_manager.scoring.exact import parse_decimal
from event_manager.scoring.grid import Unit
from event_manager.scoring.levels import Levels, fact_key
from event_manager.scoring.model import FactRow, State
from event_manager.scoring.troubles import Troubles

STATE, SEGMENT = "state", "segment"
_STATES: tuple[State, ...] = get_args(State)


@dataclass(slots=True)
class Facts:
    """Numbers and words by fact and unit; `states` of units (a blank unit is the entry as a whole)."""

    numbers: dict[str, dict[Unit, Fraction]] = field(default_factory=dict)
    words: dict[str, dict[Unit, str]] = field(default_factory=dict)
    states: dict[Unit, State] = field(default_factory=dict)


def read_facts(
    rows: Collection[FactRow], known: Collection[str], read: Collection[str], levels: Levels, troubles: Troubles
) -> Facts:
    """All facts. Troubles: unknown entries, facts the rule set does not read, no numbers, contradictions.

    `known` are the entries there are, `read` the facts that the rule set's stages use.
    """
    facts, seen = Facts(), dict[tuple[str, Unit], str]()
    for row in rows:
        if not row.value:
            continue
        key = fact_key(levels, row)
        unit = Unit(row.entry, key.category, key.part, key.criterion)
        if row.entry and row.entry not in known:
            troubles.add(f"unknown entry {row.entry}", row.where)
        elif seen.setdefault((row.fact, unit), row.value) != row.value:
            troubles.add(f"{row.fact} of {row.entry or 'all entries'} is stated twice, differently", row.where)
        else:
            _take(row, unit, facts, read, troubles)
    return facts


def _take(row: FactRow, unit: Unit, facts: Facts, read: Collection[str], troubles: Troubles) -> None:
    if row.fact == STATE:
        state = row.value.casefold()
        if state in _STATES:
            facts.states[unit] = state
        else:
            troubles.add(f"state “{row.value}” is none of {', '.join(_STATES)}", row.where)
    elif row.fact == SEGMENT:
        facts.words.setdefault(SEGMENT, {})[unit] = row.value
    elif row.fact not in read:
        troubles.add(f"this rule set does not use {row.fact}; choose one that does, or leave it out", row.where)
    else:
        try:
            facts.numbers.setdefault(row.fact, {})[unit] = parse_decimal(row.value)
        except ValueError as error:
            troubles.add(f"{row.fact}: {error}", row.where)


def inherited(facts: Mapping[Unit, Fraction], unit: Unit) -> Fraction | None:
    """The fact that holds for a unit: its own, else the narrowest one stated for something around it.

    For facts that multiply (factor, difficulty). A fact of the entry counts before one of all entries.
    """
    for entry in (unit.entry, ""):
        for category, part in ((unit.category, unit.part), ("", unit.part), (unit.category, ""), ("", "")):
            for criterion in (unit.criterion, ""):
                value = facts.get(Unit(entry, category, part, criterion))
                if value is not None:
                    return value
    return None
