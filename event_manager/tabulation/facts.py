"""Facts of entries: read, checked, and found again by unit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import get_args

from event_manager.tabulation.exact import parse_decimal
from event_manager.tabulation.files.troubles import Troubles
from event_manager.tabulation.grid import Key, Unit
from event_manager.tabulation.levels import UNIT, Levels, fact_key, natural
from event_manager.tabulation.model import FactRow, State

STATE, SEGMENT = "state", "segment"
_STATES: tuple[State, ...] = get_args(State)


@dataclass(slots=True)
class Facts:
    """Numbers and words by fact and unit; `states` of units (a blank unit is the entry as a whole)."""

    numbers: dict[str, dict[Unit, Fraction]] = field(default_factory=dict)
    words: dict[str, dict[Unit, str]] = field(default_factory=dict)
    states: dict[Unit, State] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FactReader:
    """Reads the facts of one tabulation.

    `entries` there are; `units` that have marks; `read`: the facts the rule set uses; `adding_up`: those of them of
    which a unit may have several.
    """

    entries: Collection[str]
    units: Collection[Key]
    read: Collection[str]
    adding_up: Collection[str]
    levels: Levels

    def facts(self, rows: Sequence[FactRow], troubles: Troubles) -> Facts:
        """All facts. Troubles: unknown entries and units, facts nobody reads, no numbers, contradictions."""
        facts, seen = Facts(), dict[tuple[str, Unit], str]()
        names = {dimension: {getattr(key, dimension) for key in self.units} - {""} for dimension in UNIT}
        for row in rows:
            if not row.value:
                continue
            key = fact_key(self.levels, row)
            unit = Unit(row.entry, key.category, key.part, key.criterion)
            unknown = [d for d in UNIT if names[d] and getattr(key, d) and getattr(key, d) not in names[d]]
            repeated = row.fact not in self.adding_up and seen.setdefault((row.fact, unit), row.value) != row.value
            if row.entry and row.entry not in self.entries:
                troubles.add(f"unknown entry {row.entry}", row.where)
            elif unknown and row.fact != STATE:
                there = ", ".join(sorted(names[unknown[0]], key=natural))
                troubles.add(
                    f"nothing is marked in {unknown[0]} {getattr(key, unknown[0])}; there are {there}", row.where
                )
            elif repeated:
                troubles.add(f"{row.fact} of {row.entry or 'all entries'} is stated twice, differently", row.where)
            else:
                self._take(row, unit, facts, troubles)
        return facts

    def _take(self, row: FactRow, unit: Unit, facts: Facts, troubles: Troubles) -> None:
        if row.fact == STATE:
            state = row.value.casefold()
            if state in _STATES:
                facts.states[unit] = state
            else:
                troubles.add(f"state “{row.value}” is none of {', '.join(_STATES)}", row.where)
        elif row.fact == SEGMENT:
            facts.words.setdefault(SEGMENT, {})[unit] = row.value
        elif row.fact not in self.read:
            troubles.add(f"this rule set does not use {row.fact}; choose one that does, or leave it out", row.where)
        else:
            self._take_number(row, unit, facts, troubles)

    def _take_number(self, row: FactRow, unit: Unit, facts: Facts, troubles: Troubles) -> None:
        try:
            value = parse_decimal(row.value)
        except ValueError as error:
            troubles.add(f"{row.fact}: {error}", row.where)
            return
        numbers = facts.numbers.setdefault(row.fact, {})
        if row.fact in self.adding_up:
            value = abs(value) + numbers.get(unit, 0)
        numbers[unit] = value


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
