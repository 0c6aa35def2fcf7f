"""Rule sets, marks, results."""

revision = "0007_scoring"
down_revision = "0006_contests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create."""


def downgrade() -> None:
    """Drop."""
