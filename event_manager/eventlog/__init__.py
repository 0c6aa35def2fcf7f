"""The log of everything that happened: append, read.

What is offered here is imported when it is asked for: the command line imports this room for its commands, and is to
answer before a database driver has been loaded.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from event_manager.eventlog.persons import tell_actor
    from event_manager.eventlog.service import append, append_many
    from event_manager.eventlog.types import EventType

__all__ = ["EventType", "append", "append_many", "tell_actor"]
HOMES = {"EventType": "types", "append": "service", "append_many": "service", "tell_actor": "persons"}


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
