"""Readers of the event log, and webhooks: endpoints, secrets, queue, deliveries by week, replays."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, REAL

from event_manager.eventlog.models import Xid8
from event_manager.kit.migrate import callable_by_app, protect, roles_here

revision = "0010_webhooks"
down_revision = "0009_event_seals"
branch_labels = None
depends_on = None

UUIDV7, NOW, EMPTY = sa.text("uuidv7()"), sa.text("now()"), sa.text("''")
# Rows of the queue live for milliseconds: vacuum by count, at full speed, instead of by share of the table.
QUEUE_STORAGE = """
ALTER TABLE webhook_queue SET (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
  autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 50000
)
"""
NO, YES = sa.text("false"), sa.text("true")

HORIZON = """
CREATE FUNCTION event_log_horizon() RETURNS xid8 LANGUAGE sql STABLE AS $fn$
  SELECT pg_snapshot_xmin(pg_current_snapshot())
$fn$
"""
# Runs as the owner, since only an owner may add and drop partitions.
WEEKS = """
CREATE FUNCTION webhook_ensure_partitions(weeks_ahead int, keep_days int) RETURNS int LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
DECLARE
  changed int := 0;
  start timestamptz;
  parent text;
  part text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('webhook partitions'));
  FOREACH parent IN ARRAY ARRAY['webhook_deliveries', 'webhook_attempts'] LOOP
    FOR i IN 0..least(greatest(weeks_ahead, 0), 26) LOOP
      start := date_trunc('week', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + make_interval(weeks => i);
      part := parent || '_p' || to_char(start AT TIME ZONE 'UTC', 'YYYYMMDD');
      IF to_regclass(part) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                       part, parent, uuidv7_floor(start), uuidv7_floor(start + interval '1 week'));
        changed := changed + 1;
      END IF;
    END LOOP;
    FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                 WHERE i.inhparent = parent::regclass AND c.relname ~ '_p2[0-9]{7}$'
                   AND to_timestamp(right(c.relname, 8), 'YYYYMMDD')
                       < now() - make_interval(days => greatest(keep_days, 7) + 7) LOOP
      EXECUTE format('DROP TABLE %I', part);
      changed := changed + 1;
    END LOOP;
  END LOOP;
  RETURN changed;
