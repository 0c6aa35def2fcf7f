"""Tenants."""

import sqlalchemy as sa
from alembic import op

from event_manager.kit.migrate import TENANT, protect, roles_here

revision = "0002_tenancy"
down_revision = "0001_kit"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("timezone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("locale", sa.Text(), server_default="en", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name="tenants_pk"),
        sa.UniqueConstraint("slug", name="tenants_slug_key"),
        sa.CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'", name="tenants_slug_check"),
        sa.CheckConstraint("status IN ('active', 'suspended')", name="tenants_status_check"),
    )
    protect("tenants", using=f"id = (SELECT {TENANT})")
    op.execute(f"REVOKE INSERT, DELETE ON tenants FROM {roles_here().app}")


def downgrade() -> None:
    op.drop_table("tenants")
