"""Whatever somebody with the database's superuser does to the sealed log is found, and named."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from event_manager.eventlog import verifying
from event_manager.eventlog.commands import export, tell, verify_all
from event_manager.eventlog.faults import Fault
from event_manager.eventlog.leaves import COLUMNS
from event_manager.eventlog.sealing import seal_batch
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.setup import SetupError
from event_manager.kit.work import Work
from tests.eventlog.test_sealing import SIGNER, fill, seal_all
from tests.snapshot import Snapshot

SIZE, PLACE = 600, 300
CHANGES = {
    "id": "uuidv7()", "tenant_id": "uuidv7()", "type": "type || 'x'", "version": "2", "entity_type": "'other'",
    "entity_id": "uuidv7()", "actor_kind": "'user'", "actor_id": "uuidv7()", "actor_name": "'Eve'",
    "address": "'192.0.2.1'", "correlation_id": "''", "causation_id": "uuidv7()",
    "at": "at + interval '1 microsecond'", "xid": "pg_current_xact_id()", "body": r"body || '\x20'",
    "pii": r"'\x00'",
}  # fmt: skip


class Vandal:
    """A superuser whose session fires no triggers, at work on one tenant's log."""

    def __init__(self, dsn: str, tenant: UUID) -> None:
        self.dsn, self.tenant = dsn, tenant
        ordered = "SELECT id FROM event_log WHERE tenant_id = %s ORDER BY xid, id"
        self.ids = [row[0] for row in self.run(ordered, (tenant,))]

    def run(self, query: str, params: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Rows of a statement that no guard sees."""
        with psycopg.connect(self.dsn) as conn:
            conn.execute("SET LOCAL session_replication_role = replica")
            cursor = conn.execute(query, params)
            return cursor.fetchall() if cursor.description else []


@pytest.fixture
async def vandal(database: Database, clock: FixedClock, snapshot: Snapshot) -> AsyncIterator[Vandal]:
    """Beside a log of 600 entries under several seals."""
    tenant = uuid4()
    for count in (1, 255, 2, SIZE - 258):
        await fill(database, tenant, count)
        await seal_all(database, clock, 250)
    yield Vandal(snapshot.dsn, tenant)
    snapshot.restore()


async def faults(database: Database, vandal: Vandal, kept: str | None = None) -> list[Fault]:
    """What verification finds in this tenant's log."""
    name = f"tenant {vandal.tenant}"
    [(_, report)] = await verify_all(database, SIGNER, only=name, kept=kept)
    return report.faults


async def test_an_untouched_log_holds(database: Database, vandal: Vandal) -> None:
    await fill(database, vandal.tenant, 2)
    name = f"tenant {vandal.tenant}"

    [(_, report)] = await verify_all(database, SIGNER, only=name)

    assert (report.entries, report.unsealed, report.faults) == (SIZE, 2, [])
    assert tell(name, report).startswith(f"{name}: holds: {SIZE} entries under ")


async def test_a_log_that_was_sealed_by_the_machines_clock_holds(database: Database, vandal: Vandal) -> None:
    await fill(database, vandal.tenant, 3)
    async with Work(database, role="platform") as work:
        await seal_batch(work, SIGNER)
        await work.commit()

    assert await faults(database, vandal) == []


async def test_looking_for_what_was_inserted_does_not_compare_each_entry_with_each_other(
    database: Database, vandal: Vandal
) -> None:
    """That took more than ten minutes for 400 000 entries."""
    async with Work(database, role="platform") as work:
        plan = await verifying.strangers(
            work, vandal.tenant, {"xid": "999999999", "id": UUID(int=0)}, before="EXPLAIN (COSTS OFF, SETTINGS) "
        )

    text = "\n".join(row["QUERY PLAN"] for row in plan)
    assert "Anti Join" in text
    assert "enable_nestloop = 'off'" in text  # a log as small as here would be hashed anyway
    assert "Nested Loop Anti Join" not in text


def test_every_column_is_changed_below() -> None:
    assert list(CHANGES) == [name for name, _, _ in COLUMNS]


@pytest.mark.parametrize("column", CHANGES)
async def test_a_changed_column_is_found_and_its_entry_named(database: Database, vandal: Vandal, column: str) -> None:
    vandal.run(f"UPDATE event_log SET {column} = {CHANGES[column]} WHERE id = %s", (vandal.ids[PLACE],))

    found = await faults(database, vandal)

    expected = {"id": "removed", "xid": "reordered"}.get(column, "altered")
    assert (found[0].kind, found[0].position, found[0].entry_id) == (expected, PLACE, vandal.ids[PLACE])


@pytest.mark.parametrize("place", [0, PLACE, SIZE - 1])
async def test_a_removed_entry_is_named(database: Database, vandal: Vandal, place: int) -> None:
    vandal.run("DELETE FROM event_log WHERE id = %s", (vandal.ids[place],))

    found = await faults(database, vandal)

    assert [(f.kind, f.position, f.entry_id) for f in found] == [("removed", place, vandal.ids[place])]
    assert str(found[0]).startswith(f"entry {vandal.ids[place]} (position {place}, 20")


async def test_an_entry_inserted_with_an_older_place_is_named(database: Database, vandal: Vandal) -> None:
    names = ", ".join(name for name, _, _ in COLUMNS if name != "id")
    [(made,)] = vandal.run(
        f"INSERT INTO event_log (id, {names}) SELECT uuidv7(), {names} FROM event_log WHERE id = %s RETURNING id",
        (vandal.ids[100],),
    )

    found = await faults(database, vandal)

    assert [(f.kind, f.entry_id, f.type) for f in found] == [("inserted", made, "test.thing.happened")]
    assert "was inserted afterwards" in str(found[0])


async def test_entries_that_changed_places_are_named(database: Database, vandal: Vandal) -> None:
    one, two = vandal.ids[200], vandal.ids[500]  # of two transactions
    vandal.run(
        "UPDATE event_log a SET xid = b.xid FROM event_log b WHERE (a.id, b.id) IN ((%s, %s), (%s, %s))",
        (one, two, two, one),
    )

    found = await faults(database, vandal)

    assert [(f.kind, f.position, f.entry_id) for f in found] == [("reordered", 200, one)]


async def test_an_entry_that_took_the_place_of_another_is_named(database: Database, vandal: Vandal) -> None:
    vandal.run("DELETE FROM event_log WHERE id = %s", (vandal.ids[PLACE],))
    names = ", ".join(name for name, _, _ in COLUMNS if name != "id")
    vandal.run(
        f"INSERT INTO event_log (id, {names}) SELECT %s, {names} FROM event_log WHERE id = %s",
        (vandal.ids[PLACE], vandal.ids[PLACE - 1]),
    )

    [found] = await faults(database, vandal)

    assert (found.kind, found.entry_id) == ("altered", vandal.ids[PLACE])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("hashes = overlay(hashes placing sha256('x') from 32 * 44 + 1)", "its hash in the tile was changed"),
        ("entries = overlay(entries placing uuid_send(uuidv7()) from 16 * 44 + 1)", "its id in the tile was changed"),
    ],
)
async def test_an_edited_tile_is_told_from_an_edited_entry(
    database: Database, vandal: Vandal, change: str, told: str
) -> None:
    vandal.run(f"UPDATE event_tiles SET {change} WHERE tenant_id = %s AND level = 0 AND number = 1", (vandal.tenant,))

    [found] = await faults(database, vandal)

    assert (found.kind, found.position, found.entry_id) == ("tile", PLACE, vandal.ids[PLACE])
    assert told in str(found)


