"""Tables of the hierarchy: event > contest > category > criterion, entries in them, and the judges' panels.

A competition *event* is a row of `events`; a thing that happened is an entry of the log. Every foreign key carries the
tenant; entries, seats and recusals also carry what they must agree in, so that the database itself refuses a seat of
one category recused from an entry of another.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, Numeric, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from event_manager.kit.census import census
from event_manager.kit.db import Base, TenantTable

Facts = dict[str, str | int | bool | None]
"""Facts that a rule set reads, such as ``{"difficulty": "3.2"}``: numbers with decimals are text, never floats."""

Exact = Numeric()
"""Any scale, so that a step of 0.1 comes back as it was typed; the edge bounds the digits."""


def one_of(column: str, *values: str) -> CheckConstraint:
    """The column holds one of these words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


def belongs(table: str, *columns: str, to: str = "id", cascade: bool = False) -> ForeignKeyConstraint:
    """A foreign key into the same tenant: ``columns`` (the last one names the row) to ``table``.

    Further columns before the last must agree on both sides under the same name.
    """
    *shared, last = columns
    remote = [f"{table}.{name}" for name in ("tenant_id", *shared, to)]
    return ForeignKeyConstraint(["tenant_id", *shared, last], remote, ondelete="CASCADE" if cascade else None)


class Versioned:
    """Mixin of a row that people edit: ``version`` is its ETag and rises with every change."""

    version: Mapped[int] = mapped_column(server_default=text("1"), sort_order=91)
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"), sort_order=92)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Lockable:
    """Mixin of a level that can be locked against every write on it and below it."""

    locked_at: Mapped[datetime | None] = mapped_column(sort_order=80)
    locked_by: Mapped[UUID | None] = mapped_column(sort_order=81)
    lock_reason: Mapped[str] = mapped_column(Text, server_default=text("''"), sort_order=82)


class Event(Versioned, Lockable, TenantTable, Base):
    """A competition event: a pageant day, a championship. Its numbering serves contests that inherit."""

    __tablename__ = "events"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.id"]),
        UniqueConstraint("tenant_id", "slug"),
        CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'", name="slug"),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("number_digits BETWEEN 0 AND 9 AND next_number >= 1", name="numbers"),
        one_of("status", "draft", "open", "closed", "archived"),
        one_of("numbering", "manual", "auto", "none"),
        Index("events_tenant_id_sort_order_ix", "tenant_id", "sort_order", "id"),
        census(room="contests", purge_order=10),
    )

    name: Mapped[str] = mapped_column(Text)
    slug: Mapped[str | None] = mapped_column(Text)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    venue: Mapped[str] = mapped_column(Text, server_default=text("''"))
    status: Mapped[str] = mapped_column(Text, server_default=text("'draft'"))
    sort_order: Mapped[int] = mapped_column(server_default=text("0"))
    is_template: Mapped[bool] = mapped_column(server_default=text("false"))
    numbering: Mapped[str] = mapped_column(Text, server_default=text("'auto'"))
    number_prefix: Mapped[str] = mapped_column(Text, server_default=text("''"))
    number_digits: Mapped[int] = mapped_column(server_default=text("0"))
    next_number: Mapped[int] = mapped_column(server_default=text("1"))


class Contest(Versioned, Lockable, TenantTable, Base):
    """A contest of an event. ``next_number`` is the counter of automatic numbers, taken by UPDATE ... RETURNING."""

    __tablename__ = "contests"
    __table_args__ = (
        belongs("events", "event_id"),
        CheckConstraint("number_digits BETWEEN 0 AND 9 AND next_number >= 1", name="numbers"),
        one_of("status", "draft", "open", "closed", "archived"),
        one_of("numbering", "inherit", "manual", "auto", "none"),
        Index("contests_tenant_id_event_id_sort_order_ix", "tenant_id", "event_id", "sort_order", "id"),
        census(room="contests", purge_order=20),
    )

    event_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=text("'draft'"))
    sort_order: Mapped[int] = mapped_column(server_default=text("0"))
    is_template: Mapped[bool] = mapped_column(server_default=text("false"))
    numbering: Mapped[str] = mapped_column(Text, server_default=text("'inherit'"))
    number_prefix: Mapped[str] = mapped_column(Text, server_default=text("''"))
    number_digits: Mapped[int] = mapped_column(server_default=text("0"))
    next_number: Mapped[int] = mapped_column(server_default=text("1"))


