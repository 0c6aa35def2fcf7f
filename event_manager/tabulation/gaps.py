"""Marks that are not there: refused, left out or filled, as the rule set's policies say. Never counted as zero."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from fractions import Fraction

from event_manager.tabulation.exact import Column, Number
from event_manager.tabulation.facts import Facts
from event_manager.tabulation.files.troubles import Troubles
from event_manager.tabulation.grid import Key, Unit
from event_manager.tabulation.limits import SAID_ABSENT, SAID_RECUSED
from event_manager.tabulation.model import Judge, State
from event_manager.tabulation.rules import RuleSet
from event_manager.tabulation.words import listed, plural

Cells = Sequence[int | str | None]
_MEND = "enter it, or write absent or recused as the mark"


@dataclass(frozen=True, slots=True)
class Gaps:
    """Closes the gaps of one tabulation. `whole`: the columns without any. `roster`: the panel where one is
    given, else whoever marked a unit.
    """

    rules: RuleSet
    entries: tuple[str, ...]
    states: Mapping[str, State]
    facts: Facts
    roster: Mapping[str, Judge]
    troubles: Troubles
    whole: AbstractSet[Key]
    marked: dict[Key, list[bool]] = field(default_factory=dict)
    """By unit: whether each entry has any mark, or word in its place, there."""
    _unequal: dict[str, list[str]] = field(default_factory=dict)

    @property
    def warnings(self) -> list[str]:
        """What a reader of the result must know about its panels."""
        return sorted(
            f"unequal panels{f' for {listed(sorted(units))}' if any(units) else ''}: {what}"
            for what, units in self._unequal.items()
        )

    def closed(self, cells: Mapping[Key, Cells], denom: int) -> dict[Key, Column]:
        """Columns of numbers in which each None is allowed to be one; notes a trouble for each that is not."""
        kind = self.rules.marks.kind
        if kind in ("points", "comparison", "ballot"):
            # Nobody owes a mark: whom a voter does not name gets no points, ballots may end early.
            blank = 0 if kind == "points" else None
            return {key: Column([v if isinstance(v, int) else blank for v in c], denom) for key, c in cells.items()}
        units: dict[Key, dict[str, Cells]] = {}
        for key, column in cells.items():
            units.setdefault(key.without("judge"), {})[key.judge] = column
        columns: dict[Key, Column] = {}
        for unit, panel in units.items():
            closed = self._close_unit(unit, panel)
            columns.update({unit._replace(judge=name): Column(values, denom) for name, values in closed.items()})
        self._check_unmarked()
        return columns

    def _close_unit(self, unit: Key, panel: Mapping[str, Cells]) -> Mapping[str, Sequence[Number | None]]:
        unseen = self._unseen_judges(panel)
        if not unseen and all(unit._replace(judge=name) in self.whole for name in panel):
            self.marked[unit] = [True] * len(self.entries)
            return panel  # type: ignore[return-value]  # every cell is a number
        closed: dict[str, list[Number | None]] = {name: [] for name in panel}
        marked = self.marked[unit] = []
        for row in zip(*panel.values(), strict=True):
            numbers = [v for v in row if isinstance(v, int)]
            fill = Fraction(sum(numbers), len(numbers)) if numbers else None
            for name, value in zip(panel, row, strict=True):
                closed[name].append(value if isinstance(value, int) else self._stand_in(value, fill))
            marked.append(any(v not in (None, "") for v in row))
        if self.rules.policies.missing == "block" and self.rules.policies.panel == "refuse":
            self._check_panel(unit, panel, unseen)
        if self.rules.marks.kind == "score":
            self._warn_of_unequal(unit, closed)
        return closed

    def _warn_of_unequal(self, unit: Key, closed: Mapping[str, Sequence[Number | None]]) -> None:
        sizes = [sum(v is not None for v in row) for row in zip(*closed.values(), strict=True)]
        most = max(sizes, default=0)
        fewer = [f"{e} has {n}" for e, n in zip(self.entries, sizes, strict=True) if 0 < n < most]
        if fewer:
            self._unequal.setdefault(f"{listed(fewer)} of {plural(most, 'mark')}", []).append(unit.label)

    def _unseen_judges(self, panel: Mapping[str, Cells]) -> list[str]:
        """Judges of the roster who marked nobody here though they should (of the groups of those who did)."""
        seats = [j for j in self.roster.values() if not (j.shadow or j.tie_break)]
        groups = {self.roster[name].group for name in panel if name in self.roster}
        return [j.id for j in seats if j.id not in panel and j.group in groups]

    def _stand_in(self, word: str | None, fill: Fraction | None) -> Number | None:
        """What counts in place of a mark that is no number: the mean of the others, or nothing."""
        policies = self.rules.policies
        choice = {SAID_ABSENT: policies.absent, SAID_RECUSED: policies.recused}.get(word or "", policies.missing)
        return fill if choice == "fill" else None

    def _check_panel(self, unit: Key, panel: Mapping[str, Cells], unseen: Sequence[str]) -> None:
        """Everybody marked here must be marked by the whole panel."""
        of = _of(unit)
        rows = list(zip(*panel.values(), strict=True))
        most = max((sum(v not in (None, "") for v in row) for row in rows), default=0)
        for i, row in enumerate(rows):
            missing = [name for name, v in zip(panel, row, strict=True) if v in (None, "")]
            if not self.marked[unit][i] or not (missing or unseen):
                continue
            if len(row) - len(missing) == most < len(row):
                present = listed(name for name in panel if name not in missing)
                whole = listed([*panel, *unseen])
                self.troubles.add(
                    f"mixed panels: entry {self.entries[i]} was marked by {present}{of}, the judges of all entries"
                    f" are {whole}; use one panel, or a rule set with policies.panel “allow”"
                )
            else:
                who = listed([*missing, *unseen])
                self.troubles.add(f"missing mark: entry {self.entries[i]} has none by judge {who}{of}; {_MEND}")

    def _check_unmarked(self) -> None:
        """Nobody may be left out of a unit that others were marked in, unless the policy or a state says so."""
        policy = self.rules.policies.unmarked
        if policy == "skip" or all(map(all, self.marked.values())):
            return
        for i, entry in enumerate(self.entries):
            here = [unit for unit, marked in self.marked.items() if marked[i]]
            if not here:
                self.troubles.add(
                    f"entry {entry} has no marks; enter them, or give its state (dns, withdrawn, dnf, dq)"
                )
            elif policy == "count":
                self._check_count(entry, here)
            else:
                self._check_everywhere(entry, here)

    def _check_everywhere(self, entry: str, here: Sequence[Key]) -> None:
        for unit in self.marked:
            if unit not in here and not self._excused(entry, unit):
                self.troubles.add(f"entry {entry} has no marks at all{_of(unit)}; {_MEND}, or give its state there")

    def _check_count(self, entry: str, here: Sequence[Key]) -> None:
        """In each category the entry was marked in, it has as many units as the others."""
        for category in {unit.category for unit in here}:
            most = max(
                sum(self.marked[u][i] for u in self.marked if u.category == category) for i in range(len(self.entries))
            )
            own = sum(unit.category == category for unit in here)
            if own < most and not self._excused(entry, Key(category)):
                of = _of(Key(category))
                self.troubles.add(f"entry {entry} has marks for {plural(own, 'part')}{of}, others for {most}; {_MEND}")

    def _excused(self, entry: str, unit: Key) -> bool:
        """Whether a state says why the entry has no marks there."""
        around = (Unit(entry, unit.category, unit.part), Unit(entry, "", unit.part), Unit(entry, unit.category))
        return self.states[entry] in ("dnf", "dq") or any(
            self.facts.states.get(u, "entered") != "entered" for u in around
        )


def _of(unit: Key) -> str:
    return f" for {unit.label}" if unit.label else ""
