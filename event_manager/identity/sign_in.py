"""Sign-in: password, then the second factor where one is set up; sign-out.

Platform work without a tenant, except sign-out. The password is checked outside of any transaction, so that waiting
for argon2 holds no connection. A refusal is logged: whoever catches it at the edge commits the work before passing it
on.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NoReturn
from uuid import UUID

from event_manager import eventlog
from event_manager.identity import attempts, passwords, totp
from event_manager.identity.errors import SignInExpired, WrongCode, WrongCredentials
from event_manager.identity.event_types import UserLoginFailed, UserLoginSucceeded, UserLogout
from event_manager.identity.models import Session
from event_manager.identity.queries import find_login, find_pending
from event_manager.kit.access import Actor
from event_manager.kit.crypto import SecretBox, new_token, token_hash
from event_manager.kit.db import Row
from event_manager.kit.errors import FieldError
from event_manager.kit.work import Work

PREFIX = "ems_"
PENDING_LIFETIME = timedelta(minutes=10)
Stage = Literal["full", "pending_mfa"]
Method = Literal["password", "totp", "recovery_code", "invitation"]
SecondFactor = Literal["totp", "recovery_code"]


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just begun; the token exists here only."""

    token: str
    stage: Stage
    expires_at: datetime
    lifetime: timedelta


async def sign_in(work: Work, email: str, password: str, *, lifetime: timedelta) -> Opened:
    """Begin a session, or with a second factor set up one that can only be finished. WrongCredentials, SignInLocked."""
    await attempts.check(work, "address", work.address)
    await attempts.count(work, "account", email)
    login = await find_login(work, email)
    fits = await passwords.verify(login["password_hash"] if login else None, password)
    if login is None or not fits or login["disabled_at"] is not None:
        await attempts.count(work, "address", work.address)
        await eventlog.append(work, UserLoginFailed(user_id=login["id"] if login else None, method="password"))
        raise WrongCredentials("Check both; after several failures you have to wait a little.")
    await attempts.forgive(work, "account", email)
    await attempts.ease(work, "address", work.address)
    work.identify(Actor("user", login["id"], name=login["name"]), None)
    await _hold_password(work, login)
    if login["totp_enabled_at"] is not None:
        return await open_session(work, login["id"], lifetime=PENDING_LIFETIME)
    return await open_session(work, login["id"], lifetime=lifetime, method="password")


async def finish_sign_in(
    work: Work, token: str, code: str, *, method: SecondFactor, box: SecretBox, lifetime: timedelta
) -> Opened:
    """Exchange an unfinished sign-in and the second factor for a full session under a fresh token.

    Raises SignInExpired, WrongCode, SignInLocked.
    """
    pending = await find_pending(work, token_hash(token))
    if pending is None:
        raise SignInExpired("Sign in with e-mail address and password again.")
    await attempts.count(work, "second_factor", str(pending["user_id"]))
    work.identify(Actor("user", pending["user_id"], name=pending["name"]), None)
    if method == "totp":
        fits = await use_totp(work, pending["user_id"], code, box=box)
    else:
        fits = await use_recovery_code(work, pending["user_id"], code)
    if not fits:
        await _refuse_code(work, pending["user_id"], method)
    await attempts.forgive(work, "second_factor", str(pending["user_id"]))
    await work.sql("UPDATE sessions SET revoked_at = %s WHERE id = %s", (work.now(), pending["id"]))
    return await open_session(work, pending["user_id"], lifetime=lifetime, method=method)


async def use_totp(work: Work, user_id: UUID, code: str, *, box: SecretBox) -> bool:
    """Whether the code is right and no code of its time step, or of a later one, was used before; uses it up."""
    [row] = await work.sql("SELECT totp_secret FROM credentials WHERE user_id = %s", (user_id,))
    if row["totp_secret"] is None:  # switched off in the meantime
        return False
    counter = totp.matching_counter(box.open(bytes(row["totp_secret"])), code, work.now())
    if counter is None:
        return False
    used = """UPDATE credentials SET totp_last_counter = %(counter)s
               WHERE user_id = %(user)s AND (totp_last_counter IS NULL OR totp_last_counter < %(counter)s)
              RETURNING user_id"""
    return bool(await work.sql(used, {"counter": counter, "user": user_id}))


async def use_recovery_code(work: Work, user_id: UUID, code: str) -> bool:
    """Whether this is an unused recovery code; uses it up."""
    used = """UPDATE recovery_codes SET used_at = %s WHERE user_id = %s AND code_hash = %s AND used_at IS NULL
              RETURNING id"""
    return bool(await work.sql(used, (work.now(), user_id, token_hash(totp.plain(code)))))


async def open_session(work: Work, user_id: UUID, *, lifetime: timedelta, method: Method | None = None) -> Opened:
    """Store a new session (platform work), logged with the method that completed it; without one it is unfinished."""
    token, now = new_token(PREFIX), work.now()
    stage: Stage = "full" if method else "pending_mfa"
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
    """End one's session at once."""
    await work.sql("UPDATE sessions SET revoked_at = %s WHERE id = %s", (work.now(), session_id))
    await eventlog.append(work, UserLogout(user_id=user_id, session_id=session_id))


async def _hold_password(work: Work, login: Row) -> None:
    """Make a change of the password wait, so that it finds and ends the session to come.

    Raises WrongCredentials when it was changed while the old one was being checked.
    """
    same = "SELECT 1 FROM credentials WHERE user_id = %s AND password_hash = %s FOR SHARE"
    if not await work.sql(same, (login["id"], login["password_hash"])):
        await eventlog.append(work, UserLoginFailed(user_id=login["id"], method="password"))
        raise WrongCredentials("The password was changed just now: sign in with the new one.")


async def _refuse_code(work: Work, user_id: UUID, method: SecondFactor) -> NoReturn:
    await eventlog.append(work, UserLoginFailed(user_id=user_id, method=method))
    raise WrongCode(
        "Wait for the next code and try again, or use a recovery code.",
        errors=[FieldError("/code", "wrong, used already, or too old")],
    )
