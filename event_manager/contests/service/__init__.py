"""Writes of the room, by noun. What other rooms call stands here."""

from event_manager.contests.service.states import set_category_state

__all__ = ["set_category_state"]
