"""Toastmasters speech contest (C3): 3, 2 and 1 points per ballot, ties opened by one sealed ballot.

Source: Toastmasters International, Speech Contest Rulebook.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from event_manager.tabulation.exact import text_of
from event_manager.tabulation.grid import Grid, Key
from event_manager.tabulation.methods.base import Placer
from event_manager.tabulation.model import BadInput, Placing, Tie, Trouble
from event_manager.tabulation.ranking.ballots import Ballots, one_unit
from event_manager.tabulation.ranking.finals import ordinals_from_places
from event_manager.tabulation.ranking.ordinals import tiers
from event_manager.tabulation.words import listed, ordinal, plural

Ballot = dict[str, Fraction]


class Toastmasters(Placer):
    """Each judge names first, second and third; only ties are opened against the tie-break judge's ballot.

    That judge ranks all entries; the sealed ballot counts for nothing else, and also opens ties without any points.
    Entries over or under time are disqualified before counting: those behind them on a ballot move up.
    """

    kind: Literal["toastmasters"] = "toastmasters"
    points: tuple[int, ...] = (3, 2, 1)

    def place(self, grid: Grid) -> Placing:
        """Groups of entries; raises BadInput for ballots without first, second and third, or unclear sealed ones."""
        unit, ballots = one_unit(grid)
        legal = ordinals_from_places(grid, ballots, unit, equal="refuse")
        self._refuse_short(grid, legal)
        given = {e: {j: self._points(ballot.get(e)) for j, ballot in legal.items()} for e in grid.entries}
        totals = {e: Fraction(sum(points.values())) for e, points in given.items()}
        sealed = _sealed_ballot(grid)
        groups: list[Sequence[str]] = []
        ties: list[Tie] = []
        for group in tiers(totals, best="highest"):
            opened = sorted(group, key=sealed.__getitem__) if sealed and len(group) > 1 else None
            groups += [[e] for e in opened] if opened else [group]
            if opened:
                ties.append(_opened(opened, totals[group[0]], sealed))
        steps = {e: [_told(points)] for e, points in given.items()}
        return Placing(
            groups=groups,
            totals={e: text_of(t) for e, t in totals.items()},
            steps=steps,
            ties=ties,
            parts={e: {judge: str(n) for judge, n in points.items()} for e, points in given.items()},
        )

    def _points(self, place: Fraction | None) -> int:
        return self.points[int(place) - 1] if place is not None and place <= len(self.points) else 0

    def _refuse_short(self, grid: Grid, ballots: Ballots) -> None:
        owed = min(len(self.points), len(grid.entries))
        short = {judge: len(ballot) for judge, ballot in ballots.items() if len(ballot) < owed}
        if short and not grid.context.left:
            raise BadInput(
                [
                    Trouble(f"judge {judge} placed {plural(n, 'entry')}; a ballot without {owed} places is void")
                    for judge, n in short.items()
                ]
            )


def _sealed_ballot(grid: Grid) -> Ballot:
    """Places on the tie-break judge's ballot, or nothing where there is no such judge."""
    if not grid.context.sealed:
        return {}
    sealed = Grid(grid.context.entries, grid.context.sealed, grid.context)
    unit, ballots = one_unit(sealed)
    if len(ballots) > 1:
        raise grid.context.bad(f"judges {listed(ballots)} are all named tie-break judge; there is one only")
    ((judge, ballot),) = ordinals_from_places(sealed, ballots, unit, equal="refuse").items()
    missing = [e for e in grid.entries if e not in ballot]
    if missing:
        raise grid.context.bad(
            f"the tie-break judge {judge} must rank all entries but did not rank {listed(missing)}",
            key=Key(judge=judge),
        )
    return dict(ballot)


def _opened(opened: list[str], total: Fraction, sealed: Ballot) -> Tie:
    told = ", ".join(f"{e} {ordinal(int(sealed[e]))}" for e in opened)
    return Tie(
        tuple(opened), f"equal on {text_of(total)} points; opened by the tie-break judge's ballot: {told}", broken=True
    )


def _told(points: dict[str, int]) -> str:
    named = [f"{value} ({judge})" for judge, value in points.items() if value]
    return f"points: {', '.join(named)}" if named else "no points from any judge"
