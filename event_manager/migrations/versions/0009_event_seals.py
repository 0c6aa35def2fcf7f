"""Seal the event log: Merkle tiles, signed seals, and the leaf hash of an entry."""

import sqlalchemy as sa
from alembic import op

from event_manager.eventlog.leaves import sql_function
from event_manager.eventlog.models import Xid8
from event_manager.kit.migrate import callable_by_app, protect, roles_here

revision = "0009_event_seals"
down_revision = "0008_job_traces"
branch_labels = None
depends_on = None

# The installation's own log has the nil tenant, as in event_log.
OR_PLATFORM = (
    "tenant_id = (SELECT coalesce(nullif(current_setting('app.tenant_id', true), ''),"
    " '00000000-0000-0000-0000-000000000000')::uuid)"
)


def upgrade() -> None:
    op.create_table(
        "event_tiles",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("entries", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("tenant_id", "level", "number", name="event_tiles_pk"),
    )
    op.create_table(
        "event_seals",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("first_xid", Xid8(), nullable=False),
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("last_xid", Xid8(), nullable=False),
        sa.Column("last_id", sa.Uuid(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "size", name="event_seals_pk"),
    )
    op.create_index("event_seals_cursor_ix", "event_seals", ["last_xid", "last_id"])
    _guard()
    op.execute(sql_function())
    callable_by_app("event_log_leaf(event_log)")


def _guard() -> None:
    """Only the platform's sealer writes; tiles never shrink, seals never change."""
    roles = roles_here()
    for table, kept, events in (
        ("event_tiles", "DELETE", "DELETE"),
        ("event_seals", "UPDATE, DELETE", "UPDATE OR DELETE"),
    ):
        protect(table, using=OR_PLATFORM)
        op.execute(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {roles.app}")
        op.execute(f"REVOKE {kept} ON {table} FROM {roles.platform}")
        op.execute(
            f"CREATE TRIGGER append_only BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION event_log_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER never_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION event_log_refuse()"
        )


def downgrade() -> None:
    op.execute("DROP FUNCTION event_log_leaf(event_log)")
    op.drop_table("event_seals")
    op.drop_table("event_tiles")
