"""Marks that are not there: refused, left out or filled, as the rule set's policies say. Never counted as zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from event_manager.scoring.exact import Column, Number
from event_manager.scoring.facts import Facts
from event_manager.scoring.grid import Dimension, Key, Unit
from event_manager.scoring.limits import SAID_ABSENT, SAID_RECUSED
from event_manager.scoring.model import Judge, State
from event_manager.scoring.rules import RuleSet
from event_manager.scoring.troubles import Troubles

Cells = Sequence[int | str | None]


@dataclass(frozen=True, slots=True)
class Gaps:
    """Closes the gaps of one tabulation. `roster`: the panel where one is given, else whoever marked a unit."""

    rules: RuleSet
    entries: tuple[str, ...]
    states: Mapping[str, State]
    facts: Facts
    order: Mapping[Dimension, tuple[str, ...]]
    roster: Mapping[str, Judge]

    def closed(self, cells: Mapping[Key, Cells], denom: int, troubles: Troubles) -> dict[Key, Column]:
        """Columns of numbers in which each None is allowed to be one."""
        if self.rules.marks.kind == "points":  # whom a voter does not name gets no points
            return {key: Column([v if isinstance(v, int) else 0 for v in c], denom) for key, c in cells.items()}
        columns: dict[Key, Column] = {}
        units: dict[Key, dict[str, Cells]] = {}
        for key, column in cells.items():
            units.setdefault(key.without("judge"), {})[key.judge] = column
        for unit, panel in units.items():
            if not self._missing_judges(unit, panel) and all(set(map(type, c)) == {int} for c in panel.values()):
                closed: Mapping[str, Sequence[Number | None]] = panel  # type: ignore[assignment]
            else:
                closed = self._close_unit(unit, panel, units, troubles)
            columns.update({unit._replace(judge=name): Column(values, denom) for name, values in closed.items()})
        self._check_entries(units, troubles)
        return columns

    def _missing_judges(self, unit: Key, panel: Mapping[str, Cells]) -> list[str]:
        """Judges of the roster who marked nobody here though they should (the whole group of those who did)."""
        seats = [j for j in self.roster.values() if not (j.shadow or j.tie_break)]
        groups = {self.roster[name].group for name in panel if name in self.roster}
        del unit
        return [j.id for j in seats if j.id not in panel and j.group in groups]

    def _close_unit(
        self, unit: Key, panel: Mapping[str, Cells], units: Mapping[Key, Mapping[str, Cells]], troubles: Troubles
    ) -> dict[str, list[Number | None]]:
        closed: dict[str, list[Number | None]] = {name: [] for name in panel}
        unseen = self._missing_judges(unit, panel)
        policies = self.rules.policies
        for i, entry in enumerate(self.entries):
            row = {name: column[i] for name, column in panel.items()}
            numbers = [v for v in row.values() if isinstance(v, int)]
            missing = [name for name, v in row.items() if v is None or v == ""] + unseen
            if missing and policies.missing == "block" and not (policies.panel == "allow" and numbers):
                self._refuse(entry, unit, missing, bool(len(missing) < len(row) + len(unseen)), units, i, troubles)
            fill = Fraction(sum(numbers), len(numbers)) if numbers else None
            for name, value in row.items():
                closed[name].append(value if isinstance(value, int) else self._stand_in(value, fill))
        return closed

    def _stand_in(self, word: str | None, fill: Fraction | None) -> Number | None:
        """What counts in place of a mark that is no number: the mean of the others, or nothing."""
        policies = self.rules.policies
        choice = {SAID_ABSENT: policies.absent, SAID_RECUSED: policies.recused}.get(word or "", policies.missing)
        return fill if choice == "fill" else None

    def _refuse(
        self,
        entry: str,
        unit: Key,
        missing: Sequence[str],
        partly: bool,
        units: Mapping[Key, Mapping[str, Cells]],
        i: int,
        troubles: Troubles,
    ) -> None:
        of = f" of {unit.label}" if unit.label else ""
        if partly:
            troubles.add(f"missing mark: entry {entry} has none by judge {', '.join(missing)}{of}; {_MEND}")
        elif not self._excused(entry, unit) and self._marked_anywhere(units, i):
            troubles.add(f"entry {entry} has no marks at all{of}; {_MEND}")

    def _excused(self, entry: str, unit: Key) -> bool:
        """Whether the entry need not have marks here: skipping is allowed, or a state says why."""
        if self.rules.policies.unmarked == "skip" or self.states[entry] == "dnf":
            return True
        around = (Unit(entry, unit.category, unit.part), Unit(entry, "", unit.part), Unit(entry, unit.category))
        return any(self.facts.states.get(u, "entered") != "entered" for u in around)

    def _marked_anywhere(self, units: Mapping[Key, Mapping[str, Cells]], i: int) -> bool:
        """Whether the entry is marked anywhere; an entry without any mark is reported once, not per unit."""
        return any(c[i] is not None for panel in units.values() for c in panel.values())

    def _check_entries(self, units: Mapping[Key, Mapping[str, Cells]], troubles: Troubles) -> None:
        columns = [c for panel in units.values() for c in panel.values()]
        if self.rules.policies.unmarked == "skip":
            return
        for i, entry in enumerate(self.entries):
            if all(c[i] is None for c in columns):
                troubles.add(f"entry {entry} has no marks; give its state (dns, withdrawn, dnf, dq) or its marks")


_MEND = "enter it, or write absent or recused as the mark"
