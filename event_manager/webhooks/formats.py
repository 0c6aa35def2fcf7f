"""What is sent for one entry of the log, in each format: headers and body, without signature and authentication.

The payload of an entry was stored as JSON bytes; it is spliced into the envelope as it is, so that what receivers
get is what the log's hash covers.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import quote
from uuid import UUID

import orjson

Format = Literal["standard", "cloudevents-structured", "cloudevents-binary", "thin"]

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


@dataclass(frozen=True, slots=True)
class Rendered:
    """A request to send. `thinned`: the payload was too large and left out, whatever the format."""

    headers: Mapping[str, str]
    body: bytes
    thinned: bool = False


def message_id(entry_id: UUID) -> str:
    """The id that receivers see and de-duplicate by."""
    return f"evt_{entry_id.hex}"


def render(message: Message, form: Format) -> Rendered:
    """The request for `message`; where the body would pass `LIMIT`, its payload is replaced by a link."""
    match form:
        case "standard":
            body = _splice(_envelope(message), message.body)
            return Rendered({"content-type": JSON}, body) if len(body) <= LIMIT else _thin(message, thinned=True)
        case "thin":
            return _thin(message, thinned=False)
        case "cloudevents-structured":
            return _structured(message)
        case "cloudevents-binary":
            return _binary(message)


def document(message: Message) -> dict[str, object]:
    """The standard form as an object, whatever its size: what filters and transformations look at."""
    return {**_envelope(message), "data": orjson.loads(message.body)}


def _envelope(message: Message) -> dict[str, object]:
    return {
        "type": message.type,
        "timestamp": _time(message.at),
        "id": message.id,
        "version": message.version,
        "tenant": {"id": str(message.tenant_id), "slug": message.tenant_slug},
        "entity": {"type": message.entity_type, "id": str(message.entity_id)},
        "actor": {"kind": message.actor_kind, "id": str(message.actor_id) if message.actor_id else None},
        "correlationId": message.correlation_id,
        "causationId": message.causation_id,
    }


def _splice(head: Mapping[str, object], data: bytes) -> bytes:
    """`head` as JSON with a last member `data`, its bytes as they are."""
    return b"".join((orjson.dumps(head)[:-1], b',"data":', data, b"}"))


def _thin(message: Message, *, thinned: bool) -> Rendered:
    """The envelope with only what names the entity and where to read the rest."""
    why = "too-large" if thinned else "by-choice"
    data = {"type": message.entity_type, "id": message.entity_id, "url": message.fetch_url}
    body = orjson.dumps({**_envelope(message), "payloadOmitted": why, "data": data})
    return Rendered({"content-type": JSON, "webhook-payload-omitted": why}, body, thinned)


def _structured(message: Message) -> Rendered:
    attributes = _attributes(message)
    body = _splice({**attributes, "datacontenttype": JSON}, message.body)
    if len(body) <= LIMIT:
        return Rendered({"content-type": CLOUDEVENT_JSON}, body)
    return Rendered({"content-type": CLOUDEVENT_JSON}, orjson.dumps(_by_reference(message, attributes)), thinned=True)


def _binary(message: Message) -> Rendered:
    attributes = _attributes(message)
    if len(message.body) <= LIMIT:
        return Rendered({"content-type": JSON, **_ce_headers(attributes)}, message.body)
    return Rendered(_ce_headers(_by_reference(message, attributes)), b"", thinned=True)


def _attributes(message: Message) -> dict[str, str | int]:
    """The CloudEvents context, extensions included; attributes without a value are left out."""
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
    }
    # An extension must not be an empty string.
    return {name: value for name, value in attributes.items() if value is not None and value != ""}


def _by_reference(message: Message, attributes: dict[str, str | int]) -> dict[str, str | int]:
    """The context of an event whose data is fetched elsewhere (extension "dataref")."""
    return {**attributes, "dataref": message.fetch_url}


def _ce_headers(attributes: Mapping[str, str | int]) -> dict[str, str]:
    return {f"ce-{name}": _header(str(value)) for name, value in attributes.items()}


def _header(value: str) -> str:
    """Percent-encoded as the HTTP binding asks; plain values, which all of ours should be, stay as they are."""
    return value if _PLAIN.fullmatch(value) else quote(value, safe=_PLAIN_CHARACTERS)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
