"""What breaks a receiver is refused and what only adds is taken: on schemas and changes of them made at random."""

import copy
from datetime import date
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from event_manager.eventlog.compatibility import breaks, refusals
from event_manager.eventlog.samples import sample_of

Schema = dict[str, Any]
NAMES = ["contestId", "marks", "label", "level", "at"]
LEAVES: list[Schema] = [
    {"type": "string"},
    {"type": "string", "format": "uuid"},
    {"type": "string", "maxLength": 40},
    {"type": "string", "enum": ["a", "b", "c"]},
    {"type": "string", "const": "totp"},
    {"type": "integer", "minimum": 0},
    {"type": "boolean"},
    {"anyOf": [{"type": "string"}, {"type": "null"}]},
]


def objects(fields: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    """Objects as pydantic describes them, with at least one field that is always there."""

    def make(properties: Schema, optional: set[str]) -> Schema:
        required = [name for name in properties if name not in optional] or [next(iter(properties))]
        return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}

    names = st.sampled_from(NAMES)
    return st.builds(make, st.dictionaries(names, fields, min_size=1, max_size=4), st.sets(names))


def _wider(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    return st.one_of(
        objects(inner),
        inner.map(lambda each: {"type": "array", "items": each}),
        inner.map(lambda each: {"type": "object", "additionalProperties": each}),
        inner.map(
            lambda each: {"type": "array", "prefixItems": [each, {"type": "null"}], "minItems": 2, "maxItems": 2}
        ),
        inner.filter(lambda each: "anyOf" not in each).map(lambda each: {"anyOf": [each, {"type": "null"}]}),
    )


fields = st.recursive(st.sampled_from(LEAVES).map(copy.deepcopy), _wider, max_leaves=4)
schemas = objects(fields)


def parts(schema: Any) -> list[Schema]:
    """Every schema inside a schema, itself first."""
    found = [schema]
    found += [part for each in schema.get("properties", {}).values() for part in parts(each)]
    for word in ("items", "additionalProperties"):
        found += parts(schema[word]) if isinstance(schema.get(word), dict) else []
    for word in ("anyOf", "prefixItems"):
        found += [part for each in schema.get(word, []) for part in parts(each)]
    return found


def _remove(part: Schema) -> None:
    name = next(iter(part["properties"]))
    part["properties"].pop(name)
    part["required"] = [each for each in part["required"] if each != name]


def _rename(part: Schema) -> None:
    name = next(iter(part["properties"]))
    part["properties"]["renamed"] = part["properties"].pop(name)
    part["required"] = ["renamed" if each == name else each for each in part["required"]]


def _need_new(part: Schema) -> None:
    part["properties"]["added"] = {"type": "string"}
    part["required"] = [*part["required"], "added"]


def _need_old(part: Schema) -> None:
    part["required"] = list(part["properties"])


def _turn(part: Schema) -> None:
    part["type"] = "number" if part["type"] != "number" else "string"


BREAKING: dict[str, Any] = {
    "a field is removed": (lambda p: "properties" in p, _remove),
    "a field is renamed": (lambda p: "properties" in p, _rename),
    "a new field must be there": (lambda p: "properties" in p, _need_new),
    "an old field must be there now": (lambda p: len(p.get("required", "x")) < len(p.get("properties", "")), _need_old),
    "a field may be absent now": (lambda p: "required" in p, lambda p: p["required"].pop()),
    "other fields are let in": (
        lambda p: p.get("additionalProperties") is False,
        lambda p: p.pop("additionalProperties"),
    ),
    "another type": (lambda p: "type" in p, _turn),
    "another format": (lambda p: p.get("format") == "uuid", lambda p: p.update(format="date")),
    "no format": (lambda p: "format" in p, lambda p: p.pop("format")),
    "a shorter text": (lambda p: "maxLength" in p, lambda p: p.update(maxLength=39)),
    "a limit that was not there": (lambda p: p == {"type": "boolean"}, lambda p: p.update(const=True)),
    "a larger minimum": (lambda p: "minimum" in p, lambda p: p.update(minimum=1)),
    "a word less": (lambda p: "enum" in p, lambda p: p["enum"].pop(0)),
    "another constant": (lambda p: "const" in p, lambda p: p.update(const="other")),
    "no enumeration": (lambda p: "enum" in p, lambda p: p.pop("enum")),
    "null as well": (
        lambda p: "anyOf" in p,
        lambda p: p["anyOf"].append({"type": "integer"}),
    ),
    "never null": (lambda p: "anyOf" in p, lambda p: p["anyOf"].pop()),
    "a list of one kind": (lambda p: "items" in p, lambda p: p.pop("items")),
    "a place less": (lambda p: "prefixItems" in p, lambda p: p["prefixItems"].pop()),
}

ADDING: dict[str, Any] = {
    "a field that may be absent": (
        lambda p: "properties" in p,
        lambda p: p["properties"].update(added={"type": "string", "default": ""}),
    ),
    "another word": (lambda p: "enum" in p, lambda p: p["enum"].append("d")),
    "a word beside the constant": (lambda p: "const" in p, lambda p: p.update(enum=[p.pop("const"), "webauthn"])),
    "words of explanation": (
        lambda p: True,
        lambda p: p.update(title="Other", description="Says more.", examples=["x"]),
    ),
    "fields in another order": (
        lambda p: "properties" in p,
        lambda p: p.update(properties=dict(reversed(p["properties"].items())), required=p["required"][::-1]),
    ),
    "alternatives in another order": (lambda p: "anyOf" in p, lambda p: p["anyOf"].reverse()),
}
often = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


def changed(data: st.DataObject, old: Schema, change: tuple[Any, Any]) -> Schema:
    """The schema with a change in one of the places where it can be made."""
    new = copy.deepcopy(old)
    fits, make = change
    places = [part for part in parts(new) if fits(part)]
    if not places:  # give it one
        new["properties"]["more"] = {"type": "array", "items": copy.deepcopy(_somewhere(fits))}
        old["properties"]["more"] = copy.deepcopy(new["properties"]["more"])
        places = [part for part in parts(new["properties"]["more"]) if fits(part)]
    make(data.draw(st.sampled_from(places)))
    return new


def _somewhere(fits: Any) -> Schema:
    nested: list[Schema] = [
        {"type": "object", "properties": {"a": {"type": "string"}, "b": {}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {}}, "required": ["a"], "additionalProperties": False},
        {"type": "array", "items": {"type": "string"}},
        {"type": "array", "prefixItems": [{"type": "string"}]},
        *LEAVES,
    ]
    return next(each for each in nested if fits(each))


@pytest.mark.parametrize("change", BREAKING)
@given(data=st.data(), old=schemas)
@often
def test_what_breaks_receivers_is_refused(data: st.DataObject, old: Schema, change: str) -> None:
    new = changed(data, old, BREAKING[change])

    assert list(breaks(old, new)) != []


@pytest.mark.parametrize("change", ADDING)
@given(data=st.data(), old=schemas)
@often
def test_what_only_adds_is_taken_and_old_entries_still_fit(data: st.DataObject, old: Schema, change: str) -> None:
    new = changed(data, old, ADDING[change])

    assert list(breaks(old, new)) == []
    jsonschema_rs.validate(new, sample_of(old, {}))


@given(schemas)
@often
def test_a_schema_does_not_break_itself(schema: Schema) -> None:
    assert list(breaks(schema, copy.deepcopy(schema))) == []


def described(**changes: Any) -> dict[str, Any]:
    """A type as a release keeps it."""
    schema = {
        "type": "object",
        "properties": {
            "marks": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}}
        },
    }
    kept = {"name": "score.added", "version": 1, "entityType": "category", "sensitivity": "plain", "sunset": None}
    return {**kept, "schema": schema, **changes}


