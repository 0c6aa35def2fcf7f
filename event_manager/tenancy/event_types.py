"""What can happen to an organisation."""

from typing import ClassVar
from uuid import UUID

from event_manager.eventlog import EventType
from event_manager.eventlog.samples import Sample


class TenantCreated(EventType):
    """An organisation was set up."""

    name: ClassVar[str] = "tenant.created"
    entity_type: ClassVar[str] = "tenant"
    sample: ClassVar[Sample] = {"slug": "riverside-dance", "title": "Riverside Dance Association"}

    tenant_id: UUID
    slug: str
    title: str


class TenantUpdated(EventType):
    """Name, time zone or language of an organisation changed. ``changes``: field to [old, new]."""

    name: ClassVar[str] = "tenant.updated"
    entity_type: ClassVar[str] = "tenant"
    sample: ClassVar[Sample] = {"changes": {"timezone": ["UTC", "Europe/Vienna"]}}

    tenant_id: UUID
    changes: dict[str, tuple[str, str]]
