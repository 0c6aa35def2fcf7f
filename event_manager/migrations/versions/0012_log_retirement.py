"""Retire whole months of the event log: what was dropped is kept, signed, so that verification goes on."""

import sqlalchemy as sa
from alembic import op

from event_manager.kit.migrate import protect, roles_here
from event_manager.migrations.functions import read

revision = "0012_log_retirement"
down_revision = "0011_log_goes_on"
branch_labels = None
depends_on = None

# The installation's own log has the nil tenant, as in event_log.
OR_PLATFORM = (
    "tenant_id = (SELECT coalesce(nullif(current_setting('app.tenant_id', true), ''),"
    " '00000000-0000-0000-0000-000000000000')::uuid)"
)
FUNCTIONS = ("event_log_month(text)", "event_log_needed(text)", "event_log_retire(text)")


def upgrade() -> None:
    roles = roles_here()
    op.create_table(
        "event_retirements",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "from_id", name="event_retirements_pk"),
    )
    protect("event_retirements", append_only=True, using=OR_PLATFORM)
    op.execute(f"REVOKE INSERT ON event_retirements FROM {roles.app}")
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON event_retirements"
        " FOR EACH ROW EXECUTE FUNCTION event_log_refuse()"
    )
    op.execute(
        "CREATE TRIGGER never_truncate BEFORE TRUNCATE ON event_retirements"
        " FOR EACH STATEMENT EXECUTE FUNCTION event_log_refuse()"
    )
    op.execute(read("event_log_retire.sql"))
    for function in FUNCTIONS:
        op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    for function in FUNCTIONS[1:]:
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {roles.platform}")


def downgrade() -> None:
    for function in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {function}")
    op.drop_table("event_retirements")
