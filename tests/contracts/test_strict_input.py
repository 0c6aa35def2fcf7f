"""What a request says is taken as it is written: a value of another type is refused, never converted."""

from datetime import datetime
from decimal import Decimal
from uuid import uuid4

import httpx
import pytest
from pydantic import Field, ValidationError

from event_manager.contests.schemas.common import FactMap, Signed
from event_manager.kit.http import Wire
from event_manager.scoring.schemas import DeductionIn
from tests.people import People


class Nested(Wire):
    """A shape inside another one."""

    flag: bool


class Everything(Wire):
    """One field of each kind that pydantic would convert."""

    flag: bool = False
    count: int | None = None
    counts: list[int] = Field(default_factory=list)
    nested: Nested | None = None
    at: datetime | None = None
    limit: Signed | None = None
    facts: FactMap = Field(default_factory=dict)


def faults(body: dict[str, object]) -> list[tuple[str, str]]:
    """Where and why a body is refused."""
    with pytest.raises(ValidationError) as refused:
        Everything.model_validate(body)
    return [("/".join(map(str, e["loc"])), e["msg"].removeprefix("Value error, ")) for e in refused.value.errors()]


@pytest.mark.parametrize("given", [0, 1, "true", "yes", "1", 1.0])
def test_only_true_and_false_are_booleans(given: object) -> None:
    assert faults({"flag": given}) == [("flag", "Input should be a valid boolean")]
    assert faults({"nested": {"flag": given}}) == [("nested/flag", "Input should be a valid boolean")]


@pytest.mark.parametrize("given", [True, "1", 1.0, 1.5])
def test_only_whole_numbers_are_integers(given: object) -> None:
    assert faults({"count": given}) == [("count", "Input should be a valid integer")]
    assert faults({"counts": [given]}) == [("counts/0", "Input should be a valid integer")]


@pytest.mark.parametrize("given", [0, 1767225600, 1.5, "0", "1767225600", "-1767225600"])
def test_a_time_is_written_as_one(given: object) -> None:
    assert faults({"at": given}) == [
        ("at", "must be text such as 2026-05-01, or with the time 2026-05-01T10:00:00Z"),
    ]


@pytest.mark.parametrize("given", ["1e3", "1_000", "1,5", " 1", "\u0663", "NaN", "", "+1", "1.", ".5"])
def test_decimal_text_is_digits_and_a_point(given: str) -> None:
    why = f"'{given}' is not a plain decimal number such as 7 or 7.25 (at most 6 decimals)"

    assert faults({"limit": given}) == [("limit", why)]


def test_what_is_written_properly_is_taken() -> None:
    body = {"flag": True, "count": 3, "counts": [1], "at": "2026-05-01T10:00:00Z", "limit": "-7.25"}

    taken = Everything.model_validate(body)

    assert taken.model_dump(include={"flag", "count", "counts", "limit"}) == {
        "flag": True, "count": 3, "counts": [1], "limit": Decimal("-7.25"),
    }  # fmt: skip
    assert taken.at == datetime.fromisoformat("2026-05-01T10:00:00+00:00")


@pytest.mark.parametrize("given", ["9" * 13, "-" + "9" * 13, "0.1234567", 10**13, -(10**13)])
def test_a_number_among_facts_that_is_too_long_is_refused_at_its_name(given: object) -> None:
    assert faults({"facts": {"difficulty": given}}) == [
        ("facts/difficulty", "has too many digits: a number has at most 12 before the point and 6 after it"),
    ]


def test_a_fact_of_another_type_is_one_fault() -> None:
    why = "is neither text, a whole number, true, false nor null; write other numbers as text"

    assert faults({"facts": {"difficulty": 3.2, "start": [1]}}) == [("facts/difficulty", why), ("facts/start", why)]
    assert faults({"facts": {"piece": "x" * 201}}) == [("facts/piece", "is longer than 200 characters")]


def test_facts_are_kept_as_they_are_given() -> None:
    given = {"difficulty": "3.2", "guest": True, "start": 12, "piece": "Clair de lune", "coach": None}

    assert Everything.model_validate({"facts": given}).facts == given


@pytest.mark.parametrize("points", ["0", "000", "0.00", "-1", "-0.5"])
def test_a_deduction_takes_something_off(points: str) -> None:
    with pytest.raises(ValidationError, match="is not more than 0"):
        DeductionIn.model_validate({"entryId": uuid4(), "points": points, "reason": "too long"})


@pytest.mark.parametrize("key", ["two words", "x" * 256])
async def test_an_idempotency_key_is_one_word(api: httpx.AsyncClient, people: People, key: str) -> None:
    headers = {**people["oscar"].bearer, "Idempotency-Key": key}

    answer = await api.post("/api/contests/events", headers=headers, json={"name": "Spring Cup"})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad-request")
