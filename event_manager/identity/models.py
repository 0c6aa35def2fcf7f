"""Accounts (of the installation) and memberships (of a tenant).

`users` is what fellow members may see of a person; `credentials` is what the person signs in with and is visible to
that person's own requests only.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from event_manager.kit.census import census
from event_manager.kit.db import Base, GlobalTable, TenantTable

ROLE_CHECK = "role IN ('ADMIN', 'ORGANIZER', 'BOARD', 'TALLY_MASTER', 'AUDITOR', 'JUDGE', 'EMCEE', 'CONTESTANT')"


class User(GlobalTable, Base):
    """A person with an account. Addresses are unique whatever their case."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("platform_role IN ('SUPER_ADMIN')", name="platform_role"),
        Index("users_email_key", text("lower(email)"), unique=True),
        census(room="identity", tenancy="global", export=False, personal=("email", "name")),
    )

    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    platform_role: Mapped[str | None] = mapped_column(Text)
    disabled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own attribute


class Credentials(Base):
    """How a person proves to be who they say. The TOTP secret is sealed; it counts once ``totp_enabled_at`` is set."""

    __tablename__ = "credentials"
    __table_args__ = (census(room="identity", tenancy="global", export=False),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    password_hash: Mapped[str | None] = mapped_column(Text)
    totp_secret: Mapped[bytes | None]
    totp_enabled_at: Mapped[datetime | None]
    totp_last_counter: Mapped[int | None]


class RecoveryCode(GlobalTable, Base):
    """A single-use way past the second factor, kept as SHA-256 of 80 random bits."""

    __tablename__ = "recovery_codes"
    __table_args__ = (
        UniqueConstraint("user_id", "code_hash"),
        census(room="identity", tenancy="global", export=False),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[bytes]
    used_at: Mapped[datetime | None]


class Session(GlobalTable, Base):
    """A sign-in. ``stage`` pending_mfa is good for nothing but giving the second factor.

    ``last_used_at`` is coarse (minutes); ``expires_at`` moves with it. ``tenant_id`` is the tenant last chosen.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("stage IN ('pending_mfa', 'full')", name="stage"),
        UniqueConstraint("token_hash"),
        Index("sessions_user_id_ix", "user_id"),
        census(room="identity", tenancy="global", export=False, personal=("address", "user_agent")),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes]
    stage: Mapped[str] = mapped_column(Text)
    tenant_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenants.id", ondelete="SET NULL"))
    last_used_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    address: Mapped[str] = mapped_column(Text)
    user_agent: Mapped[str] = mapped_column(Text)


class PasswordReset(GlobalTable, Base):
    """A single-use link to set a new password."""

    __tablename__ = "password_resets"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("password_resets_user_id_ix", "user_id"),
        census(room="identity", tenancy="global", export=False),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """Attempts since the last success, by hash of an account's or client's address. Only the platform role reads it."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (census(room="identity", tenancy="global", export=False),)

    subject: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class Membership(Base):
    """A person in a tenant. Never deleted: results keep naming their judges."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'suspended', 'removed')", name="status"),
        Index("memberships_user_id_ix", "user_id"),
        census(room="identity", purge_order=20, counter="members"),
    )

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    status: Mapped[str] = mapped_column(Text, server_default=text("'active'"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own attribute


class RoleGrant(TenantTable, Base):
    """A role of a member, in the whole tenant (no scope) or below one event, contest or category."""

    __tablename__ = "role_grants"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["memberships.tenant_id", "memberships.user_id"]),
        CheckConstraint(ROLE_CHECK, name="role"),
        CheckConstraint("scope_kind IN ('event', 'contest', 'category')", name="scope_kind"),
        CheckConstraint("(scope_kind IS NULL) = (scope_id IS NULL)", name="scope"),
        CheckConstraint("role <> 'ADMIN' OR scope_id IS NULL", name="admin_everywhere"),
        Index(
            "role_grants_once_key", "tenant_id", "user_id", "role", "scope_id",
            unique=True, postgresql_nulls_not_distinct=True,
        ),
        census(room="identity", purge_order=30),
    )  # fmt: skip

    user_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(Text)
    scope_kind: Mapped[str | None] = mapped_column(Text)
    scope_id: Mapped[UUID | None]


class Invitation(TenantTable, Base):
    """An invitation by mail. ``roles``: list of {role, scopeKind, scopeId}. The token is single-use and hashed."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index("invitations_token_hash_ix", "token_hash"),
        ForeignKeyConstraint(["tenant_id", "invited_by"], ["memberships.tenant_id", "memberships.user_id"]),
        Index("invitations_email_ix", "tenant_id", "email"),
        census(room="identity", purge_order=30, personal=("email",)),
    )

    email: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[bytes]
    roles: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    invited_by: Mapped[UUID]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    def state(self, now: datetime) -> Literal["open", "expired", "accepted", "revoked"]:
        """What has become of it."""
        if self.accepted_at is not None:
            return "accepted"
        if self.revoked_at is not None:
            return "revoked"
        return "open" if self.expires_at > now else "expired"


class ApiKey(TenantTable, Base):
    """A program's access to one tenant, with a role's permissions or some of them.

    It works only while its maker is an active member.
    """

    __tablename__ = "api_keys"
    __table_args__ = (
        Index("api_keys_token_hash_ix", "token_hash"),
        ForeignKeyConstraint(["tenant_id", "created_by"], ["memberships.tenant_id", "memberships.user_id"]),
        CheckConstraint(ROLE_CHECK, name="role"),
        census(room="identity", export=False, purge_order=30),
    )

    name: Mapped[str] = mapped_column(Text)
    prefix: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[bytes]
    role: Mapped[str] = mapped_column(Text)
    permissions: Mapped[list[str] | None] = mapped_column(JSONB)
    created_by: Mapped[UUID]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
