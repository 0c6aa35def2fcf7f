"""Refusals of the contests room."""

from event_manager.kit.errors import Conflict, Invalid, Problem


class Locked(Problem):
    """This is locked against changes."""

    status = 423


class NotLocked(Conflict):
    """This is not locked."""


class UnlockNeedsSecondPerson(Conflict):
    """A second person has to unlock what somebody locked."""


class IllegalStateChange(Conflict):
    """This step does not follow from the present state."""


class NotReadyForJudging(Conflict):
    """Something is missing before judging can begin."""


class CategoryClosed(Conflict):
    """The category's state does not allow this change."""


class CriteriaFrozen(Conflict):
    """Criteria are fixed once judging has begun."""


class PanelFrozen(Conflict):
    """The panel is frozen."""


class SeatInUse(Conflict):
    """This seat holds marks, or its place is taken."""


class AlreadyRecused(Conflict):
    """This judge does not mark this entry already."""


class NoMember(Invalid):
    """Only an active member of the organisation can sit on a panel."""


class AlreadyEntered(Conflict):
    """This participant is entered in this contest already."""


class NumberTaken(Conflict):
    """This number is worn by somebody else in the contest."""


class NumberRefused(Invalid):
    """This contest's numbering does not allow that."""


class OrderIncomplete(Invalid):
    """A new order names every item exactly once."""


class ArchivedLevel(Conflict):
    """This is archived."""


class EventSlugTaken(Conflict):
    """Another event of the organisation has this short name."""


class DatesReversed(Invalid):
    """An event cannot end before it begins."""


class UnreadableFile(Invalid):
    """This file cannot be read as a table."""


class RowsRefused(Invalid):
    """Some rows cannot be taken, so none was."""
