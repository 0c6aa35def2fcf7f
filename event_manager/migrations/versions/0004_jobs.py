"""Jobs: leases, lanes, schedules; mails."""

import sqlalchemy as sa
from alembic import op

from event_manager.kit.migrate import protect, roles_here

revision = "0004_jobs"
down_revision = "0003_eventlog"
branch_labels = None
depends_on = None

SAME_OR_NONE = (
    "tenant_id = (SELECT coalesce(nullif(current_setting('app.tenant_id', true), ''),"
    " '00000000-0000-0000-0000-000000000000')::uuid)"
)
# A queue's rows live for milliseconds: vacuum by count, at full speed, instead of by share of the table.
QUEUE_STORAGE = """
ALTER TABLE jobs SET (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0,
  autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000
)
"""
# In all of them `p_now` null means the database's clock, which is the same for every worker.
# Statistics of a queue are always out of date, so every function below is told to walk the indexes.
PLAN = (
    "SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off"
    " SET plan_cache_mode = force_generic_plan"
)

# Which (tenant, priority) have something ready: one index probe each, however long the backlog is. A row of nulls says
# that a lane has something ready.
QUEUES = f"""
CREATE FUNCTION jobs_queues() RETURNS TABLE (tenant_id uuid, priority smallint) LANGUAGE sql STABLE {PLAN} AS $fn$
  WITH RECURSIVE walk AS (
    (SELECT j.tenant_id, j.priority FROM jobs j WHERE j.state = 'ready' AND j.lane = ''
      ORDER BY j.tenant_id, j.priority LIMIT 1)
    UNION ALL
    SELECT n.tenant_id, n.priority FROM walk w CROSS JOIN LATERAL (
      SELECT j.tenant_id, j.priority FROM jobs j
       WHERE j.state = 'ready' AND j.lane = '' AND (j.tenant_id, j.priority) > (w.tenant_id, w.priority)
       ORDER BY j.tenant_id, j.priority LIMIT 1) n
  )
  SELECT walk.tenant_id, walk.priority FROM walk
  UNION ALL
  (SELECT NULL::uuid, NULL::smallint FROM jobs j WHERE j.lane <> '' AND j.state <> 'dead' AND j.state = 'ready' LIMIT 1)
$fn$
"""
CLAIMED = """TABLE (
  tenant_id uuid, id uuid, token bigint, task text, args text, lane text, priority smallint, attempts smallint,
  cancel boolean, run_at timestamptz, correlation_id text)"""
LEASE = """
  UPDATE jobs j SET state = 'leased', key = NULL, token = j.token + 1, attempts = j.attempts + 1,
                    lease_until = coalesce(p_now, clock_timestamp()) + p_lease
    FROM chosen c WHERE j.tenant_id = c.tenant_id AND j.id = c.id
  RETURNING j.tenant_id, j.id, j.token, j.task, j.args::text, j.lane, j.priority, j.attempts, j.cancel, j.run_at,
            j.correlation_id
"""
# A claim that is lost in a crash only makes its jobs ready again, so it need not wait for the disk.
HASTY = "PERFORM set_config('synchronous_commit', 'off', true)"

