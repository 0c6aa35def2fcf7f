"""Facts that are points: which value of a grid each belongs to."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from event_manager.tabulation.grid import Grid, Key, Unit
from event_manager.tabulation.model import BadInput, Trouble

Stated = dict[Key, dict[str, Fraction]]


def stated_by_column(grid: Grid, facts: Iterable[str], *, sign: bool = True, whole: bool = False) -> Stated:
    """The sum of these facts by column and entry; without `sign`, of their magnitudes.

    A fact belongs to the one column that agrees with it in every dimension both name. Raises BadInput where that is
    more than one: the fact must then say which. With `whole`, also where it names a criterion that is combined.
    """
    stated: Stated = {}
    row = {entry: i for i, entry in enumerate(grid.entries)}
    for fact in facts:
        for unit, value in grid.context.facts.get(fact, {}).items():
            for entry in [unit.entry] if unit.entry else grid.entries:
                if entry not in row or not value:
                    continue
                columns = [k for k, c in grid.columns.items() if _agree(k, unit) and c.values[row[entry]] is not None]
                if whole and unit.criterion and any(not key.criterion for key in columns):
                    raise BadInput([Trouble(_too_narrow(fact, entry, unit))])
                if len(columns) > 1:
                    raise BadInput([Trouble(_which(fact, entry, columns))])
                for key in columns:
                    by_entry = stated.setdefault(key, {})
                    by_entry[entry] = by_entry.get(entry, Fraction(0)) + (value if sign else abs(value))
    return stated


def _agree(key: Key, unit: Unit) -> bool:
    return all(
        not named or not wanted or named == wanted
        for named, wanted in ((key.category, unit.category), (key.part, unit.part), (key.criterion, unit.criterion))
    )


def _too_narrow(fact: str, entry: str, unit: Unit) -> str:
    return f"{fact} of entry {entry} is stated for {unit.criterion}; state it once, without a criterion"


def _which(fact: str, entry: str, columns: Sequence[Key]) -> str:
    units = ", ".join(key.label for key in columns)
    return f"{fact} of entry {entry} does not say to which of {units} it belongs; name it beside the {fact}"
