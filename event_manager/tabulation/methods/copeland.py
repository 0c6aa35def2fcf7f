"""Copeland's method (C5): duels won minus duels lost. Source: Copeland, seminar notes (Michigan, 1951)."""

from typing import Literal

from event_manager.tabulation.exact import text_of
from event_manager.tabulation.grid import Grid
from event_manager.tabulation.methods.base import Placer
from event_manager.tabulation.model import Placing
from event_manager.tabulation.ranking.ballots import one_unit
from event_manager.tabulation.ranking.duels import copeland_scores, preferences, wins_and_losses
from event_manager.tabulation.ranking.finals import EqualPlaces, completed
from event_manager.tabulation.ranking.ordinals import tiers
from event_manager.tabulation.words import listed


class Copeland(Placer):
    """An entry wins a duel when more judges place it before the other than the reverse.

    Entries that a ballot leaves out stand after those it names, without a preference among them.
    """

    kind: Literal["copeland"] = "copeland"
    equal_places: EqualPlaces = "refuse"

    def place(self, grid: Grid) -> Placing:
        """Groups of equal balance. Raises BadInput for ballots that are no ranking."""
        unit, ballots = one_unit(grid)
        table = preferences(completed(grid, ballots, unit, equal=self.equal_places), grid.entries)
        scores = copeland_scores(table, grid.entries)
        duels = {e: wins_and_losses(table, e) for e in grid.entries}
        totals = {e: text_of(score) for e, score in scores.items()}
        return Placing(
            groups=tiers(scores, best="highest"),
            totals=totals,
            steps={e: [_told(won, lost)] for e, (won, lost) in duels.items()},
            parts={e: {"won": str(len(won)), "lost": str(len(lost))} for e, (won, lost) in duels.items()},
        )


def _told(won: list[str], lost: list[str]) -> str:
    return f"wins against {listed(won) or 'nobody'}; loses against {listed(lost) or 'nobody'}"
