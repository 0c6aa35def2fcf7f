"""Table of the readers of the log: how far each has come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, text
from sqlalchemy.orm import Mapped, mapped_column

from event_manager.eventlog.models import Xid8
from event_manager.kit.census import census
from event_manager.kit.db import Base


class Cursor(Base):
    """The last entry that a reader has dealt with. ``tenant_id`` is nil for readers of the whole installation."""

    __tablename__ = "event_cursors"
    __table_args__ = (census(room="eventlog", export=False, purge_order=97),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    xid: Mapped[int] = mapped_column(Xid8)
    id: Mapped[UUID]
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
