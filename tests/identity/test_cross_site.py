"""Writes that a browser's cookie carries must come from the product's own pages."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from tests.people import PASSWORD, People

ME = "/api/identity/me"


def cookie(people: People, **headers: str) -> dict[str, str]:
    """Alice's cookie with these further headers."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"Cookie": people["alice"].cookie["Cookie"], **given}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://test"}, 200),
        ({"Origin": "https://test"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://test.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "null", "Host": ""}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({}, 403),
    ],
)
async def test_a_write_by_cookie_is_taken_from_own_pages_only(
    api: AsyncClient, people: People, headers: dict[str, str], status: int
) -> None:
    answer = await api.patch(ME, json={"name": "Alice"}, headers=cookie(people, **headers))

    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "foreign-origin"


async def test_further_origins_can_be_allowed(api: AsyncClient, app: FastAPI, people: People) -> None:
    app.state.settings.allowed_origins.append("https://pages.example.org")

    answer = await api.patch(ME, json={"name": "Alice"}, headers=cookie(people, Origin="https://pages.example.org"))

    assert answer.status_code == 200


async def test_reading_by_cookie_asks_for_no_origin(api: AsyncClient, people: People) -> None:
    assert (await api.get(ME, headers=cookie(people))).status_code == 200


async def test_a_program_with_a_token_needs_no_origin(api: AsyncClient, people: People) -> None:
    assert (await api.patch(ME, json={"name": "Alice"}, headers=people["alice"].bearer)).status_code == 200


async def test_another_sites_page_cannot_sign_its_reader_in(api: AsyncClient, people: People) -> None:
    body = {"email": "bob@example.org", "password": PASSWORD}

    answer = await api.post("/api/identity/sign-in", json=body, headers={"Origin": "http://evil.example"})

    assert answer.json()["code"] == "foreign-origin"
