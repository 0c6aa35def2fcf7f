"""Duels: how many judges prefer one entry to another, and what follows from it (Copeland, Schulze)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from event_manager.tabulation.ranking.ballots import Ballots

Table = Mapping[tuple[str, str], int]
"""(a, b) -> number of judges who place a before b."""


def preferences(rankings: Ballots, entries: Sequence[str]) -> dict[tuple[str, str], int]:
    """The table of all ordered pairs; a judge who places both equal, or one of them not, counts for neither."""
    return {
        (a, b): sum(a in ranking and b in ranking and ranking[a] < ranking[b] for ranking in rankings.values())
        for a in entries
        for b in entries
        if a != b
    }


def wins_and_losses(table: Table, entry: str) -> tuple[list[str], list[str]]:
    """Whom the entry beats in a duel, and by whom it is beaten."""
    rivals = [b for a, b in table if a == entry]
    won = [r for r in rivals if table[entry, r] > table[r, entry]]
    lost = [r for r in rivals if table[entry, r] < table[r, entry]]
    return won, lost


def strongest_paths(table: Table, entries: Sequence[str]) -> dict[tuple[str, str], int]:
    """Strength of the strongest path between each pair: the weakest of its duels, counted by winning votes.

    Source: Schulze, Social Choice and Welfare 36 (2011).
    """
    strength = {(a, b): votes if votes > table[b, a] else 0 for (a, b), votes in table.items()}
    for via in entries:
        for a in entries:
            for b in entries:
                if len({a, b, via}) == 3:
                    through = min(strength[a, via], strength[via, b])
                    strength[a, b] = max(strength[a, b], through)
    return strength


def undominated_first(beats: Mapping[tuple[str, str], bool], entries: Sequence[str]) -> list[list[str]]:
    """Tiers of a strict partial order: those nobody beats, then those nobody of the rest beats, and so on."""
    left = list(entries)
    groups: list[list[str]] = []
    while left:
        group = [e for e in left if not any(beats[other, e] for other in left if other != e)]
        groups.append(group)
        left = [e for e in left if e not in group]
    return groups


def copeland_scores(table: Table, entries: Sequence[str]) -> dict[str, Fraction]:
    """Duels won minus duels lost."""
    return {e: Fraction(len(won) - len(lost)) for e in entries for won, lost in [wins_and_losses(table, e)]}
