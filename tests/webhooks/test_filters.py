"""Filters: what they let pass, and what they refuse with which words."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event_manager.webhooks.filters import OPERATORS, PatternRefused, compile_filter, compile_types

KNOWN = ["contest.created", "contest.closed", "score.submitted", "score.deduction.applied", "user.created"]
DOCUMENT = {
    "type": "score.submitted",
    "version": 1,
    "data": {
        "mark": "9.50",
        "places": 3,
        "state": "open",
        "late": True,
        "note": None,
        "ids": ["a", 1],
        "a/b": {"~": 0},
    },
}
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab$"), inner))


def data(pattern: object) -> dict[str, object]:
    return {"data": pattern}


@pytest.mark.parametrize(
    "pattern",
    [
        {"type": "score.submitted"},
        {"type": ["user.created", "score.submitted"], "version": 1},
        data({"state": "open", "places": 3.0}),
        data({"places": {"$gt": 2, "$lte": 3}}),
        data({"places": {"$gte": 3, "$lt": 4}}),
        data({"mark": {"$gte": 9.5, "$lt": 10}}),
        data({"state": {"$gt": "ajar"}}),
        data({"state": {"$in": ["shut", "open"]}}),
        data({"state": {"$nin": ["shut", 1]}}),
        data({"state": {"$prefix": "op", "$suffix": "en", "$contains": "pe"}}),
        data({"ids": {"$contains": "a"}}),
        data({"ids": {"$contains": 1}}),
        data({"late": True, "note": None}),
        data({"late": {"$ne": 1}}),
        data({"absent": {"$ne": "x"}}),
        data({"absent": {"$exists": False}, "note": {"$exists": True}}),
        data({"state": ["shut", {"$prefix": "o"}]}),
        data({"a/b": {"~": {"$eq": 0}}}),
        {"$or": [{"type": "x"}, {"version": 1}], "$and": [{"version": {"$exists": True}}]},
        {"$not": {"type": "x"}},
        data({"state": {"$exists": True, "$not": {"$in": ["shut"]}}}),
    ],
    ids=json.dumps,
)
def test_passes(pattern: object) -> None:
    assert compile_filter(pattern)(DOCUMENT)


@pytest.mark.parametrize(
    "pattern",
    [
        {"type": "score"},
        {"version": True},
        {"version": "1"},
        data({"late": 1}),
        data({"late": [1, "true"]}),
        data({"places": {"$in": [True]}}),
        data({"note": {"$exists": False}}),
        data({"absent": None}),
        data({"absent": {"$lt": 5}}),
        data({"late": {"$gt": 0}}),
        data({"state": {"$gt": 0}}),
        data({"places": {"$gt": "2"}}),
        data({"mark": {"$gt": 10}}),
        data({"ids": {"$contains": True}}),
        data({"ids": "a"}),
        data({"ids": {"a": 1}}),
        data({"ids": {"$in": ["a"]}}),
        data({"state": {"$contains": 1}}),
        data({"places": {"$prefix": "3"}}),
        data({"state": {"deeper": {"$exists": True}}}),
        {"$or": [{"type": "x"}, {"version": 2}]},
        {"$and": [{"version": 1}, {"version": 2}]},
    ],
    ids=json.dumps,
)
def test_holds_back(pattern: object) -> None:
    assert not compile_filter(pattern)(DOCUMENT)


@pytest.mark.parametrize(
    ("pattern", "pointer", "says"),
    [
        ("open", "", "is an object"),
        ({}, "", "asks for nothing"),
        (data({"x": {}}), "/data/x", "$exists"),
        (data({"x": []}), "/data/x", "at least one alternative"),
        (data({"x": {"$gtt": 1}}), "/data/x/$gtt", "Did you mean '$gt'?"),
        (data({"x": {"$regex": "(a+)+"}}), "/data/x/$regex", "no operator '$regex'"),
        (data({"x": {"$gt": None}}), "/data/x/$gt", "a number or a text"),
        (data({"x": {"$gt": True}}), "/data/x/$gt", "a number or a text"),
        (data({"x": {"$eq": [1]}}), "/data/x/$eq", "$eq takes a text"),
        (data({"x": {"$in": "a"}}), "/data/x/$in", "takes a list"),
        (data({"x": {"$nin": [[1]]}}), "/data/x/$nin", "takes a list"),
        (data({"x": {"$exists": 1}}), "/data/x/$exists", "true or false"),
        (data({"x": {"$prefix": 1}}), "/data/x/$prefix", "takes a text"),
        (data({"x": float("nan")}), "/data/x", "no JSON numbers"),
        ({"$or": []}, "/$or", "one or more patterns"),
        ({"$and": {"a": 1}}, "/$and", "one or more patterns"),
        ({"$or": [{"a": 1}, {"b": {"$gt": []}}]}, "/$or/1/b/$gt", "$gt takes"),
        (data({"a/b": {"$": 1}}), "/data/a~1b/$", "no operator '$'"),
    ],
)
def test_refuses(pattern: object, pointer: str, says: str) -> None:
    with pytest.raises(PatternRefused) as refused:
        compile_filter(pattern)

    assert refused.value.pointer == pointer
    assert says in refused.value.detail


def nested(depth: int) -> dict[str, Any]:
    return {"a": nested(depth - 1)} if depth > 1 else {"a": 1}


def test_limits_hold_at_their_edges() -> None:
    assert compile_filter(nested(7))({"a": 1}) is False
    assert compile_filter({f"f{at}": 1 for at in range(99)})({}) is False
    assert compile_filter({"a": {"$in": list(range(2000))}})({"a": 1999}) is True


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        (nested(8), "more than 8 deep"),
        (nested(400), "more than 8 deep"),
        ({"$not": {"$not": {"$not": {"$not": {"$not": {"$not": {"$not": {"$not": {"a": 1}}}}}}}}}, "more than 8 deep"),
        ({f"f{at}": 1 for at in range(100)}, "more than 100 conditions"),
        ({"$or": [{"a": {"$gt": at}} for at in range(60)]}, "more than 100 conditions"),
        ({"a": "x" * 16_384}, "more than 16384 characters"),
        ({"x" * 16_385: 1}, "more than 16384 characters"),
        ({"a": {"$in": list(range(2100))}}, "more than 16384 characters"),
    ],
    ids=[
        "fields",
        "very deep",
        "operators",
        "many fields",
        "many alternatives",
        "long value",
        "long name",
        "long list",
    ],
)
def test_refuses_what_is_too_large(pattern: object, says: str) -> None:
    with pytest.raises(PatternRefused, match=says):
        compile_filter(pattern)


@given(SCALARS, st.lists(VALUES, max_size=6))
def test_contains_finds_what_json_calls_equal(wanted: object, items: list[object]) -> None:
    equal = [type(each) is type(wanted) and each == wanted for each in items]

    assert compile_filter({"a": {"$contains": wanted}})({"a": items}) == any(equal)


@given(VALUES, VALUES)
def test_any_json_either_compiles_and_answers_or_is_refused(pattern: object, document: object) -> None:
    try:
        match = compile_filter(pattern)
    except PatternRefused as refused:
        assert refused.detail  # noqa: PT017 - either is right
    else:
        assert match(document) in (True, False)


@given(SCALARS, VALUES)
def test_an_operator_and_its_opposite_never_agree(wanted: object, value: object) -> None:
    for one, other, operand in [("$eq", "$ne", wanted), ("$in", "$nin", [wanted])]:
        first = compile_filter({"a": {one: operand}})({"a": value})
        assert first != compile_filter({"a": {other: operand}})({"a": value})
        assert first == compile_filter({"$not": {"a": {other: operand}}})({"a": value})


def test_every_operator_is_known_to_the_compiler() -> None:
    operands = {"$in": [1], "$nin": [1], "$and": [1], "$or": [1], "$exists": True, "$prefix": "a", "$suffix": "a"}

    assert [compile_filter({"a": {name: operands.get(name, 1)}})({"a": 1}) for name in OPERATORS] == [
        *[True, False, False, True, False, True, True, False],
        *[True, False, False, False, True, True, False],
    ]


@pytest.mark.parametrize(
    ("patterns", "wanted"),
    [
        (["*"], KNOWN),
        (["score.*"], ["score.submitted", "score.deduction.applied"]),
        (["score.deduction.*", "user.created"], ["score.deduction.applied", "user.created"]),
        (["contest.created"], ["contest.created"]),
    ],
)
def test_type_patterns(patterns: list[str], wanted: list[str]) -> None:
    assert [name for name in KNOWN if compile_types(patterns, KNOWN)(name)] == wanted


@pytest.mark.parametrize(
    ("patterns", "pointer", "says"),
    [
        ([], "", "at least one type"),
        (["*", "score.submited"], "/1", "Did you mean 'score.submitted'?"),
        (["scores.*"], "/0", "Did you mean 'score.*'?"),
        (["score*"], "/0", "stands alone or at the end"),
        (["*.created"], "/0", "stands alone or at the end"),
        (["zzz"], "/0", "There is no event type 'zzz'."),
        ([""], "/0", "There is no event type ''."),
    ],
)
def test_unknown_types_are_refused_with_the_nearest(patterns: list[str], pointer: str, says: str) -> None:
    with pytest.raises(PatternRefused) as refused:
        compile_types(patterns, KNOWN)

    assert refused.value.pointer == pointer
    assert says in refused.value.detail
