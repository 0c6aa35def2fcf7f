"""Bradley-Terry (E1): a ranking from pairwise comparisons. Source: Bradley and Terry, Biometrika 39 (1952)."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import takewhile
from typing import Literal

from pydantic import Field

from event_manager.tabulation.exact import Exact, text_of
from event_manager.tabulation.grid import Grid
from event_manager.tabulation.methods.base import Placer
from event_manager.tabulation.model import Placing
from event_manager.tabulation.ranking.ballots import ballots_by_unit
from event_manager.tabulation.ranking.connected import components
from event_manager.tabulation.ranking.ordinals import tiers
from event_manager.tabulation.ranking.paired import NotConverged, Strengths, Wins, fit
from event_manager.tabulation.words import listed

_TWO_SIDED_95 = Decimal("1.96")


class BradleyTerry(Placer):
    """Log-strengths by maximum likelihood with a small ridge, rounded to 12 decimals; the strongest first.

    One comparison is what one judge says of the entries of one part: the higher mark wins, equal marks are half a
    win each. Mostly two rows, 1 and 0; of more than two entries each pair counts as one comparison. `ridge`: see
    `event_manager.tabulation.ranking.paired`. The explanation gives a 95 % interval and the band of neighbours that the
    comparisons do not separate from the entry: more comparisons are needed while a band crosses an award.
    """

    kind: Literal["bradley-terry"] = "bradley-terry"
    ridge: Exact = Field(default="0.01", gt=0, validate_default=True)

    def place(self, grid: Grid) -> Placing:
        """Groups of equal strength. Raises BadInput where the comparisons fall apart into unconnected groups."""
        wins = wins_of(grid)
        _refuse_unconnected(grid, wins)
        if len(grid.entries) < 2:
            return Placing(groups=[[e] for e in grid.entries])
        try:
            strengths = fit(wins, ridge=self.ridge)
        except NotConverged:
            raise grid.context.bad("the strengths cannot be found with this ridge; choose a larger one") from None
        values = {entry: Fraction(value) for entry, value in strengths.value.items()}
        groups = tiers(values, best="highest")
        order = [entry for group in groups for entry in group]
        steps = {e: _told(e, i, order, wins, strengths) for i, e in enumerate(order)}
        return Placing(
            groups=groups,
            totals={e: text_of(v) for e, v in values.items()},
            steps=steps,
            parts={e: {"strength": str(v), "error": _shown(strengths.error(e))} for e, v in strengths.value.items()},
        )


def wins_of(grid: Grid) -> dict[tuple[str, str], Fraction]:
    """(winner, loser) -> how often; each judge's marks in one unit are one comparison of all their pairs."""
    wins: dict[tuple[str, str], Fraction] = {}
    for ballots in ballots_by_unit(grid).values():
        for ballot in ballots.values():
            entries = sorted(ballot)
            for n, a in enumerate(entries):
                for b in entries[n + 1 :]:
                    won = Fraction(1, 2) if ballot[a] == ballot[b] else Fraction(int(ballot[a] > ballot[b]))
                    wins[a, b] = wins.get((a, b), Fraction(0)) + won
                    wins[b, a] = wins.get((b, a), Fraction(0)) + 1 - won
    return wins


def _refuse_unconnected(grid: Grid, wins: Wins) -> None:
    groups = components([*wins, *((e, e) for e in grid.entries)])
    if len(groups) > 1:
        named = "; ".join(_short([str(e) for e in group]) for group in groups[:5])
        raise grid.context.bad(
            f"the comparisons fall into {len(groups)} groups that never met ({named}): no common ranking follows from"
            " them; compare an entry of each group with one of another"
        )


def _short(names: Sequence[str]) -> str:
    return listed(names) if len(names) <= 6 else f"{', '.join(names[:5])} and {len(names) - 5} more"


def _told(entry: str, place: int, order: Sequence[str], wins: Wins, strengths: Strengths) -> list[str]:
    won = sum((n for (a, _), n in wins.items() if a == entry), Fraction(0))
    lost = sum((n for (_, b), n in wins.items() if b == entry), Fraction(0))
    margin = _TWO_SIDED_95 * strengths.error(entry)
    value = strengths.value[entry]
    band = _band(entry, order[:place][::-1], strengths) + _band(entry, order[place + 1 :], strengths)
    interval = f"95 % interval {_shown(value - margin)} to {_shown(value + margin)}"
    return [
        f"won {text_of(won)} of {text_of(won + lost)} comparisons; strength {_shown(value)}, {interval}",
        f"not separable from {_short(band)}" if band else "separable from its neighbours",
    ]


def _band(entry: str, outwards: Sequence[str], strengths: Strengths) -> list[str]:
    """The entries next to this one, going away from it, up to the first that the comparisons separate from it."""
    return list(takewhile(lambda other: not separable(strengths, entry, other), outwards))


def separable(strengths: Strengths, one: str, other: str) -> bool:
    """Whether the difference of two strengths is larger than its 95 % margin of error."""
    difference = abs(strengths.value[one] - strengths.value[other])
    return difference > _TWO_SIDED_95 * strengths.error_between(one, other)


def _shown(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.001")) + 0)
