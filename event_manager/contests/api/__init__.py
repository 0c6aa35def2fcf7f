"""Addresses of the room. Those with a fixed second step stand before ``/api/contests/{contestId}``."""

from event_manager.contests.api import categories, contests, events

ROUTERS = (events.router, categories.router, contests.router)
