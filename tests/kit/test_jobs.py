"""Deferring, running, failing, cancelling: the job module as rooms see it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from event_manager.config import Settings
from event_manager.kit.access import system_actor
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.jobs import (
    Backoff,
    JobNotFound,
    JobWork,
    Permanent,
    Timing,
    Worker,
    cancel,
    dead_jobs,
    defer,
    defer_many,
    discard,
    retry,
    task,
)
from event_manager.kit.jobs.runner import describe
from event_manager.kit.jobs.store import Outcome, Store
from event_manager.kit.migrate import Logins
from event_manager.kit.work import Work

TENANT, OTHER = uuid4(), uuid4()
SETTINGS = Settings()
seen: list[object] = []


@task("probe.note", backoff=Backoff(first=10, jitter=0), max_attempts=3)
async def note(work: JobWork, *, n: int = 0, fail: str = "") -> None:
    seen.append(n)
    if fail == "for good":
        raise Permanent("no such thing")
    if fail:
        raise RuntimeError(fail)


@task("probe.context", permissions=("scores:submit",))
async def context(work: JobWork) -> None:
    [row] = await work.sql("SELECT current_user AS role, current_setting('app.tenant_id') AS tenant")
    seen.append((row["role"], row["tenant"], work.actor.kind, work.actor.can("scores:submit"), work.correlation_id))


@task("probe.platform", platform=True)
async def on_platform(work: JobWork) -> None:
    [row] = await work.sql("SELECT current_user AS role")
    seen.append((row["role"], work.tenant_id))


@task("probe.holding", platform=True)
async def holding(work: JobWork) -> None:
    [row] = await work.sql(
        """SELECT count(*) AS n FROM pg_stat_activity
            WHERE query LIKE 'SELECT pg_sleep%%' AND state = 'active' AND pid <> pg_backend_pid()"""
    )
    seen.append(row["n"])
    await work.sql("SELECT pg_sleep(0.05)")


@task("probe.overtaken")
async def overtaken(work: JobWork) -> None:
    await defer(work, "probe.note", {"n": 99})
    async with Work(work.database, role="platform") as other_worker:
        await other_worker.sql("UPDATE jobs SET token = token + 1, attempts = 7 WHERE id = %s", (work.job_id,))
        await other_worker.commit()


@task("probe.sleep", timeout=0.05, max_attempts=1)
async def sleep(work: JobWork) -> None:
    await asyncio.sleep(5)


@task("probe.long")
async def long(work: JobWork) -> None:
    seen.append("begun")
    await asyncio.sleep(30)


@task("probe.write")
async def write(work: JobWork, *, fail: bool = False) -> None:
    await defer(work, "probe.note", {"n": 99})
    if fail:
        raise Permanent("after writing")


@pytest.fixture(autouse=True)
async def empty(database: Database) -> AsyncIterator[None]:
    """These tests commit; they leave the tables empty."""
    seen.clear()
    yield
    async with Work(database, role="platform") as work:
        await work.sql("DELETE FROM jobs")
        await work.commit()


async def put(
    database: Database, name: str, args: dict[str, object] | None = None, *, lane: str = "",
    tenant: UUID | None = TENANT, priority: int = 0, run_at: datetime | None = None, key: str | None = None,
) -> UUID:  # fmt: skip
    """Defer one job and commit."""
    async with Work(database, tenant_id=tenant, correlation_id="from-a-request") as work:
        job = await defer(work, name, args, lane=lane, priority=priority, run_at=run_at, key=key)
        await work.commit()
    return job


async def jobs(database: Database) -> list[dict[str, object]]:
    """State, attempts and error of all jobs, oldest first."""
    async with Work(database, role="platform") as work:
        return await work.sql("SELECT state, attempts, error FROM jobs ORDER BY id")


@pytest.fixture
def worker(database: Database, clock: FixedClock) -> Worker:
    """A worker whose time is the clock's."""
    return Worker(database, settings=SETTINGS, clock=clock)


