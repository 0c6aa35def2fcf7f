"""Refusals of the log."""

from event_manager.kit.errors import Conflict, Invalid, NotFound, TooManyRequests


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


class LogTooLarge(Conflict):
    """The log is too large to be verified while somebody waits."""


class WrongSizes(Invalid):
    """There is no consistency between these sizes."""


class BeingVerified(TooManyRequests):
    """The log is being verified already."""


class UnknownHandler(NotFound):
    """There is no such handler."""


class DeadLetterNotFound(NotFound):
    """There is no such dead letter; it may have been retried or discarded."""


class NotReplayable(Conflict):
    """This handler cannot be replayed like this."""


class ReplayUnreasoned(Invalid):
    """An effect is repeated for a reason only."""


class RebuildFailed(Conflict):
    """The projection could not be built anew; it is as it was."""
