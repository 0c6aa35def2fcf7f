"""What can happen to the log itself."""

from typing import ClassVar, Literal
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


class _OfLog(EventType):
    """Base of the types whose entity is an organisation's log; ``logId`` is the organisation's id."""

    entity_type: ClassVar[str] = "log"

    log_id: UUID


class LogExported(_OfLog):
    """Somebody took entries out as a file. ``filters`` names what they were chosen by, none of the values."""

    name: ClassVar[str] = "audit.log.exported"
    sample: ClassVar[Sample] = {"format": "csv", "filters": ["eventType", "from"]}

    format: Literal["csv", "ndjson"]
    filters: list[str]


class VerificationPassed(_OfLog):
    """Somebody verified the sealed log, and it holds."""

    name: ClassVar[str] = "audit.verification.passed"
    sample: ClassVar[Sample] = {"entries": 18240, "seals": 912}

    entries: int
    seals: int


class VerificationFailed(_OfLog):
    """Somebody verified the sealed log, and it does not hold. ``faults`` says what was found, at most ten of it."""

    name: ClassVar[str] = "audit.verification.failed"
    sample: ClassVar[Sample] = {
        "entries": 301,
        "seals": 14,
        "faults": ["entry 01a2083f-1234-7abc-8def-0123456789ab (position 300) was altered after it was sealed"],
    }

    entries: int
    seals: int
    faults: list[str]


class CheckpointTaken(_OfLog):
    """A signed state of the log, so that webhooks carry it out of the machine's reach; hourly while the log grows.

    ``size`` counts the entries that it covers, ``root`` is the tree's root in base64, ``note`` the C2SP signed note:
    kept elsewhere it proves later that nothing before it was changed.
    """

    name: ClassVar[str] = "audit.checkpoint"
    sample: ClassVar[Sample] = {
        "size": 18240,
        "root": "4bdMAAjY8Ye5tmGcTQLN4+oBJ7eY2TfGpS3nqkOqJ1w=",
        "note": "event-manager/...\n18240\n4bdMAAjY8Ye5tmGcTQLN4+oBJ7eY2TfGpS3nqkOqJ1w=\n",
    }

    size: int
    root: str
    note: str
