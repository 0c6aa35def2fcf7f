"""Any rule set on any marks is tabulated, the same for every order of rows and verifiable, or refused with reasons."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from event_manager.tabulation.document import to_document, verify
from event_manager.tabulation.engine import tabulate
from event_manager.tabulation.model import FactRow, Inputs, MarkRow, ScoringError
from event_manager.tabulation.rules import RuleSet
from tests.tabulation.written import rule_set

Stage = dict[str, object]

REDUCERS: list[Stage] = [
    {"kind": "sum"},
    {"kind": "mean"},
    {"kind": "trimmed"},
    {"kind": "median"},
    {"kind": "median-tolerance"},
    {"kind": "weighted-median"},
    {"kind": "guard-mean", "tolerance": "1"},
    {"kind": "best"},
    {"kind": "balanced-sum", "size": 4},
]
BETWEEN: list[Stage] = [
    {"kind": "ranks"},
    {"kind": "deduct"},
    {"kind": "factor", "fact": "factor", "default": "2"},
    {"kind": "cap", "most": "7"},
    {"kind": "award-penalty"},
]
TIES = ["criterion-order", "count-back", "head-judge", "running-order", "chair"]


def random_rules(chance: Random) -> RuleSet:
    stages: list[Stage] = []
    for over in chance.sample(["judge", "criterion", "part", "category"], 4):
        if chance.random() < 0.3:
            stages.append(chance.choice(BETWEEN))
        stages.append({**chance.choice(REDUCERS), "over": over})
    if chance.random() < 0.2:
        stages = [{"kind": "carry-over"} if stage.get("over") == "category" else stage for stage in stages]
    return rule_set(
        *({**stage, "name": f"stage {i}"} for i, stage in enumerate(stages)),
        ranking={"direction": chance.choice(["high", "low"]), "compare": chance.choice(["exact", "rounded"])},
        ties=[{"kind": kind} for kind in chance.sample(TIES, 3)],
        policies={
            "missing": chance.choice(["block", "absent", "fill"]),
            "unmarked": chance.choice(["block", "skip", "count"]),
            "panel": chance.choice(["refuse", "allow"]),
            "dnf": chance.choice(["no-place", "last", "score"]),
            "dq": chance.choice(["close-up", "leave-gap"]),
        },
        **({"cut": {"top": 2, "ties": chance.choice(["all", "none", "chair"])}} if chance.random() < 0.3 else {}),
    )


def random_inputs(chance: Random, rules: RuleSet) -> Inputs:
    judges = "ABCDE"[: chance.randint(1, 5)]
    units = [
        (part, criterion, category)
        for part in chance.choice([[""], ["x", "y"]])
        for criterion in chance.choice([[""], ["a", "b"]])
        for category in chance.choice([[""], ["semi", "final"]])
    ]
    gaps = chance.choice([0, 0, 0.05])
    rows = [
        MarkRow(
            entry,
            judge,
            chance.choice(["recused", "absent", ""] if chance.random() < gaps else ["5", "6", "7.5"]),
            *unit,
        )
        for entry in "12345"
        for judge in judges
        for unit in units
        if chance.random() >= gaps
    ]
    known = [("state", "dnf"), ("state", "dq"), ("state", "dns"), *((fact, "1.5") for fact in sorted(rules.facts_read))]
    facts = [FactRow(str(chance.randint(1, 5)), *chance.choice(known)) for _ in range(chance.randint(0, 2))]
    return Inputs(rows, facts=facts)


@settings(deadline=None, max_examples=300)
@given(seed=st.integers(0, 10**9))
def test_it_is_tabulated_or_refused(seed: int) -> None:
    chance = Random(seed)
    rules = random_rules(chance)
    inputs = random_inputs(chance, rules)
    try:
        document = to_document(tabulate(rules, inputs))
    except ScoringError:
        return

    shuffled = Inputs(chance.sample(inputs.marks, len(inputs.marks)), facts=inputs.facts[::-1])
    assert to_document(tabulate(rules, shuffled)) == document
    assert verify(document).faults == ()
    assert all(line["explanation"] for line in document["results"])
