"""Signing in and out over HTTP."""

from datetime import timedelta

import pytest
from httpx import AsyncClient
from structlog.testing import capture_logs

from event_manager.identity import attempts
from event_manager.kit.clock import FixedClock
from event_manager.kit.work import Work
from tests.identity.conftest import Rows, SignIn, bearer
from tests.people import PASSWORD, People

ME = "/api/identity/me"


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


@pytest.mark.parametrize(
    ("host", "secure"),
    [("127.0.0.1:8400", False), ("localhost", False), ("[::1]:8400", False), ("127.0.0.1.evil.example", True)],
)
async def test_the_cookie_is_secure_except_on_this_machine(
    api: AsyncClient, people: People, host: str, secure: bool
) -> None:
    body = {"email": "alice@example.org", "password": PASSWORD}
    answer = await api.post("/api/identity/sign-in", json=body, headers={"Host": host})

    assert answer.headers["set-cookie"].endswith("; Secure") is secure


async def test_me_shows_the_person_the_tenant_and_what_may_be_done(api: AsyncClient, people: People) -> None:
    me = (await api.get(ME, headers=people["judith"].bearer)).json()

    assert me["user"]["email"] == "judith@example.org"
    assert me["tenant"]["slug"] == "aurora"
    assert [tenant["slug"] for tenant in me["tenants"]] == ["aurora"]
    assert me["roles"] == [{"role": "JUDGE", "scopeKind": None, "scopeId": None}]
    assert me["permissions"] == [
        "contests:read", "entries:read", "marks:read_own", "marks:submit", "panels:read", "rules:read",
    ]  # fmt: skip


async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(people: People, sign_in: SignIn) -> None:
    known, unknown = await sign_in("alice", "not her password"), await sign_in("nobody", "not her password")

    assert known.status_code == unknown.status_code == 401
    drop = ("correlationId",)
    assert {k: v for k, v in known.json().items() if k not in drop} == {
        k: v for k, v in unknown.json().items() if k not in drop
    }


async def test_spaces_around_a_password_belong_to_it(people: People, sign_in: SignIn) -> None:
    assert (await sign_in("alice", f" {PASSWORD}")).status_code == 401


async def test_failures_are_logged_although_they_are_refused(people: People, sign_in: SignIn, sql: Rows) -> None:
    await sign_in("alice", "not her password")
    await sign_in("nobody", "not her password")

    logged = await sql("SELECT entity_id FROM event_log WHERE type = 'user.login.failed' ORDER BY id")
    assert [str(row["entity_id"]) for row in logged] == [
        str(people["alice"].id), "00000000-0000-0000-0000-000000000000",
    ]  # fmt: skip


async def test_a_disabled_account_cannot_sign_in(people: People, sign_in: SignIn, sql: Rows) -> None:
    await sql("UPDATE users SET disabled_at = now() WHERE id = %s", people["alice"].id)

    assert (await sign_in("alice")).json()["code"] == "wrong-credentials"


async def test_disabling_an_account_ends_its_sessions_at_once(api: AsyncClient, people: People, sql: Rows) -> None:
    assert (await api.get(ME, headers=people["alice"].bearer)).status_code == 200

    await sql("UPDATE users SET disabled_at = now() WHERE id = %s", people["alice"].id)

    assert (await api.get(ME, headers=people["alice"].bearer)).status_code == 401


async def test_signing_out_ends_the_session_at_once(api: AsyncClient, people: People, sign_in: SignIn) -> None:
    token = (await sign_in("oscar")).json()["token"]

    answer = await api.post("/api/identity/sign-out", headers=bearer(token))

    assert answer.status_code == 204
    assert 'em_session=""' in answer.headers["set-cookie"]
    assert (await api.get(ME, headers=bearer(token))).status_code == 401


