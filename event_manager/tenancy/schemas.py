"""Shapes of an organisation on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from event_manager.kit.http import Wire

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class TenantView(Wire):
    """An organisation."""

    id: UUID
    slug: str
    name: str
    status: str
    timezone: str
    locale: str
    version: int
    created_at: datetime


class TenantCreate(Wire):
    """A new organisation. ``slug`` stands in addresses: lower-case letters, digits and dashes."""

    slug: Slug
    name: Title
    timezone: str = "UTC"
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en"


class TenantUpdate(Wire):
    """Fields to change; what is left out stays."""

    name: Title | None = None
    timezone: str | None = None
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] | None = None
