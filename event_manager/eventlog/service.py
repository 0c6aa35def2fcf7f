"""Append to the log, in the transaction of the change that it tells of."""

from collections.abc import Sequence
from uuid import UUID

from event_manager.eventlog import persons
from event_manager.eventlog.audit_types import ErasureRecorded
from event_manager.eventlog.models import PLATFORM
from event_manager.eventlog.types import EventType
from event_manager.kit.work import Work

APPEND = """
    SELECT event_log_append(%s, t.type, t.version, t.entity_type, t.entity_id, %s, %s, t.name, t.address, %s, %s, %s,
                            t.body, t.pii) AS id
      FROM unnest(%s::text[], %s::smallint[], %s::text[], %s::uuid[], %s::bytea[], %s::text[], %s::text[], %s::bytea[])
           WITH ORDINALITY AS t (type, version, entity_type, entity_id, body, name, address, pii, n)
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
    actor, told = work.actor, await persons.tell(work, events)
    rows = await work.sql(
        APPEND,
        (
            work.tenant_id or PLATFORM, actor.kind, actor.user_id or actor.api_key_id,
            work.correlation_id, work.causation_id, work.now(),
            [e.name for e in events], [e.version for e in events], [e.entity_type for e in events],
            [e.entity_id for e in events], [e.payload() for e in events],
            [t.name for t in told], [t.address for t in told], [t.pii for t in told],
        ),
    )  # fmt: skip
    return [row["id"] for row in rows]


async def erase_person(work: Work, person_id: UUID) -> bool:
    """Make unreadable for good what this work's log says of a person, and record that it was done (platform work).

    The log is the tenant's, without one the installation's. Nothing can be told of the person there afterwards either.
    Returns False, and does nothing, when the person was erased before.
    """
    if not await persons.destroy(work, work.tenant_id or PLATFORM, person_id):
        return False
    await append(work, ErasureRecorded(person_id=person_id))
    return True
