"""What both documents are made of: schemas of the messages of each format, their headers, and examples."""

from datetime import datetime
from typing import Any, get_args
from uuid import UUID

import orjson

from event_manager.eventlog.samples import TIME, sample_id
from event_manager.eventlog.types import EventType
from event_manager.webhooks.formats import Format, Message, Omission, render
from event_manager.webhooks.messages import Addresses, message_of

Schema = dict[str, Any]
SCHEMAS = "#/components/schemas/"
ENVELOPE, LINK, ATTRIBUTES = "WebhookEnvelope", "WebhookLink", "WebhookAttributes"
TEXT: Schema = {"type": "string"}
UUID_TEXT: Schema = {"type": "string", "format": "uuid"}
OMITTED: Schema = {
    "enum": list(get_args(Omission)),
    "description": "Why `data` is a link and not the payload: asked for, larger than 64 KiB, or under embargo.",
}

HEADERS: dict[str, Schema] = {
    "webhook-id": {**TEXT, "description": "The same for each delivery of an event: de-duplicate by it."},
    "webhook-timestamp": {**TEXT, "pattern": "^[0-9]+$", "description": "When it was sent, in seconds since 1970."},
    "webhook-signature": {
        **TEXT,
        "description": "Of the Standard Webhooks specification: `v1,` (HMAC-SHA256) or `v1a,` (Ed25519) and base64 of"
        " the signature over `id.timestamp.body`; several, separated by spaces, while a secret is replaced.",
    },
    "webhook-attempt": {**TEXT, "pattern": "^[0-9]+$", "description": "Which try this is; absent in the first."},
    "webhook-replay-id": {**TEXT, "description": "The replay that sends it again, if one does."},
    "webhook-test": {**TEXT, "const": "true", "description": "Present when somebody sent a sample to try the webhook."},
    "webhook-payload-omitted": {**OMITTED, "type": "string"},
}
ALWAYS = ("webhook-id", "webhook-timestamp")


def named(cls: type[EventType]) -> str:
    """The name of a type's payload among the schemas of a document."""
    return f"{cls.name}.v{cls.version}"


def reference(name: str) -> Schema:
    """A reference to one of the schemas of a document."""
    return {"$ref": f"{SCHEMAS}{name}"}


def shared_schemas() -> dict[str, Schema]:
    """What every message has, by name."""
    actor = {"kind": {**TEXT, "description": "user, api_key, system or anonymous"}, "id": {"type": ["string", "null"]}}
    envelope = {
        "type": {**TEXT, "description": "What happened."},
        "timestamp": {**TEXT, "format": "date-time", "description": "When it happened."},
        "id": {**TEXT, "description": "As the header `webhook-id`."},
        "version": {"type": "integer", "minimum": 1, "description": "The version of the type."},
        "tenant": _object({"id": UUID_TEXT, "slug": TEXT}, description="The organisation in which it happened."),
        "entity": _object({"type": TEXT, "id": UUID_TEXT}, description="The thing that it happened to."),
        "actor": _object(actor, description="Who did it."),
        "correlationId": {**TEXT, "description": "The same for all that one request or job did."},
        "causationId": {"type": ["string", "null"], "description": "The entry that caused this one."},
        "payloadOmitted": OMITTED,
        "data": {"description": "The payload of the type, or a link to it."},
    }
    link = {"type": TEXT, "id": UUID_TEXT, "url": {**TEXT, "format": "uri", "description": "Where to read the entry."}}
    return {
        ENVELOPE: _object(envelope, optional=("payloadOmitted",), description="What every message of a webhook says."),
        LINK: _object(link, description="In place of a payload: where it can be read, by those who may."),
    }


def message_schema(cls: type[EventType]) -> Schema:
    """The body of a message of the type in the formats `standard` and `thin`; its payload is a reference."""
    link = reference(LINK)
    data = link if cls.sensitivity == "embargoed" else {"anyOf": [reference(named(cls)), link]}
    own = {"type": {"const": cls.name}, "version": {"const": cls.version}, "data": data}
    return {"allOf": [reference(ENVELOPE), {"type": "object", "properties": own}]}


def attributes_schema(names: list[str]) -> Schema:
    """The context of a CloudEvent; `names`: every type there is."""
    texts = ("correlationid", "causationid", "partitionkey", "authtype", "authid", "tenantid")
    attributes = {
        "specversion": {"const": "1.0"},
        "id": {**TEXT, "minLength": 1},
        "source": {**TEXT, "format": "uri-reference", "description": "The organisation."},
        "type": {"enum": names},
        "time": {**TEXT, "format": "date-time"},
        "subject": {**TEXT, "description": "The thing that it happened to, as `contest/ID`."},
        "dataschema": {**TEXT, "format": "uri", "description": "The JSON Schema of `data`, for everybody to read."},
        "datacontenttype": {"const": "application/json"},
        "typeversion": {"type": "integer", "minimum": 1},
        "dataref": {**TEXT, "format": "uri", "description": "Where to read the entry whose `data` is left out."},
        **{name: {**TEXT, "minLength": 1} for name in texts},
    }
    optional = ("datacontenttype", "dataref", *texts)
    return _object(attributes, optional=optional, description="The context attributes of CloudEvents 1.0, and ours.")


def binary_headers(attributes: Schema) -> Schema:
    """The attributes as headers of CloudEvents' binary mode, where everything is text."""
    parts = {
        f"ce-{name}": TEXT if part.get("type") == "integer" else part
        for name, part in attributes["properties"].items()
        if name != "datacontenttype"  # which is the header Content-Type
    }
    return {"type": "object", "properties": parts, "required": [f"ce-{each}" for each in attributes["required"]]}


def example_message(cls: type[EventType], addresses: Addresses) -> Message:
    """A fictional message of the type, made by what makes the real ones."""
    event = cls.sample_event()
    entry = {
        "id": UUID(sample_id(cls.name)), "tenant_id": UUID(sample_id("tenantId")), "type": cls.name,
        "version": cls.version, "entity_type": cls.entity_type, "entity_id": event.entity_id, "actor_kind": "user",
        "actor_id": UUID(sample_id("userId")), "correlation_id": "c0ffee00c0ffee00", "causation_id": None,
        "at": datetime.fromisoformat(TIME), "body": event.payload(),
    }  # fmt: skip
    return message_of(entry, "riverside-dance", addresses)


def example(cls: type[EventType], form: Format, addresses: Addresses) -> tuple[dict[str, str], Any]:
    """Headers and parsed body of a fictional delivery, as the sender would make it."""
    message = example_message(cls, addresses)
    rendered = render(message, form)
    headers = {
        "webhook-id": message.id,
        "webhook-timestamp": str(int(message.at.timestamp())),
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        **rendered.headers,
    }
    return headers, orjson.loads(rendered.body)


def _object(properties: dict[str, Schema], *, optional: tuple[str, ...] = (), description: str = "") -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "description": description, "properties": properties, "required": required}
