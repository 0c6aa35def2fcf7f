"""What can happen to the log itself."""

from typing import ClassVar
from uuid import UUID

from event_manager.eventlog.samples import Sample
from event_manager.eventlog.types import EventType


class LogRetired(EventType):
    """A whole month was dropped from the event logs, as the retention setting says.

    ``month`` reads YYYYMM; ``entries`` counts those of all ``logs`` together. Signed records of each log stay.
    """

    name: ClassVar[str] = "system.log.retired"
    entity_type: ClassVar[str] = "log"
    sample: ClassVar[Sample] = {"month": "202601", "entries": 18240, "logs": 3}

    log_id: UUID
    month: str
    entries: int
    logs: int


class ErasureRecorded(EventType):
    """What the log said of a person was made unreadable for good: names, addresses, personal fields."""

    name: ClassVar[str] = "audit.erasure.recorded"
    entity_type: ClassVar[str] = "person"

    person_id: UUID
