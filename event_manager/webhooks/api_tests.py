"""The address of test calls."""

from fastapi import Request

from event_manager.kit.access import require
from event_manager.kit.errors import problems
from event_manager.kit.http import WITHOUT_KEY, Router, W
from event_manager.webhooks import trying
from event_manager.webhooks.api_support import MANAGE, T, WebhookId
from event_manager.webhooks.errors import NotForThisKind, SampleRefused, TestedTooOften, WebhookNotFound
from event_manager.webhooks.messages import Addresses
from event_manager.webhooks.schemas_deliveries import WebhookTest, WebhookTested

router = Router(prefix="/events", tags=["webhooks"])


@router.post(
    "/webhooks/{webhookId}/test",
    dependencies=[require(MANAGE)],
    responses=problems(WebhookNotFound, NotForThisKind, SampleRefused, TestedTooOften),
    openapi_extra=WITHOUT_KEY,
)
async def test_webhook(work: W, request: Request, terms: T, webhook_id: WebhookId, test: WebhookTest) -> WebhookTested:
    """Send a sample now, signed and shaped like a delivery, with the header webhook-test, and tell what came of it.

    A success sends to a webhook again that was paused or failing; a failure changes nothing.
    """
    state = request.app.state
    trial = await trying.prepare(
        work, webhook_id, test, secret_key=state.secret_key, addresses=Addresses(state.settings)
    )
    await work.rollback()  # nothing was written; a receiver that takes its time must not hold a transaction
    return await trying.record(work, webhook_id, trial, await trying.send(trial, terms.guard))
