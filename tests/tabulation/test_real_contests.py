"""Real contests through the command line: the files an organiser would have, and the officially published outcome."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from typer.testing import CliRunner

from event_manager.cli import app
from tests.conftest import shared_data

Row = Mapping[str, str]
Results = dict[str, Row]


def rows_of(file: Path) -> list[Row]:
    with file.open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def grouped(rows: Iterable[Row], *columns: str) -> dict[tuple[str, ...], list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[column] for column in columns)].append(row)
    return groups


def write(file: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    with file.open("w", newline="", encoding="utf-8") as text:
        csv.writer(text).writerows([header, *rows])
    return str(file)


def tabulate(*arguments: str) -> Results:
    """Results by entry, as the JSON output has them."""
    outcome = CliRunner().invoke(app, ["tabulate", *arguments, "--format", "json"], catch_exceptions=False)
    assert outcome.stderr == ""
    return {line["entry"]: line for line in json.loads(outcome.stdout)["results"]}


# Skating system and relative placement

RULES_OF_KIND = {"single": "skating", "multi": "skating", "dance_places": "skating", "recall": "recall",
                 "raw_scores": "relative-placement"}  # fmt: skip


def worked_examples() -> Iterator[tuple[str, str, list[Row], dict[str, Decimal], str]]:
    folder = shared_data("skating_worked_examples")
    expected = grouped(rows_of(folder / "expected.csv"), "example")
    for (example, kind), marks in grouped(rows_of(folder / "marks.csv"), "example", "kind").items():
        outcomes = {row["bib"]: Decimal(row["expected"]) for row in expected[(example,)]}
        yield example, kind, marks, outcomes, expected[(example,)][0]["rule"]


def marks_of_example(tmp_path: Path, marks: Iterable[Row]) -> str:
    rows = [(row["bib"], row["judge"], row["value"], row["dance"]) for row in marks]
    return write(tmp_path / "marks.csv", ("bib", "judge", "mark", "dance"), rows)


def test_worked_examples_of_skating_system_and_relative_placement_come_out_as_published(tmp_path: Path) -> None:
    reproduced = 0
    for example, kind, marks, outcomes, rule in worked_examples():
        if "robustness only" in rule:
            continue
        results = tabulate(marks_of_example(tmp_path, marks), "--rules", RULES_OF_KIND[kind])
        shown = "total" if kind == "recall" else "place"
        assert {bib: Decimal(line[shown]) for bib, line in results.items()} == outcomes, example
        reproduced += 1
    assert reproduced == 23


def test_examples_in_which_a_judge_ties_entries_are_refused_by_name(tmp_path: Path) -> None:
    refused = 0
    for _, _, marks, _, rule in worked_examples():
        if "robustness only" not in rule:
            continue
        path = marks_of_example(tmp_path, marks)
        outcome = CliRunner().invoke(app, ["tabulate", path, "--rules", "skating"], catch_exceptions=False)
        assert (outcome.exit_code, outcome.stdout) == (1, "")
        assert "without equals" in outcome.stderr
        refused += 1
    assert refused == 2


# Sums of a television panel


def television_shows() -> Iterator[dict[str, list[Row]]]:
    """The performances of a show that one panel marked; a substitute judge makes a panel of its own."""
    for show in grouped(rows_of(shared_data("strictly") / "scores.csv"), "series", "week").values():
        panels: dict[str, dict[str, list[Row]]] = defaultdict(dict)
        for (order, couple, dance), marks in grouped(show, "running_order", "couple", "dance").items():
            panel = " ".join(sorted(row["judge"] for row in marks))
            panels[panel][f"{order} {couple} {dance}"] = marks
        yield from panels.values()


def test_totals_of_the_television_panel_come_out_as_published(tmp_path: Path) -> None:
    reproduced = 0
    for show in television_shows():
        marks = [(entry, row["judge"], row["score"]) for entry, rows in show.items() for row in rows]
        results = tabulate(write(tmp_path / "marks.csv", ("couple", "judge", "score"), marks), "--rules", "sum")
        assert {e: line["total"] for e, line in results.items()} == {e: rows[0]["total"] for e, rows in show.items()}
        reproduced += len(show)
    assert reproduced == 1719


# International judging system of figure skating


def skating_segments() -> Iterator[tuple[str, list[Row], dict[str, list[Row]], dict[str, list[Row]]]]:
    """Program, performances, their judges' marks and their components, one competition's segment after the other."""
    folder = shared_data("figure_skating_ijs")
    marks = {key[0]: rows for key, rows in grouped(rows_of(folder / "judge_marks.csv"), "perf").items()}
    aspects = {key[0]: rows for key, rows in grouped(rows_of(folder / "aspects.csv"), "perf").items()}
    for (_, program), skates in grouped(rows_of(folder / "performances.csv"), "competition", "program").items():
        perfs = [skate["perf"] for skate in skates]
        components = {p: [row for row in aspects[p] if row["section"] == "components"] for p in perfs}
        yield program, skates, {p: marks[p] for p in perfs}, components


def component_marks(skates: Mapping[str, list[Row]]) -> Iterator[tuple[str, ...]]:
    for perf, rows in skates.items():
        for row in rows:
            for judge in (name for name in row if name.startswith("J") and row["aspect"].startswith("c")):
                if row[judge]:
                    yield perf, judge, row[judge], row["aspect"]


def test_scores_and_ranks_of_figure_skating_come_out_as_published(tmp_path: Path) -> None:
    reproduced = {"components": 0, "component totals": 0, "totals": 0, "ranks": 0, "zero marks": 0}
    for program, skates, marks, components in skating_segments():
        rows = [(*row, program) for row in component_marks(marks)]
        reproduced["zero marks"] += sum(Decimal(mark) == 0 for _, _, mark, _, _ in rows)
        factors = [(p, c["aspect"], c["factor"], "", "") for p, found in components.items() for c in found]
        facts = [(s["perf"], "", "", s["element_total"], s["deductions"]) for s in skates]
        results = tabulate(
            write(tmp_path / "marks.csv", ("entry", "judge", "mark", "component", "segment"), rows),
            "--entries",
            write(tmp_path / "entries.csv", ("entry", "component", "factor", "elements", "deduction"), factors + facts),
            "--rules",
            "ijs",
        )
        for skate in skates:
            line = results[skate["perf"]]
            assert (Decimal(line["total"]), line["place"]) == (Decimal(skate["segment_total"]), skate["rank"])
            assert component_total(line, program) == Decimal(skate["component_total"])
            reproduced["component totals"] += 1
            reproduced["totals"] += 1
            reproduced["ranks"] += 1
            for component in components[skate["perf"]]:
                score = component_score(line, program, component["aspect"])
                assert score == Decimal(component["panel_score"])
                reproduced["components"] += 1
    assert reproduced == {"components": 4805, "component totals": 961, "totals": 961, "ranks": 961, "zero marks": 40}


def component_score(line: Row, program: str, aspect: str) -> Decimal:
    scores = line["parts"]["component"]  # type: ignore[index]
    return Decimal(scores[f"{program} / {aspect}"])  # type: ignore[index]


def component_total(line: Row, program: str) -> Decimal:
    totals = line["parts"]["component total"]  # type: ignore[index]
    return Decimal(totals[program])  # type: ignore[index]


# Song contest of 2008 to 2015: points of voters, ties opened by the number of voters, then by count-back


def test_places_of_the_song_contest_come_out_as_published(tmp_path: Path) -> None:
    folder = shared_data("eurovision")
    points = grouped(rows_of(folder / "points.csv"), "kind", "year", "round", "channel")
    reproduced, tied = 0, 0
    for contest, entries in grouped(rows_of(folder / "official.csv"), "kind", "year", "round", "channel").items():
        if contest not in points or not "2008" <= contest[1] <= "2015":
            continue
        votes = [(row["entry"], row["voter"], row["points"]) for row in points[contest]]
        results = tabulate(
            write(tmp_path / "marks.csv", ("entry", "voter", "points"), votes),
            "--entries",
            write(tmp_path / "entries.csv", ("entry", "running order"), ((e["entry"], e["running"]) for e in entries)),
            "--rules",
            "eurovision-2008",
        )
        published = {e["entry"]: (e["place"], e["points"]) for e in entries}
        assert {entry: (line["place"], line["total"]) for entry, line in results.items()} == published
        reproduced += len(entries)
        totals = [e["points"] for e in entries]
        tied += sum(totals.count(total) > 1 for total in set(totals))
    assert (reproduced, tied) == (485, 31)
