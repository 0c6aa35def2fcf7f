"""The log of everything that happened: append, read."""

from event_manager.eventlog.service import append, append_many
from event_manager.eventlog.types import EventType

__all__ = ["EventType", "append", "append_many"]
