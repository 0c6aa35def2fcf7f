"""What the log's entry adds to the transaction that it belongs to: marks submitted by pgbench, contests changed.

Both sides run the product's own statements on the same tables, in turn; "without" is the same function with the one
statement taken out that appends.
"""

import asyncio
import itertools
import os
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import uvloop

from benchmarks.delivery.cost import Measured, Round, cpu_seconds
from benchmarks.figures import Figure, figure
from benchmarks.hall import CONTEST, TENANT, Hall, hall, uid
from benchmarks.pgbench import transactions_per_second
from benchmarks.submit import script
from event_manager import eventlog
from event_manager.contests.schemas.levels import ContestUpdate
from event_manager.contests.service import contests
from event_manager.eventlog import EventType
from event_manager.kit import migrate
from event_manager.kit.access import Actor, Grant
from event_manager.kit.db import Database
from event_manager.kit.work import Work

ROUNDS, SECONDS, WRITERS, CONTESTS = 5, 3, 12, 60
FUNCTION = "SELECT pg_get_functiondef('scoring_submit_marks'::regproc)"
APPEND = re.compile(r"PERFORM event_log_append\(.*?\n\s*\);\n", re.DOTALL)
MORE_CONTESTS = """
    INSERT INTO contests (tenant_id, id, event_id, name)
    SELECT tenant_id, ('00000000-0000-7000-8003-' || lpad(to_hex(n), 12, '0'))::uuid, event_id, 'Contest ' || n
      FROM contests, generate_series(2, %s) n"""


def run() -> list[Figure]:
    """Both transactions: time and CPU with the entry, as a share of without."""
    with hall(judges=200, entries=30, criteria=5) as made:
        marks = _marks(made)
        changes = _changes(made)
    return [
        *_figures("marks submitted by pgbench", marks),
        *_figures("a contest changed by the service", changes),
    ]


def _figures(what: str, rounds: list[tuple[Round, Round]]) -> list[Figure]:
    times = statistics.median(without.rate / with_entry.rate for with_entry, without in rounds)
    cost = statistics.median(with_entry.cost / without.cost for with_entry, without in rounds)
    return [
        figure(f"emit: {what}, {WRITERS} writers: time with its log entry / without", times, "ratio", most=1.15),
        figure("  CPU with its log entry / without", cost, "ratio"),
        figure("  with its log entry", statistics.median(r.rate for r, _ in rounds), "tx/s"),
    ]


def _marks(made: Hall) -> list[tuple[Round, Round]]:
    with psycopg.connect(made.superuser_dsn, autocommit=True) as conn:
        [source] = conn.execute(FUNCTION).fetchone() or ("",)
        bare, removed = APPEND.subn("", source)
        if removed != 1:
            raise RuntimeError(f"scoring_submit_marks appends {removed} times; this benchmark must learn how")
        conn.execute(bare.replace("scoring_submit_marks(", "bench_submit_marks(", 1))
    both = (script(made), script(made).replace("scoring_submit_marks(", "bench_submit_marks("))
    for each in both:
        transactions_per_second(made, each, 1, WRITERS)
    return [(_load(made, both[0]), _load(made, both[1])) for _ in range(ROUNDS)]


def _load(made: Hall, statement: str) -> Round:
    server = _server(made)
    before = cpu_seconds(server)
    rate = transactions_per_second(made, statement, SECONDS, WRITERS)
    return Round(round(rate * SECONDS), SECONDS, 0.0, cpu_seconds(server) - before)


def _server(made: Hall) -> int:
    server = made.installation.server
    if server is None or server.pid is None:
        raise RuntimeError("the database does not run")
    return server.pid


def _changes(made: Hall) -> list[tuple[Round, Round]]:
    with psycopg.connect(made.superuser_dsn, autocommit=True) as conn:
        conn.execute(MORE_CONTESTS, (CONTESTS,))
    return uvloop.run(_change_all(made))


async def _change_all(made: Hall) -> list[tuple[Round, Round]]:
    logins = migrate.logins(made.installation.admin_dsn, made.installation.secret_key, made.installation.roles)
    key = made.installation.secret_key
    database = Database(app_dsn=logins.app, platform_dsn=logins.platform, pool_size=WRITERS, secret_key=key)
    await database.open()
    try:
        await _change(made, database, 1)
        rounds = []
        for _ in range(ROUNDS):
            with_entry = await _change(made, database, SECONDS)
            with nothing_appended():
                rounds.append((with_entry, await _change(made, database, SECONDS)))
        return rounds
    finally:
        await database.close()


async def _change(made: Hall, database: Database, seconds: float) -> Round:
    """Contests change their names for a while, each writer its own."""
    numbers, measured = itertools.count(), Measured(os.getpid(), _server(made))
    end = time.monotonic() + seconds
    grants = (Grant(frozenset(["contests:edit"])),)
    actor = Actor(kind="user", user_id=UUID(int=7), name="Ann Organiser", grants=grants)  # whose name is encrypted

    async def write(first: int) -> int:
        done = 0
        while time.monotonic() < end:
            contest = UUID(uid(CONTEST, first + done % (CONTESTS // WRITERS) * WRITERS))
            async with Work(database, tenant_id=UUID(uid(TENANT, 1)), actor=actor, correlation_id="bench") as work:
                await contests.update_contest(work, contest, ContestUpdate(name=f"Contest {next(numbers)}"))
                await work.commit()
            done += 1
        return done

    return measured.end(sum(await asyncio.gather(*(write(n + 1) for n in range(WRITERS)))))


@contextmanager
def nothing_appended() -> Iterator[None]:
    """Changes are made as ever, but tell the log nothing."""

    async def silent(work: Work, event: EventType) -> UUID:  # noqa: ARG001 - the signature of append
        return event.entity_id

    given = eventlog.append
    eventlog.append = silent
    try:
        yield
    finally:
        eventlog.append = given
