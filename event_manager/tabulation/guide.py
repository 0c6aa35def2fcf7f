"""What a rule set can be made of, told from the classes themselves, so that it is never out of date."""

import json
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from inspect import getdoc
from typing import Any

from pydantic import BaseModel

from event_manager.tabulation.methods import stage_class, stage_kinds
from event_manager.tabulation.rules import Band, Case, CriterionRule, Cut, MarkRule, Policies, Ranking, Seats
from event_manager.tabulation.ties import Breaker

Schema = dict[str, Any]
PARTS: dict[str, type[BaseModel]] = {
    "marks": MarkRule, "criteria": CriterionRule, "seats": Seats, "ranking": Ranking, "policies": Policies,
    "cut": Cut, "bands": Band, "cases": Case,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its name in JSON, what it takes in words, its default as JSON ("" where it must be given)."""

    name: str
    takes: str
    default: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of stage, of tie breaker, or one part of a rule set."""

    kind: str
    about: str
    options: Sequence[Option]


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything a rule set can be made of."""

    parts: Sequence[Kind]
    stages: Sequence[Kind]
    ties: Sequence[Kind]


@cache
def rule_guide() -> Guide:
    """The guide to all parts, stages and tie breakers there are."""
    breakers: Sequence[type[BaseModel]] = typing.get_args(typing.get_args(Breaker)[0])
    return Guide(
        parts=[_kind(name, model) for name, model in PARTS.items()],
        stages=[_kind(kind, stage_class(kind)) for kind in stage_kinds()],
        ties=[_kind(str(model.model_fields["kind"].default), model) for model in breakers],
    )


def _kind(kind: str, model: type[BaseModel]) -> Kind:
    schema = model.model_json_schema(by_alias=True)
    required, definitions = schema.get("required", []), schema.get("$defs", {})
    options = [
        Option(name, _takes(field, definitions), "" if name in required else json.dumps(field.get("default")))
        for name, field in schema["properties"].items()
        if name != "kind"
    ]
    return Kind(kind, getdoc(model) or "", options)


def _takes(field: Schema, definitions: Schema) -> str:
    """What an option takes, in words."""
    if "$ref" in field:
        return _takes(definitions[field["$ref"].rpartition("/")[2]], definitions)
    if "const" in field:
        return json.dumps(field["const"])
    if "enum" in field:
        return " or ".join(json.dumps(each) for each in field["enum"])
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(_takes(each, definitions) for each in field["anyOf"]))
    return _of_type(field, definitions)


def _of_type(field: Schema, definitions: Schema) -> str:
    match field.get("type"):
        case "array":
            inner: Schema = field.get("items") or next(iter(field.get("prefixItems", [])), {})
            return f"list of {_takes(inner, definitions)}"
        case "object" if "properties" in field:
            return "{" + ", ".join(f"{n}: {_takes(f, definitions)}" for n, f in field["properties"].items()) + "}"
        case "object":
            return "names, each with " + _takes(field.get("additionalProperties") or {}, definitions)
        case "string" if "pattern" in field:
            return "decimal number as text"
        case str(plain):
            return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(plain, plain)
    return "any value"
