"""A stage for tests of delivery: endpoints in the database, entries in the log, a fan-out, dispatchers at work."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import orjson

from event_manager import eventlog
from event_manager.config import Settings
from event_manager.eventlog import EventType, reading
from event_manager.kit.access import system_actor
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database, Row
from event_manager.kit.work import Work
from event_manager.scoring.event_types import MarkedUnit, RulesChosen, ScoreSubmitted
from event_manager.webhooks import credentials, signing
from event_manager.webhooks.credentials import Credentials
from event_manager.webhooks.dispatch.dispatcher import Dispatcher
from event_manager.webhooks.fanout import FanOut
from event_manager.webhooks.messages import Addresses
from event_manager.webhooks.waking import DUE
from tests.conftest import SECRET

NEW = """
    INSERT INTO webhook_endpoints (tenant_id, name, kind, url, types, filter, transform, template, format, credentials,
                                   delays, timeout_ms, rate_per_minute, max_in_flight, ordering, blocks_on_dead,
                                   enabled, start_xid, start_id)
    VALUES (%(tenant)s, %(name)s, 'http', %(url)s, %(types)s, %(filter)s, %(transform)s, %(template)s, %(format)s,
            %(credentials)s, %(delays)s, %(timeout)s, %(rate)s, %(max)s, %(ordering)s, %(blocks)s, %(enabled)s,
            %(xid)s::text::xid8, %(id)s) RETURNING id"""
STEP = RulesChosen.name
GIVEN = {
    "types": ["*"], "filter": None, "transform": None, "template": None, "format": "standard", "credentials": None,
    "delays": None, "timeout": 5000, "rate": None, "max": None, "ordering": "none", "blocks": False, "enabled": True,
}  # fmt: skip


def stepped(step: int, category: UUID) -> EventType:
    """An entry about a category that may be told."""
    return RulesChosen(category_id=category, rule_set="steps", rule_set_version=str(step))


def whispered(category: UUID | None = None) -> EventType:
    """An entry that is embargoed: its payload may not leave."""
    unit = MarkedUnit(entry_id=uuid4(), criterion_id=uuid4(), part="whispered", revision=1)
    return ScoreSubmitted(category_id=category or uuid4(), seat_id=uuid4(), marks=[unit])


@dataclass
class Stage:
    """Works for one tenant, with real commits."""

    database: Database
    tenant: UUID
    clock: FixedClock
    settings: Settings = field(
        default_factory=lambda: Settings(webhook_allowed_networks=["127.0.0.0/8"], database_url=None)
    )

    def work(self, tenant: UUID | None = None) -> Work:
        """Platform work for the tenant."""
        return Work(
            self.database, tenant_id=tenant or self.tenant, role="platform", actor=system_actor("stage"),
            correlation_id="stage", clock=self.clock,
        )  # fmt: skip

    async def endpoint(
        self, url: str, *secrets: str, tenant: UUID | None = None, kept: Credentials | None = None, **given: Any
    ) -> UUID:
        """An endpoint from now on, with these signing secrets (one is made if none is given)."""
        box = credentials.box(SECRET)
        async with self.work(tenant) as work:
            start = await reading.newest(work)
            values = {**GIVEN, "tenant": tenant or self.tenant, "name": str(uuid4()), "url": url, **given}
            values["filter"] = orjson.dumps(values["filter"]).decode() if values["filter"] is not None else None
            values["credentials"] = credentials.seal(box, kept) if kept else None
            [row] = await work.sql(NEW, {**values, "xid": start.xid, "id": start.id})
            for secret in secrets or (signing.generate_secret(),):
                await work.sql(
                    "INSERT INTO webhook_secrets (tenant_id, endpoint_id, scheme, sealed, hint)"
                    " VALUES (%s, %s, 'v1', %s, 'hint')",
                    (tenant or self.tenant, row["id"], box.seal(secret)),
                )
            await work.commit()
        made: UUID = row["id"]
        return made

    async def emit(self, *events: EventType, tenant: UUID | None = None) -> list[UUID]:
        """Entries of the log."""
        async with self.work(tenant) as work:
            ids = await eventlog.append_many(work, events)
            await work.commit()
        return ids

    async def step(self, count: int = 1, *, key: UUID | None = None, tenant: UUID | None = None) -> list[UUID]:
        """So many entries of type `STEP` about one category, numbered from 1 (``data.ruleSetVersion``)."""
        one = key or uuid4()
        return await self.emit(*(stepped(n + 1, one) for n in range(count)), tenant=tenant)

    async def fan_out(self) -> int:
        """Queue deliveries for all that is in the log and below the horizon."""
        fan, total = FanOut(SECRET, Addresses(self.settings)), 0
        while True:
            async with self.work() as work:
                count, _ = await fan.run(work)
                await work.commit()
            total += count
            if not count:
                return total

    @asynccontextmanager
    async def dispatching(self, **settings: Any) -> AsyncIterator[Dispatcher]:
        """A dispatcher at work."""
        chosen = self.settings.model_copy(update=settings)
        dispatcher = Dispatcher(self.database, settings=chosen, secret_key=SECRET, clock=self.clock)
        async with dispatcher.running():
            yield dispatcher

    def poke(self) -> None:
        """Have dispatchers look, as after a move of the clock."""
        self.database.signals.poke(DUE)

    async def rows(self, query: str, *params: Any) -> list[Row]:
        """What a query finds, as the platform."""
        async with self.work() as work:
            return await work.sql(query, params)

    async def deliveries(self, endpoint: UUID) -> list[Row]:
        """What has ended, oldest first."""
        return await self.rows("SELECT * FROM webhook_deliveries WHERE endpoint_id = %s ORDER BY id", endpoint)

    async def queued(self, endpoint: UUID) -> list[Row]:
        """What waits, oldest first."""
        return await self.rows("SELECT * FROM webhook_queue WHERE endpoint_id = %s ORDER BY id", endpoint)

    async def attempts(self, endpoint: UUID) -> list[Row]:
        """Tries that were recorded and were not the last."""
        return await self.rows(
            "SELECT a.* FROM webhook_attempts a JOIN webhook_queue q ON q.id = a.delivery_id WHERE q.endpoint_id = %s"
            " ORDER BY a.delivery_id, a.n",
            endpoint,
        )

    async def until(self, holds: Callable[[], Any], seconds: float = 20) -> None:
        """Wait until an awaited question is answered by something true; TimeoutError."""
        async with asyncio.timeout(seconds):
            while not await holds():  # noqa: ASYNC110 - the database tells nobody
                await asyncio.sleep(0.02)

    async def ended(self, endpoint: UUID, count: int) -> list[Row]:
        """What has ended, once it is so much."""

        async def enough() -> bool:
            return len(await self.deliveries(endpoint)) >= count

        await self.until(enough)
        return await self.deliveries(endpoint)

    async def tried(self, endpoint: UUID, count: int) -> list[Row]:
        """Tries that were not the last, once they are so many."""

        async def enough() -> bool:
            return len(await self.attempts(endpoint)) >= count

        await self.until(enough)
        return await self.attempts(endpoint)

    async def health(self, endpoint: UUID) -> dict[str, Any]:
        """The health as it is stored."""
        [row] = await self.rows("SELECT health FROM webhook_endpoints WHERE id = %s", endpoint)
        stored: dict[str, Any] = row["health"]
        return stored

    async def told(self, prefix: str = "webhook.") -> list[str]:
        """Types of the log's entries about webhooks, oldest first."""
        rows = await self.rows("SELECT type FROM event_log WHERE type LIKE %s ORDER BY id", prefix + "%")
        return [row["type"] for row in rows]
