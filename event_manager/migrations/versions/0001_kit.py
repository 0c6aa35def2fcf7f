"""What every table needs: uuidv7() on PostgreSQL 17, the current tenant, idempotency keys."""

import sqlalchemy as sa
from alembic import op

from event_manager.kit.migrate import protect

revision = "0001_kit"
down_revision = None
branch_labels = None
depends_on = None

# PostgreSQL 18 has uuidv7() in pg_catalog, which is found first; 17 gets this one.
UUIDV7 = """
DO $do$
BEGIN
  IF current_setting('server_version_num')::int < 180000 THEN
    CREATE FUNCTION public.uuidv7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $fn$
      SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
               PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
               FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
    $fn$;
  END IF;
END $do$
"""
SAME_OR_NONE = (
    "tenant_id = (SELECT coalesce(nullif(current_setting('app.tenant_id', true), ''),"
    " '00000000-0000-0000-0000-000000000000')::uuid)"
)


def upgrade() -> None:
    op.execute(UUIDV7)
    op.create_table(
        "idempotency_keys",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", sa.Text()),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "actor_id", "key", name="idempotency_keys_pk"),
    )
    protect("idempotency_keys", using=SAME_OR_NONE)


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    op.execute("DROP FUNCTION IF EXISTS public.uuidv7()")
