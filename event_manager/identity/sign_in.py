"""Sign-in: password, second factor, sign-out. Platform work without a tenant, except sign-out.

The password is checked outside of any transaction, so that waiting for argon2 holds no connection.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from event_manager import eventlog
from event_manager.identity import attempts, passwords
from event_manager.identity.errors import WrongCredentials
from event_manager.identity.event_types import UserLoginFailed, UserLoginSucceeded, UserLogout
from event_manager.identity.models import Session
from event_manager.identity.queries import find_login
from event_manager.kit.access import Actor
from event_manager.kit.crypto import new_token, token_hash
from event_manager.kit.work import Work

PREFIX = "ems_"
PENDING_LIFETIME = timedelta(minutes=10)
Stage = Literal["full", "pending_mfa"]
Method = Literal["password", "totp", "recovery_code", "invitation"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just begun; the token exists here only."""

    token: str
    stage: Stage
    expires_at: datetime
    lifetime: timedelta


async def sign_in(work: Work, email: str, password: str, *, lifetime: timedelta) -> Opened:
    """Begin a session. Raises WrongCredentials (commit the work nevertheless: the failure is logged), SignInLocked."""
    await attempts.check(work, "address", work.address)
    await attempts.count(work, "account", email)
    login = await find_login(work, email)
    fits = await passwords.verify(login["password_hash"] if login else None, password)
    if login is None or not fits or login["disabled_at"] is not None:
        await attempts.count(work, "address", work.address)
        await eventlog.append(work, UserLoginFailed(user_id=login["id"] if login else None, method="password"))
        raise WrongCredentials("Check both; after several failures you have to wait a little.")
    work.identify(Actor("user", login["id"], name=login["name"]), None)
    await attempts.forgive(work, "account", email)
    if login["totp_enabled_at"] is not None:
        return await open_session(work, login["id"], lifetime=PENDING_LIFETIME, stage="pending_mfa")
    return await open_session(work, login["id"], lifetime=lifetime, stage="full", method="password")


async def open_session(
    work: Work, user_id: UUID, *, lifetime: timedelta, stage: Stage, method: Method | None = None
) -> Opened:
    """Store a new session; a full one is logged with the method that completed it."""
    token, now = new_token(PREFIX), work.now()
    session = Session(
        user_id=user_id, token_hash=token_hash(token), stage=stage, last_used_at=now, expires_at=now + lifetime,
        address=work.address, user_agent=work.user_agent,
    )  # fmt: skip
    work.session.add(session)
    await work.session.flush()
    if method is not None:
        await eventlog.append(work, UserLoginSucceeded(user_id=user_id, session_id=session.id, method=method))
    return Opened(token, stage, session.expires_at, lifetime)


async def sign_out(work: Work, user_id: UUID, session_id: UUID) -> None:
    """End the session at once."""
    await work.sql("UPDATE sessions SET revoked_at = %s WHERE id = %s", (work.now(), session_id))
    await eventlog.append(work, UserLogout(user_id=user_id, session_id=session_id))
