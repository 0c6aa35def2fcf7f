"""Refusals of the log."""

from event_manager.kit.errors import Invalid, NotFound, TooManyRequests


class UnknownEventType(Invalid):
    """No entry can be of this type."""


class EntryNotFound(NotFound):
    """There is no such entry in the log."""


class TypeNotFound(NotFound):
    """There is no such type of entry."""


class CheckpointNotFound(NotFound):
    """There is no such checkpoint of the log."""


class NotSealed(NotFound):
    """The entry is not sealed yet."""


class WrongSizes(Invalid):
    """There is no consistency between these sizes."""


class BeingVerified(TooManyRequests):
    """The log is being verified already."""
