"""A sink, and a sender that may reach it."""

from collections.abc import AsyncIterator

import pytest

from event_manager.kit.egress import Guard, Response, Sender
from tests.kit.egress.sink import Sink, sink

Delivered = list[tuple[int, Response]]


@pytest.fixture
async def server() -> AsyncIterator[Sink]:
    """A server on 127.0.0.1 that behaves as its paths say."""
    async with sink() as made:
        yield made


@pytest.fixture
def delivered() -> Delivered:
    """What `sender` delivered."""
    return []


@pytest.fixture
async def sender(delivered: Delivered) -> AsyncIterator[Sender[int]]:
    """A sender whose installation lets this machine through."""
    async with Sender(delivered.extend, guard=Guard(["127.0.0.0/8", "::1/128"])) as made:
        yield made
