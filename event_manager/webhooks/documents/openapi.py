"""The `webhooks` of the OpenAPI document: one operation for each type, made of references."""

from typing import Any

from event_manager.eventlog.catalogue import every
from event_manager.eventlog.types import EventType
from event_manager.webhooks.documents import parts
from event_manager.webhooks.documents.parts import Schema, named
from event_manager.webhooks.messages import Addresses

ANSWERS: dict[str, Schema] = {
    "2XX": {"description": "Taken. Answer before you work on it: a slow answer counts as a failure."},
    "410": {"description": "The webhook is switched off and gets nothing more."},
    "default": {"description": "Tried again later, as `Retry-After` says or the webhook's schedule does."},
}


def add(document: dict[str, Any], addresses: Addresses) -> None:
    """Put every type into the document of the API."""
    components, types = document["components"], every()
    components["schemas"] |= parts.shared_schemas() | {named(cls): cls.schema_document() for cls in types}
    components.setdefault("parameters", {}).update({_title(name): _header(name) for name in parts.HEADERS})
    components.setdefault("responses", {}).update({f"Webhook{status}": told for status, told in ANSWERS.items()})
    document["webhooks"] = {named(cls): {"post": _operation(cls, addresses)} for cls in types}


def _operation(cls: type[EventType], addresses: Addresses) -> Schema:
    _headers, body = parts.example(cls, "standard", addresses)
    return {
        "summary": cls.headline(),
        **({"description": cls.about()} if cls.about() != cls.headline() else {}),
        "tags": ["webhooks"],
        "deprecated": cls.deprecated_in is not None,
        "parameters": [{"$ref": f"#/components/parameters/{_title(name)}"} for name in parts.HEADERS],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": parts.message_schema(cls),
                    "examples": {"sample": {"value": body}},
                }
            },
        },
        "responses": {status: {"$ref": f"#/components/responses/Webhook{status}"} for status in ANSWERS},
    }


def _title(name: str) -> str:
    return name.title().replace("-", "")


def _header(name: str) -> Schema:
    schema = {key: value for key, value in parts.HEADERS[name].items() if key != "description"}
    return {
        "name": name,
        "in": "header",
        "required": name in parts.ALWAYS,
        "description": parts.HEADERS[name]["description"],
        "schema": schema,
    }
