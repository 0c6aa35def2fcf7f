import pytest

from event_manager.tabulation.model import BadInput
from event_manager.tabulation.rules import Cut
from tests.tabulation.methods.sheets import changed, run, run_parts


def recalled(entries: str, of: str = "1 2 3 4 5") -> dict[str, int]:
    return {entry: int(entry in entries.split()) for entry in of.split()}


def test_recalls_add_up_over_judges_and_dances() -> None:
    result = run_parts(
        "recall",
        {
            "Waltz": {"A": recalled("1 2"), "B": recalled("1 3")},
            "Tango": {"A": recalled("1 2"), "B": recalled("2 4")},
        },
    )

    assert result.totals == {"1": "3", "2": "3", "3": "1", "4": "1", "5": "0"}
    assert result.places == {"1": "1.5", "2": "1.5", "3": "3.5", "4": "3.5", "5": "5"}
    assert list(result.lines[0].explanation[-2:]) == [
        "Tango: recalled by A; Waltz: recalled by A and B",
        "recalled 3 times of 4 possible",
    ]


def test_rows_of_entries_not_recalled_may_be_left_out() -> None:
    result = run("recall", {"A": {"1": 1, "2": 1}, "B": {"1": 1, "3": 1}}, entries="1 2 3 4")

    assert result.totals == {"1": "2", "2": "1", "3": "1", "4": "0"}


def test_judge_who_recalled_another_number_than_asked_is_named_with_the_dance() -> None:
    rules = changed("recall", recalls=2)

    with pytest.raises(BadInput) as refusal:
        run_parts(rules, {"Waltz": {"A": recalled("1 2"), "B": recalled("1 2 3")}, "Tango": {"A": recalled("1")}})

    assert [t.message.split(":")[0] for t in refusal.value.troubles] == [
        "judge A recalled 1 in Tango instead of 2, the number asked",
        "judge B recalled 3 in Waltz instead of 2, the number asked",
    ]


def test_without_a_number_asked_the_odd_judge_out_is_named() -> None:
    with pytest.raises(BadInput, match="judge C recalled 3 instead of 2, what most judges did"):
        run("recall", {"A": recalled("1 2"), "B": recalled("1 3"), "C": recalled("1 2 3")})


@pytest.mark.parametrize(
    ("ties", "through"), [("all", {"1", "2", "3"}), ("none", {"1"})], ids=["all advance", "none advances"]
)
def test_ties_at_the_cut(ties: str, through: set[str]) -> None:
    rules = changed("recall").model_copy(update={"cut": Cut(top=2, ties=ties)})

    result = run(rules, {"A": recalled("1 2"), "B": recalled("1 3")})

    assert {line.entry for line in result.lines if line.advanced} == through
    assert "tied across the cut" in result.warnings[0]


def test_the_eliminated_share_the_places_behind_those_who_advance() -> None:
    rules = changed("recall").model_copy(update={"cut": Cut(top=1)})

    result = run(rules, {"A": recalled("1 2"), "B": recalled("1 3")})

    assert result.places == {"1": "1", "2": "2.5", "3": "2.5", "4": "4.5", "5": "4.5"}
