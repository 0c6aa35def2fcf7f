"""A process that does nothing but work, jobs and loops: ``python -m event_manager worker``."""

import asyncio
import gc
import signal
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Protocol

from event_manager.config import Settings
from event_manager.kit import logs
from event_manager.kit.db import Database
from event_manager.kit.jobs.worker import DEFAULT, Timing, Worker

COLLECT_AFTER = 10_000
"""Objects made before a collection is tried; batches of hundreds of rows are no garbage in circles."""
log = logs.logger(__name__)


class Beside(Protocol):
    """Something that works in the background of a block, over an opened database (`Loops`, ...)."""

    def running(self) -> AbstractAsyncContextManager[None]: ...


async def run_worker(
    settings: Settings, database: Database, *, beside: Sequence[Beside] = (), timing: Timing = DEFAULT
) -> None:
    """Work until SIGTERM or SIGINT with others beside, then drain and return. Opens and closes the (unopened) database.

    Raises UnsafeRole, psycopg errors when the database cannot be reached at the start.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await database.open()
    try:
        await database.signals.start()
        log.info("worker started", concurrency=settings.worker_concurrency)
        worker = Worker(database, settings=settings, concurrency=settings.worker_concurrency, timing=timing)
        async with AsyncExitStack() as stack:
            for other in beside:
                await stack.enter_async_context(other.running())
            gc.collect()
            gc.freeze()  # what has been imported lives as long as the process: collections need not walk it again
            gc.set_threshold(COLLECT_AFTER)
            await worker.run(stop)
        log.info("worker drained")
    finally:
        await database.signals.stop()
        await database.close()
