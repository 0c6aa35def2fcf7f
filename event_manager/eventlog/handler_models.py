"""Tables of the handlers: who follows the log, what is done, what failed; and the first projection.

The position of a handler is a row of ``event_cursors`` named ``handler.NAME``.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from event_manager.eventlog.models import Xid8
from event_manager.kit.census import census
from event_manager.kit.db import Base, TenantTable


class HandlerState(Base):
    """A handler of the installation. One process at a time holds its lease.

    ``epoch`` counts how often a projection was built anew; ``last_epoch`` also counts replays. While somebody rebuilds
    (``rebuild_by``) and has the handler ``held``, its loops stand still.
    """

    __tablename__ = "event_handlers"
    __table_args__ = (
        CheckConstraint("mode IN ('projection', 'effect')", name="mode"),
        census(room="eventlog", tenancy="global", export=False),
    )

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    mode: Mapped[str] = mapped_column(Text)
    epoch: Mapped[int] = mapped_column(server_default=text("1"))
    last_epoch: Mapped[int] = mapped_column(server_default=text("1"))
    lease_by: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    rebuild_by: Mapped[UUID | None]
    rebuild_until: Mapped[datetime | None]
    held: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class Handled(Base):
    """An entry is done: written in the transaction of what the handler did. Cleared away once behind the cursor."""

    __tablename__ = "event_inbox"
    __table_args__ = (
        Index("event_inbox_created_at_ix", "created_at", postgresql_using="brin"),
        census(room="eventlog", export=False, purge_order=96),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    handler: Mapped[str] = mapped_column(Text, primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    xid: Mapped[int] = mapped_column(Xid8)
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class HandlerFailure(TenantTable, Base):
    """An entry that a handler could not deal with yet, or (``dead``) any more.

    ``waiting``: not tried, since an earlier entry of the same entity failed. Gone once the entry is done.
    """

    __tablename__ = "event_handler_failures"
    __table_args__ = (
        CheckConstraint("state IN ('retrying', 'waiting', 'dead')", name="state"),
        UniqueConstraint("tenant_id", "handler", "epoch", "event_id"),
        Index("event_handler_failures_due_ix", "handler", "state", "next_at"),
        Index("event_handler_failures_entity_ix", "handler", "tenant_id", "entity_id"),
        census(room="eventlog", export=False, purge_order=96),
    )

    handler: Mapped[str] = mapped_column(Text)
    epoch: Mapped[int]
    event_id: Mapped[UUID]
    xid: Mapped[int] = mapped_column(Xid8)
    type: Mapped[str] = mapped_column(Text)
    entity_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(Text)
    tries: Mapped[int]
    next_at: Mapped[datetime]
    error: Mapped[str] = mapped_column(Text, server_default=text("''"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class _Activity:
    """Columns of the activity and of its shadow."""

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    type: Mapped[str] = mapped_column(Text, primary_key=True)
    entries: Mapped[int] = mapped_column(BigInteger)


class Activity(_Activity, Base):
    """How many entries of a type a log has of a day (UTC)."""

    __tablename__ = "event_activity"
    __table_args__ = (census(room="eventlog", export=False, purge_order=96),)


class ActivityShadow(_Activity, Base):
    """The activity while it is built anew; otherwise empty."""

    __tablename__ = "event_activity_shadow"
    __table_args__ = (census(room="eventlog", export=False, purge_order=96),)
