"""Addresses of the room. Those with a fixed second step stand before ``/api/contests/{contestId}``."""

from event_manager.contests.api import categories, contests, entries, events, imports, panels, participants, roster

ROUTERS = (
    events.router, participants.router, panels.router, categories.router, roster.router, entries.router, imports.router,
    contests.router,
)  # fmt: skip
