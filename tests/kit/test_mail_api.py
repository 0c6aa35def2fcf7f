"""The demo's outbox: who may read it, and what it shows."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from event_manager.app import create_app
from event_manager.config import Settings
from event_manager.kit import mail_api
from event_manager.kit.db import Database
from event_manager.kit.mail import queue_mail
from event_manager.kit.work import Work


def make_app(database: Database, *, demo: bool) -> FastAPI:
    """The application with the outbox mounted, whatever the mode: the routes refuse by themselves too."""
    app = create_app(Settings(demo=demo), database, secret_key="k" * 32)
    if not any(getattr(route, "path", "") == "/api/demo/outbox" for route in app.routes):
        app.router.routes[:0] = mail_api.router.routes
    return app


def client(app: FastAPI, address: str = "127.0.0.1") -> httpx.AsyncClient:
    """Requests that come from this address."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(address, 5000)), base_url="http://127.0.0.1:8080"
    )


@pytest.fixture
async def mails(database: Database) -> AsyncIterator[list[UUID]]:
    """Three mails of two tenants and of none, oldest first."""
    made = []
    for tenant in (UUID(int=41), UUID(int=42), None):
        async with Work(database, tenant_id=tenant) as work:
            made.append(await queue_mail(work, to="ann@example.org", subject="Hello", text="Open me", html="<p>"))
            await work.commit()
    yield made
    async with Work(database, role="platform") as work:
        await work.sql("DELETE FROM jobs")
        await work.sql("DELETE FROM mails")
        await work.commit()


async def test_the_outbox_lists_newest_first_in_pages(database: Database, mails: list[UUID]) -> None:
    async with client(make_app(database, demo=True)) as http:
        first = (await http.get("/api/demo/outbox", params={"limit": 2})).json()
        second = (await http.get("/api/demo/outbox", params={"limit": 2, "cursor": first["nextCursor"]})).json()

    assert [item["id"] for item in first["items"] + second["items"]] == [str(mail) for mail in reversed(mails)]
    assert second["nextCursor"] is None
    assert set(first["items"][0]) == {"id", "to", "subject", "state", "createdAt"}


async def test_one_mail_shows_its_text(database: Database, mails: list[UUID]) -> None:
    async with client(make_app(database, demo=True)) as http:
        mail = (await http.get(f"/api/demo/outbox/{mails[0]}")).json()

    assert (mail["to"], mail["text"], mail["html"], mail["state"]) == ("ann@example.org", "Open me", "<p>", "waiting")


@pytest.mark.parametrize(
    ("demo", "address", "headers"),
    [
        (False, "127.0.0.1", {}),
        (True, "10.0.0.7", {}),
        (True, "127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        (True, "127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
    ],
)
async def test_nobody_else_reads_it(
    database: Database, mails: list[UUID], demo: bool, address: str, headers: dict[str, str]
) -> None:
    async with client(make_app(database, demo=demo), address) as http:
        for path in ("/api/demo/outbox", f"/api/demo/outbox/{mails[0]}"):
            assert (await http.get(path, headers=headers)).status_code == 404


async def test_a_page_of_another_name_that_points_here_reads_no_mail(database: Database, mails: list[UUID]) -> None:
    async with client(make_app(database, demo=True)) as http:
        answer = await http.get("/api/demo/outbox", headers={"Host": "rebound.example"})

    assert answer.status_code == 404
