"""Append to the log, in the transaction of the change that it tells of."""

from collections.abc import Sequence
from uuid import UUID

from event_manager.eventlog.models import PLATFORM
from event_manager.eventlog.types import EventType
from event_manager.kit.work import Work

APPEND = """
    SELECT event_log_append(%s, t.type, t.version, t.entity_type, t.entity_id, %s, %s, %s, %s, %s, %s, %s, t.body) AS id
      FROM unnest(%s::text[], %s::smallint[], %s::text[], %s::uuid[], %s::bytea[]) WITH ORDINALITY
           AS t (type, version, entity_type, entity_id, body, n)
     ORDER BY t.n"""


async def append(work: Work, event: EventType) -> UUID:
    """Write one entry; returns its id. Without a tenant the entry belongs to the installation's own log.

    Raises ValueError when the payload does not fit the type's schema.
    """
    [entry_id] = await append_many(work, [event])
    return entry_id


async def append_many(work: Work, events: Sequence[EventType]) -> list[UUID]:
    """Write several entries in one statement, in this order; returns their ids. Raises as `append`."""
    if not events:
        return []
    actor = work.actor
    rows = await work.sql(
        APPEND,
        (
            work.tenant_id or PLATFORM, actor.kind, actor.user_id or actor.api_key_id, actor.name, work.address,
            work.correlation_id, work.causation_id, work.now(),
            [e.name for e in events], [e.version for e in events], [e.entity_type for e in events],
            [e.entity_id for e in events], [e.payload() for e in events],
        ),
    )  # fmt: skip
    return [row["id"] for row in rows]
