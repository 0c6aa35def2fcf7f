"""The catalogue: every type that the code knows."""

from event_manager.eventlog.types import EventType


def every() -> list[type[EventType]]:
    """Every type in every version, by name and version."""
    return [cls for _, cls in sorted(EventType.registry.items())]


def newest() -> list[type[EventType]]:
    """Every type in its newest version, by name."""
    return list({cls.name: cls for cls in every()}.values())


def all_versions(name: str) -> list[type[EventType]]:
    """The versions of one type, oldest first."""
    return [cls for cls in every() if cls.name == name]