END $fn$
"""
OR_PLATFORM = (
    "tenant_id = (SELECT coalesce(nullif(current_setting('app.tenant_id', true), ''),"
    " '00000000-0000-0000-0000-000000000000')::uuid)"
)


def upgrade() -> None:
    op.execute(HORIZON)
    callable_by_app("event_log_horizon()")
    _cursors()
    _endpoints()
    _queue()
    _deliveries()
    _replays()
    op.execute(WEEKS)
    op.execute("SELECT webhook_ensure_partitions(4, 36500)")
    op.execute("REVOKE ALL ON FUNCTION webhook_ensure_partitions(int, int) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION webhook_ensure_partitions(int, int) TO {roles_here().platform}")


def _cursors() -> None:
    op.create_table(
        "event_cursors",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("xid", Xid8(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "name", name="event_cursors_pk"),
    )
    protect("event_cursors", using=OR_PLATFORM)


def _endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("kind", sa.Text(), server_default=sa.text("'http'"), nullable=False),
        sa.Column("url", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("types", ARRAY(sa.Text()), nullable=False),
        sa.Column("filter", JSONB()),
        sa.Column("transform", sa.Text()),
        sa.Column("template", sa.Text()),
        sa.Column("format", sa.Text(), server_default=sa.text("'standard'"), nullable=False),
        sa.Column("credentials", sa.LargeBinary()),
        sa.Column("delays", ARRAY(sa.Integer())),
        sa.Column("timeout_ms", sa.Integer(), server_default=sa.text("15000"), nullable=False),
        sa.Column("rate_per_minute", sa.Integer()),
        sa.Column("max_in_flight", sa.SmallInteger()),
        sa.Column("ordering", sa.Text(), server_default=sa.text("'none'"), nullable=False),
        sa.Column("blocks_on_dead", sa.Boolean(), server_default=NO, nullable=False),
        sa.Column("enabled", sa.Boolean(), server_default=YES, nullable=False),
        sa.Column("disabled_reason", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("health", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("start_xid", Xid8(), nullable=False),
        sa.Column("start_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("kind IN ('http', 'feed', 'nats')", name="webhook_endpoints_kind_check"),
        sa.CheckConstraint(
            "format IN ('standard', 'cloudevents-structured', 'cloudevents-binary', 'thin')",
            name="webhook_endpoints_format_check",
        ),
        sa.CheckConstraint("ordering IN ('none', 'key', 'strict')", name="webhook_endpoints_ordering_check"),
        sa.CheckConstraint("transform IS NULL OR template IS NULL", name="webhook_endpoints_shape_check"),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="webhook_endpoints_pk"),
    )
    op.create_index(
        "webhook_endpoints_name_key", "webhook_endpoints", ["tenant_id", sa.text("lower(name)")], unique=True
    )
    protect("webhook_endpoints")
    op.create_table(
        "webhook_secrets",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text()),
        sa.Column("expires_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("scheme IN ('v1', 'v1a')", name="webhook_secrets_scheme_check"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"], ["webhook_endpoints.tenant_id", "webhook_endpoints.id"],
            name="webhook_secrets_tenant_id_endpoint_id_fk", ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="webhook_secrets_pk"),
    )  # fmt: skip
    op.create_index("webhook_secrets_endpoint_ix", "webhook_secrets", ["tenant_id", "endpoint_id"])
    protect("webhook_secrets")


def _queue() -> None:
    op.create_table(
        "webhook_queue",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("ord_key", sa.Uuid(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("replay_id", sa.Uuid()),
        sa.Column("suffix", sa.Text(), server_default=EMPTY, nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="webhook_queue_pk"),
    )
    op.create_index("webhook_queue_due_ix", "webhook_queue", ["endpoint_id", "lane", "next_at", "id"])
    op.execute(QUEUE_STORAGE)
    op.create_index(
        "webhook_queue_replay_ix", "webhook_queue", ["replay_id"], postgresql_where=sa.text("replay_id IS NOT NULL")
    )
    protect("webhook_queue")


def _attempt_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("status", sa.SmallInteger()),
        sa.Column("error", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("ms", REAL()),
        sa.Column("timings", ARRAY(REAL())),
        sa.Column("ip", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("request_headers", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("response_head", sa.LargeBinary()),
        sa.Column("response_body", sa.LargeBinary()),
        sa.Column("truncated", sa.Boolean(), server_default=NO, nullable=False),
    ]


def _deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("replay_id", sa.Uuid()),
        sa.Column("suffix", sa.Text(), server_default=EMPTY, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True), nullable=False),
        *_attempt_columns(),
        sa.CheckConstraint(
            "outcome IN ('succeeded', 'dead', 'cancelled', 'skipped')", name="webhook_deliveries_outcome_check"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="webhook_deliveries_pk"),
        postgresql_partition_by="RANGE (id)",
    )
    op.create_index("webhook_deliveries_endpoint_ix", "webhook_deliveries", ["tenant_id", "endpoint_id", "id"])
    op.create_index("webhook_deliveries_event_ix", "webhook_deliveries", ["tenant_id", "event_id"])
    op.create_index(
        "webhook_deliveries_dead_ix", "webhook_deliveries", ["tenant_id", "endpoint_id", "id"],
        postgresql_where=sa.text("outcome = 'dead'"),
    )  # fmt: skip
    op.create_index(
        "webhook_deliveries_replay_ix", "webhook_deliveries", ["tenant_id", "replay_id"],
        postgresql_where=sa.text("replay_id IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "webhook_attempts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("n", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        *_attempt_columns(),
        sa.PrimaryKeyConstraint("tenant_id", "delivery_id", "n", name="webhook_attempts_pk"),
        postgresql_partition_by="RANGE (delivery_id)",
    )
    for table in ("webhook_deliveries", "webhook_attempts"):
        op.execute(f"CREATE TABLE {table}_p2default PARTITION OF {table} DEFAULT")
        protect(table, append_only=True)


def _replays() -> None:
    op.create_table(
        "webhook_replays",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=UUIDV7, nullable=False),
        sa.Column("selector", JSONB(), nullable=False),
        sa.Column("as_new", sa.Boolean(), server_default=NO, nullable=False),
        sa.Column("rate_per_minute", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'running'"), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("queued", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("xid", Xid8()),
        sa.Column("entry_id", sa.Uuid()),
        sa.Column("until_xid", Xid8()),
        sa.Column("until_id", sa.Uuid()),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.Column("ended_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "state IN ('running', 'paused', 'cancelled', 'completed')", name="webhook_replays_state_check"
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="webhook_replays_pk"),
    )
    protect("webhook_replays")


def downgrade() -> None:
    op.execute("DROP FUNCTION webhook_ensure_partitions(int, int)")
    for table in (
        "webhook_replays", "webhook_attempts", "webhook_deliveries", "webhook_queue", "webhook_secrets",
        "webhook_endpoints", "event_cursors",
    ):  # fmt: skip
        op.drop_table(table)
    op.execute("DROP FUNCTION event_log_horizon()")
