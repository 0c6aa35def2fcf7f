"""`demo`: the product with its demo organisation, on an embedded database, ready to sign in."""

import asyncio
import shutil

from event_manager.config import Settings
from event_manager.demo.festival import stage_festival
from event_manager.demo.people import CAST, PASSWORD, SLUG, address, exists, gather
from event_manager.demo.webhook import connect_example
from event_manager.kit import webbuild
from event_manager.kit.db import Database
from event_manager.kit.installation import Installation, data_dir, preparing
from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.setup import SetupError
from event_manager.server import serve
from event_manager.webhooks.checking import Terms, terms_for

WHAT_FOR = {
    "admin": "everything; also in a second organisation",
    "organizer": "sets up contests",
    "tally": "watches progress, closes judging",
    "auditor": "reads all marks and results",
    "board": "decides ties",
    "judge1": "judges: “Free choice” waits for marks (also judge2, judge3)",
    "emcee": "reads the running order",
}


def run_demo(settings: Settings, *, reset: bool) -> None:
    """Prepare, seed once, serve until stopped. Raises SetupError with a sentence for the user."""
    if settings.database_url is not None:
        raise SetupError("The demo uses its own embedded database: unset DATABASE_URL, or use 'serve'.")
    if reset:
        _reset(settings)
    webbuild.ensure_built(settings.web_dist)
    installation = Installation.prepare(settings)
    try:
        installation.migrate()
        with preparing(data_dir(settings)):
            asyncio.run(_seed(installation.database(), terms_for(settings, installation.secret_key)))
        serve(installation, ready=_welcome(settings))
    finally:
        installation.close()


def _reset(settings: Settings) -> None:
    """Remove the demo's data; refused while another demo uses it."""
    folder = data_dir(settings)
    if folder.exists():
        EmbeddedServer.remove(folder)
        shutil.rmtree(folder)


async def _seed(database: Database, terms: Terms) -> None:
    await database.open()
    try:
        if not await exists(database):
            cast = await gather(database)
            await connect_example(database, cast, terms)
            await stage_festival(database, cast)
    finally:
        await database.close()


def _welcome(settings: Settings) -> str:
    lines = [f"  {address(name):<28} {CAST[name][0]:<18} {what}" for name, what in WHAT_FOR.items()]
    return "\n".join(
        [
            "",
            f"Event Manager is ready: {settings.public_url()}/t/{SLUG}/",
            "",
            f"Sign in with the password “{PASSWORD}” as",
            *lines,
            "",
            f"Mails of the demo wait in {settings.public_url()}/outbox. Stop with Ctrl-C; --reset starts afresh.",
        ]
    )
