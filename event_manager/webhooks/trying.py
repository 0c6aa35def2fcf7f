"""A test call: a sample of an event type sent for real, at once, and what became of it told in a sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from uuid import UUID

import jsonschema_rs
import orjson

from event_manager import eventlog
from event_manager.eventlog.queries import known_types
from event_manager.eventlog.types import EventType
from event_manager.kit.egress import Guard, Response
from event_manager.kit.errors import FieldError
from event_manager.kit.ratelimit import Buckets
from event_manager.kit.work import Work
from event_manager.webhooks import queries
from event_manager.webhooks.authorising import NotAuthorised
from event_manager.webhooks.compiled import Compiled
from event_manager.webhooks.deliveries import start_anew
from event_manager.webhooks.delivery_views import body_text, compiled_endpoint, head_text, slug_of
from event_manager.webhooks.errors import NotForThisKind, SampleRefused, TestedTooOften, WebhookNotFound
from event_manager.webhooks.event_types import WebhookEndpointTested
from event_manager.webhooks.formats import Message
from event_manager.webhooks.messages import Addresses, message_of
from event_manager.webhooks.schemas_deliveries import WebhookTest, WebhookTested
from event_manager.webhooks.sending import Sent, send_once
from event_manager.webhooks.transforms.errors import TransformFailed
from event_manager.webhooks.verdicts import verdict
from event_manager.webhooks.views import health_of

PER_MINUTE = 10
MOST_FAULTS = 20
MAX_DEPTH = 32
BUCKETS = Buckets(PER_MINUTE)


@dataclass(frozen=True, slots=True)
class Trial:
    """A message and the webhook that it is for."""

    endpoint: Compiled
    message: Message
    wanted: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was sent, None where nothing could be; then ``error`` is a word for why and ``why`` the sentence."""

    sent: Sent | None
    error: str = ""
    why: str = ""

    @property
    def delivered(self) -> bool:
        """Whether the receiver took it."""
        return self.sent is not None and self.sent.response.ok


async def prepare(work: Work, endpoint_id: UUID, test: WebhookTest, *, secret_key: str, addresses: Addresses) -> Trial:
    """Make the message. Raises WebhookNotFound, NotForThisKind, SampleRefused, TestedTooOften."""
    work.allow("webhooks:manage")
    endpoint = await compiled_endpoint(work, endpoint_id, secret_key)
    if endpoint is None:
        raise WebhookNotFound("There is no such webhook; GET /api/events/webhooks lists them.")
    if endpoint.kind != "http":
        raise NotForThisKind(f"A webhook of kind {endpoint.kind} is not called, so there is nothing to test.")
    cls = _type(test.event_type)
    payload = cls.sample_payload() if test.payload is None else _checked(cls, test.payload)
    _spend(endpoint_id)
    [row] = await work.sql("SELECT uuidv7() AS id")
    entry = {
        "id": row["id"], "tenant_id": work.tenant, "type": cls.name, "version": cls.version,
        "entity_type": cls.entity_type, "entity_id": _entity(cls, payload) or row["id"],
        "actor_kind": work.actor.kind, "actor_id": work.actor.user_id or work.actor.api_key_id,
        "correlation_id": work.correlation_id, "causation_id": None, "at": work.now(), "body": _stored(cls, payload),
    }  # fmt: skip
    message = message_of(entry, await slug_of(work), addresses)
    return Trial(endpoint, message, endpoint.wants(message))


async def send(trial: Trial, guard: Guard) -> Outcome:
    """Send it, and wait for the answer as long as the webhook allows. No transaction should be open meanwhile."""
    if trial.endpoint.fault:
        return Outcome(None, "settings", f"Not sent: {trial.endpoint.fault}.")
    try:
        return Outcome(await send_once(trial.endpoint, trial.message, guard=guard))
    except TransformFailed as failed:
        return Outcome(None, "transformation", f"Not sent: {failed}")
    except NotAuthorised as failed:
        return Outcome(None, "sign-in", f"Not sent, because the sign-in failed: {failed.reason}")


