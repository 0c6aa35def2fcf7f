"""Tells the dispatchers of every process that deliveries wait, or that an endpoint has changed."""

from event_manager.kit.work import Work

DUE = "webhooks.due"
"""Topic of the pokes; a lost one is healed by dispatchers that look by themselves every while."""


def wake_dispatchers(work: Work) -> None:
    """Have dispatchers look again once this work is committed."""
    work.after_commit(lambda: work.database.signals.poke(DUE))
