"""Recall, also called callback (B4): rule 1 of the skating system, the rounds before a final."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from pydantic import Field

from event_manager.tabulation.exact import text_of
from event_manager.tabulation.grid import Grid, Key
from event_manager.tabulation.methods.base import Placer
from event_manager.tabulation.model import BadInput, Placing, Trouble
from event_manager.tabulation.ranking.ballots import Ballots, ballots_by_unit, of_unit
from event_manager.tabulation.ranking.ordinals import tiers
from event_manager.tabulation.words import listed, plural


class Recall(Placer):
    """Each judge recalls exactly `recalls` entries in each dance (left out: all judges of a dance the same number).

    A recall is the mark 1; the mark 0 or no mark is none. The recalls over judges and dances are added, most first.
    Who goes on is the rule set's cut.
    """

    kind: Literal["recall"] = "recall"
    recalls: int | None = Field(None, ge=1)

    def place(self, grid: Grid) -> Placing:
        """Groups of equal numbers of recalls. Raises BadInput naming every judge with another number than asked."""
        units = ballots_by_unit(grid)
        self._refuse_wrong_counts(units)
        totals = {
            entry: sum((b.get(entry, Fraction(0)) for ballots in units.values() for b in ballots.values()), Fraction(0))
            for entry in grid.entries
        }
        marks = sum(len(ballots) for ballots in units.values())
        steps = {entry: [f"recalled {_times(total)} of {marks} possible"] for entry, total in totals.items()}
        if len(units) > 1:
            for entry, told in steps.items():
                told.insert(0, "; ".join(_in_dance(unit, ballots, entry) for unit, ballots in units.items()))
        return Placing(
            groups=tiers(totals, best="highest"),
            totals={entry: text_of(total) for entry, total in totals.items()},
            steps=steps,
            parts={entry: _by_dance(units, entry) for entry in grid.entries} if len(units) > 1 else {},
        )

    def _refuse_wrong_counts(self, units: Mapping[Key, Ballots]) -> None:
        troubles = []
        for unit, ballots in units.items():
            counts = {judge: int(sum(ballot.values())) for judge, ballot in ballots.items()}
            asked = self.recalls or _usual(list(counts.values()))
            for judge, count in counts.items():
                if count != asked:
                    say = "the number asked" if self.recalls else "what most judges did"
                    troubles.append(
                        Trouble(
                            f"judge {judge} recalled {count}{of_unit(unit)} instead of {asked}, {say}:"
                            " each judge must recall exactly that many; ask the judge for the missing marks or for"
                            " those to take back"
                        )
                    )
        if troubles:
            raise BadInput(troubles)


def _by_dance(units: Mapping[Key, Ballots], entry: str) -> dict[str, str]:
    """Recalls in each dance."""
    return {
        unit.label: text_of(sum((ballot.get(entry, Fraction(0)) for ballot in ballots.values()), Fraction(0)))
        for unit, ballots in units.items()
    }


def _usual(counts: list[int]) -> int:
    """The most frequent count, the smaller of two equally frequent."""
    return min(set(counts), key=lambda count: (-counts.count(count), count))


def _times(total: Fraction) -> str:
    return plural(int(total), "time")


def _in_dance(unit: Key, ballots: Ballots, entry: str) -> str:
    by = [judge for judge, ballot in ballots.items() if ballot.get(entry)]
    return f"{unit.label}: {f'recalled by {listed(by)}' if by else 'not recalled'}"
