"""A running application seals what is appended, without being asked."""

import asyncio

import httpx
import psycopg

from event_manager.app import create_app
from event_manager.config import Settings
from event_manager.eventlog.checkpoints import Signer
from event_manager.kit import migrate
from event_manager.kit.db import Database
from event_manager.kit.postgres import EmbeddedServer
from tests.conftest import SECRET
from tests.people import People
from tests.snapshot import Snapshot

SEALED = """
    SELECT s.checkpoint FROM event_seals s JOIN event_log e ON e.tenant_id = s.tenant_id
     WHERE e.entity_id = %s AND (e.xid, e.id) BETWEEN (s.first_xid, s.first_id) AND (s.last_xid, s.last_id)"""


async def checkpoint_over(conn: psycopg.AsyncConnection, entity: str) -> str:
    while True:
        row = await (await conn.execute(SEALED, (entity,))).fetchone()
        if row is not None:
            return str(row[0])
        await asyncio.sleep(0.05)


async def test_a_running_application_seals_what_is_appended(
    logins: migrate.Logins, server: EmbeddedServer, people: People, snapshot: Snapshot
) -> None:
    settings = Settings(rate_limit_per_minute=0, anonymous_rate_limit_per_minute=0, database_url=None)
    own = Database(app_dsn=logins.app, platform_dsn=logins.platform, pool_size=4)
    app = create_app(settings, own, secret_key=SECRET, worker=True)
    try:
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
            await psycopg.AsyncConnection.connect(snapshot.dsn, autocommit=True) as conn,
        ):
            headers = people["oscar"].bearer
            made = await client.post("/api/contests/events", json={"name": "Sealed"}, headers=headers)
            note = await asyncio.wait_for(checkpoint_over(conn, made.json()["id"]), 30)
            metrics = (await client.get("/metrics")).text

        assert Signer(SECRET).open(note).origin == f"event-manager/{people.a}"
        assert "event_manager_seal_lag_seconds" in metrics
    finally:
        snapshot.restore()
