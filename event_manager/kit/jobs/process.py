"""A process that does nothing but work, jobs and loops: ``python -m event_manager worker``."""

import asyncio
import signal
from contextlib import nullcontext

from event_manager.config import Settings
from event_manager.kit import logs
from event_manager.kit.db import Database
from event_manager.kit.jobs.worker import DEFAULT, Timing, Worker
from event_manager.kit.loops import Loops

log = logs.logger(__name__)


async def run_worker(
    settings: Settings, database: Database, *, loops: Loops | None = None, timing: Timing = DEFAULT
) -> None:
    """Work until SIGTERM or SIGINT, then drain and return. Opens and closes the (unopened) database.

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
        async with loops.running() if loops is not None else nullcontext():
            await worker.run(stop)
        log.info("worker drained")
    finally:
        await database.signals.stop()
        await database.close()
