"""The sealer appends each tenant's committed entries to its tree once, in order, and signs what it made."""

from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from event_manager.eventlog import leaves, merkle
from event_manager.eventlog.checkpoints import BadCheckpoint, Signer
from event_manager.eventlog.sealing import seal_batch
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from tests.snapshot import Snapshot

SIGNER = Signer("a key")
FILL = """
    SELECT event_log_append(%s, 'test.thing.happened', 1::smallint, 'thing', uuidv7(), 'system', NULL, 'Zoë', '',
                            'c' || n, NULL, now(), convert_to('{"n":' || n || '}', 'UTF8'), NULL)
      FROM generate_series(1, %s) AS n"""


async def fill(database: Database, tenant: UUID, count: int) -> None:
    async with Work(database, role="platform") as work:
        await work.sql(FILL, (tenant, count))
        await work.commit()


async def seal_all(database: Database, clock: FixedClock, limit: int = 1000) -> int:
    sealed = 0
    while True:
        async with Work(database, role="platform", clock=clock) as work:
            count = await seal_batch(work, SIGNER, limit)
            await work.commit()
        sealed += count
        if not count:
            return sealed


async def test_the_root_is_that_of_the_entries_in_commit_order(
    database: Database, clock: FixedClock, snapshot: Snapshot
) -> None:
    tenant = uuid4()
    try:
        for count in (3, 300, 700):
            await fill(database, tenant, count)
            await seal_all(database, clock, 130)
        async with Work(database, role="platform") as work:
            rows = await work.sql(
                f"SELECT {leaves.SELECT} FROM event_log WHERE tenant_id = %s ORDER BY event_log.xid, id", (tenant,)
            )
            [last] = await work.sql(
                "SELECT * FROM event_seals WHERE tenant_id = %s ORDER BY size DESC LIMIT 1", (tenant,)
            )
            tiles = await work.sql(
                "SELECT entries FROM event_tiles WHERE tenant_id = %s AND level = 0 ORDER BY number", (tenant,)
            )
        edge = merkle.Frontier()
        edge.extend(b"".join(leaves.leaf(row) for row in rows))

        assert (last["size"], bytes(last["root"])) == (1003, edge.root())
        assert SIGNER.open(last["checkpoint"]).root == edge.root()
        assert b"".join(bytes(t["entries"]) for t in tiles) == b"".join(r["id"].bytes for r in rows)
    finally:
        snapshot.restore()


async def test_entries_of_organisations_that_took_turns_go_each_to_its_own_tree_in_order(
    database: Database, clock: FixedClock, snapshot: Snapshot
) -> None:
    one, two = uuid4(), uuid4()
    try:
        await seal_all(database, clock)
        for tenant, count in ((one, 3), (two, 2), (one, 4), (two, 1)):
            await fill(database, tenant, count)
        assert await seal_all(database, clock) == 10
        async with Work(database, role="platform") as work:
            for tenant in (one, two):
                rows = await work.sql(
                    f"SELECT {leaves.SELECT} FROM event_log WHERE tenant_id = %s ORDER BY event_log.xid, id", (tenant,)
                )
                [seal] = await work.sql("SELECT * FROM event_seals WHERE tenant_id = %s", (tenant,))
                edge = merkle.Frontier()
                edge.extend(b"".join(leaves.leaf(row) for row in rows))
                assert bytes(seal["root"]) == edge.root()
                assert (seal["first_id"], seal["last_id"]) == (rows[0]["id"], rows[-1]["id"])
    finally:
        snapshot.restore()


def test_a_checkpoint_of_another_key_is_refused() -> None:
    from datetime import UTC, datetime

    from event_manager.eventlog.checkpoints import Checkpoint

    note = Signer("other").sign(
        Checkpoint("event-manager/x", 1, bytes(32), bytes(32), datetime(2026, 1, 1, tzinfo=UTC))
    )

    with pytest.raises(BadCheckpoint, match="signed by another key"):
        SIGNER.open(note)


async def sealed_sizes(database: Database, tenant: UUID) -> list[int]:
    async with Work(database, role="platform") as work:
        rows = await work.sql("SELECT size FROM event_seals WHERE tenant_id = %s ORDER BY size", (tenant,))
    return [row["size"] for row in rows]


async def test_of_two_sealers_at_once_one_stands_by(database: Database, clock: FixedClock, snapshot: Snapshot) -> None:
    tenant = uuid4()
    try:
        await seal_all(database, clock)
        await fill(database, tenant, 10)
        async with (
            Work(database, role="platform", clock=clock) as one,
            Work(database, role="platform", clock=clock) as two,
        ):
            counts = [await seal_batch(one, SIGNER), await seal_batch(two, SIGNER)]
            await one.commit()
            await two.commit()

        assert counts == [10, 0]
        assert await sealed_sizes(database, tenant) == [10]
    finally:
        snapshot.restore()


async def test_a_sealer_killed_before_its_commit_leaves_nothing_and_the_next_seals_all(
    database: Database, clock: FixedClock, snapshot: Snapshot
) -> None:
    tenant = uuid4()
    try:
        await seal_all(database, clock)
        await fill(database, tenant, 10)
        async with Work(database, role="platform", clock=clock) as work:
            [backend] = await work.sql("SELECT pg_backend_pid() AS pid")
            assert await seal_batch(work, SIGNER) == 10
            with psycopg.connect(snapshot.dsn, autocommit=True) as conn:
                conn.execute("SELECT pg_terminate_backend(%s, 5000)", (backend["pid"],))
            with pytest.raises(OperationalError):
                await work.commit()
            assert await sealed_sizes(database, tenant) == []

        assert await seal_all(database, clock) == 10
        assert await sealed_sizes(database, tenant) == [10]
    finally:
        snapshot.restore()
