"""The tables of the job module. ``tenant_id`` is the nil UUID for work of the installation itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from event_manager.kit.census import census
from event_manager.kit.db import Base, TenantTable

NO_TENANT = UUID(int=0)


class JobRow(TenantTable, Base):
    """Work to be done once, after the transaction that deferred it.

    ``waiting`` (for ``run_at``) > ``ready`` > ``leased`` (by a worker, under ``token``, until ``lease_until``) > gone
    when done, ``waiting`` again after a failure, or ``dead`` when it failed for good. Jobs of one ``lane`` run one at
    a time in the order of their ids. ``key`` is held until the first lease.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'ready', 'leased', 'dead')", name="state"),
        CheckConstraint("(state = 'leased') = (lease_until IS NOT NULL)", name="lease"),
        Index(
            "jobs_ready_ix", "tenant_id", "priority", "run_at", "id",
            postgresql_where=text("state = 'ready' AND lane = ''"),
        ),
        Index("jobs_waiting_ix", "run_at", postgresql_where=text("state = 'waiting'")),
        Index("jobs_leased_ix", "lease_until", postgresql_where=text("state = 'leased'")),
        Index("jobs_lane_ix", "tenant_id", "lane", "id", postgresql_where=text("lane <> '' AND state <> 'dead'")),
        Index(
            "jobs_lane_running_ix", "tenant_id", "lane", unique=True,
            postgresql_where=text("lane <> '' AND state = 'leased'"),
        ),
        Index("jobs_key_ix", "tenant_id", "task", "key", unique=True, postgresql_where=text("key IS NOT NULL")),
        Index("jobs_dead_ix", "tenant_id", "id", postgresql_where=text("state = 'dead'")),
        census(room="kit", export=False, purge_order=95, personal=("args",)),
    )  # fmt: skip

    task: Mapped[str] = mapped_column(Text)
    args: Mapped[dict[str, Any]] = mapped_column(JSONB)
    lane: Mapped[str] = mapped_column(Text, server_default=text("''"))
    key: Mapped[str | None] = mapped_column(Text)
    priority: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    state: Mapped[str] = mapped_column(Text, server_default=text("'ready'"))
    run_at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    token: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    lease_until: Mapped[datetime | None]
    cancel: Mapped[bool] = mapped_column(server_default=text("false"))
    error: Mapped[str | None] = mapped_column(Text)
    correlation_id: Mapped[str] = mapped_column(Text, server_default=text("''"))
    traceparent: Mapped[str] = mapped_column(Text, server_default=text("''"))


class JobSchedule(Base):
    """A job to be deferred again and again, at the times of a cron line in a time zone."""

    __tablename__ = "job_schedules"
    __table_args__ = (Index("job_schedules_next_at_ix", "next_at"), census(room="kit", purge_order=94))

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    task: Mapped[str] = mapped_column(Text)
    args: Mapped[dict[str, Any]] = mapped_column(JSONB)
    cron: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    next_at: Mapped[datetime]
    last_at: Mapped[datetime | None]
