"""The skating system over several dances: rules 9, 10 and 11.

Rule 9 adds the places of the dances. Equal sums go through rule 10 and, where that leaves equals, rule 11. A place is
awarded at a time: after each, those still without one are looked at again for the next place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

from event_manager.tabulation.exact import text_of
from event_manager.tabulation.ranking.majority import SKATING, Marks, by_majority, count_to, or_better, sum_to
from event_manager.tabulation.ranking.ordinals import tiers
from event_manager.tabulation.words import listed, ordinal, plural


@dataclass(frozen=True, slots=True)
class Summary:
    """Entries that share a place (mostly one), the rule that gave it and, for each of them, why.

    `after` tells what led to the rule: the equal sums, and whose marks were taken together.
    """

    entries: tuple[str, ...]
    rule: str
    why: Mapping[str, str]
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Dances:
    """`places`: per entry its place in each dance. `marks`: per entry every judge's mark of every dance."""

    places: Marks
    marks: Marks


def summarise(places: Marks, marks: Marks) -> list[Summary]:
    """All entries, best first, from their `places` (one per dance) and `marks` (one per judge and dance).

    Where `marks` is empty (only the places of the dances are known) rule 11 cannot be used and equals share.
    """
    dances = _Dances(places, marks)
    sums = {entry: sum(of_dances, Fraction(0)) for entry, of_dances in places.items()}
    summaries: list[Summary] = []
    for tied in tiers(sums, best="lowest"):
        total = f"sum of the places {text_of(sums[tied[0]])}"
        if len(tied) == 1:
            summaries.append(Summary((tied[0],), "Rule 9", {tied[0]: total}))
            continue
        place = 1 + sum(len(summary.entries) for summary in summaries)
        equal = f"{total} for each of {listed(tied)}"
        summaries += [replace(s, after=_joined(equal, s.after)) for s in _rule_10(tied, place, dances)]
    return summaries


def _joined(*sentences: str) -> str:
    return "; ".join(sentence for sentence in sentences if sentence)


def _rule_10(tied: Sequence[str], place: int, dances: _Dances) -> Iterable[Summary]:
    """Equal sums: most dances placed `place` or better, then the smaller sum of those places.

    The best takes the place and the others are looked at again for the next one.
    """
    left = list(tied)
    while left:
        if len(left) == 1:
            yield Summary(tuple(left), "Rule 10", {left[0]: "the last one left of those equal"})
            return
        counts = {e: Fraction(-count_to(dances.places[e], place)) for e in left}
        by_count = tiers(counts, best="lowest")
        best = tiers({e: sum_to(dances.places[e], place) for e in by_count[0]}, best="lowest")[0]
        awarded: list[Summary]
        if len(best) == 1:
            awarded = [_by_rule_10(best[0], place, dances, sums_compared=len(by_count[0]) > 1)]
        else:
            awarded = _rule_11(best, place, dances)
        yield from awarded
        placed = [entry for summary in awarded for entry in summary.entries]
        left = [entry for entry in left if entry not in placed]
        place += len(placed)


def _by_rule_10(entry: str, place: int, dances: _Dances, *, sums_compared: bool) -> Summary:
    of_dances = dances.places[entry]
    why = f"{count_to(of_dances, place)} of {plural(len(of_dances), 'dance')} {or_better(place)}"
    if sums_compared:
        why += f", sum of these {text_of(sum_to(of_dances, place))}"
    return Summary((entry,), "Rule 10", {entry: why})


def _rule_11(tied: Sequence[str], place: int, dances: _Dances) -> list[Summary]:
    """Still equal: the marks of all dances taken as one dance, from column `place` on, for the tied only.

    Two get both their places. Of more, only the best gets one; the others go back to rule 10 for the next place.
    """
    if not dances.marks:
        return [_shared(tied, "and there are no judges' marks for Rule 11")]
    last = max(place, *(ceil(max(dances.marks[entry])) for entry in tied))
    pooled = {entry: dances.marks[entry] for entry in tied}
    standings = by_majority(pooled, SKATING, columns=range(place, last + 1), noun="mark")
    awarded = standings if len(tied) == 2 else standings[:1]
    after = f"{ordinal(place)} place among {listed(tied)} by the marks of all dances taken as one"
    return [Summary(s.entries, "Rule 11", {e: s.why_of(e) for e in s.entries}, after) for s in awarded]


def _shared(tied: Sequence[str], because: str) -> Summary:
    why = {e: f"equal to {listed(o for o in tied if o != e)}, {because}" for e in tied}
    return Summary(tuple(tied), "Rule 10", why)
