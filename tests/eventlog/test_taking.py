"""A checkpoint goes into the log of each organisation whose log grew, once an hour, and not because of itself."""

from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import psycopg

from event_manager.config import Settings
from event_manager.eventlog.checkpoints import Signer
from event_manager.eventlog.loops import CHECKPOINTS_EVERY_SECONDS, take_checkpoints
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.loops import Around
from tests.eventlog.test_sealing import fill, seal_all
from tests.snapshot import Snapshot


async def taken(database: Database, clock: FixedClock, snapshot: Snapshot, tenant: UUID) -> list[int]:
    """The sizes of the checkpoints in the log after another look."""
    around = Around(database, Settings(database_url=None), "a key", clock)
    assert await take_checkpoints(around) == CHECKPOINTS_EVERY_SECONDS
    await seal_all(database, clock)
    with psycopg.connect(snapshot.dsn) as conn:
        rows = conn.execute(
            "SELECT body FROM event_log WHERE tenant_id = %s AND type = 'audit.checkpoint' ORDER BY id", (tenant,)
        ).fetchall()
    payloads = [orjson.loads(body) for (body,) in rows]
    assert [Signer("a key").open(each["note"]).size for each in payloads] == [each["size"] for each in payloads]
    return [each["size"] for each in payloads]


async def test_a_log_gets_a_checkpoint_an_hour_while_it_grows(
    database: Database, clock: FixedClock, snapshot: Snapshot
) -> None:
    tenant = uuid4()
    hour = timedelta(hours=1)
    try:
        await fill(database, tenant, 5)
        await seal_all(database, clock)

        assert await taken(database, clock, snapshot, tenant) == []  # its first hour
        clock.at += hour
        assert await taken(database, clock, snapshot, tenant) == [5]
        clock.at += hour
        assert await taken(database, clock, snapshot, tenant) == [5]  # nothing but the checkpoint was added
        await fill(database, tenant, 1)
        await seal_all(database, clock)
        assert await taken(database, clock, snapshot, tenant) == [5, 7]
        await fill(database, tenant, 1)
        await seal_all(database, clock)
        clock.at += hour / 2
        assert await taken(database, clock, snapshot, tenant) == [5, 7]
    finally:
        snapshot.restore()
