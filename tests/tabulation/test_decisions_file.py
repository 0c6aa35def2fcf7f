"""The chair's decisions about ties, from files: what they open, and what is refused."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from event_manager.cli import app
from event_manager.tabulation.document import verify
from tests.tabulation.test_marks_workbook import save

HEADER = "position,entry,by,reason\n"
BOAT_FIRST = HEADER + "2,Kite,,\n1,Boat,Ada Lind,cleaner finish\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory worked in, with marks that leave two pairs tied."""
    monkeypatch.chdir(tmp_path)
    Path("marks.csv").write_text("entry,judge,mark\nKite,A,8\nBoat,A,8\nDrum,A,6\nHarp,A,6\nLute,A,5\n")
    return tmp_path


def tabulate(decisions: str, *options: str, name: str = "chair.csv", rules: str = "sum") -> Result:
    Path(name).write_text(decisions)
    arguments = ["tabulate", "marks.csv", "--rules", rules, "--decisions", name, *options]
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def places(outcome: Result) -> dict[str, str]:
    assert outcome.stderr == ""
    return {line["entry"]: line["place"] for line in json.loads(outcome.stdout)["results"]}


def test_a_decision_opens_the_tie_it_is_about_and_no_other() -> None:
    outcome = tabulate(BOAT_FIRST, "--format", "json")

    assert places(outcome) == {"Boat": "1", "Kite": "2", "Drum": "3", "Harp": "3", "Lute": "5"}
    document = json.loads(outcome.stdout)
    assert document["inputs"]["decisions"] == [
        {"order": ["Boat", "Kite"], "by": "Ada Lind", "reason": "cleaner finish"}
    ]
    assert verify(document).holds


def test_several_decisions_are_told_apart_by_name_and_the_order_of_rows_never_matters() -> None:
    rows = ["a,1,Boat,Ada,finish", "a,2,Kite,,", "b,1,Harp,Bo,tone", "b,2,Drum,,"]
    header = "decision,position,entry,by,reason\n"

    one = tabulate(header + "\n".join(rows), "--format", "json")
    other = tabulate(header + "\n".join(reversed(rows)), "--format", "json")

    assert places(one) == {"Boat": "1", "Kite": "2", "Harp": "3", "Drum": "4", "Lute": "5"}
    assert one.stdout == other.stdout


def test_json_and_a_sheet_of_the_workbook_say_the_same_as_csv() -> None:
    record = [{"order": ["Boat", "Kite"], "by": "Ada Lind", "reason": "cleaner finish"}]
    rows = [tuple(line.split(",")) for line in BOAT_FIRST.splitlines()]
    marks = [tuple(line.split(",")) for line in Path("marks.csv").read_text().splitlines()]
    save("contest.xlsx", marks=marks, decisions=rows)
    book = ["tabulate", "contest.xlsx", "--rules", "sum", "--format", "json"]

    expected = tabulate(BOAT_FIRST, "--format", "json").stdout

    assert tabulate(json.dumps(record), "--format", "json", name="chair.json").stdout == expected
    assert CliRunner().invoke(app, book).stdout == expected


def test_a_decision_opens_what_a_method_of_whole_tables_left_shared() -> None:
    Path("marks.csv").write_text("couple,judge,place\nKite,A,1\nBoat,A,2\nKite,B,2\nBoat,B,1\n")

    outcome = tabulate(BOAT_FIRST, "--format", "json", rules="skating")

    assert places(outcome) == {"Boat": "1", "Kite": "2"}
    assert [tie["broken"] for tie in json.loads(outcome.stdout)["ties"]] == [True]


@pytest.mark.parametrize(
    ("decisions", "told"),
    [
        (
            HEADER + "1,Boat,Ada,x\n2,Kyte,,\n",
            "chair.csv:2 (entry): the decision by Ada names the unknown entry Kyte\n",
        ),
        (
            HEADER + "1,Boat,Ada,x\n2,Lute,,\n",
            (
                "chair.csv:2 (entry): the decision by Ada about Boat and Lute opens no tie; "
                "tied are Boat and Kite; Drum and Harp\n"
            ),
        ),
        (
            HEADER + "1,Boat,Ada,x\n",
            "chair.csv:2 (entry): a decision is about two entries or more; write a line for each\n",
        ),
        (
            HEADER + "1,Boat,Ada,x\n1,Kite,,\n",
            "chair.csv:3 (position): position 1 is Boat's already; a decision leaves no equals\n",
        ),
        (
            HEADER + "1,Boat,Ada,x\nfirst,Boat,,\n",
            (
                "chair.csv:3 (position): the position is a whole number from 1, 1 the best, not “first”\n"
                "chair.csv:3 (entry): entry Boat is there twice in one decision\n"
            ),
        ),
        (
            HEADER + "1,Boat,Ada,\n2,Kite,Bo,\n",
            (
                "chair.csv:2 (reason): reason is blank; a decision names who made it and why\n"
                "chair.csv:3 (by): by was “Ada” before; a second decision needs its own name under decision\n"
            ),
        ),
        (
            "position,entry\n1,Boat\n",
            "chair.csv:1: there is no column by; the first line must name the columns: position,entry,by,reason",
        ),
    ],
)
def test_decisions_that_cannot_be_meant_are_refused_by_file_and_line(decisions: str, told: str) -> None:
    outcome = tabulate(decisions)

    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"order": []}', "chair.json: write a list such as ["),
        (
            '[\n\n{"order": ["Boat"], "by": "A", "reason": "x"}]',
            "chair.json:3: a decision has order (two entries or more,",
        ),
        (
            (
                '[{"order": ["Boat", "Kite"], "by": "A", "reason": "x"},\n'
                '{"order": ["Boat", "Kyte"], "by": "B", "reason": "x"}]'
            ),
            "chair.json:2: the decision by B names the unknown entry Kyte\n",
        ),
        ("[", "chair.json:1 (column 2): no JSON here"),
    ],
)
def test_json_of_another_shape_is_refused_by_line(text: str, told: str) -> None:
    outcome = tabulate(text, name="chair.json")

    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert outcome.stderr.startswith(told)
