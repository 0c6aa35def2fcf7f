"""What can happen to people and their access. No secrets and no e-mail addresses in payloads.

Sign-in belongs to no tenant and stands in the installation's log; what people do signed in, in their tenant's.
"""

from typing import ClassVar, Literal
from uuid import UUID

from event_manager.eventlog import EventType
from event_manager.eventlog.samples import Sample, sample_id

NOBODY = UUID(int=0)


class _User(EventType):
    """Base of the types whose entity is a user."""

    entity_type: ClassVar[str] = "user"
    subject: ClassVar[str] = "user_id"

    user_id: UUID


class UserCreated(_User):
    """An account was made."""

    name: ClassVar[str] = "user.created"


class UserUpdated(_User):
    """A person's own details changed; ``fields`` names them."""

    name: ClassVar[str] = "user.updated"

    fields: list[str]


class UserDeactivated(_User):
    """An account was disabled; all its sessions ended."""

    name: ClassVar[str] = "user.deactivated"


class UserLoginSucceeded(_User):
    """Somebody signed in. ``method`` is what completed the sign-in."""

    name: ClassVar[str] = "user.login.succeeded"

    session_id: UUID
    method: Literal["password", "totp", "recovery_code", "invitation"]


class UserLoginFailed(EventType):
    """A sign-in failed. ``user_id`` is null when no such account exists."""

    name: ClassVar[str] = "user.login.failed"
    entity_type: ClassVar[str] = "user"
    subject: ClassVar[str] = "user_id"

    user_id: UUID | None
    method: Literal["password", "totp", "recovery_code"]

    @property
    def entity_id(self) -> UUID:
        """The account, or the nil UUID."""
        return self.user_id or NOBODY


class UserLogout(_User):
    """Somebody signed out."""

    name: ClassVar[str] = "user.logout"

    session_id: UUID


class UserSessionRevoked(_User):
    """Sessions were ended before their time; ``count`` of them."""

    name: ClassVar[str] = "user.session.revoked"

    count: int
    reason: Literal["by_owner", "password_changed", "disabled"]


class UserPasswordChanged(_User):
    """A password was changed: by its owner, through a reset link, or by the operator on the command line."""

    name: ClassVar[str] = "user.password.changed"

    method: Literal["change", "reset", "operator"]


class UserResetLinkIssued(_User):
    """A link to set a new password was made: mailed to whoever asked for it, or for the operator to hand over."""

    name: ClassVar[str] = "user.reset_link.issued"

    method: Literal["mail", "operator"]


class UserMfaEnabled(_User):
    """A second factor was switched on."""

    name: ClassVar[str] = "user.mfa.enabled"

    method: Literal["totp"] = "totp"


class UserMfaDisabled(_User):
    """A second factor was switched off."""

    name: ClassVar[str] = "user.mfa.disabled"

    method: Literal["totp"] = "totp"


class UserRecoveryCodesRenewed(_User):
    """New recovery codes replaced the old ones."""

    name: ClassVar[str] = "user.recovery_codes.renewed"


class UserJoined(_User):
    """Somebody became a member of the organisation."""

    name: ClassVar[str] = "user.joined"


class UserSuspended(_User):
    """A member lost access for the time being; the roles are kept."""

    name: ClassVar[str] = "user.suspended"


class UserRemoved(_User):
    """Somebody is no longer a member of the organisation."""

    name: ClassVar[str] = "user.removed"


class UserRoleGranted(_User):
    """A role was given. ``scope_id`` null: in the whole organisation."""

    name: ClassVar[str] = "user.role.granted"
    sample: ClassVar[Sample] = {"role": "JUDGE", "scopeKind": "contest", "scopeId": sample_id("contestId")}

    role: str
    scope_kind: str | None
    scope_id: UUID | None


class UserRoleRevoked(_User):
    """A role was taken away."""

    name: ClassVar[str] = "user.role.revoked"
    sample: ClassVar[Sample] = {"role": "ORGANIZER", "scopeKind": None, "scopeId": None}

    role: str
    scope_kind: str | None
    scope_id: UUID | None


class UserApiKeyCreated(EventType):
    """An API key was made."""

    name: ClassVar[str] = "user.api_key.created"
    entity_type: ClassVar[str] = "api_key"
    sample: ClassVar[Sample] = {"title": "Scoreboard in the hall", "role": "EMCEE"}

    api_key_id: UUID
    title: str
    role: str


class UserApiKeyRevoked(EventType):
    """An API key was ended."""

    name: ClassVar[str] = "user.api_key.revoked"
    entity_type: ClassVar[str] = "api_key"

    api_key_id: UUID


class _Invitation(EventType):
    """Base of the types whose entity is an invitation."""

    entity_type: ClassVar[str] = "invitation"

    invitation_id: UUID


class UserInvited(_Invitation):
    """Somebody was invited."""

    name: ClassVar[str] = "user.invitation.created"
    sample: ClassVar[Sample] = {"roles": ["JUDGE"]}

    roles: list[str]


class UserInvitationResent(_Invitation):
    """An invitation was sent again; the earlier link is void."""

    name: ClassVar[str] = "user.invitation.resent"


class UserInvitationRevoked(_Invitation):
    """An invitation was withdrawn, or replaced by a newer one to the same address."""

    name: ClassVar[str] = "user.invitation.revoked"


class UserInvitationAccepted(_Invitation):
    """An invitation was accepted."""

    name: ClassVar[str] = "user.invitation.accepted"

    user_id: UUID
