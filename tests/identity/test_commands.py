"""The first people of an installation, from the command line."""

import pytest
from httpx import AsyncClient

from event_manager.identity.commands import make_super_admin, make_tenant
from event_manager.identity.errors import EmailTaken
from event_manager.kit.db import Database
from event_manager.tenancy.errors import SlugTaken
from tests.identity.conftest import SignIn, bearer
from tests.people import People

PASSWORD = "a first walk by the sea 1"


async def me(api: AsyncClient, signed_in: str, tenant: str = "") -> dict[str, object]:
    """Who this token's person is."""
    headers = {**bearer(signed_in), **({"X-Tenant-ID": tenant} if tenant else {})}
    answer: dict[str, object] = (await api.get("/api/identity/me", headers=headers)).json()
    return answer


async def test_a_super_admin_is_made_and_signs_in(
    api: AsyncClient, people: People, database: Database, sign_in: SignIn
) -> None:
    told = await make_super_admin(database, "sue@example.org", "Sue", PASSWORD)

    assert told == "sue@example.org can sign in and works on the installation."
    token = (await sign_in("sue", PASSWORD)).json()["token"]
    assert "platform:tenants" in (await me(api, token))["permissions"]  # type: ignore[operator]


async def test_a_tenant_is_made_with_a_new_admin(
    api: AsyncClient, people: People, database: Database, sign_in: SignIn
) -> None:
    admin = ("nils@example.org", "Nils")
    told = await make_tenant(database, "nova", "Nova Dance", admin=admin, ask=lambda: PASSWORD)

    assert told == "Nova Dance is set up; nils@example.org is its admin."
    token = (await sign_in("nils", PASSWORD)).json()["token"]
    assert "members:manage" in (await me(api, token))["permissions"]  # type: ignore[operator]


async def test_a_known_admin_is_asked_for_no_password(api: AsyncClient, people: People, database: Database) -> None:
    def never() -> str:
        raise AssertionError("asked for a password")

    await make_tenant(database, "nova", "Nova Dance", admin=("ALICE@example.org", "Alice"), ask=never)

    there = await me(api, people["alice"].token, "nova")
    assert [held["role"] for held in there["roles"]] == ["ADMIN"]  # type: ignore[attr-defined]


async def test_refusals_leave_nothing_behind(
    api: AsyncClient, people: People, database: Database, sign_in: SignIn
) -> None:
    with pytest.raises(SlugTaken):
        await make_tenant(database, "aurora", "Again", admin=("new@example.org", "New"), ask=lambda: PASSWORD)
    with pytest.raises(EmailTaken):
        await make_super_admin(database, "alice@example.org", "Alice", PASSWORD)

    assert (await sign_in("new", PASSWORD)).status_code == 401
