"""What every shipped rule set, and so every method, must keep to. Runs on the rule sets' own worked examples."""

import random

import pytest

from event_manager.tabulation.document import canonical_bytes, to_document, verify
from event_manager.tabulation.engine import Result, tabulate
from event_manager.tabulation.library import case_inputs, check_rule_set, load_rule_set, rule_set_names
from event_manager.tabulation.methods import stage_class, stage_kinds
from event_manager.tabulation.model import Inputs
from event_manager.tabulation.rules import Case, RuleSet, parse_rules

CASES = [
    pytest.param(name, case, id=f"{name}: {case.title}")
    for name in rule_set_names()
    for case in load_rule_set(name).cases
]


def result_of(name: str, case: Case) -> Result:
    return tabulate(load_rule_set(name), case_inputs(case))


@pytest.mark.parametrize("name", rule_set_names())
def test_rule_set_reproduces_its_worked_examples(name: str) -> None:
    outcomes = check_rule_set(load_rule_set(name))

    assert {outcome.title: outcome.faults for outcome in outcomes} == {o.title: () for o in outcomes}
    assert outcomes


@pytest.mark.parametrize(("name", "case"), CASES)
def test_order_of_rows_never_matters(name: str, case: Case) -> None:
    given = case_inputs(case)
    shuffled = random.Random(7).sample(given.marks, len(given.marks))
    again = Inputs(shuffled, given.entries[::-1], given.facts[::-1])

    assert canonical_bytes(to_document(tabulate(load_rule_set(name), again))) == canonical_bytes(
        to_document(result_of(name, case))
    )


@pytest.mark.parametrize(("name", "case"), CASES)
def test_every_place_is_explained(name: str, case: Case) -> None:
    for line in result_of(name, case).lines:
        assert line.explanation[0].startswith("placed " if line.place else "no place")


@pytest.mark.parametrize(("name", "case"), CASES)
def test_result_can_be_recomputed_from_its_document(name: str, case: Case) -> None:
    assert verify(to_document(result_of(name, case))).faults == ()


@pytest.mark.parametrize("name", rule_set_names())
def test_rule_set_survives_its_own_json(name: str) -> None:
    rules: RuleSet = load_rule_set(name)

    assert parse_rules(rules.model_dump(mode="json", by_alias=True)) == rules


@pytest.mark.parametrize("kind", stage_kinds())
def test_file_of_a_method_is_named_after_its_kind(kind: str) -> None:
    assert stage_class(kind).kind_name() == kind
    assert stage_class(kind).__doc__
