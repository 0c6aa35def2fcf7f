"""Users, memberships, sessions, keys."""

revision = "0005_identity"
down_revision = "0004_jobs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create."""


def downgrade() -> None:
    """Drop."""
