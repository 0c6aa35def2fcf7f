"""Rounds with carry-over: who reached the later round stands above, on the points of the rounds that still count."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from pydantic import Field

from event_manager.tabulation.exact import Column, Number, common
from event_manager.tabulation.grid import Dimension, Grid, Key
from event_manager.tabulation.levels import natural
from event_manager.tabulation.methods.base import Stage
from event_manager.tabulation.model import BadRules


class CarryOver(Stage):
    """Combines rounds. An entry's value is that of its last round plus those of the `carry` rounds before it.

    With carry 1 the standing after a semi-final is preliminary + semi-final, that of the final is semi-final +
    final. Entries of a later round rank before all others. `order` lists words that names of rounds contain, first
    round first; a name belongs to the first word it contains ("semi" before "final"). Rounds that only have one
    name, and none of those words, stand alone.
    """

    kind: Literal["carry-over"] = "carry-over"
    over: Dimension = "category"
    order: tuple[str, ...] = ("prelim", "qualif", "heat", "quarter", "semi", "final")
    carry: int = Field(1, ge=0)

    def apply(self, grid: Grid) -> Grid:
        """One column in place of the rounds, and tiers by the last round reached."""
        rounds = self._ordered(grid.names(self.over))
        if not rounds:
            return grid
        groups = grid.groups(self.over)
        columns: dict[Key, Column] = {}
        tiers = [0] * len(grid.entries)
        for key, members in groups.items():
            numerators, denom = common([members[name] for name in (*rounds, "") if name in members])
            columns[key] = Column([self._carried(row) for row in zip(*numerators, strict=True)], denom)
            for i, row in enumerate(zip(*numerators, strict=True)):
                tiers[i] = max(tiers[i], _last_round(row))
        return replace(grid, columns=columns, tier=tuple(tiers))

    def _ordered(self, names: Sequence[str]) -> list[str]:
        """The rounds in their order. Raises BadRules for names that tell no order."""
        if len(names) <= 1:
            return list(names)
        ranks = {name: self._rank(name) for name in names}
        unknown = [name for name, rank in ranks.items() if rank is None]
        if unknown:
            raise BadRules(
                f"the order of the rounds {', '.join(names)} is unknown: a name must contain one of"
                f" {', '.join(self.order)}"
            )
        return sorted(names, key=lambda name: (ranks[name], natural(name)))

    def _rank(self, name: str) -> int | None:
        return next((i for i, word in enumerate(self.order) if word in name.casefold()), None)

    def _carried(self, row: Sequence[Number | None]) -> Number | None:
        last = _last_round(row)
        if last < 0:
            return None
        return sum(v for v in row[max(0, last - self.carry) : last + 1] if v is not None)


def _last_round(row: Sequence[Number | None]) -> int:
    return max((i for i, v in enumerate(row) if v is not None), default=-1)
