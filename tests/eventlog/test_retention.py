"""Months that are old enough are dropped whole; nothing else can pass for one of them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.errors import ObjectNotInPrerequisiteState

from event_manager.config import Settings
from event_manager.eventlog import reading, retirements, retiring
from event_manager.eventlog.commands import tell, verify_all
from event_manager.eventlog.loops import RETIRE_EVERY_SECONDS, retire
from event_manager.eventlog.retirements import Retirement
from event_manager.eventlog.verifying import Report
from event_manager.kit.clock import FixedClock, SystemClock
from event_manager.kit.db import Database
from event_manager.kit.loops import Around
from event_manager.kit.work import Work
from tests.eventlog.test_sealing import SIGNER, fill, seal_all
from tests.eventlog.test_verifying import Vandal
from tests.snapshot import Snapshot

OLD = 30
MAKE = """
    DO $do$ DECLARE
      v_start timestamptz := date_trunc('month', now() AT TIME ZONE 'UTC' - interval '3 months') AT TIME ZONE 'UTC';
      v_end timestamptz := (v_start AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC';
      v_part text := 'event_log_p' || to_char(v_start AT TIME ZONE 'UTC', 'YYYYMM');
    BEGIN
      EXECUTE format('CREATE TABLE %I PARTITION OF event_log FOR VALUES FROM (%L) TO (%L)', v_part,
                     uuidv7_floor(v_start), uuidv7_floor(v_end));
      EXECUTE format('ALTER TABLE %I OWNER TO event_manager_owner', v_part);
    END $do$"""
FILL = """
    INSERT INTO event_log (id, tenant_id, type, version, entity_type, entity_id, actor_kind, actor_name, address,
                           correlation_id, at, body)
    SELECT uuidv7(date_trunc('month', now() AT TIME ZONE 'UTC' - interval '3 months') AT TIME ZONE 'UTC'
                  + interval '9 days' - now() + make_interval(secs => n)),
           %s, 'test.thing.happened', 1, 'thing', uuidv7(), 'system', 'Zoe', '', '', now(), '{}'
      FROM generate_series(1, %s) AS n"""
PART = "SELECT 'event_log_p' || to_char(now() AT TIME ZONE 'UTC' - interval '3 months', 'YYYYMM')"


@pytest.fixture
async def vandal(database: Database, clock: FixedClock, snapshot: Snapshot) -> AsyncIterator[Vandal]:
    """Beside a sealed log with 30 entries of three months ago, and 20 of today on either side of them."""
    tenant = uuid4()
    with psycopg.connect(snapshot.dsn, autocommit=True) as conn:
        [[part]] = conn.execute(PART).fetchall()
        await seal_all(database, clock)
        conn.execute(MAKE)
        await fill(database, tenant, 10)
        conn.execute(FILL, (tenant, OLD))
        await fill(database, tenant, 10)
        await seal_all(database, clock, 7)
        yield Vandal(snapshot.dsn, tenant)
        conn.execute(f'DROP TABLE IF EXISTS "{part}"')
    snapshot.restore()


async def drop_month(database: Database, vandal: Vandal) -> int:
    [(part,)] = vandal.run(PART)
    async with Work(database, role="platform") as work:
        dropped = await retiring.retire(work, SIGNER, part)
        await work.commit()
    return dropped


async def report(database: Database, vandal: Vandal) -> Report:
    [(_, found)] = await verify_all(database, SIGNER, only=f"tenant {vandal.tenant}")
    return found


async def test_a_dropped_month_is_told_and_the_rest_still_verifies(
    database: Database, clock: FixedClock, vandal: Vandal
) -> None:
    assert await drop_month(database, vandal) == OLD
    await fill(database, vandal.tenant, 5)
    await seal_all(database, clock)

    found = await report(database, vandal)

    assert (found.entries, found.faults) == (OLD + 25, [])
    assert f"; {OLD} of 20" in tell("log", found)
    vandal.run("DELETE FROM event_log WHERE id = %s", (vandal.ids[3],))
    [fault] = (await report(database, vandal)).faults
    assert (fault.kind, fault.entry_id) == ("removed", vandal.ids[3])


async def test_what_was_dropped_without_a_signed_record_was_removed(database: Database, vandal: Vandal) -> None:
    old = vandal.ids[10]
    vandal.run("DELETE FROM event_log WHERE id = ANY(%s)", (vandal.ids[10 : 10 + OLD],))
    forged = retirements.signed(
        type(SIGNER)("another key"),
        Retirement(vandal.tenant, UUID(int=0), UUID(int=2**128 - 1), OLD, bytes(32), datetime.now(UTC)),
    )
    vandal.run("INSERT INTO event_retirements VALUES (%s, %s, %s)", (vandal.tenant, UUID(int=0), forged))

    [fault] = (await report(database, vandal)).faults

    assert (fault.kind, fault.entry_id) == ("removed", old)


async def test_an_entry_removed_and_named_like_a_retired_one_in_its_tile_is_found(
    database: Database, vandal: Vandal
) -> None:
    await drop_month(database, vandal)
    vandal.run("DELETE FROM event_log WHERE id = %s", (vandal.ids[3],))
    vandal.run(
        "UPDATE event_tiles SET entries = overlay(entries placing uuid_send(%s) from 16 * 3 + 1)"
        " WHERE tenant_id = %s AND level = 0",
        (vandal.ids[12], vandal.tenant),
    )

    [fault] = (await report(database, vandal)).faults

    assert f"{OLD} entries were retired, but {OLD + 1} are missing" in str(fault)


async def test_a_month_stays_while_somebody_has_still_to_read_it(database: Database, vandal: Vandal) -> None:
    async with Work(database, role="platform") as work:
        await reading.take_cursor(work, "test.slow")
        await work.commit()

    with pytest.raises(ObjectNotInPrerequisiteState, match=r"reader test\.slow has not come to its end"):
        await drop_month(database, vandal)
    assert (await report(database, vandal)).faults == []


async def test_unsealed_and_unfinished_months_stay(database: Database, vandal: Vandal, snapshot: Snapshot) -> None:
    with psycopg.connect(snapshot.dsn, autocommit=True) as conn:
        conn.execute(FILL, (vandal.tenant, 1))
        [[current]] = conn.execute("SELECT 'event_log_p' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMM')").fetchall()

    with pytest.raises(ObjectNotInPrerequisiteState, match="not sealed"):
        await drop_month(database, vandal)
    async with Work(database, role="platform") as work:
        with pytest.raises(ObjectNotInPrerequisiteState, match="the month is not over"):
            await retiring.retire(work, SIGNER, current)


def around(database: Database, months: int) -> Around:
    settings = Settings(log_retention_months=months, database_url=None)
    return Around(database, settings, "a key", SystemClock())


async def test_the_loop_drops_what_the_setting_no_longer_keeps_and_says_so_in_the_log(
    database: Database, vandal: Vandal
) -> None:
    [(part,)] = vandal.run(PART)

    assert await retire(around(database, 0)) == RETIRE_EVERY_SECONDS
    assert await retire(around(database, 3)) == RETIRE_EVERY_SECONDS
    assert vandal.run("SELECT to_regclass(%s) IS NOT NULL", (part,)) == [(True,)]
    assert await retire(around(database, 2)) == 0.0

    assert vandal.run("SELECT to_regclass(%s) IS NULL", (part,)) == [(True,)]
    told = vandal.run("SELECT convert_from(body, 'UTF8') FROM event_log WHERE type = 'system.log.retired'")
    assert [f'"entries":{OLD}' in body for (body,) in told] == [True]


async def test_a_log_that_does_not_verify_keeps_its_months(database: Database, vandal: Vandal) -> None:
    [(part,)] = vandal.run(PART)
    vandal.run("UPDATE event_log SET body = '{\"n\":0}' WHERE id = %s", (vandal.ids[12],))

    assert await retire(around(database, 2)) == RETIRE_EVERY_SECONDS

    assert vandal.run("SELECT to_regclass(%s) IS NOT NULL", (part,)) == [(True,)]


def test_the_months_that_go_are_full_and_old_enough() -> None:
    at = datetime(2026, 1, 15, tzinfo=UTC)

    assert [retiring.newest_to_go(at, months) for months in (1, 12)] == ["event_log_p202511", "event_log_p202412"]
