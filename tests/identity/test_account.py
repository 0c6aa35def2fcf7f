"""Password, sessions and reset link of one's own account."""

from datetime import timedelta

import pytest
from httpx import AsyncClient

from event_manager.config import Settings
from event_manager.identity import account
from event_manager.identity.errors import EmailTaken
from event_manager.identity.service import create_super_admin, create_user
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.jobs import Worker
from event_manager.kit.work import Work
from tests.identity.conftest import Rows, SignIn, bearer
from tests.people import PASSWORD, People

IDENTITY = "/api/identity"
NEW = "another walk by the lake 8"


async def test_changing_the_password_ends_all_other_sessions(api: AsyncClient, people: People, sign_in: SignIn) -> None:
    here, elsewhere = [(await sign_in("alice")).json()["token"] for _ in range(2)]

    body = {"password": PASSWORD, "newPassword": NEW}
    answer = await api.post(f"{IDENTITY}/password", json=body, headers=bearer(here))

    assert answer.status_code == 204
    assert (await api.get(f"{IDENTITY}/me", headers=bearer(here))).status_code == 200
    assert (await api.get(f"{IDENTITY}/me", headers=bearer(elsewhere))).status_code == 401
    assert (await sign_in("alice")).status_code == 401
    assert (await sign_in("alice", NEW)).status_code == 200


async def test_a_changed_password_is_told_to_its_owner(api: AsyncClient, people: People, sql: Rows) -> None:
    body = {"password": PASSWORD, "newPassword": NEW}
    await api.post(f"{IDENTITY}/password", json=body, headers=people["alice"].bearer)

    assert await sql("SELECT to_address, subject FROM mails") == [
        {"to_address": "alice@example.org", "subject": "Your password was changed"}
    ]


async def test_changing_the_password_needs_the_present_one(api: AsyncClient, people: People) -> None:
    body = {"password": "a guess of a thief", "newPassword": NEW}
    answer = await api.post(f"{IDENTITY}/password", json=body, headers=people["alice"].bearer)

    assert answer.json()["code"] == "wrong-password"


async def test_a_weak_new_password_is_refused_at_its_field(api: AsyncClient, people: People) -> None:
    body = {"password": PASSWORD, "newPassword": "short"}
    answer = await api.post(f"{IDENTITY}/password", json=body, headers=people["alice"].bearer)

    assert answer.json()["errors"] == [
        {"pointer": "/newPassword", "detail": "has 5 characters, it needs 12 or more"},
    ]


async def test_sessions_are_listed_and_ended_one_by_one(api: AsyncClient, people: People, sign_in: SignIn) -> None:
    here, elsewhere = [(await sign_in("jo")).json()["token"] for _ in range(2)]
    listed = (await api.get(f"{IDENTITY}/sessions", headers=bearer(here))).json()["items"]
    other = (await api.get(f"{IDENTITY}/sessions", headers=bearer(elsewhere))).json()["items"]
    [current] = [session["id"] for session in other if session["current"]]

    answer = await api.delete(f"{IDENTITY}/sessions/{current}", headers=bearer(here))

    assert len(listed) == 3  # and the one of the cast
    assert answer.status_code == 204
    assert (await api.get(f"{IDENTITY}/me", headers=bearer(elsewhere))).status_code == 401


async def test_nobody_ends_somebody_elses_session(api: AsyncClient, people: People) -> None:
    theirs = people["oscar"].actor.session_id

    answer = await api.delete(f"{IDENTITY}/sessions/{theirs}", headers=people["alice"].bearer)

    assert answer.status_code == 404
    assert (await api.get(f"{IDENTITY}/me", headers=people["oscar"].bearer)).status_code == 200


async def test_all_other_sessions_are_ended_together(api: AsyncClient, people: People, sign_in: SignIn) -> None:
    here = (await sign_in("jo")).json()["token"]

    await api.delete(f"{IDENTITY}/sessions", headers=bearer(here))

    assert (await api.get(f"{IDENTITY}/me", headers=bearer(here))).status_code == 200
    assert (await api.get(f"{IDENTITY}/me", headers=people["jo"].bearer)).status_code == 401


async def test_asking_for_a_link_answers_the_same_for_known_and_unknown_addresses(
    api: AsyncClient, people: People, sql: Rows
) -> None:
    answers = [
        await api.post(f"{IDENTITY}/password/forgot", json={"email": email})
        for email in ("alice@example.org", "nobody@example.org")
    ]

    assert [(answer.status_code, answer.text) for answer in answers] == [(202, "null"), (202, "null")]
    jobs = await sql("SELECT args ->> 'email' AS email FROM jobs WHERE task = 'identity.mail_reset_link' ORDER BY id")
    assert [job["email"] for job in jobs] == ["alice@example.org", "nobody@example.org"]
    assert await sql("SELECT id FROM password_resets") == []


