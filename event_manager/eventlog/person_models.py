"""Table of the keys under which the log keeps what it says of people."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from event_manager.kit.census import census
from event_manager.kit.db import Base


class PersonKey(Base):
    """A person's key in one log, sealed under the installation's key; null once the person was erased."""

    __tablename__ = "event_person_keys"
    __table_args__ = (census(room="eventlog", export=False, purge_order=99),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
