"""The log's table: partitioned by month of the entry's UUIDv7, append-only, readable in commit order by (xid, id)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect, Index, LargeBinary, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import UserDefinedType

from event_manager.kit.census import census
from event_manager.kit.db import Base

PLATFORM = UUID(int=0)
"""Stands as ``tenant_id`` on entries of the installation itself."""


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Name of the type in DDL."""
        return "xid8"

    def bind_processor(self, _dialect: Dialect) -> Callable[[int | None], str | None]:
        """As text: there is no cast from whole numbers."""
        return lambda value: None if value is None else str(value)

    def result_processor(self, _dialect: Dialect, _kind: object) -> Callable[[str | int | None], int | None]:
        """The driver does not know the type and gives its text."""
        return lambda value: None if value is None else int(value)


ischema_names["xid8"] = Xid8  # so that reflection (the drift check) knows the type


class Entry(Base):
    """One thing that happened. ``body`` is the payload's stored bytes (UTF-8 JSON), never rewritten.

    ``actor_name`` and ``address`` are empty where a person acted; ``pii`` holds them, encrypted (see `sealed_parts`).
    """

    __tablename__ = "event_log"
    __table_args__ = (
        Index("event_log_tenant_id_ix", "tenant_id", "id"),
        Index("event_log_tenant_type_ix", "tenant_id", "type", "id"),
        Index("event_log_tenant_entity_ix", "tenant_id", "entity_id", "id"),
        Index("event_log_tenant_actor_ix", "tenant_id", "actor_id", "id"),
        Index("event_log_correlation_ix", "tenant_id", "correlation_id", "id"),
        Index("event_log_horizon_ix", "xid", "id"),
        Index(
            "event_log_words_ix",
            text("event_log_words(tenant_id, body)"),
            postgresql_using="gin",
            postgresql_where=text("type NOT LIKE 'score.%'"),
        ),
        {
            **census(room="eventlog", append_only=True, purge_order=99, personal=("actor_name", "address")),
            "postgresql_partition_by": "RANGE (id)",
        },
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    tenant_id: Mapped[UUID]
    type: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(SmallInteger)
    entity_type: Mapped[str] = mapped_column(Text)
    entity_id: Mapped[UUID]
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    correlation_id: Mapped[str] = mapped_column(Text)
    causation_id: Mapped[UUID | None]
    at: Mapped[datetime]
    xid: Mapped[int] = mapped_column(Xid8, server_default=text("event_log_xid()"))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    pii: Mapped[bytes | None] = mapped_column(LargeBinary)
