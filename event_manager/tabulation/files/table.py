"""Rows of marks as columns: read fast when all is well, walked once more to name what is not."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property

from event_manager.tabulation.files.troubles import Troubles
from event_manager.tabulation.grid import Dimension, Key
from event_manager.tabulation.levels import UNIT, Levels
from event_manager.tabulation.limits import MarkReader, common_denominator
from event_manager.tabulation.model import MarkRow
from event_manager.tabulation.rules import MarkRule, RuleSet

Texts = dict[Key, dict[str, str]]
"""Column -> entry -> the mark as written."""
_Slots = dict[str, dict[str, dict[str, dict[str, dict[str, str]]]]]
"""Category -> part -> criterion -> judge -> entry -> the mark as written."""


class Table:
    """The marks of a contest by column; `denom` makes all of them whole numbers."""

    def __init__(self, rules: RuleSet, marks: Sequence[MarkRow], levels: Levels) -> None:
        self._rules, self._marks, self._levels = rules, marks, levels
        self._cells = _columns(marks, levels)
        by_criterion: dict[str, set[str]] = defaultdict(set)
        for key, column in self._cells.items():
            by_criterion[key.criterion].update(column.values())
        self.denom = common_denominator(set().union(*by_criterion.values()))
        self._readers = self._read(by_criterion)

    @property
    def keys(self) -> Collection[Key]:
        """The columns there are."""
        return self._cells.keys()

    @cached_property
    def entries(self) -> set[str]:
        """Everybody with a mark."""
        return set().union(*self._cells.values())

    def column(self, key: Key, entries: tuple[str, ...]) -> list[int | str | None]:
        """The marks of these entries: numerators over `denom`, words, or None."""
        read, cells = self._readers[key.criterion], self._cells[key]
        in_order = len(cells) == len(entries) and tuple(cells) == entries
        return list(map(read.__getitem__, cells.values() if in_order else map(cells.get, entries)))

    def is_whole(self, key: Key) -> bool:
        """Whether everybody has a number in that column."""
        return len(self._cells[key]) == len(self.entries) and not self._readers[key.criterion].has_words

    def check(self, entries: Collection[str], judges: Collection[str], troubles: Troubles) -> None:
        """Notes marks that do not fit: unknown entries, judges and criteria, bad numbers, duplicates.

        `judges` empty: anybody may judge.
        """
        criteria = [c.name for c in self._rules.criteria]
        whole = sum(map(len, self._cells.values())) == len(self._marks)
        readable = not any(reader.refused for reader in self._readers.values())
        known = self.entries <= set(entries)
        named = all(
            (not criteria or k.criterion in criteria) and (not judges or k.judge in judges) for k in self._cells
        )
        if not (whole and readable and known and named and not self._half_named):
            self._walk(set(entries), criteria, judges, troubles)

    @cached_property
    def _half_named(self) -> dict[Key, Dimension]:
        """Columns that leave a dimension blank which others beside them name (a part in the same category, ...)."""
        named = {key[:i] for key in self._cells for i in range(len(UNIT)) if key[i]}
        return {key: UNIT[i] for key in self._cells for i in range(len(UNIT)) if not key[i] and key[:i] in named}

    def _walk(
        self, entries: Collection[str], criteria: Sequence[str], judges: Collection[str], troubles: Troubles
    ) -> None:
        seen: dict[tuple[Key, str], MarkRow] = {}
        texts: dict[str, set[str]] = defaultdict(set)  # also those that a duplicate mark overwrote
        for row in self._marks:
            texts[self._levels.key(row.category, row.part, row.criterion).criterion].add(row.mark)
        readers = self._read(texts)
        for row in self._marks:
            key = self._levels.key(row.category, row.part, row.criterion, row.judge)
            if row.entry not in entries:
                troubles.add(f"unknown entry {row.entry}", row.where)
            if blank := self._half_named.get(key):
                troubles.add(f"{blank} is blank here and named for other marks; name it for all", row.where)
            if criteria and key.criterion not in criteria:
                troubles.add(f"unknown criterion “{key.criterion}”; there are {', '.join(criteria)}", row.where)
            if judges and key.judge not in judges:
                troubles.add(f"judge {key.judge} is not on the panel", row.where)
            if refusal := readers[key.criterion].refused.get(row.mark):
                troubles.add(f"{refusal} (judge {row.judge}, entry {row.entry})", row.where)
            first = seen.setdefault((key, row.entry), row)
            if first is not row:
                troubles.add(_twice(row, key, first), row.where)

    def _read(self, by_criterion: Mapping[str, set[str]]) -> dict[str, MarkReader]:
        """A reader for each criterion; criteria of the same limits share one."""
        limits = {name: self._limits(name) for name in by_criterion}
        texts: dict[MarkRule, set[str]] = defaultdict(set)
        for name, written in by_criterion.items():
            texts[limits[name]] |= written
        readers = {rule: MarkReader(rule, self.denom, written) for rule, written in texts.items()}
        return {name: readers[rule] for name, rule in limits.items()}

    def _limits(self, criterion: str) -> MarkRule:
        common = self._rules.marks
        own = next((c for c in self._rules.criteria if c.name == criterion), None)
        if own is None:
            return common
        limits = {name: getattr(own, name) for name in ("min", "max", "step") if getattr(own, name) is not None}
        return common.model_copy(update=limits)


def _columns(marks: Sequence[MarkRow], levels: Levels) -> Texts:
    """The marks by column. The hot loop of a tabulation: nested look-ups take less than a tuple made for each row."""
    slots: _Slots = defaultdict(lambda: defaultdict(lambda: defaultdict(lambda: defaultdict(dict))))
    for entry, judge, mark, part, criterion, category, _ in marks:
        slots[category][part][criterion][judge][entry] = mark
    return {
        levels.key(category, part, criterion, judge): column
        for category, parts in slots.items()
        for part, criteria in parts.items()
        for criterion, panel in criteria.items()
        for judge, column in panel.items()
    }


def _twice(row: MarkRow, key: Key, first: MarkRow) -> str:
    unit = key.without("judge").label
    before = f"in line {first.where.line}" if first.where else "before"
    who = f"judge {row.judge}" if row.judge else "this mark"
    return f"duplicate mark: {who} has marked entry {row.entry}{f' for {unit}' if unit else ''} {before}"
