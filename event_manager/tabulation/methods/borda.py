"""Borda count (C4). Source: Borda, Histoire de l'Académie royale des sciences (1781)."""

from fractions import Fraction
from typing import Literal

from event_manager.tabulation.exact import text_of
from event_manager.tabulation.grid import Grid
from event_manager.tabulation.methods.base import Placer
from event_manager.tabulation.model import Placing
from event_manager.tabulation.ranking.ballots import Ballots, one_unit
from event_manager.tabulation.ranking.finals import EqualPlaces, completed
from event_manager.tabulation.ranking.ordinals import tiers


class Borda(Placer):
    """The first of n entries on a ballot gets n - 1 points, the next n - 2, the last none.

    Entries that a ballot leaves out share the mean of the points left; entries it places equal share the mean of
    theirs (where `equal_places` accepts them). A judge who is recused for an entry ranks the others, whose mean points
    stay (n - 1) / 2; that entry gets the mean of its other judges instead. On full ballots the order is that of the
    rank sum.
    """

    kind: Literal["borda"] = "borda"
    equal_places: EqualPlaces = "refuse"

    def place(self, grid: Grid) -> Placing:
        """Groups of equal points. Raises BadInput for ballots that are no ranking."""
        unit, ballots = one_unit(grid)
        ranked = completed(grid, ballots, unit, equal=self.equal_places)
        points = {e: _points(e, ranked, size=len(grid.entries)) for e in grid.entries}
        totals = {e: _total(list(of_entry.values()), judges=len(ranked)) for e, of_entry in points.items()}
        steps = {
            e: [f"points: {', '.join(f'{text_of(p)} ({judge})' for judge, p in of_entry.items())}"]
            for e, of_entry in points.items()
        }
        shown = {e: text_of(total) for e, total in totals.items()}
        parts = {e: {judge: text_of(p) for judge, p in of_entry.items()} for e, of_entry in points.items()}
        return Placing(groups=tiers(totals, best="highest"), totals=shown, steps=steps, parts=parts)


def _points(entry: str, ranked: Ballots, *, size: int) -> dict[str, Fraction]:
    """By judge; a ballot of m entries has the mean points of one of all `size`."""
    return {judge: Fraction(size + len(ranks), 2) - ranks[entry] for judge, ranks in ranked.items() if entry in ranks}


def _total(points: list[Fraction], *, judges: int) -> Fraction:
    return sum(points, Fraction(0)) / len(points) * judges if points else Fraction(0)