async def test_a_job_runs_once_after_its_transaction(database: Database, worker: Worker) -> None:
    await put(database, "probe.note", {"n": 7})

    assert await worker.run_until_idle() == 1
    assert (seen, await jobs(database)) == ([7], [])


async def test_a_rolled_back_transaction_leaves_no_job(database: Database, worker: Worker) -> None:
    async with Work(database, tenant_id=TENANT) as work:
        await defer(work, "probe.note", {"n": 7})

    assert await worker.run_until_idle() == 0


async def test_a_job_runs_as_system_in_its_tenant_with_its_permissions(database: Database, worker: Worker) -> None:
    await put(database, "probe.context")

    await worker.run_until_idle()

    assert seen == [("event_manager_app", str(TENANT), "system", True, "from-a-request")]


async def test_a_platform_task_sees_all_tenants_and_knows_its_own(database: Database, worker: Worker) -> None:
    await put(database, "probe.platform")

    await worker.run_until_idle()

    assert seen == [("event_manager_platform", TENANT)]


async def test_platform_jobs_leave_the_worker_its_own_connections(database: Database, clock: FixedClock) -> None:
    async with Work(database, tenant_id=TENANT) as work:
        await defer_many(work, "probe.holding", [{}] * 6)
        await work.commit()

    await Worker(database, settings=SETTINGS, clock=clock, concurrency=6).run_until_idle()

    assert seen == [0] * 6  # one of the pool's four at a time


async def test_jobs_of_one_tenant_are_hidden_from_another(database: Database) -> None:
    await put(database, "probe.note")

    async with Work(database, tenant_id=OTHER) as work:
        assert await work.sql("SELECT id FROM jobs") == []


async def test_a_failure_is_tried_again_after_growing_pauses_and_then_dead(
    database: Database, worker: Worker, clock: FixedClock
) -> None:
    await put(database, "probe.note", {"fail": "no luck"})

    runs = []
    for pause in (0, 9, 1, 19, 1, 3600):
        clock.move(timedelta(seconds=pause))
        runs.append(await worker.run_until_idle())

    assert runs == [1, 0, 1, 0, 1, 0]
    assert await jobs(database) == [{"state": "dead", "attempts": 3, "error": "RuntimeError: no luck"}]


async def test_a_permanent_failure_is_dead_at_once_and_can_be_retried_or_discarded(
    database: Database, worker: Worker
) -> None:
    job = await put(database, "probe.note", {"n": 1, "fail": "for good"})
    await worker.run_until_idle()

    async with Work(database, tenant_id=TENANT) as work:
        [letter] = await dead_jobs(work)
        assert (letter["id"], letter["error"]) == (job, "Permanent: no such thing")
        await retry(work, job)
        await work.commit()
    await worker.run_until_idle()
    async with Work(database, tenant_id=TENANT) as work:
        await discard(work, job)
        await work.commit()

    assert (seen, await jobs(database)) == ([1, 1], [])


async def test_another_tenant_cannot_cancel_retry_or_discard(database: Database, worker: Worker) -> None:
    job = await put(database, "probe.note", {"fail": "for good"})
    await worker.run_until_idle()

    async with Work(database, tenant_id=OTHER) as work:
        for change in (cancel, retry, discard):
            with pytest.raises(JobNotFound):
                await change(work, job)


async def test_a_job_that_takes_too_long_is_stopped(database: Database, worker: Worker) -> None:
    await put(database, "probe.sleep")

    await worker.run_until_idle()

    assert await jobs(database) == [{"state": "dead", "attempts": 1, "error": "took longer than 0.05 s"}]


async def test_a_task_nobody_knows_waits_for_a_newer_worker(database: Database, worker: Worker) -> None:
    await put(database, "probe.unheard-of")

    await worker.run_until_idle()

    [job] = await jobs(database)
    assert job == {"state": "waiting", "attempts": 1, "error": "no task 'probe.unheard-of' is registered here"}


