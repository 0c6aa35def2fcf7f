"""A process that does nothing but deliver: the product's own fan-out and dispatcher, nothing else of a worker."""

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import uvloop

import event_manager.app  # noqa: F401 - defines all types of events
from event_manager.config import Settings
from event_manager.kit import logs
from event_manager.kit.installation import Installation
from event_manager.kit.loops import Loops
from event_manager.webhooks.dispatch.dispatcher import Dispatcher
from event_manager.webhooks.loops import FAN_OUT


async def _deliver(settings: Settings, installation: Installation) -> None:
    database, key = installation.database(), installation.secret_key
    await database.open()
    await database.signals.start()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(Loops([FAN_OUT], database, settings=settings, secret_key=key).running())
        await stack.enter_async_context(Dispatcher(database, settings=settings, secret_key=key).running())
        print("delivering", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    given = Settings(data_dir=Path(sys.argv[sys.argv.index("--data-dir") + 1]), database_url=None)
    logs.configure(given.log_level, given.log_format)
    uvloop.run(_deliver(given, Installation.prepare(given)))
