"""The edge against hostile requests: floods, bodies without end, addresses that no file can have."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from event_manager.app import create_app
from event_manager.config import Settings
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from tests.conftest import SECRET
from tests.people import People


def client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_made_up_credentials_share_one_limit_and_take_none_from_those_who_sign_in(
    database: Database, clock: FixedClock, people: People
) -> None:
    settings = Settings(rate_limit_per_minute=5, anonymous_rate_limit_per_minute=5, database_url=None)
    async with client(create_app(settings, database, secret_key=SECRET, clock=clock)) as api:
        answers = [
            (await api.get("/api/identity/me", headers={"Authorization": f"Bearer made-up-{n}"})).status_code
            for n in range(7)
        ]
        stranger = await api.get("/api/identity/me")

    assert answers == [401] * 5 + [429] * 2
    assert stranger.status_code == 401


async def test_signed_in_people_behind_one_address_have_a_limit_each(
    database: Database, clock: FixedClock, people: People
) -> None:
    settings = Settings(rate_limit_per_minute=3, anonymous_rate_limit_per_minute=2, database_url=None)
    async with client(create_app(settings, database, secret_key=SECRET, clock=clock)) as api:
        answers = {
            name: [
                (await api.get("/api/identity/me", headers=people[name].bearer)).status_code for _ in range(5)
            ]
            for name in ("judith", "jo", "tim")
        }  # fmt: skip

    assert answers == dict.fromkeys(("judith", "jo", "tim"), [200] * 4 + [429])


@pytest.mark.parametrize("stated", [True, False])
async def test_a_body_that_is_too_large_is_refused_before_it_is_read_whole(
    api: httpx.AsyncClient, *, stated: bool
) -> None:
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(64):
            read += 1
            yield b"x" * 1024 * 1024

    headers = {"Content-Type": "application/json", **({"Content-Length": str(64 * 1024 * 1024)} if stated else {})}
    answer = await api.post("/api/identity/sign-in", content=body(), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (413, "payload-too-large")


@pytest.mark.parametrize("path", ["/a%00b", "/" + "a" * 300, "/" + "a/" * 3000, "/t/%00/"])
async def test_addresses_that_no_file_can_have_are_not_our_fault(api: httpx.AsyncClient, path: str) -> None:
    assert (await api.get(path)).status_code in (200, 404, 503)
