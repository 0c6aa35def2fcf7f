"""The world of both organisations, built once; an application whose writes never stay."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI, Request
from psycopg.conninfo import make_conninfo

from event_manager.app import create_app
from event_manager.config import Settings
from event_manager.eventlog.loops import seal
from event_manager.kit.clock import SystemClock
from event_manager.kit.db import Database, Row
from event_manager.kit.loops import Around
from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.work import Params, Work
from tests.conftest import SECRET
from tests.isolation.world import Side, build
from tests.people import People
from tests.snapshot import Snapshot

SETTINGS = Settings(rate_limit_per_minute=0, anonymous_rate_limit_per_minute=0, database_url=None, demo=True)


@dataclass
class World:
    """Both sides, the cast, and what A read before B had anything."""

    a: Side
    b: Side
    people: People
    before: dict[str, bytes]


class PassingWork(Work):
    """Work whose commit makes nothing durable, so that each call finds the same world."""

    async def commit(self) -> None:
        """Send everything to the database, so that its constraints speak, and leave it at that."""
        if self._session is not None:
            await self._session.flush()

    async def single(self, query: str, params: Params | None = None) -> list[Row]:
        """Signing in is read as usual; any other statement joins the transaction."""
        return await (super().single(query, params) if self.tenant_id is None else self.sql(query, params))


def passing(app: FastAPI, database: Database) -> FastAPI:
    """Let an application's writes pass away."""

    def new_work(request: Request) -> Work:
        return PassingWork(database, correlation_id=request.state.correlation_id)

    app.state.new_work = new_work
    return app


def client(app: FastAPI) -> httpx.AsyncClient:
    """A client of an application."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test")


@pytest.fixture(scope="module")
async def world(database: Database, people: People, snapshot: Snapshot) -> AsyncIterator[World]:
    """A first, then what A reads, then B."""
    app = create_app(SETTINGS, database, secret_key=SECRET)
    async with client(app) as api:
        a = await build("a", database, people, api)
        await seal(Around(database, SETTINGS, SECRET, SystemClock()))
        async with client(passing(create_app(SETTINGS, database, secret_key=SECRET), database)) as reader:
            before = {path: (await reader.get(path, headers=people[a.admin].bearer)).content for path in lists(app)}
        b = await build("b", database, people, api)
        await seal(Around(database, SETTINGS, SECRET, SystemClock()))
    yield World(a, b, people, before)
    snapshot.restore()


@pytest.fixture(scope="module")
async def real(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application as it is, commits and all."""
    async with client(create_app(SETTINGS, database, secret_key=SECRET)) as api:
        yield api


@pytest.fixture(scope="module")
async def fleeting(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application whose writes never stay."""
    app = passing(create_app(SETTINGS, database, secret_key=SECRET), database)
    app.state.stopping.set()  # live streams end at once
    async with client(app) as api:
        yield api


ENDLESS = {"follow_log", "watch_notifications"}
"""Streams, which do not end by themselves; what they tell is shown in the tests of their rooms."""


def lists(app: FastAPI) -> list[str]:
    """Every GET without a path parameter that answers a member about a tenant or a person, and ends."""
    from tests.isolation.cases import CASES
    from tests.isolation.matrix import routes

    gets = [r for r in routes(app) if "GET" in (r.methods or ()) and CASES[r.name].kind in ("tenant", "own")]
    return [route.path for route in gets if "{" not in route.path and route.name not in ENDLESS]


@pytest.fixture(scope="session")
def superuser_dsn(server: EmbeddedServer) -> str:
    """The test database, past row security."""
    return make_conninfo(server.superuser_dsn, dbname="event_manager")
