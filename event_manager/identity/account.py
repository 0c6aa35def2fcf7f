"""One's own account: password, sessions, reset link."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from event_manager import eventlog
from event_manager.identity import attempts, passwords
from event_manager.identity.errors import AccountDisabled, LinkUsedUp, WrongPassword
from event_manager.identity.event_types import (
    UserDeactivated,
    UserPasswordChanged,
    UserResetLinkIssued,
    UserSessionRevoked,
)
from event_manager.identity.models import PasswordReset, User
from event_manager.identity.queries import find_reset, find_user, get_credentials, get_user
from event_manager.kit.access import Actor
from event_manager.kit.crypto import new_token, token_hash
from event_manager.kit.errors import FieldError, NotFound
from event_manager.kit.jobs import defer
from event_manager.kit.mail import queue_mail
from event_manager.kit.work import Work

RESET_PREFIX = "emr_"
RESET_PAGE = "/reset-password"
RESET_LIFETIME = timedelta(hours=1)
KEPT_AFTER_END = timedelta(days=30)
Reason = Literal["by_owner", "password_changed", "disabled"]
Method = Literal["change", "reset", "operator"]


async def confirm_password(work: Work, user_id: UUID, password: str) -> None:
    """Ask for the password again before something that a stolen session must not do. WrongPassword, SignInLocked."""
    user = await get_user(work, user_id)
    await attempts.count(work, "account", user.email)
    if not await passwords.verify((await get_credentials(work, user_id)).password_hash, password):
        raise WrongPassword("Type the password that you sign in with.", errors=[FieldError("/password", "is wrong")])
    await attempts.forgive(work, "account", user.email)


async def change_password(work: Work, user_id: UUID, password: str, new_password: str) -> None:
    """Set another password and end all other sessions. Raises WrongPassword, WeakPassword, SignInLocked."""
    await confirm_password(work, user_id, password)
    user = await get_user(work, user_id)
    passwords.check_strength(new_password, email=user.email, name=user.name, pointer="/newPassword")
    await _store_password(work, user_id, await passwords.hash_password(new_password), method="change")
    await end_sessions(work, user_id, reason="password_changed", keep=work.actor.session_id)


async def end_sessions(work: Work, user_id: UUID, *, reason: Reason, keep: UUID | None = None) -> int:
    """End a person's sessions at once, all or all but one; returns how many were open."""
    ended = await work.sql(
        """UPDATE sessions SET revoked_at = %(now)s
            WHERE user_id = %(user)s AND revoked_at IS NULL AND id IS DISTINCT FROM %(keep)s RETURNING id""",
        {"now": work.now(), "user": user_id, "keep": keep},
    )
    if ended:
        await eventlog.append(work, UserSessionRevoked(user_id=user_id, count=len(ended), reason=reason))
    return len(ended)


async def end_session(work: Work, user_id: UUID, session_id: UUID) -> None:
    """End one of one's own sessions at once. Raises NotFound."""
    ended = await work.sql(
        """UPDATE sessions SET revoked_at = %s WHERE user_id = %s AND id = %s AND revoked_at IS NULL RETURNING id""",
        (work.now(), user_id, session_id),
    )
    if not ended:
        raise NotFound("There is no such open session.")
    await eventlog.append(work, UserSessionRevoked(user_id=user_id, count=1, reason="by_owner"))


async def request_reset(work: Work, email: str) -> None:
    """Have a link mailed to set a new password. Raises SignInLocked when asked too often.

    Whether there is such an account is looked up by the job, so that the answer and its time tell nobody.
    """
    await attempts.count(work, "reset", email)
    await defer(work, "identity.mail_reset_link", {"email": email})


async def mail_reset_link(work: Work, email: str, *, page: str) -> None:
    """Mail a single-use link to ``page``, if the account exists (platform work).

    The token stands behind '#', so that it reaches neither logs of servers nor the Referer of later requests.
    """
    user = await find_user(work, email)
    if user is None or user.disabled_at is not None:
        return
    link = await _reset_link(work, user, page, method="mail")
    await queue_mail(
        work, to=user.email, subject="Set a new password",
        text=f"Hello {user.name},\n\nopen this link within an hour to set a new password:\n\n{link}\n\n"
        "If you did not ask for it, do nothing: your password stays as it is.\n",
    )  # fmt: skip


