"""Refusals of the tenancy room."""

from event_manager.kit.errors import Conflict, Invalid


class SlugTaken(Conflict):
    """This short name is taken."""


class SlugReserved(Invalid):
    """This short name is reserved for the product."""


class UnknownTimeZone(Invalid):
    """This time zone is not known."""
