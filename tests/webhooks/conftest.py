"""Whoever may manage webhooks, the past of their organisation; a stage for deliveries, and a receiver."""

from collections.abc import AsyncIterator

import pytest
from psycopg.conninfo import make_conninfo

from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.postgres import EmbeddedServer
from tests.people import People
from tests.snapshot import Snapshot
from tests.webhooks.hooks import Past
from tests.webhooks.receiver import Receiver, receiver
from tests.webhooks.stage import Stage


@pytest.fixture
def alice(people: People) -> dict[str, str]:
    """Headers of an administrator of tenant A."""
    return people["alice"].bearer


@pytest.fixture
def past(database: Database, people: People) -> Past:
    """Writes what senders of tenant A would have written."""
    return Past(database, people.a)


@pytest.fixture
async def stage(database: Database, people: People, snapshot: Snapshot, clock: FixedClock) -> AsyncIterator[Stage]:
    """Tenant A's stage, with real commits that are undone at the end."""
    yield Stage(database, people.a, clock)
    snapshot.restore()


@pytest.fixture
async def hook() -> AsyncIterator[Receiver]:
    """A receiver that takes everything."""
    async with receiver() as made:
        yield made


@pytest.fixture
def superuser(server: EmbeddedServer) -> str:
    """The test database, past row security."""
    return make_conninfo(server.superuser_dsn, dbname="event_manager")
