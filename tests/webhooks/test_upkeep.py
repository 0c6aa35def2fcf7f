"""What is held too long ends, what was delivered long ago is dropped, and signing in before a delivery."""

from collections.abc import AsyncIterator
from datetime import timedelta

import psycopg
import pytest

from event_manager.config import Settings
from event_manager.kit import migrate
from event_manager.kit.jobs import JobWork, tasks
from event_manager.kit.jobs.models import NO_TENANT
from event_manager.kit.jobs.store import Job
from event_manager.kit.metrics import DELIVERIES_WAITING
from event_manager.webhooks.credentials import Credentials, OAuth2
from event_manager.webhooks.tasks import count_waiting, ensure_partitions, skip_held
from tests.webhooks.receiver import OK, Receiver, answer
from tests.webhooks.stage import Stage
from tests.webhooks.token_server import CLIENT, SECRET, TokenServer, token_server

WEEKS = "SELECT relname FROM pg_class WHERE relname ~ '^webhook_deliveries_p2[0-9]{7}$'"
OLD_WEEK = """
    CREATE TABLE webhook_deliveries_p20200106 PARTITION OF webhook_deliveries
       FOR VALUES FROM ('016f7801-0000-0000-0000-000000000000') TO ('016f9bff-0000-0000-0000-000000000000')"""


@pytest.fixture
async def job(stage: Stage) -> AsyncIterator[JobWork]:
    """The work of a platform job, rolled back unless it commits."""
    made = Job(NO_TENANT, NO_TENANT, 1, "webhooks.test", "{}", "", 0, 1, False, stage.clock.now(), "")
    task = tasks()["webhooks.skip-held"]
    async with JobWork(stage.database, made, task, settings=Settings(), clock=stage.clock) as opened:
        yield opened


@pytest.fixture
async def tokens() -> AsyncIterator[TokenServer]:
    """A token server."""
    async with token_server() as made:
        yield made


def client(tokens: TokenServer) -> Credentials:
    """What signs in there."""
    return Credentials(oauth2=OAuth2(token_url=tokens.url, client_id=CLIENT, client_secret=SECRET))


async def test_what_is_held_for_thirty_days_is_skipped(stage: Stage, hook: Receiver, job: JobWork) -> None:
    off = await stage.endpoint(hook.url("/off"), enabled=False)
    on = await stage.endpoint(hook.url("/on"))
    await stage.step(2)
    await stage.fan_out()
    [row] = await stage.rows("SELECT now() AS now")

    stage.clock.at = row["now"] + timedelta(days=29)
    await skip_held(job)
    kept = await stage.queued(off)
    stage.clock.move(timedelta(days=2))
    await skip_held(job)
    await job.commit()

    ended = await stage.deliveries(off)
    assert len(kept) == 2
    assert [(row["outcome"], row["error"]) for row in ended] == [("skipped", "the webhook was off for 30 days")] * 2
    assert len(await stage.queued(on)) == 2


async def test_partitions_come_for_the_weeks_ahead_and_go_after_the_time_to_keep(
    stage: Stage, job: JobWork, logins: migrate.Logins
) -> None:
    async with await psycopg.AsyncConnection.connect(logins.owner, autocommit=True) as owner:
        await owner.execute(OLD_WEEK)
    await ensure_partitions(job)
    await job.commit()

    names = [row["relname"] for row in await job.sql(WEEKS)]
    assert len(names) >= 5
    assert "webhook_deliveries_p20200106" not in names


async def test_the_metrics_tell_how_many_wait(stage: Stage, hook: Receiver, job: JobWork) -> None:
    await stage.endpoint(hook.url(), enabled=False)
    await stage.step(3)
    await stage.fan_out()

    await count_waiting(job)

    assert DELIVERIES_WAITING._value.get() == 3


async def test_a_token_is_fetched_before_the_first_delivery_and_serves_the_others(
    stage: Stage, hook: Receiver, tokens: TokenServer
) -> None:
    tokens.hold.set()
    endpoint = await stage.endpoint(hook.url(), kept=client(tokens))
    await stage.step(5)
    await stage.fan_out()

    async with stage.dispatching():
        deliveries = await stage.ended(endpoint, 5)

    assert {request.headers["authorization"] for request in hook.received} == {"Bearer token-1"}
    assert tokens.given == 1
    assert "token-1" not in str(deliveries)


async def test_a_refused_token_is_fetched_anew_and_the_delivery_tried_at_once(
    stage: Stage, hook: Receiver, tokens: TokenServer
) -> None:
    tokens.hold.set()
    hook.says = lambda request: answer(401) if request.headers["authorization"].endswith("-1") else OK
    endpoint = await stage.endpoint(hook.url(), kept=client(tokens), delays=[1000])
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        await stage.tried(endpoint, 1)
        stage.poke()
        [delivery] = await stage.ended(endpoint, 1)

    assert (delivery["outcome"], delivery["attempts"]) == ("succeeded", 2)


async def test_without_a_token_nothing_is_sent_and_the_try_counts(
    stage: Stage, hook: Receiver, tokens: TokenServer
) -> None:
    tokens.hold.set()
    tokens.answer = ("400 Bad Request", b'{"error": "invalid_client"}')
    endpoint = await stage.endpoint(hook.url(), kept=client(tokens))
    await stage.step()
    await stage.fan_out()

    async with stage.dispatching():
        [tried] = await stage.tried(endpoint, 1)

    assert tried["error"].startswith("sign-in: ")
    assert SECRET not in tried["error"]
    assert hook.received == []
