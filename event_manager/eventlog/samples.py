"""A realistic, fictional payload for a JSON Schema: for test calls, the catalogue and the generated documents.

Values come from the type's own `sample`, from `USUAL` for names that many types share, and from the schema itself
(constants, ids, times, numbers). The same name always gets the same id, so that samples fit together.
"""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

Sample = Mapping[str, object]
"""Values by their name on the wire."""

TIME = "2026-05-01T18:30:00Z"
WORD = "text"
"""Stands where nobody has said what a text looks like; `missing` finds those."""

USUAL: Sample = {
    "title": "Spring Cup 2026",
    "reason": "Entered by mistake",
    "changes": {"name": ["Spring Cup", "Spring Cup 2026"]},
    "fields": ["name"],
    "count": 2,
}
_MILLISECONDS = 1_777_660_200_000


def sample_id(name: str) -> str:
    """A UUIDv7 of the sample's day, always the same for a name such as ``contestId``."""
    noise = int.from_bytes(hashlib.sha256(name.encode()).digest()[:10], "big")
    bits = _MILLISECONDS << 80 | 0x7 << 76 | (noise >> 66 & 0xFFF) << 64 | 0b10 << 62 | noise & ((1 << 62) - 1)
    return str(UUID(int=bits))


def sample_of(schema: Mapping[str, Any], own: Sample) -> dict[str, Any]:
    """A payload that fits an object's schema without references; `own` values go before all others."""
    return {name: own[name] if name in own else _usual(name, part) for name, part in schema["properties"].items()}


def missing(schema: Mapping[str, Any], own: Sample) -> list[str]:
    """Names of the fields whose sample would be a mere word."""
    return [name for name, value in sample_of(schema, own).items() if WORD in _words(value)]


def _words(value: object) -> list[object]:
    if isinstance(value, dict):
        return [word for part in value.values() for word in _words(part)]
    if isinstance(value, list | tuple):
        return [word for part in value for word in _words(part)]
    return [value]


def _usual(name: str, schema: Mapping[str, Any]) -> Any:
    free = "enum" not in schema and "const" not in schema
    return USUAL[name] if name in USUAL and free else _value(name, schema)


def _value(name: str, schema: Mapping[str, Any]) -> Any:
    if "examples" in schema:
        return schema["examples"][0]
    if "anyOf" in schema:  # rather a value than null
        return _value(name, next((part for part in schema["anyOf"] if part.get("type") != "null"), {"type": "null"}))
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "object":
            return _object(name, schema)
        case "array":
            return _array(name, schema)
        case "string":
            return _text(name, schema.get("format"))
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return None


def _object(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    if "properties" in schema:
        return sample_of(schema, {})
    values = schema.get("additionalProperties")
    return {sample_id(name): _value(name, values)} if isinstance(values, dict) else {}


def _array(name: str, schema: Mapping[str, Any]) -> list[Any]:
    if "prefixItems" in schema:
        return [_value(name, part) for part in schema["prefixItems"]]
    one = name.removesuffix("s")
    return [_value(each, schema["items"]) for each in (one, f"{one} 2")]


def _text(name: str, form: str | None) -> str:
    match form:
        case "uuid":
            return sample_id(name)
        case "date-time":
            return TIME
        case "date":
            return TIME[:10]
        case "uri":
            return "https://example.org/"
    return WORD
