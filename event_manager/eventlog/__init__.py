"""The log of everything that happened: append, read."""

from event_manager.eventlog.service import append
from event_manager.eventlog.types import EventType

__all__ = ["EventType", "append"]
