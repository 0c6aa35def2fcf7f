"""Keys of people: what the event log says of them is stored under these, and erased with them."""

import sqlalchemy as sa
from alembic import op

from event_manager.kit.migrate import protect, roles_here

revision = "0014_person_keys"
down_revision = "0013_handlers"
branch_labels = None
depends_on = None

# The installation's own log has the nil tenant, as in event_log.
OR_PLATFORM = (
    "tenant_id = (SELECT coalesce(nullif(current_setting('app.tenant_id', true), ''),"
    " '00000000-0000-0000-0000-000000000000')::uuid)"
)


def upgrade() -> None:
    op.create_table(
        "event_person_keys",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("erased_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(sealed IS NULL) = (erased_at IS NOT NULL)", name="event_person_keys_erased_check"),
        sa.PrimaryKeyConstraint("tenant_id", "person_id", name="event_person_keys_pk"),
    )
    protect("event_person_keys", using=OR_PLATFORM)
    roles = roles_here()
    op.execute(f"REVOKE UPDATE, DELETE ON event_person_keys FROM {roles.app}")
    op.execute(f"REVOKE DELETE ON event_person_keys FROM {roles.platform}")


def downgrade() -> None:
    op.drop_table("event_person_keys")
