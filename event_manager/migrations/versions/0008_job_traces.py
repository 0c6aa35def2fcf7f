"""Jobs keep the trace they come from."""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

from event_manager.kit.migrate import roles_here

revision = "0008_job_traces"
down_revision = "0007_scoring"
branch_labels = None
depends_on = None

CLAIMS = {
    "CLAIM": "jobs_claim(uuid[], smallint[], timestamptz[], int, timestamptz, interval)",
    "CLAIM_LANES": "jobs_claim_lanes(int, timestamptz, interval)",
}


def upgrade() -> None:
    op.add_column("jobs", sa.Column("traceparent", sa.Text(), server_default="", nullable=False))
    _remake_claims(column="traceparent")


def downgrade() -> None:
    _remake_claims()
    op.drop_column("jobs", "traceparent")


def _remake_claims(column: str = "") -> None:
    """The functions of migration 0004, returning one more column of the job where one is named."""
    before = import_module("event_manager.migrations.versions.0004_jobs")
    for name, signature in CLAIMS.items():
        script: str = getattr(before, name)
        if column:
            script = script.replace("correlation_id text)", f"correlation_id text, {column} text)")
            script = script.replace("            j.correlation_id\n", f"            j.correlation_id, j.{column}\n")
        op.execute(f"DROP FUNCTION {signature}")
        op.execute(script)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {roles_here().platform}")
