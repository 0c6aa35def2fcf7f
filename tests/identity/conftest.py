"""Short words for what many tests of this room do."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from httpx import AsyncClient, Response

from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from tests.people import PASSWORD

SignIn = Callable[..., Awaitable[Response]]
Rows = Callable[..., Awaitable[list[dict[str, Any]]]]


@pytest.fixture
def sign_in(api: AsyncClient) -> SignIn:
    """Sign in as a program: the token is in the answer."""

    async def post(name: str, password: str = PASSWORD) -> Response:
        body = {"email": f"{name}@example.org", "password": password, "cookie": False}
        return await api.post("/api/identity/sign-in", json=body)

    return post


@pytest.fixture
def sql(database: Database, clock: FixedClock) -> Rows:
    """Run a statement as the platform role and commit."""

    async def run(query: str, *params: object) -> list[dict[str, Any]]:
        async with Work(database, role="platform", clock=clock) as work:
            rows = await work.sql(query, params or None)
            await work.commit()
            return rows

    return run


def bearer(token: str) -> dict[str, str]:
    """Headers of a program with this token."""
    return {"Authorization": f"Bearer {token}"}
