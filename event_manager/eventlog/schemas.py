"""Shapes of the log's answers."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from event_manager.kit.http import Wire


class LogActor(Wire):
    """Who did it. ``name`` is the name at that time."""

    kind: str
    id: UUID | None
    name: str


class LogEntry(Wire):
    """One thing that happened.

    ``payload`` is what the type's schema describes. Of an embargoed type (marks, deductions, decisions on ties) it
    holds ids only: what they say is read from scoring, by those who may and when they may.
    """

    id: UUID
    type: str
    version: int
    entity_type: str
    entity_id: UUID
    actor: LogActor
    address: str
    correlation_id: str
    causation_id: UUID | None
    at: datetime
    embargoed: bool
    payload: dict[str, Any]


class LogEntryDetail(LogEntry):
    """An entry with what its type says of itself, and what else happened in the same request or job, oldest first."""

    title: str
    trace: list[LogEntry]


class LogPage(Wire):
    """A page of entries, newest first. ``total`` counts up to a bound; ``totalIsExact`` is false when it was met."""

    items: list[LogEntry]
    total: int
    total_is_exact: bool
    next_cursor: str | None = None


class LogTypeVersion(Wire):
    """One version of a type: since which release, since which it is deprecated, and until when it is written."""

    version: int
    since: str
    deprecated: str | None
    sunset: date | None


class LogType(LogTypeVersion):
    """A type of entry in its newest version: what can be filtered by, and sent to webhooks.

    ``sample`` is a fictional payload; ``versions`` are all there are, oldest first. ``replayable`` is false for what
    only made sense at its moment.
    """

    name: str
    entity_type: str
    sensitivity: Literal["plain", "personal", "embargoed"]
    title: str
    description: str
    payload_schema: dict[str, Any]
    sample: dict[str, Any]
    replayable: bool
    versions: list[LogTypeVersion]


class LogTypes(Wire):
    """Every type that can stand in the log."""

    items: list[LogType]


class LogCheckpoint(Wire):
    """A signed state of the log. ``note`` is the C2SP signed note, ``root`` the tree's root in base64."""

    size: int
    root: str
    at: datetime
    note: str


class CheckpointPage(Wire):
    """A page of checkpoints, newest first."""

    items: list[LogCheckpoint]
    next_cursor: str | None = None


class CheckpointKey(Wire):
    """The public key of the log's checkpoints as ``name+hash+base64`` (C2SP signed-note verifier key, Ed25519)."""

    key: str


class LogProof(Wire):
    """That an entry is in the log: with ``path`` the ``leafHash`` at ``position`` leads to the checkpoint's root.

    Hashes are base64, the path goes from the leaf up (RFC 6962, 2.1.1). Recompute the leaf from the entry to be sure.
    """

    entry_id: UUID
    position: int
    leaf_hash: str
    path: list[str]
    checkpoint: LogCheckpoint


class LogConsistency(Wire):
    """That the newer checkpoint only appended to the older: the proof of RFC 6962, 2.1.2, hashes in base64."""

    path: list[str]
    older: LogCheckpoint
    newer: LogCheckpoint


class LogFault(Wire):
    """What does not hold in a log, in a sentence. ``position`` counts entries from 0 in the order of their sealing."""

    kind: Literal["altered", "removed", "inserted", "reordered", "tile", "seal", "checkpoint"]
    problem: str
    position: int | None
    entry_id: UUID | None
    type: str | None
    at: datetime | None


class LogVerification(Wire):
    """What verifying found: ``entries`` under ``seals`` were computed anew; ``unsealed`` are still to be sealed.

    ``retiredMonths``: months whose entries were dropped by retention; of those only the hashes were checked.
    """

    intact: bool
    entries: int
    retired_months: int
    seals: int
    unsealed: int
    sealed_at: datetime | None
    faults: list[LogFault]
