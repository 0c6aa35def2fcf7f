"""Addresses of the identity room: sign-in and oneself; the rest is taken in from its own files."""

from fastapi import Request, Response

from event_manager.identity import api_account, api_members, cookies, queries, service, sign_in
from event_manager.identity.api_support import Box, Options, PlatformW, hand_over, session_lifetime
from event_manager.identity.authenticator import person
from event_manager.identity.errors import PersonNeeded, SignInExpired, SignInLocked, WrongCode, WrongCredentials
from event_manager.identity.schemas import Me, Person, ProfileUpdate, SecondFactor, SignedIn, SignIn, TenantPick
from event_manager.kit.access import public, signed_in
from event_manager.kit.errors import NotFound, problems
from event_manager.kit.http import Router, W
from event_manager.kit.work import Work

router = Router(prefix="/identity", tags=["identity"])


@router.post("/sign-in", dependencies=[public()], responses=problems(WrongCredentials, SignInLocked))
async def sign_in_with_password(
    work: PlatformW, request: Request, response: Response, given: SignIn, settings: Options
) -> SignedIn:
    """Sign in. With a second factor set up, the answer's stage is `pending_mfa`."""
    cookies.check_origin_if_browser(request)
    try:
        opened = await sign_in.sign_in(work, given.email, given.password, lifetime=session_lifetime(settings))
    except WrongCredentials:
        await work.commit()  # the failure is logged although it is refused
        raise
    return hand_over(request, response, opened, cookie=given.cookie)


@router.post("/sign-in/totp", dependencies=[public()], responses=problems(SignInExpired, WrongCode, SignInLocked))
async def sign_in_with_totp(
    work: PlatformW, request: Request, response: Response, given: SecondFactor, box: Box, settings: Options
) -> SignedIn:
    """Finish a sign-in by a code of the authenticator app."""
    opened = await _finish(work, request, given, "totp", box=box, settings=settings)
    return hand_over(request, response, opened, cookie=given.cookie)


@router.post(
    "/sign-in/recovery-code", dependencies=[public()], responses=problems(SignInExpired, WrongCode, SignInLocked)
)
async def sign_in_with_recovery_code(
    work: PlatformW, request: Request, response: Response, given: SecondFactor, box: Box, settings: Options
) -> SignedIn:
    """Finish a sign-in by a recovery code, which is used up."""
    opened = await _finish(work, request, given, "recovery_code", box=box, settings=settings)
    return hand_over(request, response, opened, cookie=given.cookie)


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
    user = await service.rename_self(work, person(work), change.name)
    return (await read_me(work)).model_copy(update={"name": user.name})


@router.post("/tenant", status_code=204, dependencies=[signed_in()], responses=problems(PersonNeeded, NotFound))
async def choose_tenant(work: W, pick: TenantPick) -> None:
    """Work in another of your organisations from now on, until a request names one itself."""
    await service.choose_tenant(work, person(work), pick.tenant)


async def _finish(
    work: Work, request: Request, given: SecondFactor, method: sign_in.SecondFactor, *, box: Box, settings: Options
) -> sign_in.Opened:
    token, by_cookie = cookies.credential(request)
    if by_cookie and token:
        cookies.check_origin(request)
    lifetime = session_lifetime(settings)
    try:
        return await sign_in.finish_sign_in(work, token, given.code, method=method, box=box, lifetime=lifetime)
    except WrongCode:
        await work.commit()  # the failure is logged although it is refused
        raise


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


for part in (api_account, api_members):
    router.routes.extend(part.router.routes)
