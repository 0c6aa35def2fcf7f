"""What the addresses of this room share."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Path, Request, Response

from event_manager.kit.http import check_if_match
from event_manager.webhooks.checking import Terms, terms_for
from event_manager.webhooks.messages import Addresses
from event_manager.webhooks.replays import Means
from event_manager.webhooks.service import VersionCheck

MANAGE = "webhooks:manage"
WebhookId = Annotated[UUID, Path(alias="webhookId")]
IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag you have read; 412 when it is old.")]


async def terms_of(request: Request) -> Terms:
    """What this installation allows, and what seals its secrets."""
    return terms_for(request.app.state.settings, request.app.state.secret_key)


async def means_of(request: Request) -> Means:
    """What messages are made with here."""
    return Means(request.app.state.secret_key, Addresses(request.app.state.settings))


async def seen_version(request: Request, if_match: IfMatch = None) -> VersionCheck:  # noqa: ARG001 - shown in the document
    """Compares If-Match with the present version."""
    return partial(check_if_match, request)


def never_store(response: Response) -> None:
    """For answers that no cache, and no idempotency key, may keep."""
    response.headers["Cache-Control"] = "no-store"


M = Annotated[Means, Depends(means_of)]
T = Annotated[Terms, Depends(terms_of)]
Seen = Annotated[VersionCheck, Depends(seen_version)]
