"""Verifying over HTTP: the own log only, and what was changed is named."""

import asyncio

import httpx
import psycopg
import pytest

from event_manager.eventlog import api_verify
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from tests.eventlog.test_proofs import seal
from tests.eventlog.test_sealing import fill
from tests.people import People
from tests.snapshot import Snapshot

VERIFY = "/api/events/logs/verify"


async def test_an_untouched_log_is_intact_and_what_is_not_sealed_is_counted(
    api: httpx.AsyncClient, people: People, database: Database, clock: FixedClock
) -> None:
    await fill(database, people.a, 300)
    await seal(database, clock)
    await fill(database, people.a, 2)

    answer = await api.get(VERIFY, headers=people["ada"].bearer)

    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["intact"], found["faults"], found["unsealed"]) == (True, [], 2)
    assert found["entries"] >= 300
    assert found["seals"] >= 1


async def test_an_altered_entry_is_named_and_another_organisation_hears_nothing(
    api: httpx.AsyncClient, people: People, database: Database, clock: FixedClock, snapshot: Snapshot
) -> None:
    for tenant in (people.a, people.b):
        await fill(database, tenant, 20)
    await seal(database, clock)
    with psycopg.connect(snapshot.dsn) as conn:
        conn.execute("SET LOCAL session_replication_role = replica")
        [(altered,)] = conn.execute(
            "UPDATE event_log SET actor_name = 'Eve' WHERE id = (SELECT id FROM event_log WHERE tenant_id = %s "
            "ORDER BY xid, id OFFSET 5 LIMIT 1) RETURNING id",
            (people.a,),
        ).fetchall()

    own, other = await asyncio.gather(*(api.get(VERIFY, headers=people[who].bearer) for who in ("ada", "bob")))

    [fault] = own.json()["faults"]
    assert (own.json()["intact"], fault["kind"], fault["entryId"]) == (False, "altered", str(altered))
    assert "was altered" in fault["problem"]
    assert (other.status_code, other.json()["intact"], other.json()["faults"]) == (200, True, [])
    snapshot.restore()


async def test_a_log_is_walked_once_at_a_time(
    api: httpx.AsyncClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_verify, "_walked", {people.a})

    own, other = [await api.get(VERIFY, headers=people[who].bearer) for who in ("ada", "bob")]

    assert (own.status_code, own.json()["code"]) == (429, "being-verified")
    assert other.status_code == 200
