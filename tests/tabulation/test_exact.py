"""Exact numbers: text in, rationals, rounding, text out."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from event_manager.tabulation.exact import Column, Rounding, RoundingMode, column_of, common, parse_decimal, text_of

MODES: dict[RoundingMode, str] = {
    "half-up": ROUND_HALF_UP,
    "half-even": ROUND_HALF_EVEN,
    "half-down": ROUND_HALF_DOWN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
    "ceiling": ROUND_CEILING,
    "floor": ROUND_FLOOR,
}


@pytest.mark.parametrize("text", ["", " 8", "8.", ".5", "1e3", "1,25", "٣", "NaN", "inf", "1_000", "--1"])
def test_text_that_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="decimal"):
        parse_decimal(text)


def test_a_decimal_comma_is_named() -> None:
    with pytest.raises(ValueError, match=r"“1,25” has a comma; write the decimal point as “\."):
        parse_decimal("1,25")


@pytest.mark.parametrize("mode", MODES)
@settings(deadline=None)
@given(value=st.decimals(-1000, 1000, places=5), places=st.integers(0, 4))
def test_rounding_agrees_with_the_decimal_module(mode: RoundingMode, value: Decimal, places: int) -> None:
    expected = value.quantize(Decimal(1).scaleb(-places), rounding=MODES[mode])

    units = Rounding(places=places, mode=mode).apply(Fraction(value))

    assert Decimal(units).scaleb(-places) == expected


@settings(deadline=None)
@given(st.decimals(-10000, 10000, places=4))
def test_decimal_text_comes_back_with_the_same_value(value: Decimal) -> None:
    assert parse_decimal(text_of(Fraction(value))) == Fraction(value)


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(1, 3), 0, "0.333333"),
        (Fraction(5, 2), 0, "2.5"),
        (Fraction(5, 2), 2, "2.50"),
        (Fraction(-1, 8), 0, "-0.125"),
        (Fraction(7), 0, "7"),
        (Fraction(7), 2, "7.00"),
        (Fraction(1, 10**9), 0, "0.000000"),
    ],
)
def test_numbers_are_shown_exactly_or_with_six_decimals(value: Fraction, places: int, text: str) -> None:
    assert text_of(value, least_places=places) == text


@settings(deadline=None)
@given(st.lists(st.fractions(), min_size=1))
def test_a_column_keeps_every_value_exactly(values: list[Fraction]) -> None:
    column = column_of(values)

    assert [column.at(i) for i in range(len(values))] == values


def test_columns_meet_on_their_least_common_denominator() -> None:
    columns, denom = common([Column([1, None], 4), Column([1, 2], 6)])

    assert ([list(c) for c in columns], denom) == ([[3, None], [2, 4]], 12)
