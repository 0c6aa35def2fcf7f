"""The published worked examples of the skating system and of relative placement, all 25 of them."""

import csv
from fractions import Fraction

import pytest

from event_manager.tabulation.engine import tabulate
from event_manager.tabulation.library import load_rule_set
from event_manager.tabulation.model import BadInput, Inputs, MarkRow
from event_manager.tabulation.rules import RuleSet
from tests.conftest import shared_data
from tests.tabulation.methods.sheets import changed

RULES = {
    "single": "skating",
    "multi": "skating",
    "dance_places": "skating-dances",
    "recall": "recall",
    "raw_scores": "relative-placement",
}
EQUAL_PLACES = ("sk14", "sk16")
"""Examples in which a judge gives equal places: no legal input."""


def read_rows(name: str) -> list[dict[str, str]]:
    with (shared_data("skating_worked_examples") / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def example(number: str) -> tuple[str, Inputs]:
    """Its kind and its marks."""
    given = [row for row in read_rows("marks.csv") if row["example"] == number]
    marks = [MarkRow(r["bib"], r["judge"] or "result", r["value"], part=r["dance"]) for r in given]
    return given[0]["kind"], Inputs(marks)


def expected(number: str) -> dict[str, Fraction]:
    return {r["bib"]: Fraction(r["expected"]) for r in read_rows("expected.csv") if r["example"] == number}


def found(rules: RuleSet, marks: Inputs, kind: str) -> dict[str, Fraction]:
    result = tabulate(rules, marks)
    values = result.totals if kind == "recall" else result.places
    return {entry: Fraction(value) for entry, value in values.items()}


@pytest.mark.parametrize("number", [f"sk{n:02}" for n in range(1, 26) if f"sk{n:02}" not in EQUAL_PLACES])
def test_example_is_reproduced(number: str) -> None:
    kind, marks = example(number)

    places = found(load_rule_set(RULES[kind]), marks, kind)

    assert places == expected(number)


@pytest.mark.parametrize("number", EQUAL_PLACES)
def test_example_with_equal_places_is_reproduced_where_the_rules_accept_them(number: str) -> None:
    kind, marks = example(number)

    places = found(changed("skating", equal_places="accept"), marks, kind)

    assert places == expected(number)


def test_equal_places_are_refused_naming_judge_and_entries() -> None:
    _, marks = example("sk16")

    with pytest.raises(BadInput) as refusal:
        tabulate(load_rule_set("skating"), marks)

    messages = [trouble.message for trouble in refusal.value.troubles]
    assert [m.split(";")[0] for m in messages] == [
        "judge E gave place 7 to entries 11, 12 and 13 in D1",
        "judge F gave place 7 to entries 16 and 17 in D1",
    ]


def test_there_are_25_examples() -> None:
    assert {row["example"] for row in read_rows("expected.csv")} == {f"sk{n:02}" for n in range(1, 26)}
