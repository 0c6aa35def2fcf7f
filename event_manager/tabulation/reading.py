"""From rows of text to the first grid: every mark checked against the rule set, every gap accounted for."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from event_manager.tabulation.exact import Column
from event_manager.tabulation.facts import FactReader
from event_manager.tabulation.files.table import Table
from event_manager.tabulation.files.troubles import Troubles
from event_manager.tabulation.gaps import Gaps
from event_manager.tabulation.grid import Context, Dimension, Grid, Key, Unit, in_reading_order
from event_manager.tabulation.levels import Levels, find_levels, natural
from event_manager.tabulation.limits import SAID_ABSENT, SAID_RECUSED
from event_manager.tabulation.model import Decision, Inputs, Judge, MarkRow, State, Where
from event_manager.tabulation.rules import RuleSet


@dataclass(frozen=True, slots=True)
class Reading:
    """The grid of the entries in contention, the state of every entry, and what a reader of the result must know."""

    grid: Grid
    states: Mapping[str, State]
    warnings: Sequence[str]


def read(rules: RuleSet, inputs: Inputs) -> Reading:
    """The checked marks. Raises BadInput naming everything that does not fit, BadRules for columns that cannot."""
    levels = find_levels(rules.levels, inputs.marks)
    table, troubles = Table(rules, inputs.marks, levels), Troubles()
    entries = _entries(inputs, table)
    reader = FactReader(entries, table.keys, rules.facts_read, rules.facts_adding_up, levels)
    facts = reader.facts(inputs.facts, troubles)
    _check_decisions(inputs.decisions, entries, troubles)
    table.check(entries, {judge.id for judge in inputs.judges}, troubles)
    troubles.stop_if_any()
    states: dict[str, State] = {entry: facts.states.get(Unit(entry), "entered") for entry in entries}
    staying = tuple(entry for entry in entries if _in_contention(states[entry], rules))
    judges = _judges(rules, inputs, {key.judge for key in table.keys})
    cells = {key: table.column(key, staying) for key in table.keys if not judges[key.judge].shadow}
    counted = {key: column for key, column in cells.items() if not judges[key.judge].tie_break}
    whole = {key for key in counted if len(staying) == len(table.entries) and table.is_whole(key)}
    gaps = Gaps(rules, staying, states, facts, judges if inputs.judges else {}, troubles, whole)
    columns = gaps.closed(counted, table.denom)
    troubles.stop_if_any()
    order = _order(rules, table.keys)
    context = Context(
        order=order,
        entries=staying,
        left=tuple(entry for entry in entries if not _in_contention(states[entry], rules)),
        excused=_excused({key: counted[key] for key in counted.keys() - whole}, staying),
        weights={c.name: c.weight for c in rules.criteria if c.weight != 1},
        titles={c.name: c.title for c in rules.criteria if c.title},
        facts=facts.numbers,
        words=facts.words,
        judges=judges,
        running={e.id: e.order for e in inputs.entries if e.order is not None},
        clubs={e.id: e.club for e in inputs.entries if e.club},
        state=facts.states,
        sealed={key: _numbers(cells[key], table.denom) for key in cells if judges[key.judge].tie_break},
        where=_finder(inputs.marks, levels),
        allow_unequal=rules.policies.panel == "allow",
    )
    ordered = {key: columns[key] for key in in_reading_order(columns, order)}
    return Reading(Grid(staying, ordered, context), states, gaps.warnings)


def _excused(columns: Mapping[Key, Sequence[int | str | None]], entries: Sequence[str]) -> frozenset[tuple[str, Key]]:
    """The marks for which the judge is recused or absent, in so many words."""
    words = (SAID_ABSENT, SAID_RECUSED)
    return frozenset(
        (entry, key)
        for key, cells in columns.items()
        for entry, cell in zip(entries, cells, strict=True)
        if cell in words
    )


def _numbers(cells: Sequence[int | str | None], denom: int) -> Column:
    return Column([v if isinstance(v, int) else None for v in cells], denom)


def _entries(inputs: Inputs, table: Table) -> tuple[str, ...]:
    """Every entry, in natural order. Raises BadInput for one that is listed twice."""
    troubles = Troubles()
    listed: dict[str, None] = {}
    for entry in inputs.entries:
        if entry.id in listed:
            troubles.add(f"entry {entry.id} is listed twice", entry.where)
        listed[entry.id] = None
    troubles.stop_if_any()
    names = set(listed) or (table.entries | {f.entry for f in inputs.facts if f.entry})
    return tuple(sorted(names, key=natural))


def _check_decisions(decisions: Sequence[Decision], entries: Collection[str], troubles: Troubles) -> None:
    for decision in decisions:
        for entry in sorted(set(decision.order) - set(entries), key=natural):
            troubles.add(f"the decision by {decision.by} names the unknown entry {entry}", decision.where)


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


def _order(rules: RuleSet, keys: Collection[Key]) -> dict[Dimension, tuple[str, ...]]:
    """The names of each dimension: criteria as the rule set lists them, everything else naturally sorted."""
    dimensions: tuple[Dimension, ...] = ("category", "part", "criterion", "judge")
    order = {d: tuple(sorted({getattr(k, d) for k in keys} - {""}, key=natural)) for d in dimensions}
    listed = [c.name for c in rules.criteria]
    order["criterion"] = (
        *(n for n in listed if n in order["criterion"]),
        *(n for n in order["criterion"] if n not in listed),
    )
    return order


def _finder(marks: Sequence[MarkRow], levels: Levels) -> Callable[[str, Key], Where | None]:
    """Finds the row of a mark; a search, because it is only needed to name a refusal's place."""

    def find(entry: str, key: Key) -> Where | None:
        for row in marks:
            if row.entry == entry and levels.key(row.category, row.part, row.criterion, row.judge) == key:
                return row.where
        return None

    return find
