"""Handlers of the event log: lease and epoch, inbox, failures; the activity of each log by day."""

import sqlalchemy as sa
from alembic import op

from event_manager.eventlog.models import Xid8
from event_manager.kit.migrate import protect, roles_here, share

revision = "0013_handlers"
down_revision = "0012_log_retirement"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
# The installation's own log has the nil tenant, as in event_log.
OR_PLATFORM = (
    "tenant_id = (SELECT coalesce(nullif(current_setting('app.tenant_id', true), ''),"
    " '00000000-0000-0000-0000-000000000000')::uuid)"
)


def upgrade() -> None:
    _handlers()
    _inbox()
    _failures()
    for name in ("event_activity", "event_activity_shadow"):
        op.create_table(
            name,
            sa.Column("tenant_id", sa.Uuid(), nullable=False),
            sa.Column("day", sa.Date(), nullable=False),
            sa.Column("type", sa.Text(), nullable=False),
            sa.Column("entries", sa.BigInteger(), nullable=False),
            sa.PrimaryKeyConstraint("tenant_id", "day", "type", name=f"{name}_pk"),
        )
        protect(name, using=OR_PLATFORM)


def _handlers() -> None:
    """The application reads the epoch, so that a process left behind by a rebuild writes nothing more."""
    op.create_table(
        "event_handlers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("last_epoch", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("lease_by", sa.Uuid()),
        sa.Column("lease_until", sa.TIMESTAMP(timezone=True)),
        sa.Column("rebuild_by", sa.Uuid()),
        sa.Column("rebuild_until", sa.TIMESTAMP(timezone=True)),
        sa.Column("held", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("mode IN ('projection', 'effect')", name="event_handlers_mode_check"),
        sa.PrimaryKeyConstraint("name", name="event_handlers_pk"),
    )
    share("event_handlers", app="SELECT")
    op.execute("ALTER TABLE event_handlers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE event_handlers FORCE ROW LEVEL SECURITY")
    roles = roles_here()
    op.execute(f"CREATE POLICY everybody ON event_handlers FOR SELECT TO {roles.app} USING (true)")
    op.execute(f"CREATE POLICY platform_all ON event_handlers TO {roles.platform} USING (true) WITH CHECK (true)")


def _inbox() -> None:
    op.create_table(
        "event_inbox",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("xid", Xid8(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "handler", "epoch", "event_id", name="event_inbox_pk"),
    )
    op.create_index("event_inbox_created_at_ix", "event_inbox", ["created_at"], postgresql_using="brin")
    protect("event_inbox", using=OR_PLATFORM)


def _failures() -> None:
    op.create_table(
        "event_handler_failures",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("handler", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("xid", Xid8(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("error", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("state IN ('retrying', 'waiting', 'dead')", name="event_handler_failures_state_check"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="event_handler_failures_pk"),
        sa.UniqueConstraint(
            "tenant_id",
            "handler",
            "epoch",
            "event_id",
            name="event_handler_failures_tenant_id_handler_epoch_event_id_key",
        ),
    )
    op.create_index("event_handler_failures_due_ix", "event_handler_failures", ["handler", "state", "next_at"])
    op.create_index("event_handler_failures_entity_ix", "event_handler_failures", ["handler", "tenant_id", "entity_id"])
    protect("event_handler_failures", using=OR_PLATFORM)


def downgrade() -> None:
    for table in ("event_activity_shadow", "event_activity", "event_handler_failures", "event_inbox", "event_handlers"):
        op.drop_table(table)
