"""Invitations: a single-use link by mail, with roles that the inviter may give then and still at acceptance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from event_manager import eventlog
from event_manager.identity import passwords
from event_manager.identity.authenticator import grant_of, person
from event_manager.identity.errors import AlreadyMember, LinkUsedUp, RankTooLow, WrongAccount
from event_manager.identity.event_types import (
    UserInvitationAccepted,
    UserInvitationResent,
    UserInvitationRevoked,
    UserInvited,
)
from event_manager.identity.models import Invitation
from event_manager.identity.queries_members import find_invitation, get_invitation, is_member
from event_manager.identity.roles import may_give
from event_manager.identity.schemas import RoleHeld
from event_manager.identity.service import add_member, store_user
from event_manager.kit.access import Actor
from event_manager.kit.crypto import new_token, token_hash
from event_manager.kit.db import Row
from event_manager.kit.errors import FieldError, Invalid, Unauthenticated
from event_manager.kit.mail import queue_mail
from event_manager.kit.work import Work
from event_manager.tenancy.queries import get_tenant

PREFIX = "emi_"
LIFETIME = timedelta(days=14)


async def invite(work: Work, email: str, roles: Sequence[RoleHeld], *, page: str) -> Invitation:
    """Invite somebody and mail the link; an open invitation of the same address is replaced.

    Raises PersonNeeded, RankTooLow, AlreadyMember.
    """
    invited_by = person(work)
    check_rank(work.actor, roles)
    if await is_member(work, email):
        raise AlreadyMember(f"'{email}' is a member; change the roles instead.")
    await _withdraw_open(work, email)
    token = new_token(PREFIX)
    invitation = Invitation(
        tenant_id=work.tenant, email=email, token_hash=token_hash(token), invited_by=invited_by,
        roles=[held.model_dump(mode="json") for held in roles], expires_at=work.now() + LIFETIME,
    )  # fmt: skip
    work.session.add(invitation)
    await work.session.flush()
    await eventlog.append(work, UserInvited(invitation_id=invitation.id, roles=[held.role for held in roles]))
    await _mail(work, invitation, f"{page}#{token}")
    return invitation


def check_rank(actor: Actor, roles: Sequence[RoleHeld]) -> None:
    """Raise RankTooLow for a role that this actor may not give there."""
    for at, held in enumerate(roles):
        if not may_give(actor, held.role, held.scope_id):
            where = "here" if held.scope_id else "in the whole organisation"
            raise RankTooLow(
                f"You may not give the role {held.role} {where}: only roles below your own, inside your own scope.",
                errors=[FieldError(f"/roles/{at}", "above or outside of your own role")],
            )


async def resend(work: Work, invitation_id: UUID, *, page: str) -> Invitation:
    """Mail a fresh link; the earlier one is void. Raises NotFound, LinkUsedUp, RankTooLow."""
    invitation = await get_invitation(work, invitation_id)
    check_rank(work.actor, [RoleHeld.model_validate(held) for held in invitation.roles])
    _check_open(invitation)
    token = new_token(PREFIX)
    invitation.token_hash, invitation.expires_at = token_hash(token), work.now() + LIFETIME
    await work.session.flush()
    await eventlog.append(work, UserInvitationResent(invitation_id=invitation_id))
    await _mail(work, invitation, f"{page}#{token}")
    return invitation


async def revoke(work: Work, invitation_id: UUID) -> None:
    """Withdraw an open invitation. Raises NotFound, LinkUsedUp, RankTooLow."""
    invitation = await get_invitation(work, invitation_id)
    check_rank(work.actor, [RoleHeld.model_validate(held) for held in invitation.roles])
    _check_open(invitation)
    invitation.revoked_at = work.now()
    await work.session.flush()
    await eventlog.append(work, UserInvitationRevoked(invitation_id=invitation_id))


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody without an account adds to an invitation."""

    name: str
    password: str


