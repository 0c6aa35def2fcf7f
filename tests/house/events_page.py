"""The reference page of the event types, written from their classes: ``python -m tests.house.events_page``."""

import json
from pathlib import Path
from typing import Any

from event_manager.app import ROUTERS
from event_manager.eventlog.catalogue import every
from event_manager.eventlog.types import EventType

assert ROUTERS  # importing the application imports every room and with it every type
PAGE = Path(__file__).parents[2] / "docs" / "events-reference.md"
HEAD = """# Event types

What can stand in the [event log](event-log.md) and be sent to webhooks. Each entry has a type; the type says what its
payload holds. All the rest (who, when, to what, in which request) is in the envelope, the same for every type.

- **Names** read `area.thing.happened`. A webhook or a search takes names and patterns: `score.*` is a whole area, `*`
  is everything.
- **Versions.** Inside a version a type only grows: a field may be added that is not always there, an enumeration may
  get another word. Expect both. What would break a receiver gets a new version, beside the old one until its sunset.
- **Embargoed** types tell that something happened and to what, never what it says: receivers get a link in place of
  the payload (`payloadOmitted`), and the log shows ids only.
- **Not replayed** are types that only made sense at their moment.
- **Schemas** are public: `GET /api/events/types/{eventType}/{version}` is where `dataschema` of a CloudEvent leads.
  The whole is also an AsyncAPI document, `GET /api/asyncapi.json`, and the `webhooks` of the OpenAPI document. The page
  "Event catalogue" shows the same with a search.

This page is written from the classes in each room's `event_types.py` by `python -m tests.house.events_page`, and a test
compares them. Ids in the samples are made up.
"""


def render() -> str:
    """The whole page."""
    areas: dict[str, list[type[EventType]]] = {}
    for cls in every():
        areas.setdefault(cls.name.split(".")[0], []).append(cls)
    listed = "\n".join(
        f"- [`{area}.*`](#{area}): {len(types)} type{'s' * (len(types) > 1)}" for area, types in areas.items()
    )
    return "\n".join([HEAD, listed, *(_area(area, types) for area, types in areas.items())])


def _area(area: str, types: list[type[EventType]]) -> str:
    return "\n".join([f"\n## {area}", *(_type(cls) for cls in types)])


def _type(cls: type[EventType]) -> str:
    marks = [f"version {cls.version}", f"since {cls.added_in}", f"happens to: {cls.entity_type}"]
    marks += [cls.sensitivity] if cls.sensitivity != "plain" else []
    marks += ["not replayed"] if not cls.replayable else []
    marks += [f"deprecated since {cls.deprecated_in}"] if cls.deprecated_in else []
    marks += [f"written until {cls.sunset_on}"] if cls.sunset_on else []
    schema = cls.schema_document()
    needed = schema.get("required", [])
    rows = [
        f"| `{name}` | {_kind(part)} | {'yes' if name in needed else 'no'} |"
        for name, part in schema["properties"].items()
    ]
    sample = json.dumps(cls.sample_payload(), indent=1, ensure_ascii=False)
    return (
        f"\n### {cls.name}\n\n{cls.about()} *({', '.join(marks)})*\n\n| field | holds | always there |\n|---|---|---|\n"
        + "\n".join(rows)
        + f"\n\n```json\n{sample}\n```"
    )


def _kind(schema: dict[str, Any]) -> str:
    """What a field holds, in words."""
    if "anyOf" in schema:
        return " or ".join(_kind(part) for part in schema["anyOf"])
    if "const" in schema or "enum" in schema:
        return " or ".join(f"`{word}`" for word in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        if "prefixItems" in schema:
            return f"[{', '.join(_kind(part) for part in schema['prefixItems'])}]"
        return f"list of {_kind(schema['items'])}"
    if schema.get("type") == "object":
        if "properties" in schema:
            return "{" + ", ".join(f"`{name}`: {_kind(part)}" for name, part in schema["properties"].items()) + "}"
        return f"map to {_kind(schema['additionalProperties'])}"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false", "null": "null"}
    formats = {"uuid": "id (UUID)", "date-time": "time (ISO 8601)", "date": "date"}
    return formats.get(schema.get("format", ""), words.get(schema.get("type", ""), "anything"))


if __name__ == "__main__":
    PAGE.write_text(render() + "\n", encoding="utf-8")
