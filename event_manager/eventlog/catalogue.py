"""The catalogue: every type that the code knows, and how a release remembers it."""

from typing import Any

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


def describe() -> list[dict[str, Any]]:
    """Every type as data: what `compatibility` compares, and what a release keeps."""
    return [
        {
            "name": cls.name,
            "version": cls.version,
            "entityType": cls.entity_type,
            "sensitivity": cls.sensitivity,
            "since": cls.added_in,
            "deprecated": cls.deprecated_in,
            "sunset": cls.sunset_on.isoformat() if cls.sunset_on else None,
            "schema": cls.schema_document(),
        }
        for cls in every()
    ]
