"""The AsyncAPI 3.1 document: every message that a webhook can get, by area, with schemas and examples.

Messages are described type by type in the standard format; CloudEvents of all types are one message for each mode,
since a CloudEvent names the schema of its data itself (`dataschema`).
"""

from typing import Any

from event_manager import __version__
from event_manager.eventlog.catalogue import every
from event_manager.eventlog.types import EventType
from event_manager.webhooks.documents import parts
from event_manager.webhooks.documents.parts import ATTRIBUTES, Schema, named, reference
from event_manager.webhooks.formats import Format
from event_manager.webhooks.messages import Addresses

HTTP = {"http": {"method": "POST", "bindingVersion": "0.3.0"}}
ABOUT = (
    "Every event that Event Manager tells webhooks of. Delivery is at least once: de-duplicate by `webhook-id`. Verify "
    "the signature of the Standard Webhooks specification before anything else. Inside a version a type only grows: "
    "expect fields and words of enumerations that you do not know."
)
SECURITY: dict[str, Schema] = {
    "signature": {
        "type": "httpApiKey", "in": "header", "name": "webhook-signature",
        "description": parts.HEADERS["webhook-signature"]["description"],
    },
    "basic": {"type": "http", "scheme": "basic"},
    "bearer": {
        "type": "http", "scheme": "bearer",
        "description": "A token of the receiver's own server, got by OAuth2's client credentials grant.",
    },
    "certificate": {"type": "X509", "description": "The client certificate that the receiver was given."},
}  # fmt: skip
SAMPLE_TYPE = "contest.created"


def document(addresses: Addresses) -> dict[str, Any]:
    """The whole document; links of its examples lead to this installation."""
    types = every()
    areas = list(dict.fromkeys(cls.name.split(".")[0] for cls in types))
    messages = {named(cls): _message(cls, addresses) for cls in types} | _cloudevents(types, addresses)
    channels = {area: _channel(area, [cls for cls in types if cls.name.startswith(f"{area}.")]) for area in areas}
    channels["cloudevents"] = _of_cloudevents()
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Event Manager webhooks",
            "version": __version__,
            "description": ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"receiver": _receiver()},
        "channels": channels,
        "operations": {f"send-{area}": _operation(area, channel) for area, channel in channels.items()},
        "components": {
            "schemas": _schemas(types),
            "messages": messages,
            "securitySchemes": SECURITY,
            "correlationIds": {"request": {"location": "$message.payload#/correlationId"}},
        },
    }


def _receiver() -> Schema:
    return {
        "host": "{receiver}",
        "protocol": "https",
        "description": "Your own server: the URL of the webhook that you set up.",
        "variables": {"receiver": {"description": "Host, and port where it is not 443.", "default": "example.org"}},
        "security": [{"$ref": f"#/components/securitySchemes/{name}"} for name in SECURITY],
    }


def _schemas(types: list[type[EventType]]) -> dict[str, Schema]:
    payloads = {named(cls): cls.schema_document() | {"examples": [cls.sample_payload()]} for cls in types}
    attributes = parts.attributes_schema(sorted({cls.name for cls in types}))
    headers = {"type": "object", "properties": parts.HEADERS, "required": list(parts.ALWAYS)}
    return {
        **payloads,
        **parts.shared_schemas(),
        ATTRIBUTES: attributes,
        "WebhookHeaders": headers,
        "WebhookBinaryHeaders": parts.binary_headers(attributes),
    }


def _message(cls: type[EventType], addresses: Addresses) -> Schema:
    headers, body = parts.example(cls, "standard", addresses)
    deprecated = [{"name": "deprecated", "description": f"since {cls.deprecated_in}"}] if cls.deprecated_in else []
    return {
        "name": cls.name,
        "title": cls.headline(),
        "summary": cls.about(),
        "contentType": "application/json",
        "headers": reference("WebhookHeaders"),
        "payload": parts.message_schema(cls),
        "correlationId": {"$ref": "#/components/correlationIds/request"},
        "tags": [{"name": cls.name.split(".")[0]}, *deprecated],
        "bindings": _http(reference("WebhookHeaders")),
        "examples": [{"name": "sample", "headers": headers, "payload": body}],
        "x-version": cls.version,
        "x-since": cls.added_in,
        "x-sensitivity": cls.sensitivity,
        **({"x-sunset": cls.sunset_on.isoformat()} if cls.sunset_on else {}),
    }


def _http(headers: Schema) -> Schema:
    return {"http": {"headers": headers, "bindingVersion": "0.3.0"}}


def _cloudevents(types: list[type[EventType]], addresses: Addresses) -> dict[str, Schema]:
    """One message for each mode, with the example of one type."""
    [cls] = [each for each in types if each.name == SAMPLE_TYPE][-1:]
    structured = {"allOf": [reference(ATTRIBUTES), {"properties": {"data": {"description": "As `dataschema` says."}}}]}
    binary = {"allOf": [reference("WebhookHeaders"), reference("WebhookBinaryHeaders")]}
    free: Schema = {"type": ["object", "null"], "description": "As `ce-dataschema` says; null where it is left out."}
    modes: dict[Format, tuple[str, Schema, Schema]] = {
        "cloudevents-structured": ("application/cloudevents+json", reference("WebhookHeaders"), structured),
        "cloudevents-binary": ("application/json", binary, free),
    }
    found = {}
    for form, (kind, headers, payload) in modes.items():
        sent, body = parts.example(cls, form, addresses)
        found[str(form)] = {
            "name": form,
            "title": f"Any event in the format {form}",
            "summary": "What a webhook of this format gets; where data is left out, `dataref` says where to read it.",
            "contentType": kind,
            "headers": headers,
            "payload": payload,
            "bindings": _http(headers),
            "examples": [{"name": cls.name, "headers": sent, "payload": body}],
        }
    return found


def _channel(area: str, types: list[type[EventType]]) -> Schema:
    return {
        "address": None,
        "title": f"{area}.*",
        "description": f"The path of the webhook's URL: events of the area `{area}` in the formats standard and thin.",
        "messages": {named(cls): {"$ref": f"#/components/messages/{named(cls)}"} for cls in types},
    }


def _of_cloudevents() -> Schema:
    modes = ("cloudevents-structured", "cloudevents-binary")
    return {
        "address": None,
        "title": "CloudEvents",
        "description": "The path of the webhook's URL: events of all areas in the formats of CloudEvents.",
        "messages": {mode: {"$ref": f"#/components/messages/{mode}"} for mode in modes},
    }


def _operation(area: str, channel: Schema) -> Schema:
    return {
        "action": "send",
        "title": channel["title"],
        "channel": {"$ref": f"#/channels/{area}"},
        "messages": [{"$ref": f"#/channels/{area}/messages/{name}"} for name in channel["messages"]],
        "bindings": HTTP,
    }
