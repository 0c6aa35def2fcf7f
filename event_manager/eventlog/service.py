"""Append to the log, in the transaction of the change that it tells of."""

from uuid import UUID

from event_manager.eventlog.models import PLATFORM
from event_manager.eventlog.types import EventType
from event_manager.kit.work import Work


async def append(work: Work, event: EventType) -> UUID:
    """Write one entry; returns its id. Without a tenant the entry belongs to the installation's own log.

    Raises ValueError when the payload does not fit the type's schema.
    """
    actor = work.actor
    [row] = await work.sql(
        "SELECT event_log_append(%s, %s, %s::smallint, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) AS id",
        (
            work.tenant_id or PLATFORM, event.name, event.version, event.entity_type, event.entity_id,
            actor.kind, actor.user_id or actor.api_key_id, actor.name, work.address,
            work.correlation_id, work.causation_id, work.now(), event.payload(),
        ),
    )  # fmt: skip
    entry_id: UUID = row["id"]
    return entry_id
