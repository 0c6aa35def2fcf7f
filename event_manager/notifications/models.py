"""What people were told, and how they want to be told. Row security keeps each person's rows to that person."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, Time, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from event_manager.kit.census import census
from event_manager.kit.db import Base, TenantTable


class Notification(TenantTable, Base):
    """One person is told of one entry of the log, once for each kind.

    ``in_app``: shown in the app. ``mail``: how it is (or was) to be mailed; ``mailed_at`` once that is settled.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["memberships.tenant_id", "memberships.user_id"]),
        UniqueConstraint("tenant_id", "user_id", "kind", "event_id"),
        CheckConstraint("mail IN ('off', 'at_once', 'digest')", name="mail"),
        Index("notifications_shown_ix", "tenant_id", "user_id", "id", postgresql_where=text("in_app")),
        Index(
            "notifications_unread_ix", "tenant_id", "user_id", "id",
            postgresql_where=text("in_app AND read_at IS NULL"),
        ),
        Index(
            "notifications_unmailed_ix", "tenant_id", "user_id",
            postgresql_where=text("mail = 'digest' AND mailed_at IS NULL"),
        ),
        Index("notifications_created_at_ix", "created_at", postgresql_using="brin"),
        census(room="notifications", export=False, purge_order=90, personal=("title", "body")),
    )  # fmt: skip

    user_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    event_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text)
    urgent: Mapped[bool]
    in_app: Mapped[bool]
    mail: Mapped[str] = mapped_column(Text)
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]


class Preferences(Base):
    """How a person wants to be told in one organisation; without a row, as the kinds themselves say.

    ``kinds``: {kind: {"inApp": bool, "mail": "off" | "at_once" | "digest"}}, chosen ones only. From ``quiet_from`` to
    ``quiet_to`` (in ``time_zone``, else the organisation's) no mail is sent; with ``urgent_anytime`` urgent ones are.
    """

    __tablename__ = "notification_preferences"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "user_id"], ["memberships.tenant_id", "memberships.user_id"]),
        CheckConstraint("(quiet_from IS NULL) = (quiet_to IS NULL) AND quiet_from <> quiet_to", name="quiet"),
        census(room="notifications", export=False, purge_order=90),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    kinds: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    quiet_from: Mapped[time | None] = mapped_column(Time)
    quiet_to: Mapped[time | None] = mapped_column(Time)
    time_zone: Mapped[str | None] = mapped_column(Text)
    urgent_anytime: Mapped[bool] = mapped_column(server_default=text("false"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