async def read_invitation(work: Work, token: str) -> Row:
    """What a link says: id, tenant_id, tenant (name), email, roles, user_id (null: the address has no account).

    Platform work, outside of any transaction. Raises LinkUsedUp, also when the inviter may not give the roles now.
    """
    found = await find_invitation(work, token_hash(token))
    if found is not None:
        inviter = Actor("user", grants=tuple(grant_of(given) for given in found["inviter_grants"]))
        held = [RoleHeld.model_validate(role) for role in found["roles"]]
        if all(may_give(inviter, role.role, role.scope_id) for role in held):
            return found
    raise LinkUsedUp("Ask for a new invitation.")


async def accept(work: Work, token: str, account: NewAccount | None) -> UUID:
    """Use a link up: the work's person, or a new account, becomes a member. Returns the person's id.

    Platform work, outside of any transaction; the work is in the inviting tenant afterwards. Raises LinkUsedUp,
    Unauthenticated (the address has an account: sign in first), WrongAccount, Invalid, WeakPassword.
    """
    found = await read_invitation(work, token)
    _check_account(work.actor, found, account)
    hashed = await _hashed(found, account) if found["user_id"] is None and account else ""
    work.identify(work.actor, found["tenant_id"])
    await _use_up(work, found)
    user_id: UUID | None = found["user_id"]
    if user_id is None:
        user_id = (await store_user(work, found["email"], account.name if account else "", hashed)).id
    await add_member(work, user_id, [RoleHeld.model_validate(role) for role in found["roles"]])
    await eventlog.append(work, UserInvitationAccepted(invitation_id=found["id"], user_id=user_id))
    return user_id


def _check_account(actor: Actor, found: Row, account: NewAccount | None) -> None:
    """A known address must be signed in, an unknown one must bring name and password."""
    if found["user_id"] is None:
        if account is None:
            raise Invalid("Choose a name and a password.", errors=[FieldError("/password", "is missing")])
        if actor.user_id is not None:
            raise WrongAccount(f"The invitation is for '{found['email']}': sign out first.")
    elif actor.user_id is None:
        raise Unauthenticated(f"'{found['email']}' has an account: sign in, then open the link again.")
    elif actor.user_id != found["user_id"]:
        raise WrongAccount(f"The invitation is for '{found['email']}': sign out first.")


async def _hashed(found: Row, account: NewAccount) -> str:
    passwords.check_strength(account.password, email=found["email"], name=account.name)
    return await passwords.hash_password(account.password)


async def _use_up(work: Work, found: Row) -> None:
    used = await work.sql(
        """UPDATE invitations SET accepted_at = %s
            WHERE tenant_id = %s AND id = %s AND accepted_at IS NULL AND revoked_at IS NULL RETURNING id""",
        (work.now(), found["tenant_id"], found["id"]),
    )
    if not used:
        raise LinkUsedUp("Ask for a new invitation.")


async def _withdraw_open(work: Work, email: str) -> None:
    withdrawn = await work.sql(
        """UPDATE invitations SET revoked_at = %s
            WHERE tenant_id = %s AND lower(email) = lower(%s) AND accepted_at IS NULL AND revoked_at IS NULL
           RETURNING id""",
        (work.now(), work.tenant, email),
    )
    await eventlog.append_many(work, [UserInvitationRevoked(invitation_id=row["id"]) for row in withdrawn])


def _check_open(invitation: Invitation) -> None:
    if invitation.accepted_at is not None or invitation.revoked_at is not None:
        raise LinkUsedUp("It has been accepted or withdrawn.")


async def _mail(work: Work, invitation: Invitation, link: str) -> None:
    tenant = " ".join((await get_tenant(work, work.tenant)).name.split())
    roles = ", ".join(sorted({str(held["role"]).replace("_", " ").lower() for held in invitation.roles}))
    await queue_mail(
        work, to=invitation.email, subject=f"Invitation to {tenant}",
        text=f"{work.actor.name} invites you to {tenant} as: {roles}.\n\n"
        f"Open this link within {LIFETIME.days} days to accept:\n\n{link}\n\n"
        "If you do not know what this is about, ignore this mail.\n",
    )  # fmt: skip
