"""Tables of the sealed log: tiles of hashes, and the signed seals over them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from event_manager.eventlog.models import Xid8
from event_manager.kit.census import census
from event_manager.kit.db import Base


class Tile(Base):
    """Up to 256 hashes of one level; ``entries`` (level 0 only) are the 16-byte ids of the entries, in order."""

    __tablename__ = "event_tiles"
    __table_args__ = (census(room="eventlog", purge_order=98),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)
    entries: Mapped[bytes | None] = mapped_column(LargeBinary)


class Seal(Base):
    """A tenant's log at a size: which entries (xid, id) the seal added, the root, and the signed checkpoint."""

    __tablename__ = "event_seals"
    __table_args__ = (
        Index("event_seals_cursor_ix", "last_xid", "last_id"),
        census(room="eventlog", append_only=True, purge_order=98),
    )

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    first_xid: Mapped[int] = mapped_column(Xid8)
    first_id: Mapped[UUID]
    last_xid: Mapped[int] = mapped_column(Xid8)
    last_id: Mapped[UUID]
    root: Mapped[bytes] = mapped_column(LargeBinary)
    checkpoint: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class RetiredMonth(Base):
    """What was dropped from a tenant's log with a month that began at ``from_id``; ``note`` is the signed record."""

    __tablename__ = "event_retirements"
    __table_args__ = (census(room="eventlog", append_only=True, purge_order=98),)

    tenant_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_id: Mapped[UUID] = mapped_column(primary_key=True)
    note: Mapped[str] = mapped_column(Text)
