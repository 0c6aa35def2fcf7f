"""What the operator sees of handlers, what a member sees of the log's activity, and the command that replays."""

import httpx
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from event_manager import eventlog
from event_manager.cli import app as cli
from event_manager.eventlog import handler_loop
from event_manager.eventlog.handlers import CountActivity
from event_manager.eventlog.handling import handlers
from event_manager.kit.clock import SystemClock
from event_manager.kit.db import Database
from event_manager.kit.loops import Around
from event_manager.kit.work import Work
from event_manager.tenancy.event_types import TenantUpdated
from tests.conftest import SECRET
from tests.people import People


@pytest.fixture
async def around(app: FastAPI, database: Database) -> Around:
    """What loops get."""
    return Around(database, app.state.settings, "", SystemClock())


async def test_activity_is_counted_by_day_and_type_for_those_who_read_the_log(
    api: httpx.AsyncClient, around: Around, people: People
) -> None:
    async with Work(around.database, tenant_id=people.a) as work:
        told = [TenantUpdated(tenant_id=people.a, changes={"n": ("", str(n))}) for n in range(3)]
        await eventlog.append_many(work, told)
        day = work.now().date().isoformat()
        await work.commit()
    await handler_loop.catch_up(around, [CountActivity()])

    found = await api.get("/api/events/activity", params={"from": day, "to": day}, headers=people["ada"].bearer)
    other = await api.get("/api/events/activity", params={"from": day, "to": day}, headers=people["bob"].bearer)
    refused = await api.get("/api/events/activity", headers=people["judith"].bearer)
    far = await api.get("/api/events/activity", params={"from": "2001-01-01"}, headers=people["ada"].bearer)

    assert {"day": day, "type": "tenant.updated", "entries": 3} in found.json()["items"]
    assert "tenant.updated" not in other.text
    assert (refused.status_code, far.status_code) == (403, 422)


async def test_the_operator_sees_how_far_handlers_are_and_deals_with_dead_letters(
    api: httpx.AsyncClient, around: Around, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: CountActivity, work: Work, entries: object) -> None:
        raise RuntimeError("a bug")

    sam = people["sam"].bearer
    with monkeypatch.context() as patch:
        patch.setattr(CountActivity, "handle_many", broken)
        patch.setattr(CountActivity, "max_attempts", 1)
        await handler_loop.catch_up(around)
    states = (await api.get("/api/events/handlers", headers=sam)).json()["items"]
    [state] = [each for each in states if each["name"] == "eventlog.count-activity"]
    page = await api.get(
        "/api/events/handlers/dead-letters", params={"handler": "eventlog.count-activity", "limit": 2}, headers=sam
    )
    first, second = page.json()["items"]

    base = "/api/events/handlers/dead-letters"
    retried = await api.post(f"{base}/{first['id']}/retry", headers=sam)
    discarded = await api.post(f"{base}/{second['id']}/discard", headers=sam)
    again = await api.post(f"{base}/{second['id']}/discard", headers=sam)
    await handler_loop.catch_up(around)
    after = (await api.get("/api/events/handlers", headers=sam)).json()["items"]
    dead = next(each["dead"] for each in after if each["name"] == "eventlog.count-activity")

    assert set(handlers()) == {each["name"] for each in states}
    assert (state["mode"], state["failing"], state["epoch"], state["held"]) == ("projection", 0, 1, False)
    assert state["dead"] > 2
    assert page.json()["nextCursor"]
    assert (first["error"], first["tries"]) == ("RuntimeError: a bug", 1)
    assert (retried.status_code, discarded.status_code, again.status_code) == (204, 204, 404)
    assert dead == state["dead"] - 2
    async with Work(around.database, role="platform") as work:
        told = await work.sql("SELECT type, actor_id FROM event_log WHERE type ~ 'system.handler.(retried|discarded)'")
    assert sorted((row["type"], row["actor_id"]) for row in told) == [
        ("system.handler.discarded", people["sam"].id), ("system.handler.retried", people["sam"].id),
    ]  # fmt: skip


async def test_nobody_of_an_organisation_sees_handlers(api: httpx.AsyncClient, people: People) -> None:
    for path in ("/api/events/handlers", "/api/events/handlers/dead-letters"):
        answer = await api.get(path, headers=people["alice"].bearer)
        assert answer.status_code == 403


def test_the_command_refuses_in_one_line(logins: object, server: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from psycopg.conninfo import make_conninfo

    from event_manager.kit.postgres import EmbeddedServer

    assert isinstance(server, EmbeddedServer)
    dsn = make_conninfo(server.superuser_dsn, dbname="event_manager")
    monkeypatch.setenv("DATABASE_URL", dsn)
    monkeypatch.setenv("EVENT_MANAGER_SECRET_KEY", SECRET)
    runner = CliRunner()

    unknown = runner.invoke(cli, ["replay-handler", "eventlog.nothing"])
    dry = runner.invoke(cli, ["replay-handler", "eventlog.count-activity", "--dry-run"])
    whole = runner.invoke(cli, ["replay-handler", "eventlog.count-activity", "--tenant", "aurora"])

    assert (unknown.exit_code, whole.exit_code) == (1, 1)
    assert "there are: eventlog.count-activity" in unknown.output
    assert "as a whole" in whole.output
    assert dry.exit_code == 0, dry.output
    assert "Nothing was changed" in dry.output
