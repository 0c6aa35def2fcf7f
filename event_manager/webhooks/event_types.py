"""What can happen to webhooks. No payload holds a secret, nor an address's path: with some receivers that is one."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from event_manager.eventlog import EventType
from event_manager.eventlog.samples import Sample

Changes = Annotated[
    dict[str, tuple[str | None, str | None]], Field(description="Field to [old, new], as text; null is empty.")
]


class WebhookEndpointCreated(EventType):
    """A webhook was set up. ``host``: where it sends to, without the path; ``types``: patterns of what it is told."""

    name: ClassVar[str] = "webhook.endpoint.created"
    entity_type: ClassVar[str] = "webhook"
    sample: ClassVar[Sample] = {
        "title": "Scoreboard",
        "kind": "http",
        "host": "scores.example.org",
        "types": ["score.*"],
    }

    webhook_id: UUID
    title: str
    kind: str
    host: str
    types: list[str]
    enabled: bool


class WebhookEndpointUpdated(EventType):
    """Settings of a webhook changed. ``secret_changes`` names what is never shown, such as headers and passwords."""

    name: ClassVar[str] = "webhook.endpoint.updated"
    entity_type: ClassVar[str] = "webhook"
    sample: ClassVar[Sample] = {"title": "Scoreboard", "secretChanges": ["headers"]}

    webhook_id: UUID
    title: str
    changes: Changes
    secret_changes: list[str]


class WebhookEndpointDeleted(EventType):
    """A webhook was removed with what waited for it. ``waiting``: deliveries that will not be made any more."""

    name: ClassVar[str] = "webhook.endpoint.deleted"
    entity_type: ClassVar[str] = "webhook"
    sample: ClassVar[Sample] = {"title": "Scoreboard", "host": "scores.example.org", "waiting": 0}

    webhook_id: UUID
    title: str
    host: str
    waiting: int


class WebhookEndpointTested(EventType):
    """Somebody sent a sample to a webhook. ``status``: what the receiver answered; null without an answer."""

    name: ClassVar[str] = "webhook.endpoint.tested"
    entity_type: ClassVar[str] = "webhook"
    replayable: ClassVar[bool] = False
    sample: ClassVar[Sample] = {"title": "Scoreboard", "eventType": "contest.created", "status": 204, "error": ""}

    webhook_id: UUID
    title: str
    event_type: str
    delivered: bool
    status: int | None
    error: str


class WebhookEndpointResumed(EventType):
    """A paused or failing webhook is sent to again. ``held``: what became of the deliveries that had waited."""

    name: ClassVar[str] = "webhook.endpoint.resumed"
    entity_type: ClassVar[str] = "webhook"
    replayable: ClassVar[bool] = False
    sample: ClassVar[Sample] = {"title": "Scoreboard", "held": "deliver", "skipped": 0}

    webhook_id: UUID
    title: str
    by: Literal["owner", "test"]
    held: Literal["deliver", "skip"]
    skipped: int


class WebhookSecretRotated(EventType):
    """A webhook got a new signing secret. Earlier ones of its scheme stay valid for ``overlap_hours``."""

    name: ClassVar[str] = "webhook.secret.rotated"
    entity_type: ClassVar[str] = "webhook"
    sample: ClassVar[Sample] = {"title": "Scoreboard", "overlapHours": 24}

    webhook_id: UUID
    title: str
    secret_id: UUID
    scheme: Literal["v1", "v1a"]
    overlap_hours: int


class WebhookSecretRevoked(EventType):
    """A signing secret of a webhook was ended at once."""

    name: ClassVar[str] = "webhook.secret.revoked"
    entity_type: ClassVar[str] = "webhook"
    sample: ClassVar[Sample] = {"title": "Scoreboard"}

    webhook_id: UUID
    title: str
    secret_id: UUID
    scheme: Literal["v1", "v1a"]


class WebhookDeliveryRedelivered(EventType):
    """Somebody had an entry of the log delivered once more. ``again_id`` is the new delivery."""

    name: ClassVar[str] = "webhook.delivery.redelivered"
    entity_type: ClassVar[str] = "webhook"
    replayable: ClassVar[bool] = False

    webhook_id: UUID
    delivery_id: UUID
    again_id: UUID
    event_id: UUID


class WebhookDeliveryCancelled(EventType):
    """Somebody called off a delivery that waited."""

    name: ClassVar[str] = "webhook.delivery.cancelled"
    entity_type: ClassVar[str] = "webhook"
    replayable: ClassVar[bool] = False

    webhook_id: UUID
    delivery_id: UUID
    event_id: UUID


class WebhookReplayStarted(EventType):
    """Somebody had entries of the log delivered once more. ``total``: deliveries that it will make."""

    name: ClassVar[str] = "webhook.replay.started"
    entity_type: ClassVar[str] = "replay"

    replay_id: UUID
    webhook_ids: list[UUID]
    which: Literal["failed", "never-sent", "all"]
    as_new: bool
    total: int
    reason: str


class WebhookReplayCompleted(EventType):
    """All deliveries of a replay have ended. ``dead``: those that were given up."""

    name: ClassVar[str] = "webhook.replay.completed"
    entity_type: ClassVar[str] = "replay"

    replay_id: UUID
    queued: int
    delivered: int
    dead: int


class WebhookReplayCancelled(EventType):
    """Somebody ended a replay before its time. ``cancelled``: deliveries that waited and were called off."""

    name: ClassVar[str] = "webhook.replay.cancelled"
    entity_type: ClassVar[str] = "replay"

    replay_id: UUID
    queued: int
    cancelled: int


_HOOK: Sample = {"title": "Scoreboard", "host": "scores.example.org"}


class _Condition(EventType):
    """Base of what the product finds out about a webhook. ``failing_since``: no success since then."""

    entity_type: ClassVar[str] = "webhook"

    webhook_id: UUID
    title: str
    host: str
    failing_since: datetime | None


class WebhookEndpointDegraded(_Condition):
    """A webhook failed again and again: until it answers, single probes go to it; deliveries wait."""

    name: ClassVar[str] = "webhook.endpoint.degraded"
    sample: ClassVar[Sample] = {**_HOOK, "reason": "status 503"}
    replayable: ClassVar[bool] = False

    reason: str


class WebhookEndpointFailing(_Condition):
    """A webhook has only failed for an hour."""

    name: ClassVar[str] = "webhook.endpoint.failing"
    sample: ClassVar[Sample] = {**_HOOK, "reason": "timeout"}
    replayable: ClassVar[bool] = False

    reason: str


class WebhookEndpointPausingSoon(_Condition):
    """A webhook has only failed for four days; unless it answers, it is paused at ``pauses_at``."""

    name: ClassVar[str] = "webhook.endpoint.pausing_soon"
    sample: ClassVar[Sample] = {**_HOOK, "reason": "timeout"}
    replayable: ClassVar[bool] = False

    reason: str
    pauses_at: datetime


class WebhookEndpointPaused(_Condition):
    """A webhook has only failed for five days: nothing is sent to it until somebody resumes it. Deliveries wait."""

    name: ClassVar[str] = "webhook.endpoint.paused"
    sample: ClassVar[Sample] = {**_HOOK, "reason": "timeout"}
    replayable: ClassVar[bool] = False

    reason: str


class WebhookEndpointRecovered(_Condition):
    """A webhook that was degraded answers again; what waited is delivered."""

    name: ClassVar[str] = "webhook.endpoint.recovered"
    sample: ClassVar[Sample] = _HOOK
    replayable: ClassVar[bool] = False


class WebhookEndpointDisabled(EventType):
    """A webhook was switched off because its receiver said that it is gone (status 410). Deliveries wait."""

    name: ClassVar[str] = "webhook.endpoint.disabled"
    sample: ClassVar[Sample] = {**_HOOK, "reason": "status 410"}
    entity_type: ClassVar[str] = "webhook"
    replayable: ClassVar[bool] = False

    webhook_id: UUID
    title: str
    host: str
    reason: str


class WebhookDeliveryDead(EventType):
    """No try of a delivery is left. ``blocks``: what follows in its order waits until somebody acts."""

    name: ClassVar[str] = "webhook.delivery.dead"
    entity_type: ClassVar[str] = "webhook"
    sample: ClassVar[Sample] = {
        "title": "Scoreboard",
        "eventType": "contest.created",
        "attempts": 10,
        "reason": "status 500",
        "blocks": False,
    }

    webhook_id: UUID
    title: str
    delivery_id: UUID
    event_id: UUID
    event_type: str
    attempts: int
    reason: str
    blocks: bool
