"""The juries of Eurovision 2016 and 2017: the mean of the jurors' ranks, 168 panels with published points."""

import csv
from collections import defaultdict
from fractions import Fraction

from event_manager.tabulation.ranking.ordinals import ranks, tiers
from tests.conftest import shared_data

POINTS = (12, 10, 8, 7, 6, 5, 4, 3, 2, 1)
JURORS = ("juror_A", "juror_B", "juror_C", "juror_D", "juror_E")


def panels() -> dict[tuple[str, str, str], list[dict[str, str]]]:
    found = defaultdict(list)
    path = shared_data("eurovision") / "juror_ranks_2016_2017.csv"
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["year"], row["round"], row["voter"]].append(row)
    return found


def test_mean_ranks_give_the_published_points() -> None:
    published, found = {}, {}
    for key, rows in panels().items():
        jurors = [j for j in JURORS if rows[0][j]]
        ordinals = [ranks({r["entry"]: Fraction(r[j]) for r in rows}, best="lowest") for j in jurors]
        means = {r["entry"]: sum((o[r["entry"]] for o in ordinals), Fraction(0)) / len(jurors) for r in rows}
        best_first = [sorted(tier) for tier in tiers(means, best="lowest")]
        published[key] = {r["entry"]: int(r["official_jury_points"]) for r in rows}
        found[key] = best_first

    assert len(found) == 168
    for key, best_first in found.items():
        place = 0
        for tier in best_first:
            points = POINTS[place : place + len(tier)]
            got = sorted((published[key][entry] for entry in tier), reverse=True)
            assert got == sorted([*points, *([0] * (len(tier) - len(points)))], reverse=True), key
            place += len(tier)