@pytest.mark.parametrize("level", [0, 1])
async def test_a_missing_tile_is_found(database: Database, vandal: Vandal, level: int) -> None:
    vandal.run("DELETE FROM event_tiles WHERE tenant_id = %s AND level = %s AND number = 0", (vandal.tenant, level))

    [found] = await faults(database, vandal)

    assert found.kind == "tile"


async def test_entry_and_tile_changed_together_are_found_by_the_signed_root(database: Database, vandal: Vandal) -> None:
    vandal.run("UPDATE event_log SET body = '{}' WHERE id = %s", (vandal.ids[PLACE],))
    vandal.run(
        "UPDATE event_tiles SET hashes = overlay(hashes placing"
        " (SELECT event_log_leaf(e) FROM event_log e WHERE id = %s) from 32 * 44 + 1)"
        " WHERE tenant_id = %s AND level = 0 AND number = 1",
        (vandal.ids[PLACE], vandal.tenant),
    )

    [found] = await faults(database, vandal)

    assert found.kind == "seal"
    assert "neither the entries nor the stored hashes" in str(found)


@pytest.mark.parametrize(
    "change",
    [
        "size = size + 1", "first_xid = '1'", "first_id = uuidv7()", "last_xid = '1'", "last_id = uuidv7()",
        "root = sha256('x')", "checkpoint = replace(checkpoint, 'time 2026', 'time 2025')",
        "at = at - interval '1 day'",
    ],
)  # fmt: skip
async def test_an_edited_seal_is_found(database: Database, vandal: Vandal, change: str) -> None:
    vandal.run(f"UPDATE event_seals SET {change} WHERE tenant_id = %s AND size = 256", (vandal.tenant,))

    [found] = await faults(database, vandal)

    assert found.kind == "seal"
    assert "256" in str(found) or "257" in str(found)


