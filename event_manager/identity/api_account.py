"""Addresses of one's own account: password, sessions, second factor."""

from uuid import UUID

from fastapi import Response

from event_manager.identity import account, queries, second_factor
from event_manager.identity.api_support import DEFAULT, Box, Cursor, Limit, PlatformW, never_store
from event_manager.identity.authenticator import person
from event_manager.identity.errors import (
    LinkUsedUp,
    PersonNeeded,
    SecondFactorOff,
    SecondFactorOn,
    SignInLocked,
    WeakPassword,
    WrongCode,
    WrongPassword,
)
from event_manager.identity.schemas import (
    PasswordChange,
    PasswordConfirmation,
    RecoveryCodes,
    Reset,
    ResetRequest,
    SessionView,
    TotpConfirmation,
    TotpEnrolment,
)
from event_manager.kit.access import public, signed_in
from event_manager.kit.errors import problems
from event_manager.kit.http import Page, Router, W

router = Router(prefix="/identity", tags=["identity"])
CONFIRMED = problems(PersonNeeded, WrongPassword, SignInLocked)


@router.post("/password", status_code=204, dependencies=[signed_in()], responses=CONFIRMED | problems(WeakPassword))
async def change_password(work: W, change: PasswordChange) -> None:
    """Set another password. All your other sessions end."""
    await account.change_password(work, person(work), change.password, change.new_password)


@router.post("/password/forgot", status_code=202, dependencies=[public()], responses=problems(SignInLocked))
async def forgot_password(work: PlatformW, request: ResetRequest) -> None:
    """Ask for a link by mail. The answer is the same whether or not there is such an account."""
    await account.request_reset(work, request.email)


@router.post("/password/reset", status_code=204, dependencies=[public()], responses=problems(LinkUsedUp, WeakPassword))
async def reset_password(work: PlatformW, reset: Reset) -> None:
    """Set a new password by a link. All sessions end; a second factor stays on."""
    await account.reset_password(work, reset.token, reset.new_password)


@router.get("/sessions", dependencies=[signed_in()], responses=problems(PersonNeeded))
async def list_sessions(work: W, cursor: Cursor = None, limit: Limit = DEFAULT) -> Page[SessionView]:
    """Where you are signed in, the session used last first."""
    found, following = await queries.my_sessions(work, person(work), cursor=cursor, limit=limit)
    return Page(items=[SessionView(
        id=each.id, created_at=each.created_at, last_used_at=each.last_used_at, expires_at=each.expires_at,
        address=each.address, user_agent=each.user_agent, current=each.id == work.actor.session_id,
    ) for each in found], next_cursor=following)  # fmt: skip


@router.delete("/sessions", status_code=204, dependencies=[signed_in()], responses=problems(PersonNeeded))
async def end_other_sessions(work: W) -> None:
    """Sign out everywhere but here."""
    await account.end_sessions(work, person(work), reason="by_owner", keep=work.actor.session_id)


@router.delete("/sessions/{session_id}", status_code=204, dependencies=[signed_in()], responses=problems(PersonNeeded))
async def end_session(work: W, session_id: UUID) -> None:
    """Sign out one of your sessions."""
    await account.end_session(work, person(work), session_id)


@router.post("/totp", dependencies=[signed_in()], responses=CONFIRMED | problems(SecondFactorOn))
async def enrol_totp(work: W, response: Response, given: PasswordConfirmation, box: Box) -> TotpEnrolment:
    """Begin to set up an authenticator app; it counts once confirmed."""
    never_store(response)
    made = await second_factor.enrol(work, person(work), given.password, box=box)
    return TotpEnrolment(secret=made.secret, address=made.address, qr_svg=made.qr_svg)


@router.post(
    "/totp/confirm", dependencies=[signed_in()],
    responses=problems(PersonNeeded, WrongCode, SecondFactorOn, SecondFactorOff),
)  # fmt: skip
async def confirm_totp(work: W, response: Response, given: TotpConfirmation, box: Box) -> RecoveryCodes:
    """Switch the second factor on by a code of the app. Keep the recovery codes: they are shown once."""
    never_store(response)
    return RecoveryCodes(codes=await second_factor.confirm(work, person(work), given.code, box=box))


@router.post(
    "/totp/disable", status_code=204, dependencies=[signed_in()], responses=CONFIRMED | problems(SecondFactorOff)
)
async def disable_totp(work: W, given: PasswordConfirmation) -> None:
    """Switch the second factor off."""
    await second_factor.disable(work, person(work), given.password)


@router.post("/recovery-codes", dependencies=[signed_in()], responses=CONFIRMED | problems(SecondFactorOff))
async def renew_recovery_codes(work: W, response: Response, given: PasswordConfirmation) -> RecoveryCodes:
    """Replace your recovery codes by new ones, shown once."""
    never_store(response)
    return RecoveryCodes(codes=await second_factor.renew_codes(work, person(work), given.password))
