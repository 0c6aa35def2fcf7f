"""Shapes of accounts and sign-in on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from event_manager.identity.roles import Role, ScopeKind
from event_manager.kit.http import Wire

Email = Annotated[
    str,
    StringConstraints(max_length=254, pattern=r"^[^@\s,;<>\"\x00-\x1f]+@[^@\s,;<>\"\x00-\x1f]+\.[a-zA-Z0-9-]{2,}$"),
    Field(examples=["olga@example.org"]),
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f]+$")]
Password = Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=1024)]
Code = Annotated[str, StringConstraints(min_length=4, max_length=40)]
Token = Annotated[str, StringConstraints(min_length=20, max_length=200)]


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
