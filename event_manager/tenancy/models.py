"""The organisations of an installation."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from event_manager.kit.census import census
from event_manager.kit.db import Base, GlobalTable


class Tenant(GlobalTable, Base):
    """An organisation. Row security shows the application only the tenant it works for."""

    __tablename__ = "tenants"
    __table_args__ = (
        CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'", name="slug"),
        CheckConstraint("status IN ('active', 'suspended')", name="status"),
        census(room="tenancy", tenancy="global"),
    )

    slug: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text, server_default=text("'active'"))
    timezone: Mapped[str] = mapped_column(Text, server_default=text("'UTC'"))
    locale: Mapped[str] = mapped_column(Text, server_default=text("'en'"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own attribute