async def test_what_a_job_wrote_is_kept_with_its_end_and_lost_with_its_failure(
    database: Database, worker: Worker
) -> None:
    await put(database, "probe.write")
    await put(database, "probe.write", {"fail": True})

    await worker.run_until_idle()

    assert seen == [99]
    assert [job["state"] for job in await jobs(database)] == ["dead"]


async def test_a_worker_that_was_overtaken_writes_nothing(database: Database, worker: Worker) -> None:
    await put(database, "probe.overtaken")

    await worker.run_until_idle()

    assert (seen, await jobs(database)) == ([], [{"state": "leased", "attempts": 7, "error": None}])


async def test_a_scheduled_job_waits_for_its_time(database: Database, worker: Worker, clock: FixedClock) -> None:
    await put(database, "probe.note", {"n": 5}, run_at=clock.now() + timedelta(hours=1))

    assert await worker.run_until_idle() == 0
    clock.move(timedelta(hours=1))
    assert await worker.run_until_idle() == 1


async def test_a_key_adds_a_job_only_once_until_it_begins(database: Database, worker: Worker) -> None:
    first = await put(database, "probe.note", {"n": 1}, key="category 4")
    again = await put(database, "probe.note", {"n": 2}, key="category 4")
    elsewhere = await put(database, "probe.note", {"n": 3}, key="category 4", tenant=OTHER)

    await worker.run_until_idle()
    after = await put(database, "probe.note", {"n": 4}, key="category 4")

    assert again == first
    assert len({first, elsewhere, after}) == 3
    assert sorted(seen, key=str) == [1, 3]


async def test_a_keyed_job_does_not_begin_before_the_transaction_that_relies_on_it(
    database: Database, worker: Worker
) -> None:
    await put(database, "probe.note", {"n": 1}, key="k")

    async with Work(database, tenant_id=TENANT) as work:
        await defer(work, "probe.note", {"n": 1}, key="k")
        assert await worker.run_until_idle() == 0
        await work.commit()

    assert await worker.run_until_idle() == 1


async def test_higher_priority_goes_first(database: Database, clock: FixedClock) -> None:
    for n, priority in enumerate((0, -5, 5, 0)):
        await put(database, "probe.note", {"n": n}, priority=priority)

    await Worker(database, settings=SETTINGS, clock=clock, concurrency=1).run_until_idle()

    assert seen == [2, 0, 3, 1]


async def test_a_tenant_with_a_backlog_leaves_others_their_share(database: Database, clock: FixedClock) -> None:
    async with Work(database, tenant_id=TENANT) as work:
        await defer_many(work, "probe.note", [{"n": 0}] * 50, priority=9)
        await work.commit()
    async with Work(database, tenant_id=OTHER) as work:
        await defer_many(work, "probe.note", [{"n": 1}] * 3)
        await work.commit()

    await Worker(database, settings=SETTINGS, clock=clock, concurrency=4).run_until_idle()

    assert seen[:7].count(1) == 3
    assert len(seen) == 53


async def test_a_lane_runs_in_order_and_a_retry_holds_it_up(
    database: Database, worker: Worker, clock: FixedClock
) -> None:
    await put(database, "probe.note", {"n": 1, "fail": "first"}, lane="endpoint 1")
    await put(database, "probe.note", {"n": 2}, lane="endpoint 1", priority=9)
    await put(database, "probe.note", {"n": 3}, lane="endpoint 2")

    await worker.run_until_idle()
    assert sorted(seen, key=str) == [1, 3]
    for _ in range(2):
        clock.move(timedelta(hours=1))
        await worker.run_until_idle()

    assert seen[2:] == [1, 1, 2]  # dead after three attempts; only then the one behind


async def test_a_lane_never_runs_two_at_once_even_when_an_earlier_job_comes_back(database: Database) -> None:
    """A dead letter that is retried is the first of its lane again, while a later one runs."""
    first = await put(database, "probe.note", lane="a")
    second = await put(database, "probe.note", lane="a")
    store = Store(database)
    [failed] = await store.claim(9)
    await store.finish([Outcome(failed, "dead")])
    [running] = await store.claim(9)
    async with Work(database, tenant_id=TENANT) as work:
        await retry(work, first)
        await work.commit()
    elsewhere = await put(database, "probe.note", lane="b")

    store.forget()
    begun = await store.claim(9)

    assert [failed.id, running.id, *(job.id for job in begun)] == [first, second, elsewhere]


