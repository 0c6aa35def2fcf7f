"""Handlers that write one row for each entry into a table of the tests; and a process of theirs, to be killed."""

import asyncio
import random
from typing import ClassVar

from event_manager.config import Settings
from event_manager.eventlog import handler_loop, handler_store
from event_manager.eventlog.handling import Effect, Entry, Projection, Shadow
from event_manager.kit import logs
from event_manager.kit.clock import SystemClock
from event_manager.kit.db import Database
from event_manager.kit.jobs import Backoff, Permanent
from event_manager.kit.loops import Loop, Loops
from event_manager.kit.work import Work

TYPES = ("tenant.updated",)
TABLES = """
    CREATE TABLE handler_effects (nr bigint GENERATED ALWAYS AS IDENTITY, handler text, tenant_id uuid, entity_id uuid,
                                  event_id uuid, n int);
    CREATE TABLE handler_kept (tenant_id uuid, entity_id uuid, total int, PRIMARY KEY (tenant_id, entity_id));
    CREATE TABLE handler_kept_side (LIKE handler_kept INCLUDING ALL)"""
WRITE = "INSERT INTO handler_effects (handler, tenant_id, entity_id, event_id, n) VALUES (%s, %s, %s, %s, %s)"
ADD = """INSERT INTO {table} AS k VALUES (%s, %s, %s) ON CONFLICT (tenant_id, entity_id)
         DO UPDATE SET total = k.total + excluded.total"""


def number(entry: Entry) -> int:
    """The number that a test has put into an entry."""
    return int(entry.payload["changes"]["n"][1])


class Note(Effect):
    """Writes each entry down."""

    name: ClassVar[str] = "victim.note"
    types: ClassVar[tuple[str, ...]] = TYPES
    backoff: ClassVar[Backoff] = Backoff(first=0.01, cap=0.05)
    max_attempts: ClassVar[int] = 4
    fails: ClassVar[dict[int, int]] = {}
    """How often entries with these numbers fail before they succeed."""
    refuses: ClassVar[set[int]] = set()

    async def handle(self, work: Work, entry: Entry) -> None:
        """Write, then perhaps fail: what was written must not stay."""
        n = number(entry)
        await work.sql(WRITE, (self.name, entry.tenant_id, entry.entity_id, entry.id, n))
        if n in self.refuses:
            raise Permanent("never")
        if self.fails.get(n, 0) > 0:
            self.fails[n] -= 1
            raise RuntimeError(f"not yet {n}")


class Keep(Projection):
    """Writes each entry down and adds up numbers by entity."""

    name: ClassVar[str] = "victim.keep"
    types: ClassVar[tuple[str, ...]] = TYPES
    backoff: ClassVar[Backoff] = Backoff(first=0.01, cap=0.05)
    shadow: ClassVar[Shadow] = Shadow("handler_kept", "handler_kept_side", ("tenant_id", "entity_id"), ("total",))
    fails: ClassVar[dict[int, int]] = {}
    dawdles: ClassVar[float] = 0.0

    async def handle(self, work: Work, entry: Entry) -> None:
        """Write, then perhaps fail."""
        n = number(entry)
        if self.table == self.shadow.table:
            await work.sql(WRITE, (self.name, entry.tenant_id, entry.entity_id, entry.id, n))
        await work.sql(ADD.format(table=self.table), (entry.tenant_id, entry.entity_id, n))
        if self.dawdles:
            await asyncio.sleep(random.uniform(0, self.dawdles))
        if self.fails.get(n, 0) > 0:
            self.fails[n] -= 1
            raise RuntimeError(f"not yet {n}")


class SlowNote(Note):
    """A note that takes a while, which is a good moment to be killed in."""

    name: ClassVar[str] = "victim.slow-note"

    async def handle(self, work: Work, entry: Entry) -> None:
        """Write and dawdle."""
        await super().handle(work, entry)
        await asyncio.sleep(random.uniform(0, 0.01))


def main(app_dsn: str, platform_dsn: str) -> None:
    """Follow the log until killed."""
    from datetime import timedelta
    from functools import partial

    logs.configure("ERROR", "console")
    handler_store.LEASE = timedelta(seconds=0.5)
    handler_loop.STAND_BY_SECONDS = 0.05
    Keep.dawdles = 0.005
    loops = [Loop(h.name, partial(handler_loop.follow, h)) for h in (Keep(), SlowNote())]

    async def run() -> None:
        database = Database(app_dsn=app_dsn, platform_dsn=platform_dsn, pool_size=6, platform_pool_size=3)
        await database.open()
        async with Loops(loops, database, settings=Settings(), secret_key="", clock=SystemClock()).running():
            await asyncio.Event().wait()

    asyncio.run(run())
