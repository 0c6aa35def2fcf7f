"""What a benchmark reports: a figure with its goal, as a table for people or JSON for programs."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """One measured number. ``goal`` is what it is held to; ``holds`` whether it does (None: no goal)."""

    name: str
    value: float
    unit: str
    goal: str = ""
    holds: bool | None = None


def figure(name: str, value: float, unit: str, *, most: float | None = None, least: float | None = None) -> Figure:
    """A figure held to an upper or a lower bound."""
    shown = round(value, 4 if abs(value) < 10 else 1)
    if most is not None:
        return Figure(name, shown, unit, f"at most {most:g}", value <= most)
    if least is not None:
        return Figure(name, shown, unit, f"at least {least:g}", value >= least)
    return Figure(name, shown, unit)


def render(figures: Iterable[Figure], style: Literal["table", "json"]) -> str:
    """The report."""
    found = list(figures)
    if style == "json":
        return json.dumps({"figures": [asdict(f) for f in found]}, indent=1)
    lines = [f"{'figure':<84} {'value':>12} {'unit':<10} {'goal':<20} holds"]
    for f in found:
        verdict = "-" if f.holds is None else "yes" if f.holds else "NO"
        lines.append(f"{f.name:<84} {f.value:>12,} {f.unit:<10} {f.goal:<20} {verdict}")
    return "\n".join(lines)
