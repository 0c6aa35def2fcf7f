"""Value types that the room's shapes share."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from unicodedata import category
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

from event_manager.kit.http import Wire

TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Invisible characters that show what follows them in another direction, beyond the name they stand in."""


def _printable(text: str) -> str:
    if any(category(c) == "Cc" and c not in "\n\t" for c in text):
        raise ValueError("holds control characters")
    if TURNING.search(text):
        raise ValueError("holds invisible characters that turn the direction of writing: type it again")
    return text


def _visible(text: str) -> str:
    if all(category(c)[0] in "CZ" for c in text):
        raise ValueError("shows nothing: it holds invisible characters only")
    return text


def _without_invisible(text: str) -> str:
    if any(category(c)[0] == "C" for c in text):
        raise ValueError("holds invisible characters, so that two numbers could look the same: type it again")
    return text


def plain(number: Decimal) -> str:
    """The shortest decimal text of a number: "1.25" for 1.2500, "100" for 1E+2."""
    return format(number.normalize() + 0, "f")


Title = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable), AfterValidator(_visible)
]
Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(_printable)]
Reason = Annotated[str, StringConstraints(min_length=3, max_length=1000), AfterValidator(_printable)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,62}$")]
Number = Annotated[str, StringConstraints(min_length=1, max_length=20), AfterValidator(_without_invisible)]
ON_THE_WIRE = PlainSerializer(plain, return_type=str, when_used="json")
MOST = 10**12
MOST_FACT_TEXT = 200


def _written_out(given: object) -> object:
    """Text of a number holds digits and a point; Decimal would also take "1e3", "1_000" and other scripts' digits."""
    if isinstance(given, str) and not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", given):
        raise ValueError(f"'{given[:20]}' is not a plain decimal number such as 7 or 7.25 (at most 6 decimals)")
    return given


def _shown(least: str, sign: str) -> WithJsonSchema:
    text = {"type": "string", "pattern": rf"^{sign}[0-9]{{1,12}}(\.[0-9]{{1,6}})?$", "examples": ["7.5"]}
    limits = {least: 0} if least else {}
    return WithJsonSchema({"anyOf": [text, {"type": "number", **limits}]}, mode="validation")


Amount = Annotated[
    Decimal,
    BeforeValidator(_written_out),
    Field(ge=0, max_digits=12, decimal_places=6),
    ON_THE_WIRE,
    _shown("minimum", ""),
]
"""A number that is not negative, exact: decimal text on the wire."""

Step = Annotated[
    Decimal,
    BeforeValidator(_written_out),
    Field(gt=0, max_digits=12, decimal_places=6),
    ON_THE_WIRE,
    _shown("exclusiveMinimum", ""),
]
Signed = Annotated[
    Decimal,
    BeforeValidator(_written_out),
    Field(max_digits=12, decimal_places=6),
    ON_THE_WIRE,
    _shown("", "-?"),
]


def _fits(value: object) -> object:
    """A fact, and where it is a number, as JSON or as text, within what every rule set can reckon with.

    Checked here and not by the types, which would report one fault for each type that it might have been.
    """
    match value:
        case None | bool():
            return value
        case int():
            too_long = abs(value) > MOST
        case str():
            number = re.fullmatch(r"\s*[+-]?([0-9]+)(?:\.([0-9]*))?\s*", _printable(value))
            too_long = number is not None and (len(number[1]) > 12 or len(number[2] or "") > 6)
            if len(value) > MOST_FACT_TEXT:
                raise ValueError(f"is longer than {MOST_FACT_TEXT} characters")
        case _:
            raise ValueError("is neither text, a whole number, true, false nor null; write other numbers as text")
    if too_long:
        raise ValueError("has too many digits: a number has at most 12 before the point and 6 after it")
    return value


FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}(/[^/]{1,60})?$")]
FactText = Annotated[str, StringConstraints(max_length=MOST_FACT_TEXT)]
Fact = Annotated[bool | Annotated[int, Field(ge=-MOST, le=MOST)] | FactText | None, BeforeValidator(_fits)]
FactMap = Annotated[dict[FactName, Fact], Field(max_length=50)]
"""Facts that a rule set reads, as text: ``{"difficulty": "3.2"}``, or of one part ``{"difficulty/Dive 2": "2.8"}``."""

Facts = dict[str, bool | int | str | None]
"""Facts as they are kept."""


class Because(Wire):
    """Why, in words; it is kept in the log."""

    reason: Reason


class Order(Wire):
    """Every item of the list exactly once, in the wanted order."""

    ids: Annotated[list[UUID], Field(max_length=5000)]


class LockView(Wire):
    """Who locked it, when and why."""

    locked_at: datetime
    locked_by: UUID | None
    reason: str
