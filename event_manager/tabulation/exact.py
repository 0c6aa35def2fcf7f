"""Exact numbers: decimal text in, rationals inside, decimal text out. No binary float is ever used.

A column of numbers shares one denominator, so sums, trims and means of whole panels stay plain integers; a
numerator may be a `Fraction` where a method divides each cell by something of its own.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

Number = int | Fraction

RoundingMode = Literal["half-up", "half-even", "half-down", "up", "down", "ceiling", "floor"]
_DECIMAL = re.compile(r"[+-]?\d+(?:\.\d+)?")
_SHOWN_PLACES = 6
_MOST_DIGITS = 40


def parse_decimal(text: str) -> Fraction:
    """The exact value of plain decimal text such as `8`, `-0.25` or `07.50`.

    Raises ValueError for anything else: exponents, blanks, a decimal comma, infinities, hundreds of digits.
    """
    if len(text) > _MOST_DIGITS:
        raise ValueError(f"“{text[:12]}...” is longer than {_MOST_DIGITS} digits and no decimal number of a contest")
    if not _DECIMAL.fullmatch(text) or not text.isascii():
        if "," in text:
            raise ValueError(f"“{text}” has a comma; write the decimal point as “.”")
        raise ValueError(f"“{text}” is not a decimal number")
    return Fraction(text)


def _exact(value: object) -> object:
    if isinstance(value, Fraction) or (isinstance(value, int) and not isinstance(value, bool)):
        return Fraction(value)
    if isinstance(value, str):
        return parse_decimal(value)
    raise ValueError('write numbers as decimal text, for example "0.25"')


class Rounding(BaseModel):
    """Where a rule rounds: to how many decimals, and which way.

    `half-up` sends a half away from zero, `half-even` to the even neighbour, `half-down` towards zero; `up` and
    `down` are away from and towards zero; `ceiling` and `floor` are towards plus and minus infinity.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    places: int = Field(2, ge=0, le=12)
    mode: RoundingMode = "half-up"

    def apply(self, value: Number, denom: int = 1) -> int:
        """`value / denom` as a whole number of units of 10^-places."""
        if isinstance(value, Fraction):
            denom *= value.denominator
            value = value.numerator
        unit: int = 10**self.places
        whole, rest = divmod(abs(value) * unit, denom)
        negative = value < 0
        if rest and _goes_up(self.mode, twice=2 * rest - denom, odd=whole % 2 == 1, negative=negative):
            whole += 1
        return -whole if negative else whole


def _goes_up(mode: RoundingMode, *, twice: int, odd: bool, negative: bool) -> bool:
    """Whether the magnitude grows; `twice` is below, at or above zero as the rest is below, at or above a half."""
    if mode == "half-up":
        return twice >= 0
    if mode == "half-even":
        return twice > 0 or (twice == 0 and odd)
    if mode == "half-down":
        return twice > 0
    if mode == "ceiling":
        return not negative
    if mode == "floor":
        return negative
    return mode == "up"


@dataclass(frozen=True, slots=True)
class Column:
    """One number per entry, in the order of the grid's entries; None where there is none.

    The value of row i is `values[i] / denom`.
    """

    values: Sequence[Number | None]
    denom: int = 1

    def at(self, i: int) -> Fraction | None:
        """The exact value in row i."""
        value = self.values[i]
        return None if value is None else Fraction(value, self.denom)

    def text(self, i: int, *, least_places: int = 0) -> str:
        """The value in row i as `text_of` writes it, "" where there is none."""
        value = self.values[i]
        return "" if value is None else _text_of_ratio(value.numerator, value.denominator * self.denom, least_places)

    def scaled_to(self, denom: int) -> Sequence[Number | None]:
        """The numerators over a multiple of the own denominator."""
        times = denom // self.denom
        if times == 1:
            return self.values
        return [None if v is None else v * times for v in self.values]

    def times(self, factor: Fraction) -> "Column":
        """Every value multiplied."""
        if factor == 1:
            return self
        n = factor.numerator
        return Column([None if v is None else v * n for v in self.values], self.denom * factor.denominator)

    def rounded(self, rounding: Rounding | None) -> "Column":
        """Every value rounded; the same column where there is nothing to round."""
        if rounding is None:
            return self
        apply, denom = rounding.apply, self.denom
        return Column([None if v is None else apply(v, denom) for v in self.values], 10**rounding.places)


def column_of(values: Iterable[Fraction | int | None]) -> Column:
    """A column of exact values of any denominators."""
    numbers = list(values)
    denom = lcm(*(v.denominator for v in numbers if v is not None)) if numbers else 1
    return Column([None if v is None else v.numerator * (denom // v.denominator) for v in numbers], denom)


def common(columns: Sequence[Column]) -> tuple[list[Sequence[Number | None]], int]:
    """The numerators of several columns over their least common denominator, and that denominator."""
    denom = lcm(*(c.denom for c in columns)) if columns else 1
    return [c.scaled_to(denom) for c in columns], denom


def text_of(value: Fraction | int, *, least_places: int = 0) -> str:
    """Decimal text: exact where it ends within six decimals (at least `least_places` shown), else six decimals."""
    return _text_of_ratio(value.numerator, value.denominator, least_places)


@lru_cache(maxsize=16384)  # the same few numbers fill a result list
def _text_of_ratio(numerator: int, denominator: int, places: int) -> str:
    shared = gcd(numerator, denominator)
    numerator, denominator = numerator // shared, denominator // shared
    unit = 10**places
    while unit % denominator and places < _SHOWN_PLACES:
        places, unit = places + 1, unit * 10
    units = Rounding(places=places, mode="half-even").apply(numerator, denominator)
    if not places:
        return str(units)
    digits = str(abs(units)).rjust(places + 1, "0")
    return f"{'-' if units < 0 else ''}{digits[:-places]}.{digits[-places:]}"


Exact = Annotated[
    Fraction,
    BeforeValidator(_exact),
    PlainSerializer(text_of, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^[+-]?\d+(\.\d{1,6})?$"}),
]
"""A field of rule set data: decimal text (or a whole number) in JSON, an exact fraction in Python."""