async def test_what_is_committed_late_is_found_by_the_next_full_look(database: Database) -> None:
    """A claim looks from where the last one ended; a transaction that took long lies behind that."""
    async with Work(database, tenant_id=TENANT) as slow:
        late = await defer(slow, "probe.note")
        await asyncio.sleep(0.2)
        async with Work(database, tenant_id=TENANT) as work:
            await defer_many(work, "probe.note", [{}] * 4)
            await work.commit()
        store = Store(database, rescan_seconds=0.2)
        assert len(await store.claim(2)) == 2
        await slow.commit()

    assert late not in [job.id for job in await store.claim(1)]
    await asyncio.sleep(0.2)
    assert late in [job.id for job in await store.claim(1)]


async def test_cancelling_takes_a_waiting_job_away_and_stops_a_running_one(database: Database) -> None:
    timing = Timing(heartbeat=0.05, poll=0.05)
    waiting = await put(database, "probe.long", run_at=datetime.fromisoformat("2099-01-01T00:00+00:00"))
    running = await put(database, "probe.long")

    async with Worker(database, settings=SETTINGS, timing=timing).running():
        await until(lambda: seen == ["begun"])
        async with Work(database, tenant_id=TENANT) as work:
            await cancel(work, waiting)
            await cancel(work, running)
            await work.commit()
        for _ in range(100):
            if await jobs(database) == []:
                break
            await asyncio.sleep(0.05)

    assert await jobs(database) == []


async def test_a_worker_is_woken_by_the_commit(database: Database) -> None:
    async with Worker(database, settings=SETTINGS, timing=Timing(poll=60)).running():
        await asyncio.sleep(0.2)
        await put(database, "probe.note", {"n": 8})
        await until(lambda: seen == [8])


async def test_a_worker_goes_on_after_the_server_cut_its_connections(database: Database, logins: Logins) -> None:
    async with Worker(database, settings=SETTINGS, timing=Timing(poll=0.05)).running():
        await put(database, "probe.note", {"n": 1})
        await until(lambda: seen == [1])
        with psycopg.connect(logins.owner, autocommit=True) as conn:
            conn.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE application_name = 'event-manager-platform'"""
            )
        await put(database, "probe.note", {"n": 2})
        await until(lambda: seen == [1, 2])
    await database.platform.psycopg.check()  # other tests share the pool


async def test_draining_gives_back_what_does_not_end_in_time(database: Database) -> None:
    await put(database, "probe.long")

    async with Worker(database, settings=SETTINGS, timing=Timing(drain=0.05)).running():
        await until(lambda: seen == ["begun"])

    assert await jobs(database) == [{"state": "ready", "attempts": 0, "error": None}]


async def until(true: object) -> None:
    """Wait at most ten seconds for a condition."""
    for _ in range(1000):
        if true():  # type: ignore[operator]
            return
        await asyncio.sleep(0.01)
    raise AssertionError("did not come true within ten seconds")


def test_errors_are_stored_without_what_looks_like_a_secret() -> None:
    error = RuntimeError(
        "smtp://ann:hunter2@mail/ refused password=hunter2 for ems_Yk3vTq8b_V9xR2mN7pLwZc4JdHfGsA1QeUo"
    )

    assert describe(error) == "RuntimeError: smtp://***mail/ refused *** for ***"


def test_a_name_is_taken_by_one_function_only() -> None:
    with pytest.raises(ValueError, match=r"already tests.kit.test_jobs.note"):
        task("probe.note")(sleep)


async def test_system_actor_of_a_task_has_no_permission_it_did_not_name() -> None:
    assert not system_actor("probe.note").can("scores:submit")
