"""Value types that the room's shapes share."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints

from event_manager.kit.http import Wire


def _printable(text: str) -> str:
    if any(ord(c) < 32 and c not in "\n\t" for c in text):
        raise ValueError("holds control characters")
    return text


def plain(number: Decimal) -> str:
    """The shortest decimal text of a number: "1.25" for 1.2500, "100" for 1E+2."""
    return format(number.normalize() + 0, "f")


Title = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)]
Line = Annotated[str, StringConstraints(max_length=200), AfterValidator(_printable)]
Reason = Annotated[str, StringConstraints(min_length=3, max_length=1000), AfterValidator(_printable)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,62}$")]
Number = Annotated[str, StringConstraints(min_length=1, max_length=20), AfterValidator(_printable)]
Amount = Annotated[
    Decimal,
    Field(ge=0, max_digits=12, decimal_places=6),
    PlainSerializer(plain, return_type=str, when_used="json"),
]
"""A number that is not negative, exact: decimal text on the wire."""

Signed = Annotated[
    Decimal, Field(max_digits=12, decimal_places=6), PlainSerializer(plain, return_type=str, when_used="json")
]
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}(/[^/]{1,60})?$")]
FactText = Annotated[str, StringConstraints(max_length=200), AfterValidator(_printable)]
FactMap = Annotated[
    dict[FactName, bool | Annotated[int, Field(ge=-(10**12), le=10**12)] | FactText | None], Field(max_length=50)
]
"""Facts that a rule set reads, as text: ``{"difficulty": "3.2"}``, or of one part ``{"difficulty/Dive 2": "2.8"}``."""


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
