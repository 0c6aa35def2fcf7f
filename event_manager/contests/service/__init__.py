"""Writes of the room, by noun. What other rooms call stands here."""

from event_manager.contests.service.states import announce, set_category_state, topic

__all__ = ["announce", "set_category_state", "topic"]
