"""Transaction ids of the event log that go on when a dump is restored into another server."""

from alembic import op

from event_manager.kit.migrate import callable_by_app
from event_manager.migrations.functions import read

revision = "0011_log_goes_on"
down_revision = "0010_webhooks"
branch_labels = None
depends_on = None

XID = """
CREATE FUNCTION event_log_xid() RETURNS xid8 LANGUAGE sql STABLE AS $fn$
  SELECT pg_current_xact_id()
$fn$
"""


def upgrade() -> None:
    op.execute(XID)
    callable_by_app("event_log_xid()")
    op.execute("ALTER TABLE event_log ALTER COLUMN xid SET DEFAULT event_log_xid()")
    op.execute(read("event_log_go_on.sql"))
    op.execute("REVOKE ALL ON FUNCTION event_log_behind(), event_log_go_on() FROM PUBLIC")


def downgrade() -> None:
    op.execute("DROP FUNCTION event_log_go_on()")
    op.execute("DROP FUNCTION event_log_behind()")
    op.execute("ALTER TABLE event_log ALTER COLUMN xid SET DEFAULT pg_current_xact_id()")
    op.execute("DROP FUNCTION event_log_xid()")