async def reset_password(work: Work, token: str, new_password: str) -> None:
    """Use a reset link up: set the password, end all sessions (platform work). Raises LinkUsedUp, WeakPassword."""
    reset = await find_reset(work, token_hash(token))
    if reset is None:
        raise LinkUsedUp("Ask for a new link.")
    passwords.check_strength(new_password, email=reset["email"], name=reset["name"], pointer="/newPassword")
    hashed = await passwords.hash_password(new_password)
    work.identify(Actor("user", reset["user_id"], name=reset["name"]), None)
    used = await work.sql(
        "UPDATE password_resets SET used_at = %s WHERE id = %s AND used_at IS NULL RETURNING id",
        (work.now(), reset["id"]),
    )
    if not used:
        raise LinkUsedUp("Ask for a new link.")
    await _store_password(work, reset["user_id"], hashed, method="reset")
    await end_sessions(work, reset["user_id"], reason="password_changed")
    await _unlock(work, reset["email"])


async def issue_reset_link(work: Work, email: str, *, page: str) -> str:
    """A single-use link to ``page`` for the operator to hand over, where no mail arrives; the lock-out is lifted.

    The sessions end when it is used (platform work). Raises NotFound, AccountDisabled.
    """
    user = await _enabled_user(work, email)
    link = await _reset_link(work, user, page, method="operator")
    await _unlock(work, user.email)
    return link


async def replace_password(work: Work, email: str, new_password: str) -> None:
    """Set somebody's password for the operator, end all sessions and lift the lock-out (platform work).

    Raises NotFound, AccountDisabled, WeakPassword.
    """
    user = await _enabled_user(work, email)
    passwords.check_strength(new_password, email=user.email, name=user.name)
    await _store_password(work, user.id, await passwords.hash_password(new_password), method="operator")
    await end_sessions(work, user.id, reason="password_changed")
    await _unlock(work, user.email)


async def disable_user(work: Work, user_id: UUID) -> None:
    """Close an account and end its sessions at once (platform work). Raises NotFound."""
    user = await get_user(work, user_id)
    user.disabled_at = work.now()
    await work.session.flush()
    await end_sessions(work, user_id, reason="disabled")
    await eventlog.append(work, UserDeactivated(user_id=user_id))


async def tell(work: Work, user_id: UUID, subject: str, what: str) -> None:
    """Mail somebody what happened to their account, so that a thief's change is noticed."""
    user = await get_user(work, user_id)
    text = f"Hello {user.name},\n\n{what}\n\nIf it was not you, set a new password at once and tell an admin.\n"
    await queue_mail(work, to=user.email, subject=subject, text=text)


async def _store_password(work: Work, user_id: UUID, hashed: str, *, method: Method) -> None:
    credentials = await get_credentials(work, user_id)
    credentials.password_hash = hashed
    await work.session.flush()
    await work.sql(
        "UPDATE password_resets SET used_at = %s WHERE user_id = %s AND used_at IS NULL", (work.now(), user_id)
    )
    await eventlog.append(work, UserPasswordChanged(user_id=user_id, method=method))
    await tell(work, user_id, "Your password was changed", "your password was changed just now.")


async def _reset_link(work: Work, user: User, page: str, *, method: Literal["mail", "operator"]) -> str:
    token = new_token(RESET_PREFIX)
    reset = PasswordReset(user_id=user.id, token_hash=token_hash(token), expires_at=work.now() + RESET_LIFETIME)
    work.session.add(reset)
    await work.session.flush()
    await eventlog.append(work, UserResetLinkIssued(user_id=user.id, method=method))
    return f"{page}#{token}"


async def _enabled_user(work: Work, email: str) -> User:
    user = await find_user(work, email)
    if user is None:
        raise NotFound(f"Nobody has an account with the address '{email}'.")
    if user.disabled_at is not None:
        raise AccountDisabled(f"The account of '{email}' is closed: a new password would not open it.")
    return user


async def _unlock(work: Work, email: str) -> None:
    await attempts.forgive(work, "account", email)
    await attempts.forgive(work, "reset", email)


async def purge_ended(work: Work) -> None:
    """Forget sessions, reset links and attempts that ended a month ago (platform work)."""
    before = work.now() - KEPT_AFTER_END
    await work.sql("DELETE FROM sessions WHERE least(expires_at, revoked_at) < %s", (before,))
    await work.sql("DELETE FROM password_resets WHERE expires_at < %s", (before,))
    await work.sql("DELETE FROM sign_in_attempts WHERE last_at < %s", (before,))
