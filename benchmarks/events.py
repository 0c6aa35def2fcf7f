"""The event log: entries sealed a second, deliveries beside another worker's, what an entry adds to its transaction."""

import time
from uuid import UUID

import uvloop

from benchmarks.delivery import compared, emit, hostile
from benchmarks.figures import Figure, figure
from benchmarks.jobs import scratch_logins
from event_manager.eventlog.checkpoints import Signer
from event_manager.eventlog.sealing import seal_batch
from event_manager.kit import logs, migrate
from event_manager.kit.db import Database
from event_manager.kit.work import Work

TENANTS, ENTRIES, AT_ONCE = 8, 100_000, 10_000
FILL = """
    SELECT count(event_log_append(('00000000-0000-0000-0000-' || lpad((n %% %s + 1)::text, 12, '0'))::uuid,
             'score.submitted', 1::smallint, 'score', uuidv7(), 'user', uuidv7(), 'Ann Judge', '192.0.2.1',
             'request-' || n, NULL, now(), convert_to('{"n":' || n || ',"note":"' || repeat('a', 200) || '"}', 'UTF8'),
                              decode(repeat('ab', 120), 'hex')))
      FROM generate_series(1, %s) AS n"""


def run() -> list[Figure]:
    """Every figure of this module and of benchmarks/delivery, on servers of their own with durable commits."""
    logs.configure("ERROR", "console")
    return [*sealing(), *compared.run(), *emit.run(), *hostile.run()]


def sealing() -> list[Figure]:
    """A backlog of several tenants, sealed by one sealer."""
    with scratch_logins() as logins:
        return uvloop.run(_measure(logins))


async def _measure(logins: migrate.Logins) -> list[Figure]:
    database = Database(app_dsn=logins.app, platform_dsn=logins.platform, statement_timeout_ms=120_000)
    await database.open()
    try:
        await _fill(database)
        start, cpu = time.perf_counter(), time.process_time()
        sealed = await _seal(database)
        seconds, own = time.perf_counter() - start, time.process_time() - cpu
    finally:
        await database.close()
    if sealed != ENTRIES:
        raise RuntimeError(f"{sealed} of {ENTRIES} entries were sealed")
    return [
        figure("events: entries sealed by one sealer", sealed / seconds, "entries/s", least=80_000),
        figure("events: CPU of the sealer's process for an entry", own / sealed * 1e6, "us"),
    ]


async def _fill(database: Database) -> None:
    for _ in range(ENTRIES // AT_ONCE):
        async with Work(database, tenant_id=UUID(int=1), role="platform") as work:
            await work.sql(FILL, (TENANTS, AT_ONCE))
            await work.commit()


async def _seal(database: Database) -> int:
    signer, sealed = Signer("a key of the benchmark's own database"), 0
    while True:
        async with Work(database, role="platform") as work:
            count = await seal_batch(work, signer)
            await work.commit()
        sealed += count
        if not count:
            return sealed
