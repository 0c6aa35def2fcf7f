"""Rule sets are data: what is wrong in one is named with its place."""

import pytest

from event_manager.tabulation.library import load_rule_set
from event_manager.tabulation.model import BadRules
from event_manager.tabulation.rules import parse_rules

GOOD: dict[str, object] = {
    "name": "mine",
    "version": "1",
    "title": "Mine",
    "source": "our club",
    "stages": [{"kind": "mean"}],
}

FAULTS: list[tuple[str, dict[str, object], str]] = [
    (
        "an unknown kind of stage",
        {"stages": [{"kind": "average"}]},
        "/stages/0: .*“average” is no kind of stage; there are add,",
    ),
    ("an option that a stage does not have", {"stages": [{"kind": "mean", "lo": 1}]}, "/stages/0/lo: Extra inputs"),
    ("a field that no rule set has", {"colour": "red"}, "/colour: Extra inputs"),
    ("a binary number", {"marks": {"max": 0.1}}, "/marks/max: .*write numbers as decimal text"),
    ("a comma", {"marks": {"step": "0,5"}}, "/marks/step: .*“0,5” has a comma"),
    ("no stages", {"stages": []}, "/stages: "),
    ("a name with blanks", {"name": "My rules"}, "/name: "),
    ("rounding past all sense", {"stages": [{"kind": "round", "places": 10**9}]}, "/stages/0/places: "),
    ("a criterion named twice", {"criteria": [{"name": "a"}, {"name": "a"}]}, "criterion “a” is there twice"),
    (
        "stages called the same",
        {"stages": [{"kind": "mean"}, {"kind": "mean", "over": "part"}]},
        "stage name “mean” is there twice",
    ),
    ("a placer before the end", {"stages": [{"kind": "skating"}, {"kind": "mean"}]}, "must be the last one"),
    (
        "bands out of order",
        {"bands": [{"name": "a", "atLeast": "1"}, {"name": "b", "atLeast": "2"}]},
        "from the best down",
    ),
    ("an unknown tie breaker", {"ties": [{"kind": "coin"}]}, "/ties/0: "),
]


@pytest.mark.parametrize(("change", "message"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_named_with_its_place(change: dict[str, object], message: str) -> None:
    with pytest.raises(BadRules, match=message):
        parse_rules({**GOOD, **change}, source="mine.json")


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(BadRules) as refusal:
        parse_rules({**GOOD, "name": "", "version": "", "colour": "red"})

    assert len(str(refusal.value).splitlines()) == 3


def test_numbers_may_be_whole_or_text() -> None:
    rules = parse_rules({**GOOD, "marks": {"min": 0, "max": "10.0"}})

    assert rules.model_dump(mode="json", by_alias=True)["marks"] == {
        "kind": "score",
        "min": "0",
        "max": "10",
        "step": None,
        "zero": "mark",
    }


def test_an_unknown_rule_set_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadRules, match="there is no rule set “skate”; there are best-of-majority, "):
        load_rule_set("skate")
