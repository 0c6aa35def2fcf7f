"""What the addresses of this room share."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from event_manager.config import Settings
from event_manager.identity import cookies
from event_manager.identity.schemas import SignedIn
from event_manager.identity.sign_in import Opened
from event_manager.kit.crypto import SecretBox
from event_manager.kit.http import W
from event_manager.kit.paging import DEFAULT_LIMIT, MAX_LIMIT
from event_manager.kit.work import Work

Cursor = Annotated[str | None, Query(max_length=500, description="`nextCursor` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Entries a page.")]
DEFAULT = DEFAULT_LIMIT


async def platform_work(work: W) -> Work:
    """The request's work under the platform role: for callers who have yet to prove who they are."""
    work.identify(work.actor, None)
    work.role = "platform"
    return work


async def secret_box(request: Request) -> SecretBox:
    """What seals secrets at rest."""
    box: SecretBox = request.app.state.secret_box
    return box


async def settings_of(request: Request) -> Settings:
    """The settings of this process."""
    settings: Settings = request.app.state.settings
    return settings


PlatformW = Annotated[Work, Depends(platform_work)]
Box = Annotated[SecretBox, Depends(secret_box)]
Options = Annotated[Settings, Depends(settings_of)]


def session_lifetime(settings: Settings) -> timedelta:
    """How long an unused session lasts."""
    return timedelta(days=settings.session_days)


def never_store(response: Response) -> None:
    """For answers that hold a secret: neither caches nor idempotency keys keep them."""
    response.headers["Cache-Control"] = "no-store"


def hand_over(request: Request, response: Response, opened: Opened, *, cookie: bool) -> SignedIn:
    """Give a new session's token by cookie, or in the answer."""
    never_store(response)
    if cookie:
        cookies.set_session(request, response, opened.token, opened.lifetime)
    return SignedIn(stage=opened.stage, expires_at=opened.expires_at, token=None if cookie else opened.token)
