"""Shapes of accounts and sign-in on the wire."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from event_manager.identity.roles import Role, ScopeKind
from event_manager.kit.http import Wire

Email = Annotated[
    str,
    StringConstraints(max_length=254, pattern=r"^[^@\s,;<>\"\x00-\x1f]+@[^@\s,;<>\"\x00-\x1f]+\.[a-zA-Z0-9-]{2,}$"),
    Field(examples=["olga@example.org"]),
]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f]+$"),
    Field(examples=["Olga Petrovna"]),
]
Password = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1, max_length=1024),
    Field(examples=["four words picked at random"]),
]
Code = Annotated[str, StringConstraints(min_length=4, max_length=40), Field(examples=["492817"])]
Token = Annotated[
    str,
    StringConstraints(min_length=20, max_length=200),
    Field(examples=["emi_pX0v1oZ3nQq7mJ2cTgk9yB4rLw8sDfHa5eUiN6VtKxM"]),
]


class SignIn(Wire):
    """E-mail address and password. Programs set ``cookie`` false and find the session token in the answer."""

    email: Email
    password: Password
    cookie: bool = True


class SecondFactor(Wire):
    """A code of the authenticator app, or a recovery code; the unfinished sign-in's token comes with the request."""

    code: Code
    cookie: bool = True


class SignedIn(Wire):
    """``stage`` pending_mfa: send the second factor next; nothing else is open before. ``token`` only on request."""

    stage: Literal["full", "pending_mfa"]
    expires_at: datetime
    token: str | None = None


class RoleHeld(Wire):
    """A role, in the whole organisation (no scope) or below one event, contest or category."""

    role: Role
    scope_kind: ScopeKind | None = None
    scope_id: UUID | None = None

    @model_validator(mode="after")
    def _check_scope(self) -> Self:
        if (self.scope_kind is None) != (self.scope_id is None):
            raise ValueError("scopeKind and scopeId go together: give both or none")
        if self.role == "ADMIN" and self.scope_id is not None:
            raise ValueError("ADMIN is held in the whole organisation, not below a scope")
        return self


class TenantChoice(Wire):
    """An organisation that you are a member of."""

    id: UUID
    slug: str
    name: str
    timezone: str
    locale: str
    roles: list[RoleHeld]


class Person(Wire):
    """Your own account."""

    id: UUID
    email: str
    name: str
    platform_role: Literal["SUPER_ADMIN"] | None
    second_factor: bool


class Me(Wire):
    """Who you are here: ``tenant`` is the organisation at work; ``permissions`` hold in some scope of it.

    ``user`` is null for an API key.
    """

    kind: Literal["user", "api_key"]
    name: str
    user: Person | None
    tenant: TenantChoice | None
    tenants: list[TenantChoice]
    roles: list[RoleHeld]
    permissions: list[str]


class ProfileUpdate(Wire):
    """What you may change about yourself. Roles are not among it."""

    name: Name


class TenantPick(Wire):
    """The organisation to work in from now on, by id or short name."""

    tenant: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class SessionView(Wire):
    """A sign-in of yours. ``lastUsedAt`` is coarse (minutes)."""

    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    address: str
    user_agent: str
    current: bool


class PasswordConfirmation(Wire):
    """The password you sign in with, once more."""

    password: Password


class PasswordChange(PasswordConfirmation):
    """The present password and the new one."""

    new_password: Password


class ResetRequest(Wire):
    """The address to send the link to."""

    email: Email


class Reset(Wire):
    """The token of the link (behind '#') and the new password."""

    token: Token
    new_password: Password


class TotpEnrolment(Wire):
    """For the authenticator app: scan the QR code (an SVG document), or type the secret. Shown once."""

    secret: str
    address: str
    qr_svg: str


class TotpConfirmation(Wire):
    """A code that the app shows now."""

    code: Code


class RecoveryCodes(Wire):
    """Each works once instead of the app. Shown once."""

    codes: list[str]


class MemberView(Wire):
    """A person in the organisation."""

    user_id: UUID
    name: str
    email: str
    status: Literal["active", "suspended", "removed"]
    roles: list[RoleHeld]
    version: int
    created_at: datetime


class MemberUpdate(Wire):
    """``roles`` replaces all roles; ``status`` suspends a member or lets one back in. What is left out stays."""

    roles: Annotated[list[RoleHeld], Field(max_length=50)] | None = None
    status: Literal["active", "suspended"] | None = None


class InvitationCreate(Wire):
    """Whom to invite, all with the same roles."""

    emails: Annotated[list[Email], Field(min_length=1, max_length=50)]
    roles: Annotated[list[RoleHeld], Field(min_length=1, max_length=20)]


class InvitationView(Wire):
    """An invitation. The link is in the mail only."""

    id: UUID
    email: str
    roles: list[RoleHeld]
    state: Literal["open", "expired", "accepted", "revoked"]
    expires_at: datetime
    created_at: datetime


class InvitationToken(Wire):
    """The token of an invitation's link (behind '#')."""

    token: Token


class InvitationOffer(Wire):
    """What an invitation offers. ``hasAccount``: sign in with that address to accept; else choose name and password."""

    tenant: str
    email: str
    roles: list[RoleHeld]
    has_account: bool


class InvitationAcceptance(InvitationToken):
    """Name and password are for addresses without an account."""

    name: Name | None = None
    password: Password | None = None
    cookie: bool = True


class ApiKeyCreate(Wire):
    """A key with all permissions of a role, or with those of ``permissions`` alone."""

    name: Name
    role: Role
    permissions: Annotated[list[str], Field(max_length=100)] | None = None
    expires_at: AwareDatetime | None = None


class ApiKeyView(Wire):
    """A key without its secret; ``prefix`` is how it begins. ``lastUsedAt`` is coarse (minutes)."""

    id: UUID
    name: str
    prefix: str
    role: Role
    permissions: list[str] | None
    created_by: UUID
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class ApiKeyCreated(ApiKeyView):
    """A new key. ``token`` is shown this once."""

    token: str
