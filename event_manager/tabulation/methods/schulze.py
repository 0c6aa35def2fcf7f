"""Schulze method (C5). Source: Schulze, Social Choice and Welfare 36 (2011)."""

from typing import Literal

from event_manager.tabulation.grid import Grid
from event_manager.tabulation.methods.base import Placer
from event_manager.tabulation.model import Placing
from event_manager.tabulation.ranking.ballots import one_unit
from event_manager.tabulation.ranking.duels import preferences, strongest_paths, undominated_first
from event_manager.tabulation.ranking.finals import EqualPlaces, completed


class Schulze(Placer):
    """a stands before b when the strongest path of duels from a to b is stronger than the one back.

    The strength of a path is that of its weakest duel, in winning votes. Several entries may be first. Entries that
    a ballot leaves out stand after those it names.
    """

    kind: Literal["schulze"] = "schulze"
    equal_places: EqualPlaces = "refuse"

    def place(self, grid: Grid) -> Placing:
        """Tiers of the order that the strongest paths give. Raises BadInput for ballots that are no ranking."""
        unit, ballots = one_unit(grid)
        rankings = completed(grid, ballots, unit, equal=self.equal_places)
        paths = strongest_paths(preferences(rankings, grid.entries), grid.entries)
        beats = {(a, b): paths[a, b] > paths[b, a] for a, b in paths}
        groups = undominated_first(beats, grid.entries)
        steps = {e: [_told(e, paths)] for e in grid.entries}
        return Placing(groups=groups, steps=steps)


def _told(entry: str, paths: dict[tuple[str, str], int]) -> str:
    rivals = [b for a, b in paths if a == entry]
    parts = [f"{rival} {paths[entry, rival]} to {paths[rival, entry]}" for rival in rivals]
    return f"strongest paths against {', '.join(parts)}" if parts else "the only entry"
