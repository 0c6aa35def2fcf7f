"""From rows of text to the first grid: every mark checked against the rule set, every gap accounted for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from event_manager.scoring.exact import Column
from event_manager.scoring.facts import Facts, read_facts
from event_manager.scoring.gaps import Gaps
from event_manager.scoring.grid import Context, Dimension, Grid, Key, Unit
from event_manager.scoring.levels import Levels, find_levels, natural
from event_manager.scoring.limits import MarkReader, common_denominator
from event_manager.scoring.model import Inputs, Judge, MarkRow, State, Where
from event_manager.scoring.rules import MarkRule, RuleSet
from event_manager.scoring.troubles import Troubles

Cells = dict[Key, list[int | str | None]]


@dataclass(frozen=True, slots=True)
class Reading:
    """The grid of the entries in contention, and the state of every entry."""

    grid: Grid
    states: Mapping[str, State]


def read(rules: RuleSet, inputs: Inputs) -> Reading:
    """The checked marks. Raises BadInput naming everything that does not fit, BadRules for columns that cannot."""
    levels = find_levels(rules.levels, inputs.marks)
    entries = _entries(inputs)
    troubles = Troubles()
    facts = read_facts(inputs.facts, entries, rules.facts_read, levels, troubles)
    table = _Table(rules, entries, levels, known_judges={j.id for j in inputs.judges})
    table.fill(inputs.marks, troubles)
    troubles.stop_if_any()
    states: dict[str, State] = {entry: facts.states.get(Unit(entry), "entered") for entry in entries}
    staying = tuple(entry for entry in entries if _in_contention(states[entry], rules))
    judges = _judges(rules, inputs, {key.judge for key in table.cells})
    order = _order(rules, table.cells)
    counted, sealed = _split(table.cells, judges)
    gaps = Gaps(rules, staying, states, facts, judges if inputs.judges else {}, troubles)
    rows = [table.row[entry] for entry in staying]
    columns = gaps.closed({key: [cells[i] for i in rows] for key, cells in counted.items()}, table.denom)
    troubles.stop_if_any()
    context = _context(
        rules,
        inputs,
        facts,
        order=order,
        staying=staying,
        left=tuple(entry for entry in entries if entry not in staying),
        judges=judges,
        levels=levels,
        sealed={
            key: Column([v if isinstance(v, int) else None for v in (cells[i] for i in rows)], table.denom)
            for key, cells in sealed.items()
        },
    )
    return Reading(Grid(staying, columns, context), states)


@dataclass(slots=True)
class _Table:
    """Marks by column while they are read; `row` is an entry's position."""

    rules: RuleSet
    entries: tuple[str, ...]
    levels: Levels
    known_judges: set[str]
    cells: Cells = field(default_factory=dict)
    denom: int = 1
    row: dict[str, int] = field(default_factory=dict)

    def fill(self, marks: Sequence[MarkRow], troubles: Troubles) -> None:
        """Reads every row once; the hot loop of a tabulation."""
        self.denom = common_denominator({row.mark for row in marks})
        self.row = row = {entry: i for i, entry in enumerate(self.entries)}
        slots: dict[tuple[str, str, str, str], tuple[list[int | str | None], MarkReader]] = {}
        readers: dict[str, MarkReader] = {}
        for mark_row in marks:
            entry, judge, mark, part, criterion, category, where = mark_row
            slot = (category, part, criterion, judge)
            try:
                cells, reader = slots[slot]
            except KeyError:
                key = self.levels.key(category, part, criterion, judge)
                self._check_names(key, where, troubles)
                reader = readers.setdefault(key.criterion, MarkReader(self._limits(key.criterion), self.denom))
                cells = self.cells.setdefault(key, [None] * len(row))
                slots[slot] = cells, reader
            try:
                i = row[entry]
                value = reader[mark]
            except KeyError:
                troubles.add(f"unknown entry {entry}", where)
                continue
            except ValueError as error:
                troubles.add(f"{error}", where)
                continue
            if cells[i] is not None:
                troubles.add(_twice(mark_row), where)
            cells[i] = value

    def _limits(self, criterion: str) -> MarkRule:
        common = self.rules.marks
        own = next((c for c in self.rules.criteria if c.name == criterion), None)
        if own is None:
            return common
        limits = {name: getattr(own, name) for name in ("min", "max", "step") if getattr(own, name) is not None}
        return common.model_copy(update=limits)

    def _check_names(self, key: Key, where: Where | None, troubles: Troubles) -> None:
        names = [c.name for c in self.rules.criteria]
        if names and key.criterion not in names:
            troubles.add(f"unknown criterion “{key.criterion}”; this rule set has {', '.join(names)}", where)
        if self.known_judges and key.judge not in self.known_judges:
            troubles.add(f"judge {key.judge} is not on the panel", where)


