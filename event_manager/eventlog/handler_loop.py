"""Following the log: each handler has a loop in every server and worker, and one process at a time leads.

A round reads a window of entries behind the handler's cursor, runs those it wants, and moves the cursor once each is
done or written down as failed. A process that dies is followed by another when its lease has run out; what it had done
stands in the inbox, so nothing is lost and nothing is done twice.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from uuid import UUID

from event_manager.eventlog import handler_store as store
from event_manager.eventlog.handler_runs import Runs, is_away
from event_manager.eventlog.handling import Entry, Handler, handlers
from event_manager.eventlog.reading import position_of
from event_manager.kit.access import system_actor
from event_manager.kit.db import Row
from event_manager.kit.loops import Around, Loop
from event_manager.kit.metrics import HANDLER_LAG
from event_manager.kit.work import Work

BUSY_SECONDS, IDLE_SECONDS, STAND_BY_SECONDS = 0.02, 0.25, 1.0


async def follow(handler: Handler, around: Around, *, me: UUID | None = None) -> float:
    """One round of a handler; returns the pause until the next."""
    leader = me or store.this_process()
    async with platform_work(around) as work:
        lead = await store.claim(work, handler, leader)
        rows = await store.window(work, handler, lead.position) if lead else []
        failed = await store.due(work, handler, lead.epoch, work.now()) if lead else []
        await work.commit()
    if lead is None:
        with suppress(KeyError):
            HANDLER_LAG.remove(handler.name)  # another process tells it
        return STAND_BY_SECONDS
    if rows or failed:
        runs = Runs(handler, around, lead.epoch)
        async with kept(around, handler.name, leader):
            await runs.retry(failed)
            await runs.run(wanted(handler, rows))
    if rows:
        async with platform_work(around) as work:
            await store.advance(work, handler.name, leader, lead.epoch, position_of(rows[-1]))
            await work.commit()
    behind = len(rows) == store.WINDOW
    HANDLER_LAG.labels(handler.name).set((around.clock.now() - rows[-1]["at"]).total_seconds() if behind else 0)
    if behind or failed:
        return 0.0
    return BUSY_SECONDS if rows else IDLE_SECONDS


def wanted(handler: Handler, rows: Sequence[Row]) -> list[Entry]:
    """The entries of a window that a handler is to deal with."""
    return [Entry.of(row) for row in rows if handler.wants(row["type"], row["tenant_id"])]


@asynccontextmanager
async def kept(around: Around, name: str, me: UUID) -> AsyncIterator[None]:
    """Renew the lease during a block that may last."""

    async def renew() -> None:
        while True:
            await asyncio.sleep(store.LEASE.total_seconds() / 4)
            try:
                async with platform_work(around) as work:
                    await store.keep(work, name, me)
                    await work.commit()
            except Exception as error:
                if not is_away(error):
                    raise

    renewing = asyncio.create_task(renew())
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing


def platform_work(around: Around) -> Work:
    """Work of the loops themselves."""
    return Work(
        around.database, role="platform", actor=system_actor("handlers"), correlation_id="handlers", clock=around.clock
    )


async def catch_up(around: Around, only: Sequence[Handler] | None = None, *, me: UUID | None = None) -> None:
    """Rounds of all handlers (or some), until none has anything to do that is due (tests, commands).

    Leases are given back, unless they are those of ``me``.
    """
    for handler in handlers().values() if only is None else only:
        while await follow(handler, around, me=me) in (0.0, BUSY_SECONDS):
            continue
        if me is None:
            async with platform_work(around) as work:
                await store.release(work, handler.name, store.this_process())
                await work.commit()


def loops() -> tuple[Loop, ...]:
    """A loop for each handler that is registered by now."""
    return tuple(Loop(f"handler.{name}", partial(follow, handler)) for name, handler in handlers().items())
