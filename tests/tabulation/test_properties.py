"""What must hold for any contest: order, scaling, leaving, and an agreeing judge."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from event_manager.tabulation.document import canonical_bytes, to_document
from event_manager.tabulation.engine import tabulate
from event_manager.tabulation.exact import text_of
from event_manager.tabulation.library import load_rule_set
from event_manager.tabulation.model import FactRow, Inputs, MarkRow
from event_manager.tabulation.rules import RuleSet
from tests.tabulation.written import mean_rules, rule_set, sum_rules

CRITERIA = ("song", "stage", "gown")
Panel = list[list[list[int]]]
"""Quarter points, by entry, criterion and judge."""


@st.composite
def panels(draw: st.DrawFn, judges: int = 5) -> Panel:
    size = draw(st.integers(2, 6))
    marks = st.integers(0, 40)
    return [[draw(st.lists(marks, min_size=judges, max_size=judges)) for _ in CRITERIA] for _ in range(size)]


def rows_of(panel: Panel) -> list[MarkRow]:
    return [
        MarkRow(f"E{e}", f"J{j}", text_of(Fraction(mark, 4)), criterion=criterion)
        for e, by_criterion in enumerate(panel)
        for criterion, marks in zip(CRITERIA, by_criterion, strict=True)
        for j, mark in enumerate(marks)
    ]


def weighted(kind: str, weights: Sequence[Fraction]) -> RuleSet:
    return rule_set(
        {"kind": kind},
        {"kind": "sum", "over": "criterion", "name": "criteria"},
        criteria=[{"name": c, "weight": text_of(w)} for c, w in zip(CRITERIA, weights, strict=True)],
    )


@settings(deadline=None)
@given(
    panel=panels(),
    random=st.randoms(use_true_random=False),
    name=st.sampled_from(["weighted-mean", "trimmed-mean", "sum"]),
)
def test_order_of_rows_never_matters(panel: Panel, random: object, name: str) -> None:
    rows = rows_of(panel)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    rules = load_rule_set(name)

    documents = [to_document(tabulate(rules, Inputs(given))) for given in (rows, shuffled)]

    assert canonical_bytes(documents[0]) == canonical_bytes(documents[1])


@settings(deadline=None)
@given(
    panel=panels(),
    weights=st.lists(st.integers(1, 12), min_size=3, max_size=3),
    scale=st.sampled_from([Fraction(1, 8), Fraction(3), Fraction(25, 2)]),
    kind=st.sampled_from(["sum", "mean", "trimmed", "median", "weighted-median"]),
)
def test_scaling_all_weights_never_changes_places(panel: Panel, weights: list[int], scale: Fraction, kind: str) -> None:
    inputs = Inputs(rows_of(panel))
    plain = tabulate(weighted(kind, [Fraction(w) for w in weights]), inputs)
    scaled = tabulate(weighted(kind, [w * scale for w in weights]), inputs)

    assert scaled.places == plain.places


@pytest.mark.parametrize("state", ["withdrawn", "dns", "scratched", "dq"])
@settings(deadline=None)
@given(panel=panels(), name=st.sampled_from(["weighted-mean", "trimmed-mean", "sum"]))
def test_an_entry_that_left_might_as_well_never_have_been_there(state: str, panel: Panel, name: str) -> None:
    rows, rules = rows_of(panel), load_rule_set(name)
    left = tabulate(rules, Inputs(rows, facts=[FactRow("E0", "state", state)]))
    never = tabulate(rules, Inputs([row for row in rows if row.entry != "E0"]))

    assert {e: p for e, p in left.places.items() if e != "E0"} == never.places
    assert left.ties == never.ties
    assert left.totals == never.totals


@settings(deadline=None)
@given(panel=panels(), kind=st.sampled_from(["sum", "mean"]))
def test_a_judge_who_agrees_with_the_result_never_lowers_the_winner(panel: Panel, kind: str) -> None:
    rules = sum_rules() if kind == "sum" else mean_rules()
    rows = rows_of(panel)
    before = tabulate(rules, Inputs(rows))
    agreeing = [
        MarkRow(entry, "agreeing", text_of(10 - before.standings[entry].position), criterion=criterion)
        for entry in before.places
        for criterion in CRITERIA
    ]

    after = tabulate(rules, Inputs(rows + agreeing))

    winners = [entry for entry, place in before.places.items() if place == "1"]
    assert all(after.places[entry] == "1" for entry in winners)


@settings(deadline=None)
@given(panel=panels())
def test_a_higher_mark_never_lowers_the_one_who_got_it(panel: Panel) -> None:
    rows = rows_of(panel)
    better = [row._replace(mark="10.25") if row[:2] == ("E0", "J0") else row for row in rows]
    for name in ("sum", "weighted-mean", "trimmed-mean"):
        rules = load_rule_set(name)
        before, after = (tabulate(rules, Inputs(given)).standings["E0"].position for given in (rows, better))
        assert after <= before


@settings(deadline=None)
@given(panel=panels(judges=7))
def test_the_trimmed_mean_agrees_with_plain_fractions(panel: Panel) -> None:
    def trimmed(marks: list[int]) -> Fraction:
        return Fraction(sum(sorted(marks)[1:-1]), 4 * 5)

    result = tabulate(load_rule_set("trimmed-mean"), Inputs(rows_of(panel)))

    expected = {f"E{e}": sum(map(trimmed, by_criterion), Fraction(0)) for e, by_criterion in enumerate(panel)}
    assert {e: Fraction(total) for e, total in result.totals.items()} == {
        e: Fraction(int(value * 100 + Fraction(1, 2)), 100) for e, value in expected.items()
    }