class Category(Versioned, Lockable, TenantTable, Base):
    """What a panel judges at one go. ``weight`` counts in the contest's total.

    ``kind`` says what the names in ``part_names`` are (dances, runs, ...); with "single" there are none.
    ``inputs_version`` rises with every change of criteria, entries, seats or recusals that can alter a result.
    """

    __tablename__ = "categories"
    __table_args__ = (
        belongs("contests", "contest_id"),
        UniqueConstraint("tenant_id", "contest_id", "id"),
        CheckConstraint("weight >= 0", name="weight"),
        CheckConstraint("jsonb_typeof(part_names) = 'array'", name="part_names"),
        CheckConstraint("(kind = 'single') = (part_names = '[]')", name="parts"),
        one_of("state", "draft", "judging", "judged", "tallied", "audited", "approved", "published"),
        one_of("kind", "single", "dances", "runs", "rounds", "segments"),
        Index("categories_tenant_id_contest_id_sort_order_ix", "tenant_id", "contest_id", "sort_order", "id"),
        census(room="contests", purge_order=30),
    )

    contest_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    sort_order: Mapped[int] = mapped_column(server_default=text("0"))
    is_template: Mapped[bool] = mapped_column(server_default=text("false"))
    weight: Mapped[Decimal] = mapped_column(Exact, server_default=text("1"))
    kind: Mapped[str] = mapped_column(Text, server_default=text("'single'"))
    part_names: Mapped[list[str]] = mapped_column(JSONB, server_default=text("'[]'"))
    state: Mapped[str] = mapped_column(Text, server_default=text("'draft'"))
    state_at: Mapped[datetime | None]
    reopened_at: Mapped[datetime | None]
    reopened_by: Mapped[UUID | None]
    reopened_from: Mapped[str | None] = mapped_column(Text)
    reopened_reason: Mapped[str] = mapped_column(Text, server_default=text("''"))
    panel_frozen_at: Mapped[datetime | None]
    inputs_version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))


class Criterion(TenantTable, Base):
    """What a mark is for. ``key`` names it in files and rule sets; marks go from ``min`` to ``max`` by ``step``."""

    __tablename__ = "criteria"
    __table_args__ = (
        belongs("categories", "category_id", cascade=True),
        UniqueConstraint("tenant_id", "category_id", "key", deferrable=True, initially="IMMEDIATE"),
        UniqueConstraint("tenant_id", "category_id", "id"),
        CheckConstraint("max > min AND step > 0 AND weight >= 0", name="range"),
        CheckConstraint("key ~ '^[a-z0-9][a-z0-9_]{0,62}$'", name="key"),
        census(room="contests", purge_order=40),
    )

    category_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    min: Mapped[Decimal] = mapped_column(Exact, server_default=text("0"))
    max: Mapped[Decimal] = mapped_column(Exact)
    step: Mapped[Decimal] = mapped_column(Exact)
    weight: Mapped[Decimal] = mapped_column(Exact, server_default=text("1"))
    sort_order: Mapped[int] = mapped_column(server_default=text("0"))


class Participant(Versioned, TenantTable, Base):
    """A person or a group that competes, once per tenant. ``name_key`` is the name folded for searching."""

    __tablename__ = "participants"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.id"]),
        one_of("kind", "person", "group"),
        Index("participants_tenant_id_name_key_ix", "tenant_id", "name_key", "id"),
        census(room="contests", purge_order=10, personal=("name", "name_key", "email")),
    )

    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(Text(collation="C"))
    kind: Mapped[str] = mapped_column(Text, server_default=text("'person'"))
    club: Mapped[str] = mapped_column(Text, server_default=text("''"))
    country: Mapped[str] = mapped_column(Text, server_default=text("''"))
    email: Mapped[str | None] = mapped_column(Text)
    archived_at: Mapped[datetime | None]


