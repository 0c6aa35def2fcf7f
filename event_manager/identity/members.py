"""Members of a tenant and their roles. There is always an admin left."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm.attributes import flag_modified

from event_manager import eventlog
from event_manager.identity import api_keys
from event_manager.identity.errors import LastAdmin
from event_manager.identity.event_types import UserJoined, UserRemoved, UserRoleRevoked, UserSuspended
from event_manager.identity.models import Membership, RoleGrant, User
from event_manager.identity.queries_members import get_member
from event_manager.identity.schemas import RoleHeld
from event_manager.identity.service import grant_role
from event_manager.kit.work import Work


async def change_roles(work: Work, user_id: UUID, roles: Sequence[RoleHeld]) -> Membership:
    """Replace a member's roles. Raises NotFound, LastAdmin."""
    work.allow("members:manage")
    member = await get_member(work, user_id)
    await _lock_admins(work)
    wanted = {(held.role, held.scope_id) for held in roles}
    held_now = await work.session.scalars(select(RoleGrant).where(_of(work, user_id)))
    await _revoke(work, [grant for grant in held_now if (grant.role, grant.scope_id) not in wanted])
    for held in roles:
        await grant_role(work, user_id, held)
    flag_modified(member, "status")  # the roles are part of what the member's version counts
    await work.session.flush()
    await _settle(work, user_id)
    return member


async def set_status(work: Work, user_id: UUID, status: Literal["active", "suspended"]) -> Membership:
    """Suspend a member (no access, roles kept), or let one back in. Raises NotFound, LastAdmin."""
    work.allow("members:manage")
    member = await get_member(work, user_id)
    if member.status != status:
        await _lock_admins(work)
        member.status = status
        await work.session.flush()
        happened = UserSuspended(user_id=user_id) if status == "suspended" else UserJoined(user_id=user_id)
        await eventlog.append(work, happened)
        await _settle(work, user_id)
    return member


async def remove_member(work: Work, user_id: UUID) -> None:
    """End a membership: roles and API keys go, results keep the name. Raises NotFound, LastAdmin."""
    work.allow("members:manage")
    member = await get_member(work, user_id)
    await _lock_admins(work)
    await _revoke(work, list(await work.session.scalars(select(RoleGrant).where(_of(work, user_id)))))
    member.status = "removed"
    await work.session.flush()
    await _settle(work, user_id)
    await eventlog.append(work, UserRemoved(user_id=user_id))


async def _lock_admins(work: Work) -> None:
    """One change of admins at a time, so that two admins cannot remove each other at once."""
    await work.sql("SELECT pg_advisory_xact_lock(hashtextextended('admins of ' || %s::text, 0))", (work.tenant,))


async def _settle(work: Work, user_id: UUID) -> None:
    """After a change: an active admin must be left, and keys end whose maker could not make them any more."""
    admins = select(RoleGrant.user_id).join(
        Membership, (Membership.tenant_id == RoleGrant.tenant_id) & (Membership.user_id == RoleGrant.user_id)
    )
    admins = admins.join(User, User.id == Membership.user_id).where(User.disabled_at.is_(None))
    admins = admins.where(RoleGrant.tenant_id == work.tenant, RoleGrant.role == "ADMIN", Membership.status == "active")
    left = set(await work.session.scalars(admins))
    if not left:
        raise LastAdmin("Make somebody else an admin first.")
    if user_id not in left:
        await api_keys.revoke_keys_of(work, user_id)


async def _revoke(work: Work, grants: Sequence[RoleGrant]) -> None:
    for grant in grants:
        await work.session.execute(delete(RoleGrant).where(_of(work, grant.user_id), RoleGrant.id == grant.id))
        gone = UserRoleRevoked(
            user_id=grant.user_id, role=grant.role, scope_kind=grant.scope_kind, scope_id=grant.scope_id
        )
        await eventlog.append(work, gone)


def _of(work: Work, user_id: UUID) -> ColumnElement[bool]:
    return (RoleGrant.tenant_id == work.tenant) & (RoleGrant.user_id == user_id)
