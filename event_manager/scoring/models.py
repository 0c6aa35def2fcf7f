"""Tables of scoring: rule sets chosen, marks with their history, deductions, chair's decisions, computed results."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from event_manager.kit.census import census
from event_manager.kit.db import Base, TenantTable


def _of_category(*, cascade: bool = False) -> ForeignKeyConstraint:
    columns, target = ["tenant_id", "category_id"], ["categories.tenant_id", "categories.id"]
    return ForeignKeyConstraint(columns, target, ondelete="CASCADE" if cascade else None)


def _in_category(column: str, table: str) -> ForeignKeyConstraint:
    """A foreign key that also holds both rows to the same category."""
    return ForeignKeyConstraint(
        ["tenant_id", "category_id", column], [f"{table}.tenant_id", f"{table}.category_id", f"{table}.id"]
    )


class RuleSetVersion(TenantTable, Base):
    """One version of an organisation's own rule set; never changed, only followed by a newer version."""

    __tablename__ = "rule_sets"
    __table_args__ = (
        UniqueConstraint("tenant_id", "name", "version"),
        census(room="scoring", append_only=True, purge_order=10),
    )

    name: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)


class CategoryRules(Base):
    """The rule set of a category: a full copy, so that a later library or version never changes a contest."""

    __tablename__ = "category_rules"
    __table_args__ = (_of_category(cascade=True), census(room="scoring", purge_order=20))

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    category_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    frozen_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own attribute


class ContestRules(Base):
    """How a contest's categories make one result."""

    __tablename__ = "contest_rules"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "contest_id"], ["contests.tenant_id", "contests.id"]),
        census(room="scoring", purge_order=20),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    contest_id: Mapped[UUID] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(server_default=text("1"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own attribute


class Mark(Base):
    """What one judge gives one entry on one criterion (of one part), as it stands now. Written by SQL only."""

    __tablename__ = "marks"
    __table_args__ = (
        _in_category("category_entry_id", "category_entries"),
        _in_category("seat_id", "panel_seats"),
        _in_category("criterion_id", "criteria"),
        CheckConstraint("revision >= 1", name="revision"),
        Index("marks_seat_ix", "tenant_id", "seat_id"),
        census(room="scoring", purge_order=40, counter="marks", personal=("comment",)),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    category_id: Mapped[UUID] = mapped_column(primary_key=True)
    category_entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    seat_id: Mapped[UUID] = mapped_column(primary_key=True)
    criterion_id: Mapped[UUID] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(Text, primary_key=True, server_default=text("''"))
    value: Mapped[Decimal | None]
    comment: Mapped[str] = mapped_column(Text, server_default=text("''"))
    revision: Mapped[int]
    updated_at: Mapped[datetime]


class MarkRevision(TenantTable, Base):
    """Every value a mark ever had. ``key`` is the sender's idempotent key; a repeat of it changes nothing."""

    __tablename__ = "mark_revisions"
    __table_args__ = (
        _of_category(),
        UniqueConstraint("tenant_id", "seat_id", "key"),
        Index("mark_revisions_category_ix", "tenant_id", "category_id", "category_entry_id"),
        census(room="scoring", append_only=True, purge_order=50, personal=("comment",)),
    )

    category_id: Mapped[UUID]
    category_entry_id: Mapped[UUID]
    seat_id: Mapped[UUID]
    criterion_id: Mapped[UUID]
    part: Mapped[str] = mapped_column(Text)
    value: Mapped[Decimal | None]
    comment: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]
    key: Mapped[str] = mapped_column(Text)
    user_id: Mapped[UUID | None]
    marked_at: Mapped[datetime | None]


class Deduction(TenantTable, Base):
    """Points taken off an entry's total, beside its marks. Counts once a second person has approved it."""

    __tablename__ = "deductions"
    __table_args__ = (
        _in_category("category_entry_id", "category_entries"),
        CheckConstraint("points > 0", name="points"),
        CheckConstraint("approved_at IS NULL OR approved_by IS DISTINCT FROM requested_by", name="second_person"),
        Index("deductions_category_ix", "tenant_id", "category_id"),
        census(room="scoring", purge_order=40, personal=("reason",)),
    )

    category_id: Mapped[UUID]
    category_entry_id: Mapped[UUID]
    part: Mapped[str] = mapped_column(Text, server_default=text("''"))
    points: Mapped[Decimal]
    reason: Mapped[str] = mapped_column(Text)
    requested_by: Mapped[UUID | None]
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None]
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own attribute


class ChairDecision(TenantTable, Base):
    """The order of tied entries as the chair decided it: a record of its own, no mark is altered."""

    __tablename__ = "chair_decisions"
    __table_args__ = (
        _of_category(),
        Index("chair_decisions_category_ix", "tenant_id", "category_id"),
        census(room="scoring", append_only=True, purge_order=40, personal=("reason", "decided_by_name")),
    )

    category_id: Mapped[UUID]
    entry_ids: Mapped[list[str]] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[UUID | None]
    decided_by_name: Mapped[str] = mapped_column(Text)


class CategoryResult(Base):
    """The latest computed result of a category; ``inputs`` names the state of everything it was made from.

    ``shown`` is the answer's JSON without id, title and state, so that reading it costs no more than sending it.
    """

    __tablename__ = "category_results"
    __table_args__ = (_of_category(), census(room="scoring", export=False, purge_order=30))

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    category_id: Mapped[UUID] = mapped_column(primary_key=True)
    inputs: Mapped[str] = mapped_column(Text)
    document: Mapped[bytes] = mapped_column(LargeBinary)
    shown: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(Text)
    computed_at: Mapped[datetime]
