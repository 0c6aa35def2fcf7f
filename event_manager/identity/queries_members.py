"""Reads of memberships, invitations and API keys of the work's tenant."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from event_manager.identity.models import ApiKey, Invitation, Membership, RoleGrant, User
from event_manager.identity.roles import PERMISSIONS, Role
from event_manager.identity.schemas import MemberView, RoleHeld
from event_manager.kit.access import Path
from event_manager.kit.db import Row
from event_manager.kit.errors import NotFound
from event_manager.kit.paging import keyset
from event_manager.kit.work import Work

INVITATION = """
SELECT i.id, i.tenant_id, t.name AS tenant, i.email, i.roles, u.id AS user_id,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('role', g.role, 'scopeId', g.scope_id)), '[]')
          FROM role_grants g WHERE g.tenant_id = i.tenant_id AND g.user_id = i.invited_by) AS inviter_grants
  FROM invitations i JOIN tenants t ON t.id = i.tenant_id
  JOIN memberships m ON m.tenant_id = i.tenant_id AND m.user_id = i.invited_by
  JOIN users inviter ON inviter.id = i.invited_by
  LEFT JOIN users u ON lower(u.email) = lower(i.email)
 WHERE i.token_hash = %s AND i.accepted_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > %s
   AND t.status = 'active' AND m.status = 'active' AND inviter.disabled_at IS NULL"""

HOLDERS = """
SELECT DISTINCT g.user_id FROM role_grants g
  JOIN memberships m ON m.tenant_id = g.tenant_id AND m.user_id = g.user_id AND m.status = 'active'
  JOIN users u ON u.id = g.user_id AND u.disabled_at IS NULL
 WHERE g.tenant_id = %s AND g.role = ANY (%s) AND (g.scope_id IS NULL OR g.scope_id = ANY (%s))"""


async def person_behind(work: Work) -> UUID | None:
    """Who answers for what is done here: the person at work, or the one who made the API key at work.

    Where two people are needed, somebody's key is no second person.
    """
    if work.actor.api_key_id is None:
        return work.actor.user_id
    made_by = select(ApiKey.created_by).where(ApiKey.tenant_id == work.tenant, ApiKey.id == work.actor.api_key_id)
    return await work.session.scalar(made_by)


async def get_member(work: Work, user_id: UUID) -> Membership:
    """A membership that has not ended. Raises NotFound."""
    member = await work.session.get(Membership, (work.tenant, user_id))
    if member is None or member.status == "removed":
        raise NotFound("There is no such member here.")
    return member


async def is_member(work: Work, email: str) -> bool:
    """Whether this address belongs to a member."""
    query = select(Membership.user_id).join(User, User.id == Membership.user_id)
    query = query.where(Membership.tenant_id == work.tenant, Membership.status != "removed")
    return await work.session.scalar(query.where(func.lower(User.email) == func.lower(email))) is not None


async def list_members(
    work: Work, *, q: str | None = None, role: Role | None = None, cursor: str | None = None, limit: int = 50
) -> tuple[list[MemberView], str | None]:
    """Members by name; ``q`` is part of name or address, ``role`` is held in some scope."""
    people: Select[Any] = select(User).join(Membership, Membership.user_id == User.id)
    people = people.where(Membership.tenant_id == work.tenant, Membership.status != "removed")
    if q:
        people = people.where(or_(User.name.icontains(q, autoescape=True), User.email.icontains(q, autoescape=True)))
    if role:
        holders = select(RoleGrant.user_id).where(RoleGrant.tenant_id == work.tenant, RoleGrant.role == role)
        people = people.where(User.id.in_(holders))
    users, following = await keyset(work, people, [User.name, User.id], cursor=cursor, limit=limit)
    return await view_members(work, users), following


async def view_member(work: Work, user_id: UUID) -> MemberView:
    """One member with roles. Raises NotFound."""
    await get_member(work, user_id)
    user = await work.session.get_one(User, user_id)
    return (await view_members(work, [user]))[0]


async def view_members(work: Work, users: Sequence[User]) -> list[MemberView]:
    """These people as members, in their order, in two statements."""
    ids = [user.id for user in users]
    found = select(Membership).where(Membership.tenant_id == work.tenant, Membership.user_id.in_(ids))
    members = {member.user_id: member for member in await work.session.scalars(found)}
    roles: dict[UUID, list[RoleHeld]] = defaultdict(list)
    grants = select(RoleGrant).where(RoleGrant.tenant_id == work.tenant, RoleGrant.user_id.in_(ids))
    for grant in await work.session.scalars(grants.order_by(RoleGrant.role, RoleGrant.scope_id)):
        roles[grant.user_id].append(RoleHeld.model_validate(grant))
    return [
        MemberView(
            user_id=user.id, name=user.name, email=user.email, status=members[user.id].status,
            roles=roles[user.id], version=members[user.id].version, created_at=members[user.id].created_at,
        )
        for user in users
    ]  # fmt: skip


async def find_invitation(work: Work, hashed: bytes) -> Row | None:
    """An invitation whose link works, with what the inviter holds now (platform work, outside of any transaction)."""
    rows = await work.single(INVITATION, (hashed, work.now()))
    return rows[0] if rows else None


async def get_invitation(work: Work, invitation_id: UUID) -> Invitation:
    """One invitation, locked for change. Raises NotFound."""
    found = await work.session.get(Invitation, (work.tenant, invitation_id), with_for_update=True)
    if found is None:
        raise NotFound("There is no such invitation here.")
    return found


async def list_invitations(work: Work, *, cursor: str | None, limit: int) -> tuple[list[Invitation], str | None]:
    """Invitations, newest first."""
    every: Select[Any] = select(Invitation).where(Invitation.tenant_id == work.tenant)
    return await keyset(work, every, [Invitation.id], cursor=cursor, limit=limit, descending=True)


async def get_api_key(work: Work, key_id: UUID) -> ApiKey:
    """One API key. Raises NotFound."""
    found = await work.session.get(ApiKey, (work.tenant, key_id))
    if found is None:
        raise NotFound("There is no such API key here.")
    return found


async def list_api_keys(work: Work, *, cursor: str | None, limit: int) -> tuple[list[ApiKey], str | None]:
    """API keys, newest first, ended ones too."""
    every: Select[Any] = select(ApiKey).where(ApiKey.tenant_id == work.tenant)
    return await keyset(work, every, [ApiKey.id], cursor=cursor, limit=limit, descending=True)


async def holders(work: Work, permission: str, path: Path = ()) -> frozenset[UUID]:
    """Active members with a permission at a path of ids (empty: in the whole tenant)."""
    roles = [role for role, held in PERMISSIONS.items() if permission in held]
    rows = await work.sql(HOLDERS, (work.tenant, roles, list(path)))
    return frozenset(row["user_id"] for row in rows)


async def active_members(work: Work, user_ids: Collection[UUID]) -> dict[UUID, User]:
    """Those of these people who are members now and may sign in."""
    found = select(User).join(Membership, Membership.user_id == User.id)
    found = found.where(Membership.tenant_id == work.tenant, Membership.status == "active", User.disabled_at.is_(None))
    return {user.id: user for user in await work.session.scalars(found.where(User.id.in_(user_ids)))}
