"""Refusals of the scoring room."""

from event_manager.kit.errors import Conflict, Forbidden, Invalid, Problem


class NoSeat(Forbidden):
    """You have no active seat on this panel."""


class MarksRefused(Invalid):
    """None of the marks was saved."""


class MarksConflict(Conflict):
    """Another device changed some of these marks; none was saved."""


class JudgingClosed(Conflict):
    """This category is not open for marks."""


class CategoryLocked(Problem):
    """This is locked."""

    status = 423


class RulesFrozen(Conflict):
    """The rules are fixed: marks or a result stand on them."""


class RulesRefused(Invalid):
    """The rule set cannot be used."""


class NoRules(Conflict):
    """No rule set has been chosen."""


class PanelIncomplete(Conflict):
    """Marks are missing."""


class NotJudgedYet(Conflict):
    """There is no result before judging is closed."""


class CannotTabulate(Conflict):
    """The marks cannot be tabulated under this rule set."""


class SecondPersonNeeded(Forbidden):
    """Somebody else must approve this."""
