from decimal import Decimal
from fractions import Fraction

import choix
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from event_manager.tabulation.document import canonical_bytes, to_document
from event_manager.tabulation.engine import tabulate
from event_manager.tabulation.library import load_rule_set
from event_manager.tabulation.model import BadInput, Inputs, MarkRow
from event_manager.tabulation.ranking.connected import components
from event_manager.tabulation.ranking.paired import fit

RULES = load_rule_set("bradley-terry")
PAIRS = st.integers(2, 6).flatmap(
    lambda n: st.lists(
        st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] != p[1]),
        min_size=n,
        max_size=30,
    )
)


def comparisons(text: str) -> list[MarkRow]:
    """ "1>2 2=3" are two comparisons by one judge."""
    rows = []
    for number, pair in enumerate(text.split()):
        sign = ">" if ">" in pair else "="
        first, second = pair.split(sign)
        marks = ("1", "0") if sign == ">" else ("0.5", "0.5")
        rows += [MarkRow(e, "J", m, part=f"c{number}") for e, m in zip((first, second), marks, strict=True)]
    return rows


def connected(pairs: list[tuple[int, int]]) -> bool:
    return len(components(pairs)) == 1


@settings(max_examples=60, deadline=None)
@given(PAIRS.filter(connected))
def test_strengths_agree_with_an_independent_fit(pairs: list[tuple[int, int]]) -> None:
    names = sorted({i for pair in pairs for i in pair})
    wins: dict[tuple[str, str], Fraction] = {}
    for winner, loser in pairs:
        key = (str(winner), str(loser))
        wins[key] = wins.get(key, Fraction(0)) + 1

    ours = fit(wins, ridge=Fraction(1, 20)).value
    data = [(names.index(winner), names.index(loser)) for winner, loser in pairs]
    theirs = choix.opt_pairwise(len(names), data, alpha=0.05, tol=1e-10)

    assert [float(ours[str(name)]) for name in names] == pytest.approx(list(theirs), abs=1e-5)


def test_the_gradient_vanishes_to_ten_digits() -> None:
    """Wins equal expected wins plus the ridge's pull: the condition of the maximum, checked exactly."""
    wins = {("1", "2"): Fraction(3), ("2", "1"): Fraction(1), ("2", "3"): Fraction(2), ("3", "1"): Fraction(1)}
    value = fit(wins, ridge=Fraction(1, 100)).value

    for entry in value:
        won = sum(n for (a, _), n in wins.items() if a == entry)
        expected = sum(
            Decimal(int(n)) / (1 + (value[b if a == entry else a] - value[entry]).exp())
            for (a, b), n in wins.items()
            if entry in (a, b)
        )
        assert abs(Decimal(int(won)) - expected - Decimal("0.02") * value[entry]) < Decimal("1e-10")


def test_the_more_often_winning_come_first_and_a_circle_is_shared() -> None:
    chain = tabulate(RULES, Inputs(comparisons("1>2 1>2 2>1 2>3 2>3 3>2 1>3")))
    circle = tabulate(RULES, Inputs(comparisons("1>2 2>3 3>1")))

    assert chain.places == {"1": "1", "2": "2", "3": "3"}
    assert circle.places == {"1": "1", "2": "1", "3": "1"}


def test_an_entry_that_always_wins_has_a_finite_strength() -> None:
    result = tabulate(RULES, Inputs(comparisons("1>2 1>2 1>2")))

    assert result.places == {"1": "1", "2": "2"}


def test_a_draw_is_half_a_win_each() -> None:
    assert tabulate(RULES, Inputs(comparisons("1=2"))).places == {"1": "1", "2": "1"}


def test_neighbours_that_the_comparisons_do_not_separate_are_named() -> None:
    few = tabulate(RULES, Inputs(comparisons("1>2 1>2 2>1")))
    many = tabulate(RULES, Inputs(comparisons("1>2 " * 30 + "2>1 " * 5)))

    assert few.lines[0].explanation[-1] == "not separable from 2"
    assert many.lines[0].explanation[-1] == "separable from its neighbours"


def test_unconnected_comparisons_are_refused_naming_the_groups() -> None:
    with pytest.raises(BadInput, match=r"fall into 2 groups that never met \(1 and 2; 3 and 4\)"):
        tabulate(RULES, Inputs(comparisons("1>2 3>4")))


def test_a_judges_ranking_of_one_part_counts_as_all_its_pairs() -> None:
    ranked = [MarkRow(e, "J", m, part="table 1") for e, m in (("1", "1"), ("2", "0.5"), ("3", "0"))]

    assert tabulate(RULES, Inputs(ranked)).totals == tabulate(RULES, Inputs(comparisons("1>2 1>3 2>3"))).totals


@settings(max_examples=40, deadline=None)
@given(PAIRS.filter(connected), st.randoms(use_true_random=False))
def test_the_same_comparisons_in_any_order_give_the_same_bytes(pairs: list[tuple[int, int]], random: object) -> None:
    rows = comparisons(" ".join(f"{a}>{b}" for a, b in pairs))
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    def document(marks: list[MarkRow]) -> bytes:
        return canonical_bytes(to_document(tabulate(RULES, Inputs(marks))))

    assert document(rows) == document(shuffled)