async def test_every_sign_in_gets_a_fresh_token_whatever_cookie_came_along(api: AsyncClient, people: People) -> None:
    planted = "ems_planted-by-somebody-else-before-sign-in"
    body = {"email": "alice@example.org", "password": PASSWORD}

    answer = await api.post(
        "/api/identity/sign-in", json=body, headers={"Cookie": f"em_session={planted}", "Origin": "http://test"}
    )

    assert planted not in answer.headers["set-cookie"]
    assert (await api.get(ME, headers=bearer(planted))).status_code == 401


async def test_after_five_failures_an_account_has_to_wait_longer_each_time(
    people: People, sign_in: SignIn, clock: FixedClock
) -> None:
    for _ in range(5):
        assert (await sign_in("alice", "not her password")).status_code == 401

    waits = []
    for _ in range(4):
        locked = await sign_in("alice")  # even with the right password
        assert locked.json()["code"] == "sign-in-locked"
        waits.append(int(locked.headers["retry-after"]))
        clock.move(timedelta(seconds=waits[-1]))
        assert (await sign_in("alice", "not her password")).status_code == 401
    assert waits == [1, 2, 4, 8]

    clock.move(timedelta(seconds=16))
    assert (await sign_in("alice")).status_code == 200
    assert (await sign_in("alice", "not her password")).status_code == 401


async def test_an_unknown_address_is_locked_like_a_known_one(people: People, sign_in: SignIn) -> None:
    answers = [(await sign_in("nobody", "not the password")).status_code for _ in range(6)]

    assert answers == [401, 401, 401, 401, 401, 429]


async def test_an_address_that_fails_on_many_accounts_has_to_wait(
    people: People, sign_in: SignIn, platform: Work
) -> None:
    for _ in range(50):
        await attempts.count(platform, "address", "127.0.0.1")

    assert (await sign_in("alice")).status_code == 429


async def test_a_success_makes_up_for_failures_from_the_same_address(
    people: People, sign_in: SignIn, platform: Work
) -> None:
    for _ in range(49):
        await attempts.count(platform, "address", "127.0.0.1")
    await sign_in("alice")

    assert [(await sign_in("bob", "not his password")).status_code for _ in range(4)] == [401] * 4
    assert (await sign_in("alice")).status_code == 200


async def test_a_session_ends_when_unused_and_lives_on_while_used(
    api: AsyncClient, people: People, sign_in: SignIn, clock: FixedClock
) -> None:
    token = (await sign_in("alice")).json()["token"]

    clock.move(timedelta(days=13))
    assert (await api.get(ME, headers=bearer(token))).status_code == 200
    clock.move(timedelta(days=13))
    assert (await api.get(ME, headers=bearer(token))).status_code == 200
    clock.move(timedelta(days=14))
    assert (await api.get(ME, headers=bearer(token))).status_code == 401


async def test_a_profile_update_cannot_change_a_role(api: AsyncClient, people: People) -> None:
    for field in ("role", "roles", "platformRole", "email", "tenantId"):
        answer = await api.patch(ME, json={"name": "Judith", field: "ADMIN"}, headers=people["judith"].bearer)
        assert answer.status_code == 422

    answer = await api.patch(ME, json={"name": "Judith Jones"}, headers=people["judith"].bearer)
    assert answer.json()["name"] == "Judith Jones"
    assert answer.json()["roles"] == [{"role": "JUDGE", "scopeKind": None, "scopeId": None}]


async def test_tokens_and_passwords_reach_neither_logs_nor_tables(
    api: AsyncClient, people: People, sign_in: SignIn, sql: Rows
) -> None:
    with capture_logs() as lines:
        token = (await sign_in("alice")).json()["token"]
        await api.get(ME, headers=bearer(token))
        await sign_in("alice", "her password mistyped")

    logged = await sql("SELECT convert_from(body, 'UTF8') AS body FROM event_log")
    stored = await sql("SELECT s::text AS row FROM sessions s UNION ALL SELECT c::text FROM credentials c")
    everything = repr(lines) + repr(logged) + repr(stored)
    assert token not in everything
    assert PASSWORD not in everything
    assert "her password mistyped" not in everything
    assert "alice@example.org" not in repr(logged) + repr(lines)
