"""Searching a large event log under row security: how long each documented filter takes.

`EVENT_MANAGER_BENCH_ENTRIES` sets how many entries there are (5 000 000 for the full measurement).
"""

import asyncio
import hashlib
import os
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.figures import Figure, figure
from benchmarks.hall import TENANT, Hall, hall, uid
from event_manager.app import ROUTERS
from event_manager.eventlog import queries
from event_manager.eventlog.queries import Filters
from event_manager.kit.db import Database
from event_manager.kit.work import Work

ENTRIES = int(os.environ.get("EVENT_MANAGER_BENCH_ENTRIES", "500000"))
CALLS = 60
# Nine entries in ten are of the searched tenant, most of them marks, as in a busy season; three months of them.
SEED = """
INSERT INTO event_log (id, tenant_id, type, version, entity_type, entity_id, actor_kind, actor_id, actor_name, address,
                       correlation_id, at, body)
SELECT uuidv7(make_interval(secs => n * -(7776000.0 / %(entries)s))), CASE WHEN n %% 10 = 0 THEN %(other)s::uuid
         ELSE %(tenant)s::uuid END, t.type, 1, split_part(t.type, '.', 1), md5('entity' || n %% 20000)::uuid, 'user',
       md5('actor' || n %% 300)::uuid, 'Judge', '192.0.2.1', md5('request' || n / 3),
       now() - make_interval(secs => n * (7776000.0 / %(entries)s)),
       convert_to(CASE WHEN t.type = 'score.submitted' THEN '{"categoryId": "' || md5('c' || n %% 500)::uuid || '"}'
                  ELSE '{"title": "Show ' || n || ' word' || n %% 5000 || ' common"}' END, 'UTF8')
  FROM generate_series(1, %(entries)s) n,
       LATERAL (SELECT CASE WHEN n %% 100 < 80 THEN 'score.submitted' WHEN n %% 100 < 90 THEN 'contest.updated'
                       WHEN n %% 100 < 99 THEN 'user.login.succeeded' WHEN n %% 10000 = 99 THEN 'event.cloned'
                       ELSE 'contestant.registered' END AS type) t
"""
# The months that the entries lie in, as time would have made them.
MONTHS = """
DO $do$ DECLARE
  v_start timestamptz;
BEGIN
  FOR i IN 1..4 LOOP
    v_start := date_trunc('month', now() AT TIME ZONE 'UTC' - make_interval(months => i)) AT TIME ZONE 'UTC';
    EXECUTE format('CREATE TABLE event_log_p%s PARTITION OF event_log FOR VALUES FROM (%L) TO (%L)',
                   to_char(v_start AT TIME ZONE 'UTC', 'YYYYMM'), uuidv7_floor(v_start),
                   uuidv7_floor((v_start AT TIME ZONE 'UTC' + interval '1 month') AT TIME ZONE 'UTC'));
  END LOOP;
END $do$"""


def run() -> list[Figure]:
    """Each filter's p95 over different values, first pages of 50 with the bounded count, as the address answers."""
    with hall(judges=1, entries=1, criteria=1) as made:
        _fill(made)
        return asyncio.run(_measure(made))


def _fill(made: Hall) -> None:
    with psycopg.connect(made.superuser_dsn, autocommit=True) as conn:
        conn.execute(MONTHS)
        conn.execute(SEED, {"entries": ENTRIES, "tenant": uid(TENANT, 1), "other": uid(TENANT, 2)})
        conn.execute("VACUUM ANALYZE event_log")


def _values(name: str, call: int) -> Filters:
    parts = FILTERS[name]
    found = Filters()
    for part in parts:
        found = replace(found, **_given(part, call))
    return found


def _given(part: str, call: int) -> dict[str, Any]:
    """The filter of one field, with another value for each call."""
    given: dict[str, dict[str, Any]] = {
        "common type": {"types": ["score.submitted"]},
        "rare type": {"types": ["event.cloned"]},
        "some type": {"types": ["contest.updated"]},
        "pattern": {"types": ["user.*", "contest.*"]},
        "kind": {"entity_type": "contestant"},
        "entity": {"entity_id": _md5(f"entity{call * 7}")},
        "actor": {"actor_id": _md5(f"actor{call}")},
        "correlation": {"correlation_id": _md5(f"request{call * 11}").hex},
        "week": {"start": _ago(60), "end": _ago(53)},
        "rare word": {"words": f"word{call * 83 + 1}"},
        "common word": {"words": "common"},
        "absent word": {"words": "nowhere"},
    }
    return given[part]


def _ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


def _md5(text: str) -> UUID:
    return UUID(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())


FILTERS: dict[str, tuple[str, ...]] = {
    "no filter": (),
    "type, common": ("common type",),
    "type, rare": ("rare type",),
    "types by pattern": ("pattern",),
    "kind of entity": ("kind",),
    "entity": ("entity",),
    "actor": ("actor",),
    "correlation id": ("correlation",),
    "time, a week two months ago": ("week",),
    "time and type": ("week", "some type"),
    "time and actor": ("week", "actor"),
    "word, rare": ("rare word",),
    "word, common": ("common word",),
    "word, absent": ("absent word",),
    "word and type, rare": ("rare word", "some type"),
    "word and time": ("rare word", "week"),
}


async def _measure(made: Hall) -> list[Figure]:
    assert ROUTERS  # imported for the event types of all rooms
    database = made.installation.database()
    await database.open()
    found: list[Figure] = []
    for name in FILTERS:
        took = sorted([await _once(database, _values(name, call)) for call in range(CALLS)])
        found.append(figure(f"search {ENTRIES:,} entries by {name}: p95", took[int(CALLS * 0.95)], "ms", most=50))
    await database.close()
    return found


async def _once(database: Database, filters: Filters) -> float:
    began = time.perf_counter()
    async with Work(database, tenant_id=UUID(uid(TENANT, 1))) as work:
        await queries.search_and_count(work, filters, limit=51)
    return (time.perf_counter() - began) * 1000
