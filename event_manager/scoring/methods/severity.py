"""Severity model (D2): takes out how strict or generous each judge is, where not every judge marks every entry."""

from typing import Literal

from event_manager.scoring.ballots import Ballots, ballots_by_unit, of_unit
from event_manager.scoring.connected import components
from event_manager.scoring.effects import Effects, least_squares
from event_manager.scoring.exact import Column, column_of, text_of
from event_manager.scoring.grid import Grid, Key
from event_manager.scoring.methods.base import Stage
from event_manager.scoring.words import listed


class Severity(Stage):
    """mark = entry + judge + error, by least squares; the entry's value is what the whole panel would give it.

    Exact rational arithmetic. Judges must be connected through entries they have in common, or nothing tells a strict
    judge from weak entries: else it refuses.
    """

    kind: Literal["severity"] = "severity"

    def apply(self, grid: Grid) -> Grid:
        """One column per unit, the judges combined away. Raises BadInput naming the separate groups of judges."""
        columns: dict[Key, Column] = {}
        for unit, ballots in ballots_by_unit(grid).items():
            effects = self._effects(grid, ballots, unit)
            columns[unit] = column_of([effects.entries.get(entry) for entry in grid.entries])
        return grid.with_columns(columns)

    def explain(self, before: Grid, after: Grid, row: int) -> list[str]:
        """Each judge's mark and how far above or below the panel that judge marks, then the value."""
        sentences = []
        for unit, ballots in ballots_by_unit(before).items():
            value = after.columns[unit].at(row)
            if value is None:
                continue
            entry, judges = before.entries[row], self._effects(before, ballots, unit).judges
            told = ", ".join(
                f"{text_of(ballot[entry])} ({judge}, who marks {_against_panel(text_of(judges[judge]))})"
                for judge, ballot in ballots.items()
                if entry in ballot
            )
            sentences.append(f"{self.label}{of_unit(unit)}: {told}; gives {text_of(value)}")
        return sentences

    def _effects(self, grid: Grid, ballots: Ballots, unit: Key) -> Effects:
        links = [(("judge", judge), ("entry", entry)) for judge, ballot in ballots.items() for entry in ballot]
        groups = components(links)
        if len(groups) > 1:
            named = [listed(str(name) for what, name in group if what == "judge") for group in groups]
            raise grid.context.bad(
                f"the judges{of_unit(unit)} fall into {len(groups)} groups with no entry in common"
                f" ({'; '.join(named)}): their marks cannot be put on one scale; let one judge of each group also mark"
                " an entry of another"
            )
        return least_squares({judge: ballot for judge, ballot in ballots.items() if ballot})


def _against_panel(effect: str) -> str:
    if effect == "0":
        return "like the panel"
    return f"{effect.removeprefix('-')} {'below' if effect.startswith('-') else 'above'} the panel"
