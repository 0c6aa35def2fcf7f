"""Every place in words and numbers, made from the trace of a tabulation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from event_manager.tabulation.evidence import MARKS
from event_manager.tabulation.exact import Column
from event_manager.tabulation.grid import Grid
from event_manager.tabulation.methods.base import Stage
from event_manager.tabulation.model import Placing, State, Tie
from event_manager.tabulation.standings import Standing
from event_manager.tabulation.words import listed, ordinal

_STATES: Mapping[State, str] = {
    "withdrawn": "withdrew",
    "scratched": "was scratched",
    "dns": "did not start",
    "dnf": "did not finish",
    "dq": "was disqualified",
    "entered": "entered",
}


@dataclass
class Trace:
    """What each stage made: grids by stage label, in order, the marks first; and what a placer answered."""

    grids: dict[str, Grid]
    stages: list[Stage] = field(default_factory=list)
    placing: Placing | None = None

    @property
    def last(self) -> Grid:
        """The grid after the last stage."""
        return list(self.grids.values())[-1]

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The row of each entry in contention, in every grid."""
        return {entry: i for i, entry in enumerate(self.grids[MARKS].entries)}

    @cached_property
    def made(self) -> Sequence[tuple[str, Sequence[tuple[str, Column]]]]:
        """What each stage made: its label, and its columns by the label of their unit."""
        return [
            (label, [(key.label, column) for key, column in grid.columns.items()])
            for label, grid in self.grids.items()
            if label != MARKS
        ]


def parts_of(trace: Trace, entry: str) -> dict[str, str | Mapping[str, str]]:
    """The entry's value after every stage, by the stage's label; by unit where the stage left several."""
    row = trace.rows.get(entry)
    if row is None:
        return {}
    parts: dict[str, str | Mapping[str, str]] = {}
    for label, columns in trace.made:
        values = {unit: text for unit, c in columns if (text := c.text(row))}
        if values:
            parts[label] = values[""] if list(values) == [""] else values
    if trace.placing is not None:
        _replace_what_was_read(parts, trace.stages[-1].label, trace.placing.parts.get(entry))
    return parts


def _replace_what_was_read(
    parts: dict[str, str | Mapping[str, str]], label: str, found: Mapping[str, str] | None
) -> None:
    """A placer leaves the grid as it was: under its label stand the values it found itself, or nothing."""
    parts.pop(label, None)
    if found:
        parts[label] = found


def explain_entry(
    trace: Trace,
    entry: str,
    *,
    state: State,
    total: str,
    standing: Standing | None,
    ties: Sequence[Tie],
) -> list[str]:
    """The place first, then what happened in its `ties`, then how the total came about, stage by stage."""
    if standing is None:
        return [_without_place(entry, state)]
    shared = f", shared with {listed(standing.shared_with)}" if standing.shared_with else ""
    why = trace.placing.why.get(entry, "") if trace.placing else ""
    head = f"placed {_place_in_words(standing.place)}{shared}{', ' if shared and why else ' ' if why else ''}{why}"
    if total:
        head += f"{';' if why else ':'} total {total}"
    if state in ("dnf", "dq"):
        head += f" ({_STATES[state]})"
    return [head, *(tie.how for tie in ties), *_steps(trace, entry)]


def _steps(trace: Trace, entry: str) -> list[str]:
    steps: list[str] = []
    grids = list(trace.grids.values())
    row = trace.rows.get(entry)
    if row is None:
        return steps
    for stage, before, after in zip(trace.stages, grids, grids[1:], strict=False):
        steps += stage.explain(before, after, row)
    if trace.placing is not None:
        steps += trace.placing.steps.get(entry, ())
    return steps


def _place_in_words(place: str) -> str:
    return ordinal(int(place)) if place.isdecimal() else place


def _without_place(entry: str, state: State) -> str:
    if state == "entered":
        return "no place: no marks in this contest"
    return f"no place: {entry} {_STATES[state]}"
