"""Addresses of the identity room: sign-in and oneself."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request, Response

from event_manager.identity import cookies, queries, service, sign_in
from event_manager.identity.authenticator import person
from event_manager.identity.errors import PersonNeeded, SignInLocked, WrongCredentials
from event_manager.identity.schemas import Me, Person, ProfileUpdate, SignedIn, SignIn
from event_manager.kit.access import public, signed_in
from event_manager.kit.errors import problems
from event_manager.kit.http import Router, W
from event_manager.kit.work import Work

router = Router(prefix="/identity", tags=["identity"])


def platform_work(work: W) -> Work:
    """The request's work under the platform role: for callers who have yet to prove who they are."""
    work.identify(work.actor, None)
    work.role = "platform"
    return work


PlatformW = Annotated[Work, Depends(platform_work)]


def _lifetime(request: Request) -> timedelta:
    return timedelta(days=request.app.state.settings.session_days)


@router.post("/sign-in", dependencies=[public()], responses=problems(WrongCredentials, SignInLocked))
async def sign_in_with_password(work: PlatformW, request: Request, response: Response, given: SignIn) -> SignedIn:
    """Sign in. With a second factor set up, the answer's stage is `pending_mfa`."""
    cookies.check_origin_if_browser(request)
    try:
        opened = await sign_in.sign_in(work, given.email, given.password, lifetime=_lifetime(request))
    except WrongCredentials:
        await work.commit()  # the failure is logged although it is refused
        raise
    return _hand_over(request, response, opened, cookie=given.cookie)


@router.post("/sign-out", status_code=204, dependencies=[signed_in()], responses=problems(PersonNeeded))
async def sign_out(work: W, request: Request, response: Response) -> None:
    """End this session at once."""
    user_id, session_id = person(work), work.actor.session_id
    if session_id is not None:
        await sign_in.sign_out(work, user_id, session_id)
    cookies.clear_session(request, response)


@router.get("/me", dependencies=[signed_in()])
async def read_me(work: W) -> Me:
    """Who you are, your organisations, and what you may do in the one at work."""
    tenants = await queries.my_tenants(work)
    here = next((tenant for tenant in tenants if tenant.id == work.tenant_id), None)
    permissions = sorted(frozenset[str]().union(*(grant.permissions for grant in work.actor.grants)))
    return Me(
        kind="user" if work.actor.user_id else "api_key", name=work.actor.name, user=await _person(work),
        tenant=here, tenants=tenants, roles=here.roles if here else [], permissions=permissions,
    )  # fmt: skip


@router.patch("/me", dependencies=[signed_in()], responses=problems(PersonNeeded))
async def update_me(work: W, change: ProfileUpdate) -> Me:
    """Change your name."""
    await service.rename_self(work, person(work), change.name)
    return await read_me(work)


def _hand_over(request: Request, response: Response, opened: sign_in.Opened, *, cookie: bool) -> SignedIn:
    response.headers["Cache-Control"] = "no-store"
    if cookie:
        cookies.set_session(request, response, opened.token, opened.lifetime)
    return SignedIn(stage=opened.stage, expires_at=opened.expires_at, token=None if cookie else opened.token)


async def _person(work: Work) -> Person | None:
    if work.actor.user_id is None:
        return None
    user = await queries.get_user(work, work.actor.user_id)
    secrets = await queries.get_credentials(work, user.id)
    return Person(
        id=user.id, email=user.email, name=user.name,
        platform_role="SUPER_ADMIN" if user.platform_role else None,
        second_factor=secrets.totp_enabled_at is not None,
    )  # fmt: skip
