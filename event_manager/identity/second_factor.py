"""Setting up and switching off the second factor. Work of the person whose account it is."""

from dataclasses import dataclass
from uuid import UUID

from event_manager import eventlog
from event_manager.identity import totp
from event_manager.identity.account import confirm_password, tell
from event_manager.identity.errors import SecondFactorOff, SecondFactorOn, WrongCode
from event_manager.identity.event_types import UserMfaDisabled, UserMfaEnabled, UserRecoveryCodesRenewed
from event_manager.identity.models import RecoveryCode
from event_manager.identity.queries import get_credentials, get_user
from event_manager.kit.crypto import SecretBox, token_hash
from event_manager.kit.errors import FieldError
from event_manager.kit.work import Work


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs: base32 secret, ``otpauth://`` address, and its QR code as SVG."""

    secret: str
    address: str
    qr_svg: str


async def enrol(work: Work, user_id: UUID, password: str, *, box: SecretBox) -> Enrolment:
    """Keep a new secret, which counts once `confirm` has seen a code of it. Raises WrongPassword, SecondFactorOn."""
    await confirm_password(work, user_id, password)
    credentials = await get_credentials(work, user_id)
    if credentials.totp_enabled_at is not None:
        raise SecondFactorOn("Switch it off first to use another device.")
    secret = totp.new_secret()
    credentials.totp_secret, credentials.totp_last_counter = box.seal(secret), None
    await work.session.flush()
    address = totp.address(secret, (await get_user(work, user_id)).email)
    return Enrolment(secret, address, totp.qr_svg(address))


async def confirm(work: Work, user_id: UUID, code: str, *, box: SecretBox) -> list[str]:
    """Switch the second factor on; returns the recovery codes. Raises WrongCode, SecondFactorOn, SecondFactorOff."""
    credentials = await get_credentials(work, user_id)
    if credentials.totp_enabled_at is not None:
        raise SecondFactorOn("It works already.")
    if credentials.totp_secret is None:
        raise SecondFactorOff("Begin by adding the account to your authenticator app.")
    counter = totp.matching_counter(box.open(credentials.totp_secret), code, work.now())
    if counter is None:
        raise WrongCode(
            "Compare the clock of your device with the right time, and try the next code.",
            errors=[FieldError("/code", "is not the code of this moment")],
        )
    credentials.totp_enabled_at, credentials.totp_last_counter = work.now(), counter
    await work.session.flush()
    await eventlog.append(work, UserMfaEnabled(user_id=user_id))
    return await _new_codes(work, user_id)


async def disable(work: Work, user_id: UUID, password: str) -> None:
    """Switch the second factor off and forget its secret. Raises WrongPassword, SecondFactorOff."""
    await confirm_password(work, user_id, password)
    credentials = await get_credentials(work, user_id)
    if credentials.totp_enabled_at is None:
        raise SecondFactorOff("There is nothing to switch off.")
    credentials.totp_secret = credentials.totp_enabled_at = credentials.totp_last_counter = None
    await work.session.flush()
    await work.sql("DELETE FROM recovery_codes WHERE user_id = %s", (user_id,))
    await eventlog.append(work, UserMfaDisabled(user_id=user_id))
    await tell(work, user_id, "Your second factor was switched off", "signing in takes your password alone again.")


async def renew_codes(work: Work, user_id: UUID, password: str) -> list[str]:
    """Replace all recovery codes. Raises WrongPassword, SecondFactorOff."""
    await confirm_password(work, user_id, password)
    if (await get_credentials(work, user_id)).totp_enabled_at is None:
        raise SecondFactorOff("Recovery codes come with the second factor.")
    await eventlog.append(work, UserRecoveryCodesRenewed(user_id=user_id))
    return await _new_codes(work, user_id)


async def _new_codes(work: Work, user_id: UUID) -> list[str]:
    codes = totp.new_recovery_codes()
    await work.sql("DELETE FROM recovery_codes WHERE user_id = %s", (user_id,))
    work.session.add_all([RecoveryCode(user_id=user_id, code_hash=token_hash(totp.plain(code))) for code in codes])
    await work.session.flush()
    return codes
