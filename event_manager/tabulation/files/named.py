"""A result told with names: "12 (Ann Lee)" wherever a sentence mentions entry 12. For readers only, never hashed."""

import unicodedata
from collections.abc import Mapping

from event_manager.tabulation.engine import Result, tabulate
from event_manager.tabulation.model import Inputs

_ISOLATED = "\u2068{}\u2069"
"""Keeps a name written from right to left from turning the words around it."""


def names_of(result: Result) -> dict[str, str]:
    """The names of entries, "" where none is known."""
    return {entry.id: entry.name for entry in result.inputs.entries}


def named(result: Result) -> Result:
    """The same contest tabulated with every entry called by number and name, for its sentences.

    Sentences are made by stages that know entries only by what they are called, so the contest is tabulated again
    instead of searching sentences for numbers. Its lines stand in the order of the result's own.
    """
    labels = {entry: _label(entry, name) for entry, name in names_of(result).items()}
    if not any(names_of(result).values()) or len(set(labels.values())) < len(labels):
        return result
    again = tabulate(result.rules, _relabelled(result.inputs, labels))
    same = {labels[entry]: place for entry, place in result.places.items()} == again.places
    return again if same and list(again.places) == [labels[entry] for entry in result.places] else result


def _label(entry: str, name: str) -> str:
    if not name or name == entry:
        return entry
    from_right = any(unicodedata.bidirectional(c) in ("R", "AL") for c in name)
    return f"{entry} ({_ISOLATED.format(name) if from_right else name})"


def _relabelled(inputs: Inputs, labels: Mapping[str, str]) -> Inputs:
    return Inputs(
        marks=[row._replace(entry=labels[row.entry]) for row in inputs.marks],
        entries=[entry._replace(id=labels[entry.id]) for entry in inputs.entries],
        facts=[row._replace(entry=labels[row.entry] if row.entry else "") for row in inputs.facts],
        judges=inputs.judges,
        decisions=[d._replace(order=tuple(labels[entry] for entry in d.order)) for d in inputs.decisions],
    )
