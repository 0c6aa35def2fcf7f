"""Severity model (D2): takes out how strict or generous each judge is, where not every judge marks every entry."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from event_manager.tabulation.exact import text_of
from event_manager.tabulation.grid import Grid
from event_manager.tabulation.methods.base import Placer
from event_manager.tabulation.model import Placing
from event_manager.tabulation.ranking.ballots import Ballots, one_unit
from event_manager.tabulation.ranking.connected import components
from event_manager.tabulation.ranking.effects import Effects, least_squares
from event_manager.tabulation.ranking.ordinals import tiers
from event_manager.tabulation.words import listed


class Severity(Placer):
    """mark = entry + judge + error, by least squares; the highest entry effect is the best.

    The total of an entry is what the whole panel would give it on average. Exact rational arithmetic. Judges must be
    connected through entries they have in common, or nothing tells a strict judge from weak entries.
    """

    kind: Literal["severity"] = "severity"

    def place(self, grid: Grid) -> Placing:
        """Groups of equal effect. Raises BadInput naming the groups of judges that have no entry in common."""
        _, ballots = one_unit(grid)
        if not any(ballots.values()):
            return Placing(groups=[])
        _refuse_unconnected(grid, ballots)
        effects = least_squares({judge: ballot for judge, ballot in ballots.items() if ballot})
        return Placing(
            groups=tiers(effects.entries, best="highest"),
            totals={e: text_of(value) for e, value in effects.entries.items()},
            steps={e: [_told(e, ballots, effects)] for e in effects.entries},
        )


def _refuse_unconnected(grid: Grid, ballots: Ballots) -> None:
    links = [(("judge", judge), ("entry", entry)) for judge, ballot in ballots.items() for entry in ballot]
    groups = components(links)
    if len(groups) > 1:
        named = "; ".join(listed(name for what, name in group if what == "judge") for group in groups)
        raise grid.context.bad(
            f"the judges fall into {len(groups)} groups with no entry in common ({named}): their marks cannot be put on"
            " one scale; let one judge of each group also mark an entry of another"
        )


def _told(entry: str, ballots: Ballots, effects: Effects) -> str:
    marks = {judge: ballot[entry] for judge, ballot in ballots.items() if entry in ballot}
    told = (
        f"{text_of(mark)} by {judge}, who marks {_against_panel(judge, effects.judges)}"
        for judge, mark in marks.items()
    )
    return f"{'; '.join(told)}: the whole panel would give {text_of(effects.entries[entry])}"


def _against_panel(judge: str, effects: Mapping[str, Fraction]) -> str:
    effect = effects[judge]
    if effect == 0:
        return "like the panel"
    return f"{text_of(abs(effect))} {'below' if effect < 0 else 'above'} it"
