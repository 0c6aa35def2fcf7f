"""What follows from deliveries beyond their own rows: health is stored, and the log is told what owners should know.

Each is one transaction with what it tells of. A stored health is written only over the version of the endpoint that
was in use: whoever changed or resumed the endpoint in between wins.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import orjson

from event_manager import eventlog
from event_manager.eventlog import EventType
from event_manager.kit.access import system_actor
from event_manager.kit.clock import Clock, given_time
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from event_manager.webhooks import event_types as types
from event_manager.webhooks import health as healths
from event_manager.webhooks.addresses import host_of
from event_manager.webhooks.dispatch.channel import Channel
from event_manager.webhooks.dispatch.outcome import Outcome
from event_manager.webhooks.dispatch.recording import (
    AGAIN,
    ENDED,
    TELLING,
    TELLING_AGAIN,
    Again,
    Ended,
    again_values,
    ended_values,
)
from event_manager.webhooks.health import PAUSE, Notice

ACTOR = system_actor("webhooks")
SAVE = """
    UPDATE webhook_endpoints e SET health = u.health::jsonb
      FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::text[]) AS u (tenant_id, id, version, health)
     WHERE e.tenant_id = u.tenant_id AND e.id = u.id AND e.version = u.version RETURNING e.id"""
SWITCH_OFF = """
    UPDATE webhook_endpoints SET enabled = false, disabled_reason = %s, version = version + 1, updated_at = %s
     WHERE tenant_id = %s AND id = %s AND enabled RETURNING version"""


class Aftermath:
    """Works as the platform, in a transaction of its own for each organisation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def deaths(self, outcomes: Sequence[Outcome]) -> None:
        """Record deliveries of which no try is left, and tell of them."""
        by_tenant: defaultdict[UUID, list[Outcome]] = defaultdict(list)
        for outcome in outcomes:
            by_tenant[UUID(bytes=outcome.record.row.tenant_id)].append(outcome)
        for tenant, group in by_tenant.items():
            async with self._work(tenant) as work:
                ended = [o.record for o in group if isinstance(o.record, Ended)]
                parked = [o.record for o in group if isinstance(o.record, Again)]
                done: set[bytes] = set()
                if ended:
                    done |= {row["id"].bytes for row in await work.sql(ENDED + TELLING, ended_values(ended))}
                if parked:
                    values = again_values(parked, given_time(self._clock))
                    done |= {row["delivery_id"].bytes for row in await work.sql(AGAIN + TELLING_AGAIN, values)}
                told = [_dead(o) for o in group if o.record.row.id in done and not _tells_of_death(o)]
                await eventlog.append_many(work, told)
                await work.commit()

    async def switch_off(self, channel: Channel, reason: str) -> None:
        """The receiver is gone for good."""
        endpoint = channel.endpoint
        async with self._work(endpoint.tenant_id) as work:
            if await work.sql(SWITCH_OFF, (reason, work.now(), endpoint.tenant_id, endpoint.id)):
                told = types.WebhookEndpointDisabled(
                    webhook_id=endpoint.id, title=endpoint.name, host=host_of(endpoint.url), reason=reason
                )
                await eventlog.append(work, told)
            await work.commit()

    async def save_health(self, channels: Iterable[Channel]) -> None:
        """Store the health of these endpoints, and tell what their owners should know."""
        by_tenant: defaultdict[UUID, list[Channel]] = defaultdict(list)
        for channel in channels:
            by_tenant[channel.endpoint.tenant_id].append(channel)
        for tenant, group in by_tenant.items():
            notices = {channel.endpoint.id: list(channel.notices) for channel in group}
            async with self._work(tenant) as work:
                saved = {row["id"] for row in await work.sql(SAVE, save_values(group))}
                told = [
                    _notice(channel, notice, work.now())
                    for channel in group
                    if channel.endpoint.id in saved
                    for notice in notices[channel.endpoint.id]
                ]
                await eventlog.append_many(work, told)
                await work.commit()
            for channel in group:
                del channel.notices[: len(notices[channel.endpoint.id])]

    def _work(self, tenant: UUID) -> Work:
        return Work(
            self._database, tenant_id=tenant, role="platform", actor=ACTOR, correlation_id="webhooks", clock=self._clock
        )


def save_values(channels: Sequence[Channel]) -> list[list[object]]:
    """Parameters of `SAVE`; what is stored then is no longer unsaved."""
    for channel in channels:
        channel.unsaved = channel.urgent = False
    return [
        [channel.endpoint.tenant_id for channel in channels],
        [channel.endpoint.id for channel in channels],
        [channel.endpoint.version for channel in channels],
        [orjson.dumps(healths.to_json(channel.health)).decode() for channel in channels],
    ]


def _tells_of_death(outcome: Outcome) -> bool:
    """Whether the dead delivery itself told of a dead delivery: two broken receivers must not feed each other."""
    entry = outcome.record.row.entry
    return entry is not None and entry.row["type"] == types.WebhookDeliveryDead.name


def _dead(outcome: Outcome) -> EventType:
    record = outcome.record
    row, endpoint = record.row, record.row.channel.endpoint
    return types.WebhookDeliveryDead(
        webhook_id=endpoint.id, title=endpoint.name, delivery_id=UUID(bytes=row.id),
        event_id=UUID(bytes=row.event_id),
        event_type=row.entry.row["type"] if row.entry else "", attempts=row.attempts + (1 if row.began else 0),
        reason=record.error[:500], blocks=isinstance(record, Again),
    )  # fmt: skip


def _notice(channel: Channel, notice: Notice, now: datetime) -> EventType:
    endpoint, since = channel.endpoint, channel.health.failing_since
    reason = channel.last_error[:500]
    common = {
        "webhook_id": endpoint.id, "title": endpoint.name, "host": host_of(endpoint.url), "failing_since": since,
    }  # fmt: skip
    match notice:
        case "degraded":
            return types.WebhookEndpointDegraded(**common, reason=reason)
        case "failing":
            return types.WebhookEndpointFailing(**common, reason=reason)
        case "pausing-soon":
            return types.WebhookEndpointPausingSoon(**common, reason=reason, pauses_at=(since or now) + PAUSE)
        case "paused":
            return types.WebhookEndpointPaused(**common, reason=reason)
        case "recovered":
            return types.WebhookEndpointRecovered(**common)
