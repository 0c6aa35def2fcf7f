"""One embedded PostgreSQL per run and worker; each test's work rolls back unless it asks for real commits."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from event_manager.app import create_app
from event_manager.config import Settings
from event_manager.kit import migrate
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.postgres import EmbeddedServer
from event_manager.kit.setup import scratch_directory
from event_manager.kit.work import Work
from tests import people as cast
from tests.snapshot import Snapshot

ROOT = Path(__file__).parent.parent
SECRET = "test-key-of-an-installation-that-never-was"
ROLES = migrate.Roles("event_manager")
DATA = ROOT.parent / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: their driver keeps an event loop running, beside which no other may be started."""
    items.sort(key=lambda item: "tests/web" in item.path.as_posix())


def shared_data(name: str) -> Path:
    """A folder of real contest data, read in place; skips where it is absent."""
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"real data folder shared/data/{name} is not beside the repository")
    return folder


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """An empty PostgreSQL server of this test process, without fsync."""
    with scratch_directory() as folder, EmbeddedServer.start(folder, throwaway=True) as running:
        yield running


@pytest.fixture(scope="session")
def logins(server: EmbeddedServer) -> migrate.Logins:
    """A migrated database and how to reach it as each role."""
    with psycopg.connect(server.superuser_dsn, autocommit=True) as conn:
        conn.execute("CREATE DATABASE event_manager")
    admin = psycopg.conninfo.make_conninfo(server.superuser_dsn, dbname="event_manager")
    made = migrate.bootstrap(admin, SECRET, ROLES)
    migrate.upgrade(made.owner, ROLES)
    return made


@pytest.fixture(scope="session")
async def database(logins: migrate.Logins) -> AsyncIterator[Database]:
    """The product's pools on the test database."""
    pools = Database(app_dsn=logins.app, platform_dsn=logins.platform, pool_size=6, secret_key=SECRET)
    await pools.open()
    yield pools
    await pools.close()


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at a known moment."""
    return FixedClock(datetime(2026, 5, 1, 12, 0, tzinfo=UTC))


@pytest.fixture
async def platform(database: Database, clock: FixedClock) -> AsyncIterator[Work]:
    """Platform work that is rolled back."""
    async with Work(database, role="platform", clock=clock, correlation_id="test-platform") as work:
        yield work


@pytest.fixture(scope="session")
async def people(database: Database) -> cast.People:
    """The named cast of tests/people.py, in two tenants; it stays for the whole run."""
    return await cast.gather(database)


@pytest.fixture
async def work(database: Database, people: cast.People, clock: FixedClock) -> AsyncIterator[Work]:
    """Alice's work as admin of tenant A; it is rolled back."""
    alice = people["alice"]
    async with Work(database, tenant_id=people.a, actor=alice.actor, clock=clock, correlation_id="test-work") as made:
        yield made


@pytest.fixture(scope="session")
def snapshot(server: EmbeddedServer, people: cast.People) -> Snapshot:
    """The database as it is with the cast and nothing else."""
    return Snapshot(psycopg.conninfo.make_conninfo(server.superuser_dsn, dbname="event_manager"))


@pytest.fixture
def app(database: Database, clock: FixedClock, snapshot: Snapshot) -> Iterator[FastAPI]:
    """The application on the test database, with real commits; what they wrote is removed at the end."""
    settings = Settings(rate_limit_per_minute=0, anonymous_rate_limit_per_minute=0, database_url=None)
    yield create_app(settings, database, secret_key=SECRET, clock=clock)
    snapshot.restore()


@pytest.fixture
async def api(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client without credentials; send ``headers=people["alice"].bearer`` (or ``.cookie``) to be somebody."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client
