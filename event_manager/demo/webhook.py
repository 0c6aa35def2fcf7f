"""The demo's example of a webhook: switched off, with what to do to see it at work."""

from event_manager.demo.people import Cast
from event_manager.kit.db import Database
from event_manager.webhooks.checking import Terms
from event_manager.webhooks.commands import PORT
from event_manager.webhooks.schemas import WebhookCreate
from event_manager.webhooks.service import create_endpoint

EXAMPLE = WebhookCreate(
    name="Example receiver",
    description="Run “python3 run.py listen-webhooks” on this machine, then switch this on, or send a test.",
    url=f"http://127.0.0.1:{PORT}/",
    events=["*"],
    enabled=False,
)


async def connect_example(database: Database, cast: Cast, terms: Terms) -> None:
    """Set it up before anything happens, so that all of the festival waits for it."""
    async with cast.work(database, "admin") as work:
        await create_endpoint(work, EXAMPLE, terms)
        await work.commit()