async def test_a_removed_seal_is_found(database: Database, vandal: Vandal) -> None:
    vandal.run("DELETE FROM event_seals WHERE tenant_id = %s AND size = 256", (vandal.tenant,))

    [found] = await faults(database, vandal)

    assert "does not continue the one before it" in str(found)


async def cut_off(vandal: Vandal, size: int = 256) -> None:
    """Entries, seals and tiles end at 256 as if there had never been more."""
    for query in (
        "DELETE FROM event_seals WHERE tenant_id = %s AND size > 256",
        "DELETE FROM event_tiles WHERE tenant_id = %s AND (level, number) NOT IN ((0, 0), (1, 0))",
        "UPDATE event_tiles SET hashes = substring(hashes FROM 1 FOR 32) WHERE tenant_id = %s AND level = 1",
    ):
        vandal.run(query, (vandal.tenant,))
    vandal.run("DELETE FROM event_log WHERE id = ANY(%s)", (vandal.ids[size:],))


async def test_an_end_cut_off_with_its_seals_and_tiles_is_found_by_a_checkpoint_kept_elsewhere(
    database: Database, vandal: Vandal
) -> None:
    kept = await export(database)
    await cut_off(vandal)

    assert await faults(database, vandal) == []  # nothing left inside the database could tell
    [found] = await faults(database, vandal, kept)

    assert found.kind == "checkpoint"
    assert f"had {SIZE} entries, the seals end at 256" in str(found)


async def test_seals_cut_off_are_found_while_the_tiles_remain(database: Database, vandal: Vandal) -> None:
    vandal.run("DELETE FROM event_seals WHERE tenant_id = %s AND size > 256", (vandal.tenant,))

    [found] = await faults(database, vandal)

    assert (found.kind, found.position) == ("seal", 256)


async def test_a_log_rewritten_and_sealed_anew_is_found_by_a_checkpoint_kept_elsewhere(
    database: Database, clock: FixedClock, vandal: Vandal
) -> None:
    kept = await export(database)
    vandal.run("DELETE FROM event_seals")
    vandal.run("DELETE FROM event_tiles")
    vandal.run("UPDATE event_log SET body = '{}' WHERE id = %s", (vandal.ids[PLACE],))
    await seal_all(database, clock)

    assert await faults(database, vandal) == []
    [found] = await faults(database, vandal, kept)

    assert f"its first {SIZE} entries are not those of the checkpoint" in str(found)


async def test_a_log_that_went_on_continues_its_earlier_checkpoint(
    database: Database, clock: FixedClock, vandal: Vandal
) -> None:
    kept = await export(database)
    await fill(database, vandal.tenant, 20)
    await seal_all(database, clock)

    assert await faults(database, vandal, kept) == []


async def test_a_file_without_checkpoints_and_an_unknown_organisation_are_refused(database: Database) -> None:
    with pytest.raises(SetupError, match="holds no checkpoint"):
        await verify_all(database, SIGNER, kept="hello\n")
    with pytest.raises(SetupError, match="There is no event log of 'nobody'"):
        await verify_all(database, SIGNER, only="nobody")
