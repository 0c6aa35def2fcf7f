"""Reads of accounts and memberships."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from event_manager.identity.models import Credentials, Session, User
from event_manager.identity.schemas import TenantChoice
from event_manager.kit.db import Row
from event_manager.kit.errors import NotFound
from event_manager.kit.paging import keyset
from event_manager.kit.work import Work

LOGIN = """
SELECT u.id, u.name, u.disabled_at, c.password_hash, c.totp_enabled_at
  FROM users u JOIN credentials c ON c.user_id = u.id WHERE lower(u.email) = lower(%s)"""
PENDING = """
SELECT s.id, s.user_id, u.name FROM sessions s JOIN users u ON u.id = s.user_id
 WHERE s.token_hash = %s AND s.stage = 'pending_mfa' AND s.revoked_at IS NULL AND s.expires_at > %s
   AND u.disabled_at IS NULL"""
RESET = """
SELECT r.id, r.user_id, u.email, u.name FROM password_resets r JOIN users u ON u.id = r.user_id
 WHERE r.token_hash = %s AND r.used_at IS NULL AND r.expires_at > %s AND u.disabled_at IS NULL"""


async def find_login(work: Work, email: str) -> Row | None:
    """What sign-in must know of an address (platform work, outside of any transaction)."""
    rows = await work.single(LOGIN, (email,))
    return rows[0] if rows else None


async def find_user(work: Work, email: str) -> User | None:
    """An account by address, whatever its case (platform work)."""
    return await work.session.scalar(select(User).where(func.lower(User.email) == func.lower(email)))


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


async def find_pending(work: Work, hashed: bytes) -> Row | None:
    """An unfinished sign-in (platform work, outside of any transaction): id, user_id, name."""
    rows = await work.single(PENDING, (hashed, work.now()))
    return rows[0] if rows else None


async def find_reset(work: Work, hashed: bytes) -> Row | None:
    """A reset link that still works (platform work, outside of any transaction): id, user_id, email, name."""
    rows = await work.single(RESET, (hashed, work.now()))
    return rows[0] if rows else None


async def my_sessions(work: Work, user_id: UUID, *, cursor: str | None, limit: int) -> tuple[list[Session], str | None]:
    """One's open sessions, the one used last first."""
    mine: Select[Any] = select(Session).where(Session.user_id == user_id, Session.stage == "full")
    still = mine.where(Session.revoked_at.is_(None), Session.expires_at > work.now())
    columns = [Session.last_used_at, Session.id]
    return await keyset(work, still, columns, cursor=cursor, limit=limit, descending=True)
