"""Events, contests, categories, entries, panels."""

revision = "0006_contests"
down_revision = "0005_identity"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create."""


def downgrade() -> None:
    """Drop."""
