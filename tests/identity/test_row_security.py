"""What the application's own database login can and cannot see of people."""

from datetime import timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from event_manager.kit.access import Actor
from event_manager.kit.clock import FixedClock
from event_manager.kit.crypto import token_hash
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from tests.people import A, B, People

OWN = ("credentials", "recovery_codes", "sessions", "password_resets")
OF_TENANT = ("memberships", "role_grants", "invitations", "api_keys")


def as_app(database: Database, tenant_id: UUID | None = None, user_id: UUID | None = None) -> Work:
    """Work of the application login."""
    return Work(database, tenant_id=tenant_id, actor=Actor("user", user_id))


async def test_people_are_visible_to_fellow_members_and_themselves(database: Database, people: People) -> None:
    async def seen(tenant_id: UUID | None, user_id: UUID | None) -> set[str]:
        async with as_app(database, tenant_id, user_id) as work:
            return {row["name"].lower() for row in await work.sql("SELECT name FROM users")}

    assert await seen(people.a, people["jo"].id) == set(A)
    assert await seen(people.b, people["bob"].id) == set(B)
    assert await seen(None, people["jo"].id) == {"jo"}
    assert await seen(None, None) == set()


@pytest.mark.parametrize("table", OWN)
async def test_secrets_are_visible_to_their_owner_only(database: Database, people: People, table: str) -> None:
    async with as_app(database, people.a, people["alice"].id) as work:
        rows = await work.sql(f"SELECT DISTINCT user_id FROM {table}")

    assert {row["user_id"] for row in rows} <= {people["alice"].id}


@pytest.mark.parametrize("table", OF_TENANT)
async def test_rows_of_the_tenant_need_the_tenant(database: Database, people: People, table: str) -> None:
    async with as_app(database, people.b, people["bob"].id) as work:
        rows = await work.sql(f"SELECT DISTINCT tenant_id FROM {table}")
    async with as_app(database, None, people["bob"].id) as work:
        assert await work.sql(f"SELECT 1 FROM {table}") == []

    assert {row["tenant_id"] for row in rows} <= {people.b}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM sign_in_attempts",
        "INSERT INTO users (email, name) VALUES ('x@example.org', 'X')",
        "UPDATE users SET platform_role = 'SUPER_ADMIN'",
        "UPDATE users SET email = 'x@example.org'",
        "UPDATE users SET disabled_at = NULL",
        "DELETE FROM users",
        "UPDATE sessions SET stage = 'full'",
        "UPDATE sessions SET expires_at = 'infinity'",
        "INSERT INTO sessions DEFAULT VALUES",
        "INSERT INTO password_resets DEFAULT VALUES",
        "DELETE FROM memberships",
        "DELETE FROM api_keys",
    ],
)
async def test_the_application_login_has_no_such_right(database: Database, people: People, statement: str) -> None:
    async with as_app(database, people.a, people["alice"].id) as work:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await work.sql(statement)


async def test_nobody_renames_a_fellow_member(database: Database, people: People) -> None:
    async with as_app(database, people.a, people["alice"].id) as work:
        changed = await work.sql("UPDATE users SET name = 'X' RETURNING id")

    assert changed == [{"id": people["alice"].id}]


async def test_a_role_of_another_tenants_member_cannot_be_stored(database: Database, people: People) -> None:
    async with as_app(database, people.a, people["alice"].id) as work:
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            await work.sql(
                "INSERT INTO role_grants (tenant_id, user_id, role) VALUES (%s, %s, 'ADMIN')",
                (people.a, people["bob"].id),
            )


async def test_authentication_answers_like_a_plain_slow_version(
    database: Database, platform: Work, people: People, clock: FixedClock
) -> None:
    now = clock.now()
    tokens = [people[name].token for name in ("alice", "jo", "bob", "sam")] + ["ems_unknown"]
    for slug in (None, "aurora", "borealis", "nowhere"):
        for tenant_id in (None, people.a, people.b, uuid4()):
            for token in tokens:
                asked = (token_hash(token), slug, tenant_id, now)
                fast = await platform.sql("SELECT * FROM identity_authenticate(%s, %s, %s, %s)", asked)
                assert [summary(row) for row in fast] == await slowly(platform, *asked), (token, slug, tenant_id)


def summary(row: dict[str, object]) -> tuple[object, object, list[str]]:
    """User, tenant and roles of an answer."""
    grants = row["grants"]
    assert isinstance(grants, list)
    return row["user_id"], row["tenant_id"], sorted(grant["role"] for grant in grants)


async def slowly(
    work: Work, hashed: bytes, slug: str | None, tenant_id: UUID | None, now: object
) -> list[tuple[object, object, list[str]]]:
    """The same, a table at a time."""
    sessions = await work.sql("SELECT * FROM sessions WHERE token_hash = %s", (hashed,))
    if not sessions or sessions[0]["expires_at"] <= now or sessions[0]["stage"] != "full":
        return []
    user_id = sessions[0]["user_id"]
    tenants = []
    for member in await work.sql("SELECT * FROM memberships WHERE user_id = %s AND status = 'active'", (user_id,)):
        [tenant] = await work.sql("SELECT * FROM tenants WHERE id = %s", (member["tenant_id"],))
        if slug in (None, tenant["slug"]) and tenant_id in (None, tenant["id"]) and tenant["status"] == "active":
            tenants.append(tenant["id"])
    here = tenants[0] if len(tenants) == 1 else None
    grants = await work.sql("SELECT role FROM role_grants WHERE tenant_id = %s AND user_id = %s", (here, user_id))
    return [(user_id, here, sorted(grant["role"] for grant in grants))]


async def test_last_use_is_noted_every_few_minutes_only(platform: Work, people: People, clock: FixedClock) -> None:
    session = people["jo"].actor.session_id
    start = clock.now()
    await platform.sql("UPDATE sessions SET last_used_at = %s, expires_at = %s WHERE id = %s",
                       (start, start + timedelta(days=1), session))  # fmt: skip
    noted = []
    for minutes in (1, 5, 6, 12):
        at = start + timedelta(minutes=minutes)
        await platform.sql(
            "SELECT * FROM identity_authenticate(%s, NULL, NULL, %s)", (token_hash(people["jo"].token), at)
        )
        [row] = await platform.sql("SELECT last_used_at, expires_at FROM sessions WHERE id = %s", (session,))
        noted.append(((row["last_used_at"] - start).seconds // 60, row["expires_at"] - row["last_used_at"]))

    day = timedelta(days=1)
    assert noted == [(0, day), (0, day), (6, day), (12, day)]
