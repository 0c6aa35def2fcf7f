"""Refusals of notifications."""

from event_manager.kit.errors import Invalid


class BadPreferences(Invalid):
    """These preferences cannot be kept."""