# An equal share for each of the tenants; in a tenant by priority, then by time. Rows before `floor` are skipped, since
# they are dead entries of the index that a long snapshot elsewhere keeps from being vacuumed.
CLAIM = f"""
CREATE FUNCTION jobs_claim(
  p_tenants uuid[], p_priorities smallint[], p_floors timestamptz[], p_share int, p_now timestamptz, p_lease interval
) RETURNS {CLAIMED} LANGUAGE plpgsql {PLAN} AS $fn$
#variable_conflict use_column
BEGIN
  {HASTY};
  RETURN QUERY
  WITH ready AS MATERIALIZED (
    SELECT q.tenant_id, q.priority, r.id, r.run_at
      FROM unnest(p_tenants, p_priorities, p_floors) AS q(tenant_id, priority, floor)
     CROSS JOIN LATERAL (
      SELECT j.id, j.run_at FROM jobs j
       WHERE j.tenant_id = q.tenant_id AND j.priority = q.priority AND j.state = 'ready' AND j.lane = ''
         AND j.run_at >= q.floor
       ORDER BY j.run_at, j.id LIMIT p_share FOR UPDATE SKIP LOCKED) r
  ), ranked AS (
    SELECT tenant_id, id, row_number() OVER (PARTITION BY tenant_id ORDER BY priority DESC, run_at, id) AS turn
      FROM ready
  ), chosen AS (
    SELECT tenant_id, id FROM ranked WHERE turn <= p_share
  ) {LEASE};
END $fn$
"""
# The first live job of each lane, if it is ready and none of the lane is running. A head that waits holds up its lane.
# Should two workers still choose from one lane (a job committed late), the unique index on running lanes refuses one.
CLAIM_LANES = f"""
CREATE FUNCTION jobs_claim_lanes(p_room int, p_now timestamptz, p_lease interval)
RETURNS {CLAIMED} LANGUAGE plpgsql {PLAN} AS $fn$
#variable_conflict use_column
BEGIN
  {HASTY};
  RETURN QUERY
  WITH RECURSIVE heads AS (
    (SELECT j.tenant_id, j.lane, j.id, j.state FROM jobs j WHERE j.lane <> '' AND j.state <> 'dead'
      ORDER BY j.tenant_id, j.lane, j.id LIMIT 1)
    UNION ALL
    SELECT n.* FROM heads h CROSS JOIN LATERAL (
      SELECT j.tenant_id, j.lane, j.id, j.state FROM jobs j
       WHERE j.lane <> '' AND j.state <> 'dead' AND (j.tenant_id, j.lane) > (h.tenant_id, h.lane)
       ORDER BY j.tenant_id, j.lane, j.id LIMIT 1) n
  ), free AS (
    SELECT h.tenant_id, h.id, row_number() OVER (PARTITION BY h.tenant_id ORDER BY random()) AS turn
      FROM heads h
     WHERE h.state = 'ready' AND NOT EXISTS (
       SELECT 1 FROM jobs r WHERE r.tenant_id = h.tenant_id AND r.lane = h.lane AND r.lane <> '' AND r.state = 'leased')
  ), offered AS MATERIALIZED (
    SELECT tenant_id, id FROM free ORDER BY turn, random() LIMIT p_room
  ), chosen AS MATERIALIZED (
    SELECT j.tenant_id, j.id FROM offered o JOIN jobs j ON j.tenant_id = o.tenant_id AND j.id = o.id
     WHERE j.state = 'ready' FOR UPDATE OF j SKIP LOCKED
  ) {LEASE};
END $fn$
"""
# Records what became of leased jobs, each only under the token of its present lease; returns those it accepted.
FINISH = f"""
CREATE FUNCTION jobs_finish(
  p_tenants uuid[], p_ids uuid[], p_tokens bigint[], p_outcomes text[], p_pauses interval[], p_errors text[],
  p_now timestamptz
) RETURNS SETOF uuid LANGUAGE plpgsql {PLAN} AS $fn$
BEGIN
  RETURN QUERY
  DELETE FROM jobs j USING unnest(p_tenants, p_ids, p_tokens, p_outcomes) AS f(tenant_id, id, token, outcome)
   WHERE j.tenant_id = f.tenant_id AND j.id = f.id AND j.token = f.token AND j.state = 'leased'
     AND (f.outcome = 'done' OR j.cancel)
  RETURNING j.id;
  IF p_outcomes <@ ARRAY['done'] THEN
    RETURN;
  END IF;
  RETURN QUERY
  UPDATE jobs j SET
      state = CASE f.outcome WHEN 'retry' THEN 'waiting' WHEN 'dead' THEN 'dead' ELSE 'ready' END,
      run_at = coalesce(coalesce(p_now, clock_timestamp()) + f.pause, j.run_at),
      attempts = j.attempts - CASE f.outcome WHEN 'release' THEN 1 ELSE 0 END,
      error = coalesce(f.error, j.error),
      lease_until = NULL
    FROM unnest(p_tenants, p_ids, p_tokens, p_outcomes, p_pauses, p_errors)
         AS f(tenant_id, id, token, outcome, pause, error)
   WHERE j.tenant_id = f.tenant_id AND j.id = f.id AND j.token = f.token AND j.state = 'leased'
     AND f.outcome IN ('retry', 'dead', 'release')
  RETURNING j.id;
END $fn$
"""
# Prolongs leases; returns those still held, with the wish to cancel.
BEAT = f"""
CREATE FUNCTION jobs_beat(p_tenants uuid[], p_ids uuid[], p_tokens bigint[], p_now timestamptz, p_lease interval)
RETURNS TABLE (id uuid, token bigint, cancel boolean) LANGUAGE plpgsql {PLAN} AS $fn$
#variable_conflict use_column
BEGIN
  {HASTY};
  RETURN QUERY
  UPDATE jobs j SET lease_until = coalesce(p_now, clock_timestamp()) + p_lease
    FROM unnest(p_tenants, p_ids, p_tokens) AS f(tenant_id, id, token)
   WHERE j.tenant_id = f.tenant_id AND j.id = f.id AND j.token = f.token AND j.state = 'leased'
  RETURNING j.id, j.token, j.cancel;
END $fn$
"""
# What the passing of time does: waiting jobs fall due, leases of vanished workers end. Returns how many became ready.
TICK = f"""
CREATE FUNCTION jobs_tick(p_now timestamptz, p_limit int) RETURNS int LANGUAGE plpgsql {PLAN} AS $fn$
DECLARE
  due int;
  expired int;
BEGIN
  WITH found AS MATERIALIZED (
    SELECT j.tenant_id, j.id FROM jobs j WHERE j.state = 'waiting' AND j.run_at <= coalesce(p_now, clock_timestamp())
     ORDER BY j.run_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  UPDATE jobs j SET state = 'ready' FROM found f WHERE j.tenant_id = f.tenant_id AND j.id = f.id;
  GET DIAGNOSTICS due = ROW_COUNT;
  WITH found AS MATERIALIZED (
    SELECT j.tenant_id, j.id FROM jobs j WHERE j.state = 'leased' AND j.lease_until < coalesce(p_now, clock_timestamp())
     ORDER BY j.lease_until LIMIT p_limit FOR UPDATE SKIP LOCKED)
  UPDATE jobs j SET state = 'ready', lease_until = NULL FROM found f WHERE j.tenant_id = f.tenant_id AND j.id = f.id;
  GET DIAGNOSTICS expired = ROW_COUNT;
  RETURN due + expired;
END $fn$
"""
FUNCTIONS = {
    "jobs_queues()": QUEUES,
    "jobs_claim(uuid[], smallint[], timestamptz[], int, timestamptz, interval)": CLAIM,
    "jobs_claim_lanes(int, timestamptz, interval)": CLAIM_LANES,
    "jobs_finish(uuid[], uuid[], bigint[], text[], interval[], text[], timestamptz)": FINISH,
    "jobs_beat(uuid[], uuid[], bigint[], timestamptz, interval)": BEAT,
    "jobs_tick(timestamptz, int)": TICK,
}


