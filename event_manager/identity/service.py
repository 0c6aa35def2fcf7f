"""Writes of accounts and memberships that other rooms, commands and tests use too."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from event_manager import eventlog
from event_manager.identity import passwords
from event_manager.identity.errors import EmailTaken
from event_manager.identity.event_types import UserCreated, UserJoined, UserRoleGranted, UserUpdated
from event_manager.identity.models import Credentials, Membership, RoleGrant, User
from event_manager.identity.queries import find_user, get_user, my_tenants
from event_manager.identity.roles import SUPER_ADMIN, Role
from event_manager.identity.schemas import RoleHeld
from event_manager.kit.errors import NotFound
from event_manager.kit.mail import check_address
from event_manager.kit.work import Work


async def create_user(work: Work, email: str, name: str, password: str) -> User:
    """Make an account (platform work). Raises EmailTaken, WeakPassword."""
    passwords.check_strength(password, email=email, name=name)
    return await store_user(work, email, name, await passwords.hash_password(password))


async def store_user(work: Work, email: str, name: str, password_hash: str) -> User:
    """Make an account whose password is checked and hashed already (platform work). Raises EmailTaken, BadMail."""
    check_address(email)
    if await find_user(work, email) is not None:
        raise EmailTaken(f"'{email}' has an account: sign in, or ask for a new password.")
    user = User(email=email, name=name)
    work.session.add(user)
    try:
        await work.session.flush()
    except IntegrityError as error:
        raise EmailTaken(f"'{email}' has an account: sign in, or ask for a new password.") from error
    work.session.add(Credentials(user_id=user.id, password_hash=password_hash))
    await work.session.flush()
    await eventlog.append(work, UserCreated(user_id=user.id))
    return user


async def create_super_admin(work: Work, email: str, name: str, password: str) -> User:
    """Make an account that works on the installation (platform work). Raises EmailTaken, WeakPassword."""
    user = await create_user(work, email, name, password)
    user.platform_role = SUPER_ADMIN
    await work.session.flush()
    await eventlog.append(work, UserRoleGranted(user_id=user.id, role=SUPER_ADMIN, scope_kind=None, scope_id=None))
    return user


async def add_member(work: Work, user_id: UUID, roles: Iterable[RoleHeld | Role]) -> Membership:
    """Take a person into the work's tenant with these roles; a former member comes back. No rank is checked here."""
    member = await work.session.get(Membership, (work.tenant, user_id), with_for_update=True)
    if member is None:
        member = Membership(tenant_id=work.tenant, user_id=user_id)
        work.session.add(member)
    if member.status != "active":
        member.status = "active"
        await work.session.flush()
        await eventlog.append(work, UserJoined(user_id=user_id))
    for role in roles:
        await grant_role(work, user_id, role if isinstance(role, RoleHeld) else RoleHeld(role=role))
    return member


async def grant_role(work: Work, user_id: UUID, held: RoleHeld) -> None:
    """Give a member a role; nothing happens when it is held already. No rank is checked here."""
    same = select(RoleGrant).where(
        RoleGrant.tenant_id == work.tenant,
        RoleGrant.user_id == user_id,
        RoleGrant.role == held.role,
        RoleGrant.scope_id.is_not_distinct_from(held.scope_id),
    )
    if await work.session.scalar(same) is not None:
        return
    facts = held.model_dump(by_alias=False)
    work.session.add(RoleGrant(tenant_id=work.tenant, user_id=user_id, **facts))
    await work.session.flush()
    await eventlog.append(work, UserRoleGranted(user_id=user_id, **facts))


async def rename_self(work: Work, user_id: UUID, name: str) -> User:
    """Change one's own name."""
    user = await get_user(work, user_id)
    if user.name != name:
        user.name = name
        await work.session.flush()
        await eventlog.append(work, UserUpdated(user_id=user_id, fields=["name"]))
    return user


async def choose_tenant(work: Work, user_id: UUID, wanted: str) -> None:
    """Make a tenant (id or short name) the one that this session works in. Raises NotFound without membership."""
    for tenant in await my_tenants(work):
        if wanted in (str(tenant.id), tenant.slug):
            await work.sql(
                "UPDATE sessions SET tenant_id = %s WHERE id = %s AND user_id = %s",
                (tenant.id, work.actor.session_id, user_id),
            )
            return
    raise NotFound("You are not a member of such an organisation.")