TODAY = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ([described()], []),
        ([described(), described(version=2, schema={})], []),
        (
            [],
            [
                (
                    "score.added version 1 is gone, and receivers may rely on it: keep its class, set `deprecated_in`"
                    " and `sunset_on`, and remove it only after that day."
                )
            ],
        ),
        (
            [described(entityType="entry")],
            ["score.added happened to a 'category' and now to a 'entry': use another name."],
        ),
        (
            [described(sensitivity="embargoed")],
            [
                (
                    "score.added version 1 was 'plain' and is 'embargoed', so receivers would get something else in"
                    " place of its payload: use another name."
                )
            ],
        ),
        ([described(sensitivity="personal")], []),
    ],
)
def test_types_are_told_by_name(now: list[dict[str, Any]], said: list[str]) -> None:
    assert refusals([described()], now, today=TODAY) == said


def test_the_place_of_a_change_is_named() -> None:
    now = described()
    now["schema"]["properties"]["marks"]["items"]["properties"]["n"]["type"] = "string"

    [said] = refusals([described()], [now], today=TODAY)

    assert said == (
        'score.added version 1 breaks receivers: type of field \'marks[].n\' changed from "integer" to "string".'
        " Leave version 1 as it was and add version 2 as a class of its own."
    )


@pytest.mark.parametrize(("sunset", "gone"), [("2026-04-30", True), ("2026-05-01", False)])
def test_a_type_may_go_after_its_sunset(sunset: str, gone: bool) -> None:
    assert (refusals([described(sunset=sunset)], [], today=TODAY) == []) is gone
