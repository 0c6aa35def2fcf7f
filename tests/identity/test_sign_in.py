"""Signing in and out over HTTP."""

from httpx import AsyncClient

from tests.people import PASSWORD, People


async def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_cannot_use(
    api: AsyncClient, people: People
) -> None:
    answer = await api.post("/api/identity/sign-in", json={"email": "Alice@Example.org", "password": PASSWORD})

    assert answer.status_code == 200
    assert answer.json() == {"stage": "full", "expiresAt": "2026-05-15T12:00:00Z", "token": None}
    cookie = answer.headers["set-cookie"]
    assert cookie.endswith("; HttpOnly; Max-Age=1209600; Path=/; SameSite=lax; Secure")
    assert "Domain" not in cookie
    assert answer.headers["cache-control"] == "no-store"


async def test_me_shows_the_person_the_tenant_and_what_may_be_done(api: AsyncClient, people: People) -> None:
    me = (await api.get("/api/identity/me", headers=people["judith"].bearer)).json()

    assert me["user"]["email"] == "judith@example.org"
    assert me["tenant"]["slug"] == "aurora"
    assert [tenant["slug"] for tenant in me["tenants"]] == ["aurora"]
    assert me["roles"] == [{"role": "JUDGE", "scopeKind": None, "scopeId": None}]
    assert me["permissions"] == [
        "contests:read", "entries:read", "marks:read_own", "marks:submit", "panels:read", "rules:read",
    ]  # fmt: skip
