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


async def newest_audit(api: httpx.AsyncClient, people: People) -> list[str]:
    found = await api.get("/api/events/logs?eventType=audit.*&limit=1", headers=people["ada"].bearer)
    return [entry["type"] for entry in found.json()["items"]]


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
    assert await newest_audit(api, people) == ["audit.verification.passed"]


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
    assert await newest_audit(api, people) == ["audit.verification.failed"]
    assert (other.status_code, other.json()["intact"], other.json()["faults"]) == (200, True, [])
    snapshot.restore()


async def test_a_log_is_walked_once_at_a_time(
    api: httpx.AsyncClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_verify, "_walked", {people.a})

    own, other = [await api.get(VERIFY, headers=people[who].bearer) for who in ("ada", "bob")]

    assert (own.status_code, own.json()["code"]) == (429, "being-verified")
    assert other.status_code == 200


async def test_a_log_that_takes_too_long_is_left_to_the_command_line(
    api: httpx.AsyncClient, people: People, database: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(database, people.a, 12)
    await seal(database, clock)
    monkeypatch.setattr(api_verify, "MOST_ENTRIES", 10)

    answer = await api.get(VERIFY, headers=people["ada"].bearer)

    assert (answer.status_code, answer.json()["code"]) == (409, "log-too-large")
    assert "event-manager verify-log" in answer.json()["detail"]


async def test_an_export_stands_in_the_log_but_not_in_itself(api: httpx.AsyncClient, people: People) -> None:
    headers = people["ada"].bearer

    answer = await api.get("/api/events/logs/export?format=csv&eventType=audit.*", headers=headers)

    assert "audit.log.exported" not in answer.text
    [entry] = (await api.get("/api/events/logs?eventType=audit.log.exported", headers=headers)).json()["items"]
    assert (entry["payload"]["format"], entry["payload"]["filters"]) == ("csv", ["eventType"])
