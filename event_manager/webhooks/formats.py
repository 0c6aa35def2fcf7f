"""What is sent for one entry of the log, in each format: headers and body, without signature and authentication.

The payload of an entry was stored as JSON bytes; it is spliced into the envelope as it is, so that what receivers
get is what the log's hash covers.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote
from uuid import UUID

import orjson

Format = Literal["standard", "cloudevents-structured", "cloudevents-binary", "thin"]
Omission = Literal["by-choice", "too-large", "embargoed"]

LIMIT = 64 * 1024
"""Bytes of a body; above it intermediaries need not pass a CloudEvent on, and we send the thin form."""

JSON = "application/json"
CLOUDEVENT_JSON = "application/cloudevents+json; charset=utf-8"
AUTH_TYPES = {"user": "app_user", "api_key": "api_key", "system": "system", "anonymous": "unauthenticated"}
"""Kinds of actors in the words of the CloudEvents extension "authcontext"; any other is "unknown"."""

_PLAIN = re.compile(r"[!#$&-~]+")
_PLAIN_CHARACTERS = "".join(map(chr, range(0x21, 0x7F))).replace('"', "").replace("%", "")


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the log as it leaves the house. Texts that go into headers are kept in plain ASCII by their makers.

    `id` is `evt_` + 32 hex digits; `source` and the three addresses are URIs; `body` is the stored JSON.
    """

    id: str
    tenant_id: UUID
    tenant_slug: str
    source: str
    type: str
    version: int
    at: datetime
    entity_type: str
    entity_id: UUID
    actor_kind: str
    actor_id: UUID | None
    correlation_id: str
    causation_id: str | None
    partition_key: str
    body: bytes
    schema_url: str
    fetch_url: str
    """Where a program reads the whole entry."""
    page_url: str
    """Where a person looks at it."""
    omitted: Omission | None = None
    """Why `body` is not the stored payload but a link to it; set by `withhold`."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A request to send. `omitted`: why it carries a link in place of the payload, if it does."""

    headers: Mapping[str, str]
    body: bytes
    omitted: Omission | None = None


def message_id(entry_id: UUID) -> str:
    """The id that receivers see and de-duplicate by."""
    return f"evt_{entry_id.hex}"


def withhold(message: Message, why: Omission) -> Message:
    """The message with a link in place of its payload, for every format, filter, transformation and template.

    Where marks are embargoed, filters too must see this and not the whole: what passes would tell of them.
    """
    data = {"type": message.entity_type, "id": message.entity_id, "url": message.fetch_url}
    return replace(message, body=orjson.dumps(data), omitted=why)


def render(message: Message, form: Format) -> Rendered:
    """The request for `message`; where the body would pass `LIMIT`, its payload is withheld."""
    rendered = _FORMS[form](message)
    if len(rendered.body) <= LIMIT or message.omitted:
        return rendered
    return _FORMS[form](withhold(message, "too-large"))


def document(message: Message) -> dict[str, object]:
    """The standard form as an object, whatever its size: what filters and transformations look at."""
    head: dict[str, object] = orjson.loads(orjson.dumps(_envelope(message)))
    return {**head, "data": orjson.loads(message.body)}


def _envelope(message: Message) -> dict[str, object]:
    """Members of the standard form but its data; ids as they are, since orjson writes them faster."""
    return {
        "type": message.type,
        "timestamp": _time(message.at),
        "id": message.id,
        "version": message.version,
        "tenant": {"id": message.tenant_id, "slug": message.tenant_slug},
        "entity": {"type": message.entity_type, "id": message.entity_id},
        "actor": {"kind": message.actor_kind, "id": message.actor_id},
        "correlationId": message.correlation_id,
        "causationId": message.causation_id,
        **({"payloadOmitted": message.omitted} if message.omitted else {}),
    }


def _splice(head: Mapping[str, object], data: bytes) -> bytes:
    """`head` as JSON with a last member `data`, its bytes as they are."""
    return b"".join((orjson.dumps(head)[:-1], b',"data":', data, b"}"))


def _standard(message: Message) -> Rendered:
    return _sent(message, {"content-type": JSON}, _splice(_envelope(message), message.body))


def _thin(message: Message) -> Rendered:
    return _standard(message if message.omitted else withhold(message, "by-choice"))


def _structured(message: Message) -> Rendered:
    attributes = _attributes(message)
    if message.omitted:
        body = orjson.dumps(attributes)
    else:
        body = _splice({**attributes, "datacontenttype": JSON}, message.body)
    return _sent(message, {"content-type": CLOUDEVENT_JSON}, body)


def _binary(message: Message) -> Rendered:
    headers = {f"ce-{name}": str(value) for name, value in _attributes(message).items()}
    if not _PLAIN.fullmatch("".join(headers.values())):
        # As the HTTP binding asks; not every SDK decodes it, which is why ours should all be plain.
        headers = {name: quote(value, safe=_PLAIN_CHARACTERS) for name, value in headers.items()}
    # Not an empty body: the libraries that verify signatures parse what they verified, and fail on nothing.
    body = b"null" if message.omitted else message.body
    return _sent(message, {"content-type": JSON, **headers}, body)


def _sent(message: Message, headers: dict[str, str], body: bytes) -> Rendered:
    if message.omitted:
        headers["webhook-payload-omitted"] = message.omitted
    return Rendered(headers, body, message.omitted)


_FORMS: Mapping[Format, Callable[[Message], Rendered]] = {
    "standard": _standard,
    "thin": _thin,
    "cloudevents-structured": _structured,
    "cloudevents-binary": _binary,
}


def _attributes(message: Message) -> dict[str, str | int]:
    """The CloudEvents context, extensions included; attributes without a value are left out.

    A withheld payload is referred to by the extension "dataref", which then stands in place of data.
    """
    attributes: dict[str, str | int | None] = {
        "specversion": "1.0",
        "id": message.id,
        "source": message.source,
        "type": message.type,
        "time": _time(message.at),
        "subject": f"{message.entity_type}/{message.entity_id}",
        "dataschema": message.schema_url,
        "typeversion": message.version,
        "tenantid": str(message.tenant_id),
        "authtype": AUTH_TYPES.get(message.actor_kind, "unknown"),
        "authid": str(message.actor_id) if message.actor_id else None,
        "correlationid": message.correlation_id,
        "causationid": message.causation_id,
        "partitionkey": message.partition_key,
        "dataref": message.fetch_url if message.omitted else None,
    }
    # An extension must not be an empty string.
    return {name: value for name, value in attributes.items() if value is not None and value != ""}


def _time(at: datetime) -> str:
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="milliseconds")[:23] + "Z"
