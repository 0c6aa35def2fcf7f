"""Point sums of song contests since 1957 come out of the voters' points as published."""

import csv
from collections import defaultdict

from event_manager.tabulation.engine import tabulate
from event_manager.tabulation.library import load_rule_set
from event_manager.tabulation.model import Entry, Inputs, MarkRow
from tests.conftest import shared_data

Contest = tuple[str, str, str, str]


def test_point_sums_come_out_as_published() -> None:
    folder = shared_data("eurovision")
    points: dict[Contest, list[MarkRow]] = defaultdict(list)
    official: dict[Contest, dict[str, str]] = defaultdict(dict)
    with (folder / "points.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            contest = (row["kind"], row["year"], row["round"], row["channel"])
            points[contest].append(MarkRow(row["entry"], row["voter"], row["points"]))
    with (folder / "official.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            official[row["kind"], row["year"], row["round"], row["channel"]][row["entry"]] = row["points"]
    rules = load_rule_set("eurovision-2008")

    reproduced = 0
    for contest in points.keys() & official.keys():
        result = tabulate(rules, Inputs(points[contest], [Entry(e) for e in official[contest]]))
        assert result.totals == official[contest]
        reproduced += len(official[contest])
    assert reproduced == 1582
