"""Addresses of deliveries: list, detail, once more, call off; and what a webhook's deliveries add up to."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from event_manager.kit.access import require
from event_manager.kit.errors import problems
from event_manager.kit.http import Page, Router, W, set_etag
from event_manager.kit.paging import DEFAULT_LIMIT, MAX_LIMIT
from event_manager.webhooks import deliveries, queries, queries_deliveries, statistics, views
from event_manager.webhooks.api_support import MANAGE, T, WebhookId, never_store
from event_manager.webhooks.delivery_views import delivery_detail, delivery_view
from event_manager.webhooks.errors import (
    DeliveryEnded,
    DeliveryNotFound,
    NothingToResume,
    NothingToSend,
    WebhookNotFound,
)
from event_manager.webhooks.messages import Addresses
from event_manager.webhooks.queries_deliveries import Wanted
from event_manager.webhooks.schemas import Held, Resumed
from event_manager.webhooks.schemas_deliveries import DeliveryDetail, DeliveryView, State, WebhookStatistics

router = Router(prefix="/events", tags=["webhooks"])
DeliveryId = Annotated[UUID, Path(alias="deliveryId")]


@router.get("/deliveries", dependencies=[require(MANAGE)])
async def list_deliveries(
    work: W,
    response: Response,
    *,
    webhook_id: Annotated[UUID | None, Query(alias="webhookId")] = None,
    state: State | None = None,
    event_type: Annotated[str | None, Query(alias="eventType", max_length=100)] = None,
    event_id: Annotated[UUID | None, Query(alias="eventId", description="Id of the log's entry.")] = None,
    cursor: Annotated[UUID | None, Query(description="`nextCursor` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Page[DeliveryView]:
    """Deliveries, those that wait and those that have ended, newest first."""
    work.allow(MANAGE)
    never_store(response)
    wanted = Wanted(webhook_id, state, event_type, event_id)
    rows = await queries_deliveries.list_deliveries(work, wanted, before=cursor, limit=limit + 1)
    following = str(rows[limit - 1]["id"]) if len(rows) > limit else None
    return Page(items=[delivery_view(row) for row in rows[:limit]], next_cursor=following)


@router.get("/deliveries/{deliveryId}", dependencies=[require(MANAGE)], responses=problems(DeliveryNotFound))
async def read_delivery(work: W, request: Request, response: Response, delivery_id: DeliveryId) -> DeliveryDetail:
    """One delivery with its tries, what was sent and what came back."""
    work.allow(MANAGE)
    never_store(response)
    row = await queries_deliveries.get_delivery(work, delivery_id)
    state = request.app.state
    return await delivery_detail(work, row, secret_key=state.secret_key, addresses=Addresses(state.settings))


@router.post(
    "/deliveries/{deliveryId}/redeliver",
    status_code=202,
    dependencies=[require(MANAGE)],
    responses=problems(DeliveryNotFound, NothingToSend),
)
async def redeliver(work: W, delivery_id: DeliveryId) -> DeliveryView:
    """Send it once more, under the same webhook-id. One that still waits is tried at once instead."""
    return delivery_view(await deliveries.redeliver(work, delivery_id))


@router.post(
    "/deliveries/{deliveryId}/cancel",
    dependencies=[require(MANAGE)],
    responses=problems(DeliveryNotFound, DeliveryEnded),
)
async def cancel_delivery(work: W, delivery_id: DeliveryId) -> DeliveryView:
    """Call off a delivery that waits."""
    return delivery_view(await deliveries.cancel(work, delivery_id))


@router.post(
    "/webhooks/{webhookId}/resume",
    dependencies=[require(MANAGE)],
    responses=problems(WebhookNotFound, NothingToResume),
)
async def resume_webhook(work: W, response: Response, terms: T, webhook_id: WebhookId, how: Held) -> Resumed:
    """Send to a webhook again that is off, paused or failing; what waited is delivered in its order, or skipped."""
    endpoint, skipped = await deliveries.resume(work, webhook_id, how.held)
    set_etag(response, endpoint.version)
    return Resumed(webhook=await views.view(work, endpoint, terms.box), skipped=skipped)


@router.get("/webhooks/{webhookId}/statistics", dependencies=[require(MANAGE)], responses=problems(WebhookNotFound))
async def read_webhook_statistics(
    work: W, response: Response, webhook_id: WebhookId, hours: Annotated[int, Query(ge=1, le=720)] = 24
) -> WebhookStatistics:
    """How deliveries of a webhook went in the last hours."""
    work.allow(MANAGE)
    never_store(response)
    return await statistics.of_endpoint(work, await queries.get_endpoint(work, webhook_id), hours)
