"""Reads of accounts and memberships."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from event_manager.identity.models import Credentials, User
from event_manager.identity.schemas import TenantChoice
from event_manager.kit.errors import NotFound
from event_manager.kit.work import Work

LOGIN = """
SELECT u.id, u.name, u.disabled_at, c.password_hash, c.totp_enabled_at
  FROM users u JOIN credentials c ON c.user_id = u.id WHERE lower(u.email) = lower(%s)"""


async def find_login(work: Work, email: str) -> dict[str, Any] | None:
    """What sign-in must know of an address (platform work, outside of any transaction)."""
    rows = await work.single(LOGIN, (email,))
    return rows[0] if rows else None


async def find_user(work: Work, email: str) -> User | None:
    """An account by address, whatever its case (platform work)."""
    return await work.session.scalar(select(User).where(func.lower(User.email) == email.lower()))


async def get_user(work: Work, user_id: UUID) -> User:
    """An account that this work may see. Raises NotFound."""
    user = await work.session.get(User, user_id)
    if user is None:
        raise NotFound("There is no such person here.")
    return user


async def get_credentials(work: Work, user_id: UUID) -> Credentials:
    """What somebody signs in with: one's own, or platform work. Raises NotFound."""
    found = await work.session.get(Credentials, user_id)
    if found is None:
        raise NotFound("There is no such account.")
    return found


async def my_tenants(work: Work) -> list[TenantChoice]:
    """The organisations of the person whose work this is, by name."""
    return [TenantChoice.model_validate(row) for row in await work.sql("SELECT * FROM identity_my_tenants()")]