async def test_the_link_is_mailed_by_a_job(
    api: AsyncClient, people: People, database: Database, clock: FixedClock, sql: Rows
) -> None:
    for email in ("alice@example.org", "nobody@example.org"):
        await api.post(f"{IDENTITY}/password/forgot", json={"email": email})

    await Worker(database, settings=Settings(base_url="https://em.example.org"), clock=clock).run_until_idle()

    [mail] = await sql("SELECT to_address, text FROM mails")
    assert mail["to_address"] == "alice@example.org"
    assert "https://em.example.org/reset-password#emr_" in mail["text"]


async def test_disabling_an_account_ends_its_sessions_and_is_logged(platform: Work, people: People) -> None:
    await account.disable_user(platform, people["jo"].id)

    jo = (people["jo"].id,)
    assert await platform.sql("SELECT 1 FROM sessions WHERE user_id = %s AND revoked_at IS NULL", jo) == []
    logged = await platform.sql("SELECT type FROM event_log WHERE entity_id = %s ORDER BY id DESC LIMIT 2", jo)
    assert [row["type"] for row in logged] == ["user.deactivated", "user.session.revoked"]


async def test_links_cannot_be_asked_for_without_end(api: AsyncClient, people: People) -> None:
    body = {"email": "alice@example.org"}

    answers = [(await api.post(f"{IDENTITY}/password/forgot", json=body)).status_code for _ in range(4)]

    assert answers == [202, 202, 202, 429]


@pytest.fixture
async def link(api: AsyncClient, people: People, database: Database, clock: FixedClock, sql: Rows) -> str:
    """The token of a reset link mailed to Alice."""
    async with Work(database, role="platform", clock=clock) as work:
        await account.mail_reset_link(work, "Alice@example.org", page="https://example.org/reset-password")
        await account.mail_reset_link(work, "nobody@example.org", page="https://example.org/reset-password")
        await work.commit()
    [mail] = await sql("SELECT to_address, text FROM mails")
    assert mail["to_address"] == "alice@example.org"
    return str(mail["text"].split("https://example.org/reset-password#")[1].split()[0])


async def reset(api: AsyncClient, token: str) -> int:
    """The status of using a link."""
    answer = await api.post(f"{IDENTITY}/password/reset", json={"token": token, "newPassword": NEW})
    return answer.status_code


async def test_a_mailed_link_is_logged_without_its_token(people: People, link: str, sql: Rows) -> None:
    [entry] = await sql("SELECT entity_id, body FROM event_log WHERE type = 'user.reset_link.issued'")

    assert entry["entity_id"] == people["alice"].id
    assert (b'"method":"mail"' in entry["body"], link.encode() in entry["body"]) == (True, False)


async def test_a_link_sets_the_password_once_and_ends_every_session(
    api: AsyncClient, people: People, sign_in: SignIn, link: str
) -> None:
    assert await reset(api, link) == 204

    assert (await api.get(f"{IDENTITY}/me", headers=people["alice"].bearer)).status_code == 401
    assert (await sign_in("alice", NEW)).status_code == 200
    assert await reset(api, link) == 410


async def test_a_link_works_for_an_hour(api: AsyncClient, link: str, clock: FixedClock) -> None:
    clock.move(timedelta(hours=1))

    assert await reset(api, link) == 410


async def test_a_change_of_the_password_voids_open_links(api: AsyncClient, people: People, link: str) -> None:
    body = {"password": PASSWORD, "newPassword": "and one more by the river 9"}
    await api.post(f"{IDENTITY}/password", json=body, headers=people["alice"].bearer)

    assert await reset(api, link) == 410


async def test_a_weak_password_does_not_use_the_link_up(api: AsyncClient, link: str) -> None:
    weak = await api.post(f"{IDENTITY}/password/reset", json={"token": link, "newPassword": "password1234"})

    assert weak.json()["code"] == "weak-password"
    assert await reset(api, link) == 204


async def test_an_address_has_one_account_whatever_its_case(people: People, platform: Work) -> None:
    with pytest.raises(EmailTaken):
        await create_user(platform, "ALICE@example.org", "Another Alice", NEW)


async def test_a_super_admin_is_made_by_platform_work(people: People, platform: Work) -> None:
    made = await create_super_admin(platform, "sue@example.org", "Sue", NEW)

    [row] = await platform.sql("SELECT platform_role FROM users WHERE id = %s", (made.id,))
    assert row == {"platform_role": "SUPER_ADMIN"}


async def test_what_ended_a_month_ago_is_forgotten(platform: Work, people: People, clock: FixedClock) -> None:
    await account.end_sessions(platform, people["jo"].id, reason="by_owner")
    clock.move(timedelta(days=31))

    await account.purge_ended(platform)

    assert await platform.sql("SELECT id FROM sessions WHERE user_id = %s", (people["jo"].id,)) == []
    assert len(await platform.sql("SELECT id FROM sessions WHERE user_id = %s", (people["oscar"].id,))) == 1