def upgrade() -> None:
    _create_jobs()
    _create_schedules()
    _create_mails()
    for table in ("jobs", "job_schedules", "mails"):
        protect(table, using=SAME_OR_NONE)
    op.execute(QUEUE_STORAGE)
    for signature, script in FUNCTIONS.items():
        op.execute(script)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {roles_here().platform}")


def downgrade() -> None:
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    for table in ("mails", "job_schedules", "jobs"):
        op.drop_table(table)


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("args", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column("lane", sa.Text(), server_default="", nullable=False),
        sa.Column("key", sa.Text()),
        sa.Column("priority", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), server_default="ready", nullable=False),
        sa.Column("run_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("token", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.TIMESTAMP(timezone=True)),
        sa.Column("cancel", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("correlation_id", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="jobs_pk"),
        sa.CheckConstraint("state IN ('waiting', 'ready', 'leased', 'dead')", name="jobs_state_check"),
        sa.CheckConstraint("(state = 'leased') = (lease_until IS NOT NULL)", name="jobs_lease_check"),
    )
    running = "lane <> '' AND state = 'leased'"
    for name, columns, where, unique in (
        ("jobs_ready_ix", ["tenant_id", "priority", "run_at", "id"], "state = 'ready' AND lane = ''", False),
        ("jobs_waiting_ix", ["run_at"], "state = 'waiting'", False),
        ("jobs_leased_ix", ["lease_until"], "state = 'leased'", False),
        ("jobs_lane_ix", ["tenant_id", "lane", "id"], "lane <> '' AND state <> 'dead'", False),
        ("jobs_lane_running_ix", ["tenant_id", "lane"], running, True),
        ("jobs_key_ix", ["tenant_id", "task", "key"], "key IS NOT NULL", True),
        ("jobs_dead_ix", ["tenant_id", "id"], "state = 'dead'", False),
    ):
        op.create_index(name, "jobs", columns, unique=unique, postgresql_where=sa.text(where))


def _create_schedules() -> None:
    op.create_table(
        "job_schedules",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("args", sa.dialects.postgresql.JSONB(), nullable=False),
        sa.Column("cron", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("next_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("last_at", sa.TIMESTAMP(timezone=True)),
        sa.PrimaryKeyConstraint("tenant_id", "name", name="job_schedules_pk"),
    )
    op.create_index("job_schedules_next_at_ix", "job_schedules", ["next_at"])


def _create_mails() -> None:
    op.create_table(
        "mails",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("html", sa.Text()),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("sent_at", sa.TIMESTAMP(timezone=True)),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "id", name="mails_pk"),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'dead')", name="mails_state_check"),
        sa.CheckConstraint("state <> 'sent' OR (text IS NULL AND html IS NULL)", name="mails_body_check"),
    )
    op.create_index("mails_created_at_ix", "mails", ["created_at"])