async def record(work: Work, endpoint_id: UUID, trial: Trial, outcome: Outcome) -> WebhookTested:
    """Log the call. A success sends to a webhook again that was paused, failing or switched off by the system;
    a failure changes nothing. Raises WebhookNotFound where the webhook was removed meanwhile.
    """
    endpoint = await queries.get_endpoint(work, endpoint_id, lock=True)
    stopped = health_of(endpoint).state != "healthy" if endpoint.enabled else endpoint.disabled_reason != ""
    resumed = outcome.delivered and stopped
    response = outcome.sent.response if outcome.sent else Response(None)
    error = outcome.error or response.error or ""
    await eventlog.append(work, WebhookEndpointTested(
        webhook_id=endpoint_id, title=endpoint.name, event_type=trial.message.type, delivered=outcome.delivered,
        status=response.status, error=error,
    ))  # fmt: skip
    if resumed:
        await start_anew(work, endpoint, by="test", held="deliver")
    return WebhookTested(
        delivered=outcome.delivered,
        verdict=outcome.why or verdict(response, trial.endpoint.timeout),
        wanted=trial.wanted,
        resumed=resumed,
        status=response.status,
        error=error,
        ms=round(response.timings.total, 1),
        ip=response.ip,
        request_headers=outcome.sent.headers if outcome.sent else "",
        request_body=outcome.sent.body.decode() if outcome.sent else "",
        response_head=head_text(response.head),
        response_body=body_text(response.body),
        truncated=response.truncated,
    )


def _type(name: str) -> type[EventType]:
    known = {cls.name: cls for cls in known_types()}
    if name in known:
        return known[name]
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    raise SampleRefused(
        f"There is no event type '{name}'.{hint} GET /api/events/types lists them.",
        errors=[FieldError("/eventType", f"no such type.{hint}")],
    )


def _checked(cls: type[EventType], payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The payload, if it fits the type's JSON Schema."""
    if _deeper(payload, MAX_DEPTH):
        raise SampleRefused(
            f"The payload is nested more than {MAX_DEPTH} deep.",
            errors=[FieldError("/payload", f"is nested more than {MAX_DEPTH} deep")],
        )
    found = []
    for fault in jsonschema_rs.validator_for(cls.schema_document()).iter_errors(payload):
        place = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in fault.instance_path)
        found.append(FieldError(f"/payload{place}", fault.message[:300]))
        if len(found) == MOST_FAULTS:
            break
    if found:
        raise SampleRefused(f"The payload is not one of {cls.name}: {found[0].detail}", errors=found)
    return payload


def _deeper(value: object, levels: int) -> bool:
    """Whether a JSON value is nested deeper; level by level, as recursion has a limit of its own."""
    layer = [value]
    for _ in range(levels):
        layer = [part for each in layer for part in _parts(each)]
    return bool(layer)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _stored(cls: type[EventType], payload: Mapping[str, Any]) -> bytes:
    """The payload as the log would hold it, which is what deliveries are made of: without what is personal."""
    personal = cls.personal_names(cls.name, cls.version)
    return orjson.dumps({name: value for name, value in payload.items() if name not in personal})


def _entity(cls: type[EventType], payload: Mapping[str, Any]) -> UUID | None:
    """The thing that the payload says it happened to."""
    head, *tail = f"{cls.entity_type}_id".split("_")
    try:
        return UUID(str(payload.get(head + "".join(part.title() for part in tail))))
    except ValueError:
        return None


def _spend(endpoint_id: UUID) -> None:
    taken = BUCKETS.take(str(endpoint_id))
    if not taken.allowed:
        raise TestedTooOften(
            f"This webhook may be tested {PER_MINUTE} times a minute; try again in {taken.retry_after} s.",
            headers={"Retry-After": str(taken.retry_after)},
        )
