"""Addresses of webhooks: set up, read, change, remove."""

from fastapi import Response

from event_manager.kit.access import require
from event_manager.kit.errors import PreconditionFailed, problems
from event_manager.kit.http import Router, W, set_etag
from event_manager.kit.work import Work
from event_manager.webhooks import queries, replays, service, views
from event_manager.webhooks.api_support import MANAGE, M, Seen, T, WebhookId, never_store
from event_manager.webhooks.checking import Terms
from event_manager.webhooks.errors import (
    TooManyReplays,
    TooManyWebhooks,
    WebhookNameTaken,
    WebhookNotFound,
    WebhookRefused,
)
from event_manager.webhooks.models import Endpoint
from event_manager.webhooks.schemas import WebhookCreate, WebhookCreated, Webhooks, WebhookUpdate, WebhookView

router = Router(prefix="/events", tags=["webhooks"])


@router.get("/webhooks", dependencies=[require(MANAGE)])
async def list_webhooks(work: W, response: Response, terms: T) -> Webhooks:
    """All webhooks of your organisation, by name."""
    work.allow(MANAGE)
    never_store(response)
    return Webhooks(items=await views.views(work, await queries.list_endpoints(work), terms.box))


@router.post(
    "/webhooks",
    status_code=201,
    dependencies=[require(MANAGE)],
    responses=problems(WebhookRefused, TooManyWebhooks, WebhookNameTaken, TooManyReplays),
)
async def create_webhook(work: W, response: Response, terms: T, means: M, new: WebhookCreate) -> WebhookCreated:
    """Set up a webhook. The answer shows its signing secret, this once.

    One of kind http that starts in the past gets what happened before by a replay, which begins at once.
    """
    never_store(response)
    past = await replays.count_past(work, new, means)
    endpoint, secret = await service.create_endpoint(work, new, terms)
    if endpoint.kind == "http":
        await replays.send_past(work, endpoint, new.start_from, means, past)
    set_etag(response, endpoint.version)
    return WebhookCreated(**dict(await views.view(work, endpoint, terms.box)), secret=secret)


@router.get("/webhooks/{webhookId}", dependencies=[require(MANAGE)], responses=problems(WebhookNotFound))
async def read_webhook(work: W, response: Response, terms: T, webhook_id: WebhookId) -> WebhookView:
    """One webhook, without what is secret."""
    work.allow(MANAGE)
    never_store(response)
    return await shown(work, await queries.get_endpoint(work, webhook_id), terms, response)


@router.put(
    "/webhooks/{webhookId}",
    dependencies=[require(MANAGE)],
    responses=problems(WebhookNotFound, WebhookRefused, WebhookNameTaken, PreconditionFailed),
)
async def update_webhook(
    work: W, response: Response, terms: T, webhook_id: WebhookId, change: WebhookUpdate, seen: Seen
) -> WebhookView:
    """Change a webhook; what is left out stays. Deliveries that wait go to the new address, in the new shape."""
    return await shown(work, await service.update_endpoint(work, webhook_id, change, terms, seen=seen), terms, response)


@router.delete(
    "/webhooks/{webhookId}",
    status_code=204,
    dependencies=[require(MANAGE)],
    responses=problems(WebhookNotFound, PreconditionFailed),
)
async def delete_webhook(work: W, webhook_id: WebhookId, seen: Seen) -> None:
    """Remove a webhook, its secrets and what waits for it. Its past deliveries stay readable until they expire."""
    await service.delete_endpoint(work, webhook_id, seen=seen)


async def shown(work: Work, endpoint: Endpoint, terms: Terms, response: Response) -> WebhookView:
    """A webhook as an answer, with its ETag."""
    set_etag(response, endpoint.version)
    return await views.view(work, endpoint, terms.box)