class ContestEntry(Versioned, TenantTable, Base):
    """A participant in a contest. ``number`` is a label as worn, so "007" and "7" differ."""

    __tablename__ = "contest_entries"
    __table_args__ = (
        belongs("contests", "contest_id"),
        belongs("participants", "participant_id"),
        UniqueConstraint("tenant_id", "contest_id", "id"),
        UniqueConstraint("tenant_id", "contest_id", "participant_id"),
        UniqueConstraint("tenant_id", "contest_id", "number", deferrable=True, initially="IMMEDIATE"),
        CheckConstraint("jsonb_typeof(facts) = 'object'", name="facts"),
        CheckConstraint("number <> ''", name="number"),
        one_of("state", "entered", "scratched", "dns", "dnf", "dq", "withdrawn"),
        Index("contest_entries_running_order_ix", "tenant_id", "contest_id", "running_order", "id"),
        Index("contest_entries_tenant_id_participant_id_ix", "tenant_id", "participant_id"),
        census(room="contests", purge_order=40),
    )

    contest_id: Mapped[UUID]
    participant_id: Mapped[UUID]
    number: Mapped[str | None] = mapped_column(Text)
    running_order: Mapped[int]
    state: Mapped[str] = mapped_column(Text, server_default=text("'entered'"))
    state_reason: Mapped[str] = mapped_column(Text, server_default=text("''"))
    facts: Mapped[Facts] = mapped_column(JSONB, server_default=text("'{}'"))
    checked_in_at: Mapped[datetime | None]
    checked_in_by: Mapped[UUID | None]


class CategoryEntry(TenantTable, Base):
    """A contest entry in one of its contest's categories. ``running_order`` null: as in the contest."""

    __tablename__ = "category_entries"
    __table_args__ = (
        belongs("categories", "contest_id", "category_id", cascade=True),
        belongs("contest_entries", "contest_id", "contest_entry_id"),
        UniqueConstraint("tenant_id", "category_id", "contest_entry_id"),
        UniqueConstraint("tenant_id", "category_id", "id"),
        CheckConstraint("jsonb_typeof(facts) = 'object'", name="facts"),
        one_of("state", "entered", "scratched", "dns", "dnf", "dq"),
        Index("category_entries_contest_entry_ix", "tenant_id", "contest_id", "contest_entry_id"),
        census(room="contests", purge_order=50),
    )

    contest_id: Mapped[UUID]
    category_id: Mapped[UUID]
    contest_entry_id: Mapped[UUID]
    running_order: Mapped[int | None]
    state: Mapped[str] = mapped_column(Text, server_default=text("'entered'"))
    state_reason: Mapped[str] = mapped_column(Text, server_default=text("''"))
    facts: Mapped[Facts] = mapped_column(JSONB, server_default=text("'{}'"))


class PanelSeat(TenantTable, Base):
    """A judge on a category's panel. ``label`` ("J1") is what sheets and results show.

    ``marks_version`` is raised by scoring alone. A replaced seat stays, with its marks; ``replaces_id`` leads to it.
    """

    __tablename__ = "panel_seats"
    __table_args__ = (
        belongs("categories", "category_id", cascade=True),
        belongs("memberships", "user_id", to="user_id"),
        belongs("panel_seats", "category_id", "replaces_id"),
        UniqueConstraint("tenant_id", "category_id", "id"),
        CheckConstraint("label <> ''", name="label"),
        one_of("role", "head", "regular", "shadow", "tie_break", "technical"),
        one_of("state", "active", "absent", "replaced"),
        Index(
            "panel_seats_label_key", "tenant_id", "category_id", "label",
            unique=True, postgresql_where=text("state <> 'replaced'"),
        ),
        Index(
            "panel_seats_user_key", "tenant_id", "category_id", "user_id",
            unique=True, postgresql_where=text("state <> 'replaced'"),
        ),
        Index("panel_seats_tenant_id_user_id_ix", "tenant_id", "user_id"),
        census(room="contests", purge_order=50),
    )  # fmt: skip

    category_id: Mapped[UUID]
    user_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(Text, server_default=text("'regular'"))
    group_label: Mapped[str] = mapped_column(Text, server_default=text("''"))
    state: Mapped[str] = mapped_column(Text, server_default=text("'active'"))
    state_reason: Mapped[str] = mapped_column(Text, server_default=text("''"))
    replaces_id: Mapped[UUID | None]
    marks_version: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class Recusal(TenantTable, Base):
    """A seat that does not mark an entry of its category, and why."""

    __tablename__ = "recusals"
    __table_args__ = (
        belongs("panel_seats", "category_id", "seat_id", cascade=True),
        belongs("category_entries", "category_id", "category_entry_id", cascade=True),
        UniqueConstraint("tenant_id", "seat_id", "category_entry_id"),
        one_of("kind", "recusal", "conflict"),
        Index("recusals_category_entry_ix", "tenant_id", "category_id", "category_entry_id"),
        census(room="contests", purge_order=60, personal=("reason",)),
    )

    category_id: Mapped[UUID]
    seat_id: Mapped[UUID]
    category_entry_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    declared_by: Mapped[UUID | None]
