"""Entries of the log and webhooks, for tests of what follows from them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import httpx

from event_manager import eventlog
from event_manager.contests.event_types import ContestCreated, EventCreated
from event_manager.eventlog.types import EventType
from event_manager.kit.access import system_actor
from event_manager.kit.clock import SystemClock
from event_manager.kit.db import Database
from event_manager.kit.work import Work

WEBHOOKS = "/api/events/webhooks"


def event(title: str = "Something") -> EventCreated:
    """Something that happened."""
    return EventCreated(event_id=uuid4(), title=title)


def contest(title: str = "Something") -> ContestCreated:
    """Something else that happened."""
    return ContestCreated(contest_id=uuid4(), event_id=uuid4(), title=title)


async def append(database: Database, tenant: UUID, entries: Sequence[EventType]) -> list[UUID]:
    """Write entries in one transaction; their ids."""
    async with Work(
        database, tenant_id=tenant, actor=system_actor("test"), correlation_id="test", clock=SystemClock()
    ) as work:
        made = await eventlog.append_many(work, entries)
        await work.commit()
        return made


async def a_webhook(api: httpx.AsyncClient, who: dict[str, str], name: str = "Hook", **more: Any) -> dict[str, Any]:
    """A webhook set up over HTTP."""
    given = {"name": name, "url": "https://hooks.example.org/in", "events": ["event.*"], **more}
    answer = await api.post(WEBHOOKS, json=given, headers=who)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made
