"""Rule sets, marks with history, deductions, decisions, results; the function that takes marks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from event_manager.kit.migrate import callable_by_app, protect
from event_manager.migrations.functions import read

revision = "0007_scoring"
down_revision = "0006_contests"
branch_labels = None
depends_on = None

SUBMIT = "scoring_submit_marks(uuid, uuid, uuid, text, uuid, text, text, bytea, text, timestamptz, jsonb)"
STATE = "scoring_result_state(uuid, uuid)"
READ = "scoring_read_result(uuid, uuid, text)"


def _id(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _text(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _time(name: str, *, nullable: bool = True, now: bool = False) -> sa.Column[object]:
    default = sa.text("now()") if now else None
    return sa.Column(name, sa.TIMESTAMP(timezone=True), nullable=nullable, server_default=default)


def _own() -> list[sa.Column[object]]:
    return [_id("tenant_id"), sa.Column("id", sa.Uuid(), nullable=False, server_default=sa.text("uuidv7()"))]


def _version() -> sa.Column[object]:
    return sa.Column("version", sa.Integer(), nullable=False, server_default="1")


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"{table}_pk")


def _fk(table: str, column: str, target: str, *, cascade: bool = False) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{target}.tenant_id", f"{target}.id"],
        name=f"{table}_tenant_id_{column}_fk",
        ondelete="CASCADE" if cascade else None,
    )


def _same(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """A foreign key that also holds both rows to the same category."""
    return sa.ForeignKeyConstraint(
        ["tenant_id", "category_id", column],
        [f"{target}.tenant_id", f"{target}.category_id", f"{target}.id"],
        name=f"{table}_tenant_id_category_id_{column}_fk",
    )


def upgrade() -> None:
    _rules()
    _marks()
    _decisions()
    op.create_table(
        "category_results",
        _id("tenant_id"),
        _id("category_id"),
        _text("inputs"),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("shown", sa.LargeBinary(), nullable=False),
        _text("hash"),
        _time("computed_at", nullable=False),
        _key("category_results", "tenant_id", "category_id"),
        _fk("category_results", "category_id", "categories"),
    )
    protect("category_results")
    op.execute(read("scoring_submit_marks.sql"))
    callable_by_app(SUBMIT)
    op.execute(read("scoring_result_state.sql"))
    callable_by_app(STATE)
    op.execute(read("scoring_read_result.sql"))
    callable_by_app(READ)


def _rules() -> None:
    op.create_table(
        "rule_sets",
        *_own(),
        _text("name"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("title"),
        sa.Column("document", JSONB(), nullable=False),
        _time("created_at", nullable=False, now=True),
        _key("rule_sets", "tenant_id", "id"),
        sa.UniqueConstraint("tenant_id", "name", "version", name="rule_sets_tenant_id_name_version_key"),
    )
    protect("rule_sets", append_only=True)
    op.create_table(
        "category_rules",
        _id("tenant_id"),
        _id("category_id"),
        _text("name"),
        sa.Column("document", JSONB(), nullable=False),
        _time("frozen_at"),
        _version(),
        _key("category_rules", "tenant_id", "category_id"),
        _fk("category_rules", "category_id", "categories", cascade=True),
    )
    protect("category_rules")
    op.create_table(
        "contest_rules",
        _id("tenant_id"),
        _id("contest_id"),
        sa.Column("document", JSONB(), nullable=False),
        _version(),
        _key("contest_rules", "tenant_id", "contest_id"),
        _fk("contest_rules", "contest_id", "contests"),
    )
    protect("contest_rules")


def _marks() -> None:
    op.create_table(
        "marks",
        _id("tenant_id"),
        _id("category_id"),
        _id("category_entry_id"),
        _id("seat_id"),
        _id("criterion_id"),
        _text("part", ""),
        sa.Column("value", sa.Numeric()),
        _text("comment", ""),
        sa.Column("revision", sa.Integer(), nullable=False),
        _time("updated_at", nullable=False),
        _key("marks", "tenant_id", "category_id", "category_entry_id", "seat_id", "criterion_id", "part"),
        _same("marks", "category_entry_id", "category_entries"),
        _same("marks", "seat_id", "panel_seats"),
        _same("marks", "criterion_id", "criteria"),
        sa.CheckConstraint("revision >= 1", name="marks_revision_check"),
    )
    op.create_index("marks_seat_ix", "marks", ["tenant_id", "seat_id"])
    protect("marks")
    op.create_table(
        "mark_revisions",
        *_own(),
        _id("category_id"),
        _id("category_entry_id"),
        _id("seat_id"),
        _id("criterion_id"),
        _text("part"),
        sa.Column("value", sa.Numeric()),
        _text("comment"),
        sa.Column("revision", sa.Integer(), nullable=False),
        _text("key"),
        _id("user_id", nullable=True),
        _time("marked_at"),
        _time("created_at", nullable=False, now=True),
        _key("mark_revisions", "tenant_id", "id"),
        sa.UniqueConstraint("tenant_id", "seat_id", "key", name="mark_revisions_tenant_id_seat_id_key_key"),
        _fk("mark_revisions", "category_id", "categories"),
    )
    op.create_index("mark_revisions_category_ix", "mark_revisions", ["tenant_id", "category_id", "category_entry_id"])
    protect("mark_revisions", append_only=True)


def _decisions() -> None:
    op.create_table(
        "deductions",
        *_own(),
        _id("category_id"),
        _id("category_entry_id"),
        _text("part", ""),
        sa.Column("points", sa.Numeric(), nullable=False),
        _text("reason"),
        _id("requested_by", nullable=True),
        _id("approved_by", nullable=True),
        _time("approved_at"),
        _id("withdrawn_by", nullable=True),
        _time("withdrawn_at"),
        _version(),
        _time("created_at", nullable=False, now=True),
        _key("deductions", "tenant_id", "id"),
        _same("deductions", "category_entry_id", "category_entries"),
        sa.CheckConstraint("points > 0", name="deductions_points_check"),
        sa.CheckConstraint(
            "approved_at IS NULL OR approved_by IS DISTINCT FROM requested_by", name="deductions_second_person_check"
        ),
    )
    op.create_index("deductions_category_ix", "deductions", ["tenant_id", "category_id"])
    protect("deductions")
    op.create_table(
        "chair_decisions",
        *_own(),
        _id("category_id"),
        sa.Column("entry_ids", JSONB(), nullable=False),
        _text("reason"),
        _id("decided_by", nullable=True),
        _text("decided_by_name"),
        _time("created_at", nullable=False, now=True),
        _key("chair_decisions", "tenant_id", "id"),
        _fk("chair_decisions", "category_id", "categories"),
    )
    op.create_index("chair_decisions_category_ix", "chair_decisions", ["tenant_id", "category_id"])
    protect("chair_decisions", append_only=True)


def downgrade() -> None:
    for function in (SUBMIT, READ, STATE):
        op.execute(f"DROP FUNCTION {function}")
    for table in (
        "category_results", "chair_decisions", "deductions", "mark_revisions", "marks",
        "contest_rules", "category_rules", "rule_sets",
    ):  # fmt: skip
        op.drop_table(table)
