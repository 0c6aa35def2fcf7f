"""Writes of deliveries by people: once more, called off; and a webhook resumed with what waited for it."""

from typing import Literal
from uuid import UUID

from event_manager import eventlog
from event_manager.kit.db import Row
from event_manager.kit.work import Work
from event_manager.webhooks import queries, queries_deliveries
from event_manager.webhooks.errors import DeliveryEnded, NothingToResume, NothingToSend, WebhookNotFound
from event_manager.webhooks.event_types import (
    WebhookDeliveryCancelled,
    WebhookDeliveryRedelivered,
    WebhookEndpointResumed,
)
from event_manager.webhooks.models import Endpoint
from event_manager.webhooks.views import health_of
from event_manager.webhooks.waking import wake_dispatchers

# A sender that has the row in hand records nothing once it is gone: deleting decides.
END_WAITING = """
    WITH gone AS (DELETE FROM webhook_queue WHERE tenant_id = %(tenant)s AND {which} RETURNING *),
         ended AS (INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_type, replay_id, suffix,
                                                   outcome, attempts, ended_at)
                   SELECT tenant_id, id, endpoint_id, event_id, event_type, replay_id, suffix, %(outcome)s, attempts,
                          %(now)s FROM gone)
    SELECT count(*) AS n FROM gone"""
AGAIN = """
    INSERT INTO webhook_queue (tenant_id, endpoint_id, event_id, event_type, ord_key, next_at, suffix)
    SELECT %(tenant)s, %(endpoint)s, l.id, l.type, l.entity_id, %(now)s, %(suffix)s
      FROM event_log l WHERE l.tenant_id = %(tenant)s AND l.id = %(event)s RETURNING id"""
AT_ONCE = "UPDATE webhook_queue SET next_at = %s WHERE tenant_id = %s AND id = %s RETURNING id"


async def redeliver(work: Work, delivery_id: UUID) -> Row:
    """Have an entry delivered once more, under the same message id; one that waits is tried at once.

    Raises DeliveryNotFound, WebhookNotFound, NothingToSend.
    """
    work.allow("webhooks:manage")
    row = await queries_deliveries.get_delivery(work, delivery_id)
    endpoint = await _endpoint_of(work, row)
    again = await work.sql(AT_ONCE, (work.now(), work.tenant, delivery_id))
    if not again:
        given = {
            "tenant": work.tenant, "endpoint": endpoint.id, "event": row["event_id"], "suffix": row["suffix"],
            "now": work.now(),
        }  # fmt: skip
        again = await work.sql(AGAIN, given)
    if not again:
        raise NothingToSend("The entry of the log that this delivered is no longer kept, so it cannot be sent again.")
    [made] = again
    wake_dispatchers(work)
    await eventlog.append(work, WebhookDeliveryRedelivered(
        webhook_id=endpoint.id, delivery_id=delivery_id, again_id=made["id"], event_id=row["event_id"],
    ))  # fmt: skip
    return await queries_deliveries.get_delivery(work, made["id"])


async def cancel(work: Work, delivery_id: UUID) -> Row:
    """Call off a delivery that waits. A try under way cannot be called back. Raises DeliveryNotFound, DeliveryEnded."""
    work.allow("webhooks:manage")
    row = await queries_deliveries.get_delivery(work, delivery_id)
    given = {"tenant": work.tenant, "id": delivery_id, "outcome": "cancelled", "now": work.now()}
    [gone] = await work.sql(END_WAITING.format(which="id = %(id)s"), given)
    if not gone["n"]:
        raise DeliveryEnded("This delivery has ended already; there is nothing to call off.")
    wake_dispatchers(work)
    await eventlog.append(work, WebhookDeliveryCancelled(
        webhook_id=row["endpoint_id"], delivery_id=delivery_id, event_id=row["event_id"],
    ))  # fmt: skip
    return await queries_deliveries.get_delivery(work, delivery_id)


async def resume(work: Work, endpoint_id: UUID, held: Literal["deliver", "skip"]) -> tuple[Endpoint, int]:
    """Send to a webhook again that is off, paused or failing; returns it, and how many deliveries were skipped.

    Raises WebhookNotFound, NothingToResume.
    """
    work.allow("webhooks:manage")
    endpoint = await queries.get_endpoint(work, endpoint_id, lock=True)
    if endpoint.enabled and health_of(endpoint).state == "healthy":
        raise NothingToResume("This webhook is sent to as usual: it is neither off nor paused nor failing.")
    skipped = 0
    if held == "skip":
        given = {"tenant": work.tenant, "endpoint": endpoint_id, "outcome": "skipped", "now": work.now()}
        [gone] = await work.sql(END_WAITING.format(which="endpoint_id = %(endpoint)s"), given)
        skipped = gone["n"]
    await start_anew(work, endpoint, by="owner", held=held, skipped=skipped)
    return endpoint, skipped


async def start_anew(
    work: Work, endpoint: Endpoint, *, by: Literal["owner", "test"], held: Literal["deliver", "skip"], skipped: int = 0
) -> None:
    """Switch a locked webhook on, as healthy as a new one, and tell."""
    endpoint.enabled, endpoint.disabled_reason, endpoint.health = True, "", {}
    endpoint.version += 1
    endpoint.updated_at = work.now()
    await work.session.flush()
    wake_dispatchers(work)
    await eventlog.append(work, WebhookEndpointResumed(
        webhook_id=endpoint.id, title=endpoint.name, by=by, held=held, skipped=skipped,
    ))  # fmt: skip


async def _endpoint_of(work: Work, row: Row) -> Endpoint:
    try:
        return await queries.get_endpoint(work, row["endpoint_id"])
    except WebhookNotFound:
        raise NothingToSend(
            "The webhook of this delivery is gone; set it up anew, then replay what it missed."
        ) from None
