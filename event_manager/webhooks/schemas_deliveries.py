"""Shapes of deliveries, test calls and statistics."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from event_manager.kit.http import Wire

State = Literal["waiting", "retrying", "succeeded", "dead", "cancelled", "skipped"]


class DeliveryView(Wire):
    """One entry of the log on its way to one webhook.

    ``messageId`` is what receivers see as webhook-id. ``state``: "waiting" for its first try, "retrying" after a
    failed one, "dead" when no try is left, "cancelled" by somebody, "skipped" when the webhook was resumed without it.
    ``held``: it waits because its webhook is off, paused or failing. ``blocking``: no try is left, and by its webhook's
    wish it stands in the way of what comes after, until it is sent again or called off. ``status``, ``error`` and
    ``ms`` are those of the last try; ``webhookName`` is null when the webhook is gone.
    """

    id: UUID
    webhook_id: UUID
    webhook_name: str | None
    event_id: UUID
    event_type: str
    message_id: str
    state: State
    held: bool
    blocking: bool
    attempts: int
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    status: int | None
    error: str
    ms: float | None
    replay_id: UUID | None


class TimingsView(Wire):
    """Milliseconds from the start until each step was done; 0 where it did not happen (a kept connection)."""

    dns: float
    connect: float
    tls: float
    first_byte: float


class AttemptView(Wire):
    """One try. ``requestHeaders``: as sent, secrets masked. ``truncated``: only the answer's beginning was kept."""

    n: int
    at: datetime
    status: int | None
    error: str
    ms: float | None
    timings: TimingsView | None
    ip: str
    request_headers: str
    response_head: str
    response_body: str
    truncated: bool


class DeliveryDetail(DeliveryView):
    """A delivery with its tries, the first one first.

    ``requestBody`` is made again from the log, by the webhook's present settings; where that cannot be done it is null
    and ``requestBodyNote`` says why.
    """

    url: str | None
    request_body: str | None
    request_body_note: str
    tries: list[AttemptView]


class WebhookTest(Wire):
    """An event type, and a payload to send in place of the type's sample."""

    event_type: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    payload: dict[str, Any] | None = None


class WebhookTested(Wire):
    """What became of a test call.

    ``verdict`` says it in a sentence; ``wanted`` is whether the webhook's types and filter would let such an event
    through. ``requestHeaders`` as sent, secrets masked. ``resumed``: the webhook had been paused or failing, and is
    sent to again.
    """

    delivered: bool
    verdict: str
    wanted: bool
    resumed: bool
    status: int | None
    error: str
    ms: float
    ip: str
    request_headers: str
    request_body: str
    response_head: str
    response_body: str
    truncated: bool


class StatisticsBucket(Wire):
    """One hour. ``succeeded`` and ``dead`` are deliveries that ended in it, ``failed`` tries that failed in it.

    ``p50Ms`` and ``p95Ms``: how long successful tries took; null without any.
    """

    at: datetime
    succeeded: int
    failed: int
    dead: int
    p50_ms: float | None
    p95_ms: float | None


class StatisticsTotals(Wire):
    """All hours together."""

    succeeded: int
    failed: int
    dead: int
    p50_ms: float | None
    p95_ms: float | None


class WebhookStatistics(Wire):
    """How deliveries of a webhook went, hour by hour, the oldest first; hours without any are there too."""

    hours: Annotated[int, Field(ge=1)]
    buckets: list[StatisticsBucket]
    totals: StatisticsTotals
