"""Whoever may manage webhooks, and the past of their organisation."""

import pytest

from event_manager.kit.db import Database
from tests.people import People
from tests.webhooks.hooks import Past


@pytest.fixture
def alice(people: People) -> dict[str, str]:
    """Headers of an administrator of tenant A."""
    return people["alice"].bearer


@pytest.fixture
def past(database: Database, people: People) -> Past:
    """Writes what senders of tenant A would have written."""
    return Past(database, people.a)
