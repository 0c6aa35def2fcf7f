"""Addresses of signing secrets."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Response

from event_manager.kit.access import require
from event_manager.kit.errors import problems
from event_manager.kit.http import Router, W
from event_manager.webhooks import signing_secrets, views
from event_manager.webhooks.api_support import MANAGE, T, WebhookId, never_store
from event_manager.webhooks.errors import (
    LastSecret,
    NotForThisKind,
    SecretNotFound,
    TooManySecrets,
    WebhookNotFound,
    WebhookRefused,
)
from event_manager.webhooks.schemas import SecretCreate, SecretShown

router = Router(prefix="/events", tags=["webhooks"])


@router.post(
    "/webhooks/{webhookId}/secrets",
    status_code=201,
    dependencies=[require(MANAGE)],
    responses=problems(WebhookNotFound, WebhookRefused, NotForThisKind, TooManySecrets),
)
async def rotate_webhook_secret(
    work: W, response: Response, terms: T, webhook_id: WebhookId, new: SecretCreate
) -> SecretShown:
    """Make a new signing secret, shown this once. Until the overlap ends, messages carry a signature of each."""
    never_store(response)
    secret, text = await signing_secrets.rotate(work, webhook_id, new, terms.box)
    return SecretShown(**dict(views.secret_view(secret)), secret=text)


@router.delete(
    "/webhooks/{webhookId}/secrets/{secretId}",
    status_code=204,
    dependencies=[require(MANAGE)],
    responses=problems(WebhookNotFound, SecretNotFound, LastSecret),
)
async def revoke_webhook_secret(
    work: W, webhook_id: WebhookId, secret_id: Annotated[UUID, Path(alias="secretId")]
) -> None:
    """End a signing secret at once."""
    await signing_secrets.revoke(work, webhook_id, secret_id)
