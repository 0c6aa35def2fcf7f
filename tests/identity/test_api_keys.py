"""API keys."""

from datetime import timedelta

from httpx import AsyncClient

from event_manager.kit.clock import FixedClock
from tests.identity.conftest import Rows, bearer
from tests.people import People

KEYS, ME = "/api/identity/api-keys", "/api/identity/me"


async def make(api: AsyncClient, people: People, **fields: object) -> dict[str, str]:
    """A key made by Alice."""
    body = {"name": "Scoreboard", "role": "AUDITOR", **fields}
    answer = await api.post(KEYS, json=body, headers=people["alice"].bearer)
    assert answer.status_code == 201, answer.text
    made: dict[str, str] = answer.json()
    return made


async def test_a_key_has_its_roles_permissions_in_its_tenant(api: AsyncClient, people: People) -> None:
    key = await make(api, people)

    me = (await api.get(ME, headers=bearer(key["token"]))).json()
    assert (me["kind"], me["name"], me["user"]) == ("api_key", "Scoreboard", None)
    assert "log:read" in me["permissions"]
    assert (await api.get("/api/tenants/current", headers=bearer(key["token"]))).json()["slug"] == "aurora"


async def test_a_key_can_be_limited_to_some_permissions(api: AsyncClient, people: People) -> None:
    key = await make(api, people, permissions=["log:read"])

    assert (await api.get(ME, headers=bearer(key["token"]))).json()["permissions"] == ["log:read"]


async def test_a_key_gets_no_permission_that_its_role_lacks(api: AsyncClient, people: People) -> None:
    body = {"name": "Too much", "role": "AUDITOR", "permissions": ["log:read", "members:manage"]}

    answer = await api.post(KEYS, json=body, headers=people["alice"].bearer)

    assert answer.json()["errors"] == [{"pointer": "/permissions", "detail": "not of AUDITOR: members:manage"}]


async def test_the_token_is_shown_once(api: AsyncClient, people: People, sql: Rows) -> None:
    key = await make(api, people)

    listed = (await api.get(KEYS, headers=people["alice"].bearer)).json()["items"]
    assert [each["prefix"] for each in listed] == [key["token"][:12]]
    assert key["token"] not in repr(listed) + repr(await sql("SELECT k::text FROM api_keys k"))


async def test_repeating_the_request_does_not_keep_the_token(api: AsyncClient, people: People, sql: Rows) -> None:
    body, headers = {"name": "Once", "role": "JUDGE"}, {**people["alice"].bearer, "Idempotency-Key": "once"}
    made = await api.post(KEYS, json=body, headers=headers)

    again = await api.post(KEYS, json=body, headers=headers)

    assert (again.status_code, again.json()["code"]) == (409, "shown-once")
    assert len((await api.get(KEYS, headers=people["alice"].bearer)).json()["items"]) == 1
    stored = await sql("SELECT convert_from(body, 'UTF8') AS body FROM idempotency_keys")
    assert made.json()["token"] not in repr(stored)


async def test_a_revoked_key_stops_at_once(api: AsyncClient, people: People) -> None:
    key = await make(api, people)

    assert (await api.delete(f"{KEYS}/{key['id']}", headers=people["alice"].bearer)).status_code == 204

    assert (await api.get(ME, headers=bearer(key["token"]))).status_code == 401


async def test_an_expired_key_stops(api: AsyncClient, people: People, clock: FixedClock) -> None:
    key = await make(api, people, expiresAt="2026-05-02T00:00:00Z")
    clock.move(timedelta(hours=12))

    assert (await api.get(ME, headers=bearer(key["token"]))).status_code == 401


async def test_keys_end_with_the_access_of_who_made_them(api: AsyncClient, people: People, sql: Rows) -> None:
    key = await make(api, people)
    await sql("UPDATE users SET disabled_at = now() WHERE id = %s", people["alice"].id)

    assert (await api.get(ME, headers=bearer(key["token"]))).status_code == 401


async def test_keys_of_a_demoted_admin_are_revoked(api: AsyncClient, people: People) -> None:
    key, members = await make(api, people), "/api/identity/members"
    await api.patch(
        f"{members}/{people['oscar'].id}", json={"roles": [{"role": "ADMIN"}]}, headers=people["alice"].bearer
    )
    await api.patch(
        f"{members}/{people['alice'].id}", json={"roles": [{"role": "BOARD"}]}, headers=people["oscar"].bearer
    )

    assert (await api.get(ME, headers=bearer(key["token"]))).status_code == 401


async def test_a_key_is_worth_nothing_in_another_tenant(api: AsyncClient, people: People) -> None:
    key = await make(api, people)

    answer = await api.get(ME, headers={**bearer(key["token"]), "X-Tenant-ID": "borealis"})

    assert answer.status_code == 401


async def test_a_key_does_not_act_as_a_person(api: AsyncClient, people: People) -> None:
    headers = bearer((await make(api, people, role="ADMIN"))["token"])

    tried = [
        await api.post(KEYS, json={"name": "Child", "role": "ADMIN"}, headers=headers),
        await api.get("/api/identity/sessions", headers=headers),
        await api.patch(ME, json={"name": "Key"}, headers=headers),
        await api.post("/api/identity/invitations", json={
            "emails": ["new@example.org"], "roles": [{"role": "ADMIN"}],
        }, headers=headers),
    ]  # fmt: skip

    assert [answer.json()["code"] for answer in tried] == ["person-needed"] * 4


async def test_keys_of_another_tenant_are_not_there(api: AsyncClient, people: People) -> None:
    key = await make(api, people)

    assert (await api.delete(f"{KEYS}/{key['id']}", headers=people["bob"].bearer)).status_code == 404
    assert (await api.get(KEYS, headers=people["bob"].bearer)).json()["items"] == []
