"""The event log: monthly partitions, append-only, one function that appends."""

import sqlalchemy as sa
from alembic import op

from event_manager.eventlog.models import Xid8
from event_manager.kit.migrate import callable_by_app, definer, protect, roles_here
from event_manager.migrations.functions import read

revision = "0003_eventlog"
down_revision = "0002_tenancy"
branch_labels = None
depends_on = None

APPEND = """
CREATE FUNCTION event_log_append(
  p_tenant uuid, p_type text, p_version smallint, p_entity_type text, p_entity_id uuid,
  p_actor_kind text, p_actor_id uuid, p_actor_name text, p_address text,
  p_correlation_id text, p_causation_id uuid, p_at timestamptz, p_body bytea, p_pii bytea DEFAULT NULL
) RETURNS uuid LANGUAGE sql VOLATILE AS $fn$
  INSERT INTO event_log (tenant_id, type, version, entity_type, entity_id, actor_kind, actor_id, actor_name, address,
                         correlation_id, causation_id, at, body, pii)
  VALUES (p_tenant, p_type, p_version, p_entity_type, p_entity_id, p_actor_kind, p_actor_id, p_actor_name, p_address,
          p_correlation_id, p_causation_id, p_at, p_body, p_pii)
  RETURNING id
$fn$
"""
REFUSE = """
CREATE FUNCTION event_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  RAISE EXCEPTION 'the event log is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $fn$
"""
FLOOR = """
CREATE FUNCTION uuidv7_floor(at timestamptz) RETURNS uuid LANGUAGE sql STABLE AS $fn$
  SELECT (rpad(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0'), 32, '0'))::uuid
$fn$
"""
# Runs as the owner, since only an owner may add partitions. Rows that fell into the default partition stay there.
ENSURE = """
CREATE FUNCTION event_log_ensure_partitions(months_ahead int) RETURNS int LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $fn$
DECLARE
  made int := 0;
  start timestamptz;
  part text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('event_log partitions'));
  FOR i IN 0..least(greatest(months_ahead, 0), 24) LOOP
    start := date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + make_interval(months => i);
    part := 'event_log_p' || to_char(start AT TIME ZONE 'UTC', 'YYYYMM');
    IF to_regclass(part) IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF event_log FOR VALUES FROM (%L) TO (%L)',
                     part, uuidv7_floor(start), uuidv7_floor(start + interval '1 month'));
      made := made + 1;
    END IF;
  END LOOP;
  RETURN made;
END $fn$
"""
TAKES = "(uuid, text, smallint, text, uuid, text, uuid, text, text, text, uuid, timestamptz, bytea, bytea)"
WORDS = "event_log_words(uuid, bytea)"
SEARCH = "event_log_search(text[], uuid, uuid, text, timestamptz, timestamptz, text, text[], uuid, int)"
OR_PLATFORM = (
    "tenant_id = (SELECT coalesce(nullif(current_setting('app.tenant_id', true), ''),"
    " '00000000-0000-0000-0000-000000000000')::uuid)"
)


def upgrade() -> None:
    op.create_table(
        "event_log",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("entity_type", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("causation_id", sa.Uuid()),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("pii", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="event_log_pk"),
        postgresql_partition_by="RANGE (id)",
    )
    op.create_index("event_log_tenant_id_ix", "event_log", ["tenant_id", "id"])
    op.create_index("event_log_tenant_type_ix", "event_log", ["tenant_id", "type", "id"])
    op.create_index("event_log_tenant_entity_ix", "event_log", ["tenant_id", "entity_id", "id"])
    op.create_index("event_log_tenant_actor_ix", "event_log", ["tenant_id", "actor_id", "id"])
    op.create_index("event_log_correlation_ix", "event_log", ["tenant_id", "correlation_id", "id"])
    op.create_index("event_log_horizon_ix", "event_log", ["xid", "id"])
    op.execute("CREATE TABLE event_log_p2default PARTITION OF event_log DEFAULT")
    protect("event_log", append_only=True, using=OR_PLATFORM)
    for script in (APPEND, REFUSE, FLOOR, ENSURE, read("event_log_words.sql"), read("event_log_search.sql")):
        op.execute(script)
    callable_by_app(WORDS)
    definer(SEARCH)
    op.create_index(
        "event_log_words_ix", "event_log", [sa.text("event_log_words(tenant_id, body)")],
        postgresql_using="gin", postgresql_where=sa.text("type NOT LIKE 'score.%'"),
    )  # fmt: skip
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON event_log"
        " FOR EACH ROW EXECUTE FUNCTION event_log_refuse()"
    )
    op.execute(
        "CREATE TRIGGER never_truncate BEFORE TRUNCATE ON event_log"
        " FOR EACH STATEMENT EXECUTE FUNCTION event_log_refuse()"
    )
    op.execute("SELECT event_log_ensure_partitions(3)")
    callable_by_app(f"event_log_append{TAKES}")
    op.execute("REVOKE ALL ON FUNCTION event_log_ensure_partitions(int) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION event_log_ensure_partitions(int) TO {roles_here().platform}")


def downgrade() -> None:
    op.drop_table("event_log")
    op.execute(f"DROP FUNCTION {SEARCH}")
    op.execute(f"DROP FUNCTION {WORDS}")
    op.execute("DROP FUNCTION event_log_ensure_partitions(int)")
    op.execute("DROP FUNCTION uuidv7_floor(timestamptz)")
    op.execute("DROP FUNCTION event_log_refuse()")
    op.execute(f"DROP FUNCTION event_log_append{TAKES}")
