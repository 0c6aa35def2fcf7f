"""One endpoint that is a relay: reads the log behind its cursor, publishes, and moves the cursor once all is taken.

A batch whose acknowledgement was lost is sent again with the same ids. While the broker is away nothing is passed over:
the cursor stays, and tries are made as the endpoint's health permits.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime

import psycopg
from sqlalchemy.exc import DBAPIError

from event_manager.eventlog import reading
from event_manager.eventlog.queries import known_types
from event_manager.eventlog.reading import Position, newest, position_of, read_after
from event_manager.kit import logs
from event_manager.kit.access import system_actor
from event_manager.kit.clock import Clock
from event_manager.kit.db import Database, Row
from event_manager.kit.egress import Guard
from event_manager.kit.errors import Unavailable
from event_manager.kit.metrics import RELAYED
from event_manager.kit.work import Work
from event_manager.webhooks import health as healths
from event_manager.webhooks.compiled import Compiled
from event_manager.webhooks.dispatch.aftermath import Aftermath
from event_manager.webhooks.dispatch.channel import Channel
from event_manager.webhooks.messages import Addresses, message_of
from event_manager.webhooks.relays import nats
from event_manager.webhooks.relays.base import Outgoing, Relay, RelayFailed, cursor_of
from event_manager.webhooks.requests import shape_or_thin

CONNECT: Mapping[str, Callable[[Compiled, Guard], Awaitable[Relay]]] = {"nats": nats.connect}
"""How to connect, by kind."""

BATCH = 500
IDLE_SECONDS = 0.2
LONGEST_WAIT = 30.0
SAVE_SECONDS = 60.0
"""A place that moved only past entries of others is saved so often."""

log = logs.logger(__name__)


class Following:
    """A relay at work, until it is told to stop. Only one may be at work for an endpoint: see `process`."""

    def __init__(
        self, endpoint: Compiled, slug: str, *, database: Database, addresses: Addresses, guard: Guard, clock: Clock
    ) -> None:
        self.endpoint = endpoint
        self._slug, self._addresses, self._guard = slug, addresses, guard
        self._database, self._clock = database, clock
        self._types = [cls.name for cls in known_types() if endpoint.wants_type(cls.name)]
        self._channel = Channel(endpoint, slug)  # holds the health, and what its owner should be told
        self._aftermath = Aftermath(database, clock)
        self._relay: Relay | None = None
        self._saved: Position | None = None
        self._saved_at = clock.now()

    async def run(self, stop: asyncio.Event) -> None:
        """Follow until `stop` is set; what is under way ends first."""
        try:
            while not stop.is_set():
                try:
                    pause = await self.round()
                except (psycopg.Error, DBAPIError, Unavailable) as error:
                    log.warning("relay interrupted", endpoint=str(self.endpoint.id), error=str(error))
                    pause = 1.0
                except Exception:
                    log.exception("relay failed", endpoint=str(self.endpoint.id))
                    pause = LONGEST_WAIT
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)
        finally:
            await self._disconnect()

    async def round(self) -> float:
        """One batch; returns after how many seconds to go on."""
        permitted = healths.permission(self._channel.health, self._clock.now())
        if permitted == "wait":
            return self._until_probe()
        rows, done = await self._read()
        if permitted == "probe" and rows:
            rows = rows[:1]
            done = position_of(rows[0])
            self._channel.health = healths.start_probe(self._channel.health, self._clock.now())
        messages = [made for row in rows for made in self._made(row)]
        if messages:
            try:
                await self._publish(messages)
            except RelayFailed as failed:
                await self._disconnect()
                await self._failed(str(failed), probe=permitted == "probe")
                return min(1.0, self._until_probe())
            RELAYED.labels(self.endpoint.kind).inc(len(messages))
            await self._succeeded(probe=permitted == "probe")
        await self._advance(done, urgent=bool(messages))
        return 0.0 if rows else IDLE_SECONDS

    async def _read(self) -> tuple[list[Row], Position]:
        async with self._work() as work:
            if self._saved is None:
                self._saved = self._at = await reading.begin_at(
                    work, cursor_of(self.endpoint.id), tenant=self.endpoint.tenant_id, start=self.endpoint.start
                )
                await work.commit()
            horizon = await newest(work)
            rows = await read_after(work, self._at, BATCH, tenant=self.endpoint.tenant_id, types=self._types)
        last = position_of(rows[-1]) if rows else self._at
        return rows, last if len(rows) == BATCH else max(last, horizon)

    def _made(self, row: Row) -> list[Outgoing]:
        if row["entity_id"] == self.endpoint.id and row["type"].startswith("webhook."):
            return []
        message = message_of(row, self._slug, self._addresses)
        if not self.endpoint.wants(message):
            return []
        rendered = shape_or_thin(self.endpoint, message)
        return [Outgoing(message.id, message.type, message.partition_key, rendered.headers, rendered.body)]

    async def _publish(self, messages: list[Outgoing]) -> None:
        if self.endpoint.fault:
            raise RelayFailed(self.endpoint.fault)
        if self._relay is None:
            self._relay = await CONNECT[self.endpoint.kind](self.endpoint, self._guard)
        await self._relay.publish(messages)

    async def _disconnect(self) -> None:
        relay, self._relay = self._relay, None
        if relay is not None:
            await relay.close()

    async def _advance(self, done: Position, *, urgent: bool) -> None:
        now = self._clock.now()
        if urgent or (done != self._saved and (now - self._saved_at).total_seconds() > SAVE_SECONDS):
            async with self._work() as work:
                await reading.advance(work, cursor_of(self.endpoint.id), done, tenant=self.endpoint.tenant_id)
                await work.commit()
            self._saved, self._saved_at = done, now
        self._at = done

    async def _succeeded(self, *, probe: bool) -> None:
        health = self._channel.health
        if health.state == "healthy" and not health.in_row:
            return
        await self._take(healths.record(health, self._clock.now(), succeeded=True, probe=probe))

    async def _failed(self, reason: str, *, probe: bool) -> None:
        log.info("relay refused", endpoint=str(self.endpoint.id), reason=reason)
        self._channel.last_error = reason
        await self._take(healths.record(self._channel.health, self._clock.now(), succeeded=False, probe=probe))

    async def _take(self, change: healths.Change) -> None:
        self._channel.health = change.health
        self._channel.notices += change.notices
        await self._aftermath.save_health([self._channel])

    def _until_probe(self) -> float:
        at: datetime | None = self._channel.health.probe_at
        if at is None:
            return LONGEST_WAIT
        return min(LONGEST_WAIT, max(0.05, (at - self._clock.now()).total_seconds()))

    def _work(self) -> Work:
        return Work(
            self._database, role="platform", actor=system_actor("relays"), correlation_id="relays", clock=self._clock
        )
