"""Writes of the room, by noun. What other rooms call stands here."""

from event_manager.contests.service.readiness import Missing, also_needed, before_judging
from event_manager.contests.service.states import announce, set_category_state, topic

__all__ = ["Missing", "also_needed", "announce", "before_judging", "set_category_state", "topic"]
