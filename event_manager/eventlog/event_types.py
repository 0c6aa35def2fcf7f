"""What can happen to the handlers of the log. These entries stand in the installation's own log.

No text of an error: it could hold what a tenant typed. The dead letter itself has it, as long as it is kept.
"""

from typing import ClassVar
from uuid import UUID

from event_manager.eventlog.samples import Sample
from event_manager.eventlog.types import EventType

NAMED: Sample = {"handler": "eventlog.count-activity"}
FAILED: Sample = {**NAMED, "eventType": "contest.created", "error": "UniqueViolation"}


class _OfHandler(EventType):
    """Base of the types whose entity is a handler. ``handlerId`` is made from its name."""

    entity_type: ClassVar[str] = "handler"

    handler_id: UUID
    handler: str


class HandlerFailed(_OfHandler):
    """A handler that worked began to fail. ``error`` is the kind of the error; the entry is tried again."""

    name: ClassVar[str] = "system.handler.failed"
    sample: ClassVar[Sample] = FAILED

    event_id: UUID
    event_type: str
    of_tenant: UUID
    error: str


class HandlerParked(_OfHandler):
    """A handler gave an entry up after ``tries`` tries; it is a dead letter now."""

    name: ClassVar[str] = "system.handler.parked"
    sample: ClassVar[Sample] = {**FAILED, "tries": 10}

    event_id: UUID
    event_type: str
    of_tenant: UUID
    error: str
    tries: int


class DeadLetterRetried(_OfHandler):
    """Somebody had a dead letter tried again."""

    name: ClassVar[str] = "system.handler.retried"
    sample: ClassVar[Sample] = NAMED

    event_id: UUID
    of_tenant: UUID


class DeadLetterDiscarded(_OfHandler):
    """Somebody threw a dead letter away: its entry stays in the log, the handler never deals with it."""

    name: ClassVar[str] = "system.handler.discarded"
    sample: ClassVar[Sample] = NAMED

    event_id: UUID
    of_tenant: UUID


class HandlerReplayed(_OfHandler):
    """A projection was built anew and swapped in, or an effect was repeated; ``entries`` of the log were read for it.

    ``differences``: rows in which the new projection differs from the old one; null for an effect.
    """

    name: ClassVar[str] = "system.handler.replayed"
    sample: ClassVar[Sample] = {**NAMED, "mode": "projection", "epoch": 2, "entries": 4120, "differences": 3}

    mode: str
    epoch: int
    entries: int
    differences: int | None
    reason: str
