"""The table of mails. ``tenant_id`` is the nil UUID for mails of the installation itself."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from event_manager.kit.census import census
from event_manager.kit.db import Base, TenantTable


class Mail(TenantTable, Base):
    """One mail to one address. The body is removed once it is sent, since it may hold links with tokens."""

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'dead')", name="state"),
        CheckConstraint("state <> 'sent' OR (text IS NULL AND html IS NULL)", name="body"),
        Index("mails_created_at_ix", "created_at"),
        census(room="kit", export=False, purge_order=93, personal=("to_address", "subject", "text", "html")),
    )

    to_address: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default=sa.text("'waiting'"))
    error: Mapped[str | None] = mapped_column(Text)
    sent_at: Mapped[datetime | None]