def _twice(row: MarkRow) -> str:
    unit = " / ".join(name for name in (row.category, row.part, row.criterion) if name)
    return f"duplicate mark: judge {row.judge} has marked entry {row.entry}{f' on {unit}' if unit else ''} before"


def _entries(inputs: Inputs) -> tuple[str, ...]:
    """Every entry, in natural order. Raises BadInput for one that is listed twice."""
    troubles = Troubles()
    listed: dict[str, None] = {}
    for entry in inputs.entries:
        if entry.id in listed:
            troubles.add(f"entry {entry.id} is listed twice", entry.where)
        listed[entry.id] = None
    troubles.stop_if_any()
    names = set(listed) or ({row.entry for row in inputs.marks} | {f.entry for f in inputs.facts if f.entry})
    return tuple(sorted(names, key=natural))


def _in_contention(state: State, rules: RuleSet) -> bool:
    if state == "dnf":
        return rules.policies.dnf == "score"
    if state == "dq":
        return rules.policies.dq == "leave-gap"
    return state == "entered"


def _judges(rules: RuleSet, inputs: Inputs, names: set[str]) -> dict[str, Judge]:
    if inputs.judges:
        return {judge.id: judge for judge in inputs.judges}
    seats = rules.seats

    def holds(labels: Sequence[str], name: str) -> bool:
        return name.casefold() in {label.casefold() for label in labels}

    return {
        name: Judge(
            name,
            head=holds(seats.head, name),
            tie_break=holds(seats.tie_break, name),
            shadow=holds(seats.shadow, name),
        )
        for name in sorted(names, key=natural)
    }


def _split(cells: Cells, judges: Mapping[str, Judge]) -> tuple[Cells, Cells]:
    """The columns that count, and those of tie-break judges. Shadow judges are in neither."""
    counted = {k: c for k, c in cells.items() if not (judges[k.judge].shadow or judges[k.judge].tie_break)}
    return counted, {k: c for k, c in cells.items() if judges[k.judge].tie_break}


def _order(rules: RuleSet, cells: Cells) -> dict[Dimension, tuple[str, ...]]:
    """The names of each dimension: criteria as the rule set lists them, everything else naturally sorted."""
    dimensions: tuple[Dimension, ...] = ("category", "part", "criterion", "judge")
    order = {d: tuple(sorted({getattr(k, d) for k in cells} - {""}, key=natural)) for d in dimensions}
    listed = [c.name for c in rules.criteria]
    order["criterion"] = (
        *(n for n in listed if n in order["criterion"]),
        *(n for n in order["criterion"] if n not in listed),
    )
    return order


def _context(
    rules: RuleSet,
    inputs: Inputs,
    facts: Facts,
    *,
    order: Mapping[Dimension, tuple[str, ...]],
    staying: tuple[str, ...],
    left: tuple[str, ...],
    judges: Mapping[str, Judge],
    levels: Levels,
    sealed: Mapping[Key, Column],
) -> Context:
    return Context(
        order=order,
        entries=staying,
        left=left,
        weights={c.name: c.weight for c in rules.criteria if c.weight != 1},
        facts=facts.numbers,
        words=facts.words,
        judges=judges,
        running={e.id: e.order for e in inputs.entries if e.order is not None},
        clubs={e.id: e.club for e in inputs.entries if e.club},
        state=facts.states,
        sealed=sealed,
        where=_finder(inputs.marks, levels),
        allow_unequal=rules.policies.panel == "allow",
    )


def _finder(marks: Sequence[MarkRow], levels: Levels) -> Callable[[str, Key], Where | None]:
    """Finds the row of a mark; a search, because it is only needed to name a refusal's place."""

    def find(entry: str, key: Key) -> Where | None:
        for row in marks:
            if row.entry == entry and levels.key(row.category, row.part, row.criterion, row.judge) == key:
                return row.where
        return None

    return find
