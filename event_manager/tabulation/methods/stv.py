"""Single transferable vote (C6) for ranked picks; with one seat, instant run-off."""

from typing import Literal

from pydantic import Field

from event_manager.tabulation.exact import text_of
from event_manager.tabulation.grid import Grid
from event_manager.tabulation.methods.base import Placer
from event_manager.tabulation.model import Placing
from event_manager.tabulation.ranking.ballots import one_unit
from event_manager.tabulation.ranking.finals import ordinals_from_places
from event_manager.tabulation.ranking.transferable import Count, Round, count_votes
from event_manager.tabulation.words import listed, plural


class Stv(Placer):
    """Droop quota, surpluses in exact fractions, lowest excluded, ties by the backward rule.

    A ballot ranks as many entries as it likes. The elected come first, in the order of their election; then those left
    when the last seat was filled, by tally; then the others in the reverse order of their exclusion. The total is the
    tally in the entry's last round.
    """

    kind: Literal["stv"] = "stv"
    seats: int = Field(1, ge=1)

    def place(self, grid: Grid) -> Placing:
        """Groups in the order above. Raises BadInput for ballots that are no ranking without equals."""
        unit, ballots = one_unit(grid)
        legal = ordinals_from_places(grid, ballots, unit, equal="refuse")
        rankings = [sorted(ballot, key=ballot.__getitem__) for ballot in legal.values()]
        count = count_votes(rankings, grid.entries, seats=self.seats)
        quota = f"quota {count.quota} of {plural(len(rankings), 'ballot')}"
        votes = {e: [text_of(r.tally[e]) for r in count.rounds if e in r.tally] for e in grid.entries}
        return Placing(
            groups=count.groups,
            totals={e: of_rounds[-1] for e, of_rounds in votes.items()},
            steps={e: [quota, *_told(count, e)] for e in grid.entries},
            parts={e: {f"round {n}": v for n, v in enumerate(of_rounds, 1)} for e, of_rounds in votes.items()},
        )


def _told(count: Count, entry: str) -> list[str]:
    sentences = []
    for number, counted in enumerate(count.rounds, start=1):
        if entry not in counted.tally:
            break
        sentences.append(f"round {number}: {text_of(counted.tally[entry])}{_outcome(count, counted, entry)}")
    return sentences


def _outcome(count: Count, counted: Round, entry: str) -> str:
    tally = counted.tally[entry]
    if any(entry in group for group in counted.elected):
        if tally < count.quota:
            return ", elected because no more are left than seats"
        surplus = f", passes on {text_of(tally - count.quota)}" if tally > count.quota else ""
        return f", elected by reaching the quota{surplus}"
    if entry in counted.excluded:
        others = [e for e in counted.excluded if e != entry]
        together = f" together with {listed(others)}, equal in every round" if others else ""
        return f", excluded as the lowest{together}"
    return ""
