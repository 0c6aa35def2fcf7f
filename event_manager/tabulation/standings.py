"""From groups of equal entries to places on a result list."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from event_manager.tabulation.exact import text_of
from event_manager.tabulation.rules import Band, Cut, RuleSet


class Standing(NamedTuple):
    """One entry's place: its `position` (exact, for sorting) and as shown, and with whom it is shared."""

    position: Fraction
    place: str
    shared_with: tuple[str, ...] = ()


def place_groups(
    groups: Sequence[Sequence[str]], rules: RuleSet, left_out: frozenset[str] = frozenset()
) -> dict[str, Standing]:
    """Places of entries in groups, best first. Entries `left_out` use up a place and do not get it."""
    standings: dict[str, Standing] = {}
    first = 1
    for group in groups:
        last = first + len(group) - 1
        position, place = _shared(first, last, rules)
        kept = [entry for entry in group if entry not in left_out]
        for entry in kept:
            standings[entry] = Standing(position, place, tuple(e for e in kept if e != entry))
        first = last + 1
    return standings


def _shared(first: int, last: int, rules: RuleSet) -> tuple[Fraction, str]:
    shared = rules.ranking.shared
    if first == last or shared == "first":
        return Fraction(first), str(first)
    if shared == "range":
        return Fraction(first), f"{first}-{last}"
    mean = Fraction(first + last, 2)
    return mean, text_of(mean)


def advancing(groups: Sequence[Sequence[str]], cut: Cut) -> tuple[frozenset[str], tuple[str, ...]]:
    """Who is above the cut, and who is tied across it (with `chair`, those wait for a decision)."""
    above: list[str] = []
    for group in groups:
        if len(above) + len(group) <= cut.top:
            above += group
            continue
        if len(above) < cut.top:
            return frozenset([*above, *group] if cut.ties == "all" else above), tuple(group)
        break
    return frozenset(above), ()


def band_of(total: Fraction, bands: Sequence[Band]) -> Band | None:
    """The best standard the total reaches; several entries or none may reach it."""
    return next((band for band in bands if total >= band.at_least), None)


def capped(standing: Standing, band: Band | None) -> Standing:
    """The standing, not above the best place that its band allows."""
    if band is None or band.best_place is None or standing.position >= band.best_place:
        return standing
    return Standing(Fraction(band.best_place), str(band.best_place), standing.shared_with)
