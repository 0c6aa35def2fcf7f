"""Jobs: leases, lanes, schedules."""

revision = "0004_jobs"
down_revision = "0003_eventlog"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create."""


def downgrade() -> None:
    """Drop."""
