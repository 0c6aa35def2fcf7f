"""Addresses of members, invitations and API keys of an organisation."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from event_manager.identity import api_keys, cookies, invitations, members, sign_in
from event_manager.identity import queries_members as queries
from event_manager.identity.api_support import (
    DEFAULT,
    Cursor,
    Limit,
    Options,
    PlatformW,
    hand_over,
    never_store,
    platform_work,
    session_lifetime,
)
from event_manager.identity.errors import (
    AlreadyMember,
    LastAdmin,
    LinkUsedUp,
    PersonNeeded,
    RankTooLow,
    WeakPassword,
    WrongAccount,
)
from event_manager.identity.models import Invitation
from event_manager.identity.roles import Role
from event_manager.identity.schemas import (
    ApiKeyCreate,
    ApiKeyCreated,
    ApiKeyView,
    InvitationAcceptance,
    InvitationCreate,
    InvitationOffer,
    InvitationToken,
    InvitationView,
    MemberUpdate,
    MemberView,
    RoleHeld,
    SignedIn,
)
from event_manager.kit.access import identify, public, require
from event_manager.kit.errors import FieldError, Invalid, PreconditionFailed, Unauthenticated, problems
from event_manager.kit.http import Page, Router, W, check_if_match, set_etag
from event_manager.kit.work import Work

router = Router(prefix="/identity", tags=["members"])


@router.get("/members", dependencies=[require("members:read")])
async def list_members(
    work: W, cursor: Cursor = None, limit: Limit = DEFAULT, role: Role | None = None,
    q: Annotated[str | None, Query(max_length=100, description="Part of the name or the address.")] = None,
) -> Page[MemberView]:  # fmt: skip
    """Members by name."""
    work.allow("members:read")
    items, following = await queries.list_members(work, q=q, role=role, cursor=cursor, limit=limit)
    return Page(items=items, next_cursor=following)


@router.get("/members/{user_id}", dependencies=[require("members:read")])
async def read_member(work: W, user_id: UUID, response: Response) -> MemberView:
    """One member with roles."""
    work.allow("members:read")
    view = await queries.view_member(work, user_id)
    set_etag(response, view.version)
    return view


@router.patch(
    "/members/{user_id}", dependencies=[require("members:manage")],
    responses=problems(LastAdmin, PreconditionFailed, Invalid),
)  # fmt: skip
async def update_member(
    work: W, user_id: UUID, change: MemberUpdate, request: Request, response: Response
) -> MemberView:
    """Replace a member's roles, or suspend a member. It takes effect with the member's next request."""
    check_if_match(request, (await queries.get_member(work, user_id)).version)
    if change.status is not None:
        await members.set_status(work, user_id, change.status)
    if change.roles is not None:
        await members.change_roles(work, user_id, change.roles)
    view = await queries.view_member(work, user_id)
    set_etag(response, view.version)
    return view


@router.delete(
    "/members/{user_id}", status_code=204, dependencies=[require("members:manage")], responses=problems(LastAdmin)
)
async def remove_member(work: W, user_id: UUID) -> None:
    """End a membership. Results keep the name."""
    await members.remove_member(work, user_id)


@router.get("/invitations", dependencies=[require("members:invite")])
async def list_invitations(work: W, cursor: Cursor = None, limit: Limit = DEFAULT) -> Page[InvitationView]:
    """Invitations, newest first."""
    work.allow("members:invite")
    found, following = await queries.list_invitations(work, cursor=cursor, limit=limit)
    return Page(items=[_view(work, each) for each in found], next_cursor=following)


@router.post(
    "/invitations", status_code=201, dependencies=[require("members:invite")],
    responses=problems(PersonNeeded, RankTooLow, AlreadyMember, Invalid),
)  # fmt: skip
async def create_invitations(work: W, new: InvitationCreate, settings: Options) -> Page[InvitationView]:
    """Invite up to 50 people with the same roles; each gets a mail with a link for one use."""
    if len({email.lower() for email in new.emails}) < len(new.emails):
        raise Invalid("An address stands there twice.", errors=[FieldError("/emails", "an address stands there twice")])
    page = _page(settings)
    made = [await invitations.invite(work, email, new.roles, page=page) for email in new.emails]
    return Page(items=[_view(work, each) for each in made])


@router.post(
    "/invitations/{invitation_id}/resend", dependencies=[require("members:invite")],
    responses=problems(LinkUsedUp, RankTooLow),
)  # fmt: skip
async def resend_invitation(work: W, invitation_id: UUID, settings: Options) -> InvitationView:
    """Mail a fresh link; the earlier one no longer works."""
    return _view(work, await invitations.resend(work, invitation_id, page=_page(settings)))


@router.delete(
    "/invitations/{invitation_id}", status_code=204, dependencies=[require("members:invite")],
    responses=problems(LinkUsedUp, RankTooLow),
)  # fmt: skip
async def revoke_invitation(work: W, invitation_id: UUID) -> None:
    """Withdraw an open invitation."""
    await invitations.revoke(work, invitation_id)


@router.post("/invitations/read", dependencies=[public()], responses=problems(LinkUsedUp))
async def read_invitation(work: PlatformW, given: InvitationToken) -> InvitationOffer:
    """What a link offers."""
    found = await invitations.read_invitation(work, given.token)
    return InvitationOffer(
        tenant=found["tenant"], email=found["email"], has_account=found["user_id"] is not None,
        roles=[RoleHeld.model_validate(role) for role in found["roles"]],
    )  # fmt: skip


@router.post(
    "/invitations/accept", dependencies=[public()],
    responses=problems(LinkUsedUp, Unauthenticated, WrongAccount, WeakPassword),
)  # fmt: skip
async def accept_invitation(
    work: W, request: Request, response: Response, given: InvitationAcceptance, settings: Options
) -> SignedIn | None:
    """Join: as the signed-in person, or with a new account, which is signed in at once (null: you were already)."""
    await identify(request)
    cookies.check_origin_if_browser(request)
    joined_as = work.actor.user_id
    account = invitations.NewAccount(given.name, given.password) if given.name and given.password else None
    user_id = await invitations.accept(await platform_work(work), given.token, account)
    if joined_as is not None:
        return None
    opened = await sign_in.open_session(work, user_id, lifetime=session_lifetime(settings), method="invitation")
    return hand_over(request, response, opened, cookie=given.cookie)


@router.get("/api-keys", dependencies=[require("api_keys:manage")])
async def list_api_keys(work: W, cursor: Cursor = None, limit: Limit = DEFAULT) -> Page[ApiKeyView]:
    """API keys, newest first, ended ones too."""
    work.allow("api_keys:manage")
    found, following = await queries.list_api_keys(work, cursor=cursor, limit=limit)
    return Page(items=[ApiKeyView.model_validate(each) for each in found], next_cursor=following)


@router.post(
    "/api-keys", status_code=201, dependencies=[require("api_keys:manage")],
    responses=problems(PersonNeeded, RankTooLow, Invalid),
)  # fmt: skip
async def create_api_key(work: W, new: ApiKeyCreate, response: Response) -> ApiKeyCreated:
    """Make a key; its token is shown this once."""
    never_store(response)
    key, token = await api_keys.create_key(
        work, new.name, role=new.role, permissions=new.permissions, expires_at=new.expires_at
    )
    return ApiKeyCreated(**ApiKeyView.model_validate(key).model_dump(by_alias=False), token=token)


@router.delete("/api-keys/{key_id}", status_code=204, dependencies=[require("api_keys:manage")])
async def revoke_api_key(work: W, key_id: UUID) -> None:
    """End a key at once."""
    await api_keys.revoke_key(work, key_id)


def _page(settings: Options) -> str:
    return f"{settings.public_url()}/invitation"


def _view(work: Work, invitation: Invitation) -> InvitationView:
    return InvitationView(
        id=invitation.id, email=invitation.email, state=invitation.state(work.now()),
        roles=[RoleHeld.model_validate(held) for held in invitation.roles],
        expires_at=invitation.expires_at, created_at=invitation.created_at,
    )  # fmt: skip
