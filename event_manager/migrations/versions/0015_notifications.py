"""Notifications and how people want to be told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from event_manager.kit.migrate import TENANT, protect

revision = "0015_notifications"
down_revision = "0014_person_keys"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
# People see what is theirs; the product itself, which tells them, has no user.
OWN = (
    f"tenant_id = (SELECT {TENANT}) AND ((SELECT nullif(current_setting('app.user_id', true), '')) IS NULL"
    " OR user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))"
)


def upgrade() -> None:
    op.create_table(
        "notifications",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("in_app", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=False),
        sa.Column("read_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("mailed_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("mail IN ('off', 'at_once', 'digest')", name="notifications_mail_check"),
        _of_member("notifications"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="notifications_pk"),
        sa.UniqueConstraint(
            "tenant_id", "user_id", "kind", "event_id", name="notifications_tenant_id_user_id_kind_event_id_key"
        ),
    )
    for name, columns, condition in (
        ("notifications_shown_ix", ["tenant_id", "user_id", "id"], "in_app"),
        ("notifications_unread_ix", ["tenant_id", "user_id", "id"], "in_app AND read_at IS NULL"),
        ("notifications_unmailed_ix", ["tenant_id", "user_id"], "mail = 'digest' AND mailed_at IS NULL"),
    ):
        op.create_index(name, "notifications", columns, postgresql_where=sa.text(condition))
    op.create_index("notifications_created_at_ix", "notifications", ["created_at"], postgresql_using="brin")
    op.create_table(
        "notification_preferences",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kinds", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("quiet_from", sa.Time()),
        sa.Column("quiet_to", sa.Time()),
        sa.Column("time_zone", sa.Text()),
        sa.Column("urgent_anytime", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_to IS NULL) AND quiet_from <> quiet_to",
            name="notification_preferences_quiet_check",
        ),
        _of_member("notification_preferences"),
        sa.PrimaryKeyConstraint("tenant_id", "user_id", name="notification_preferences_pk"),
    )
    protect("notifications", using=OWN)
    protect("notification_preferences", using=OWN)


def _of_member(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "user_id"], ["memberships.tenant_id", "memberships.user_id"],
        name=f"{table}_tenant_id_user_id_fk",
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("notification_preferences")
    op.drop_table("notifications")
