"""Invitations: who may invite whom, links for one use, joining with and without an account."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient, Response

from event_manager.identity.service import add_member
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from tests.identity.conftest import Rows, SignIn
from tests.people import People

INVITATIONS, MEMBERS = "/api/identity/invitations", "/api/identity/members"
JUDGE = {"role": "JUDGE"}
ACCOUNT = {"name": "Nora New", "password": "a brand new one for nora", "cookie": False}
Invite = Callable[..., Awaitable[Response]]
Link = Callable[..., Awaitable[str]]


@pytest.fixture
def invite(api: AsyncClient, people: People) -> Invite:
    """Invite one address as somebody."""

    async def post(by: str = "alice", email: str = "nora@example.org", *roles: dict[str, Any]) -> Response:
        body = {"emails": [email], "roles": list(roles) or [JUDGE]}
        return await api.post(INVITATIONS, json=body, headers=people[by].bearer)

    return post


@pytest.fixture
def mailed(sql: Rows) -> Link:
    """The token of the link mailed last to an address."""

    async def token(email: str = "nora@example.org") -> str:
        [mail] = await sql("SELECT text FROM mails WHERE to_address = %s ORDER BY id DESC LIMIT 1", email)
        return str(mail["text"].split("/invitation#")[1].split()[0])

    return token


async def accept(api: AsyncClient, token: str, account: dict[str, Any] | None = None, **headers: str) -> Response:
    """Use a link."""
    return await api.post(f"{INVITATIONS}/accept", json={"token": token, **(account or {})}, headers=headers)


async def test_a_new_person_joins_with_name_and_password_and_is_signed_in(
    api: AsyncClient, invite: Invite, mailed: Link, sign_in: SignIn
) -> None:
    await invite()
    offer = (await api.post(f"{INVITATIONS}/read", json={"token": await mailed()})).json()

    joined = (await accept(api, await mailed(), ACCOUNT)).json()

    assert offer == {
        "tenant": "Aurora Arts", "email": "nora@example.org", "hasAccount": False,
        "roles": [{"role": "JUDGE", "scopeKind": None, "scopeId": None}],
    }  # fmt: skip
    me = (await api.get("/api/identity/me", headers={"Authorization": f"Bearer {joined['token']}"})).json()
    assert (me["name"], me["tenant"]["slug"], me["roles"][0]["role"]) == ("Nora New", "aurora", "JUDGE")
    assert (await sign_in("nora", ACCOUNT["password"])).status_code == 200


async def test_an_invitation_returns_neither_link_nor_password(invite: Invite, mailed: Link, sql: Rows) -> None:
    answer = await invite()

    assert answer.json()["items"][0].keys() == {"id", "email", "roles", "state", "expiresAt", "createdAt"}
    assert (await mailed()) not in answer.text + repr(await sql("SELECT i::text FROM invitations i"))


async def test_a_link_works_once(api: AsyncClient, invite: Invite, mailed: Link) -> None:
    await invite()
    token = await mailed()
    await accept(api, token, ACCOUNT)

    assert (await accept(api, token, ACCOUNT)).status_code == 410
    assert (await api.post(f"{INVITATIONS}/read", json={"token": token})).status_code == 410


async def test_a_link_ends_after_two_weeks(api: AsyncClient, invite: Invite, mailed: Link, clock: FixedClock) -> None:
    await invite()
    clock.move(timedelta(days=14))

    assert (await accept(api, await mailed(), ACCOUNT)).status_code == 410


@pytest.mark.parametrize("by", ["bea", "tim", "ada", "judith", "emma", "cora"])
async def test_most_roles_invite_nobody(invite: Invite, by: str) -> None:
    assert (await invite(by)).status_code == 403


@pytest.mark.parametrize(("role", "status"), [("ADMIN", 403), ("ORGANIZER", 403), ("BOARD", 201), ("CONTESTANT", 201)])
async def test_an_organizer_invites_below_the_own_rank_only(invite: Invite, role: str, status: int) -> None:
    answer = await invite("oscar", "nora@example.org", {"role": role})

    assert answer.status_code == status
    assert status == 201 or answer.json()["code"] == "rank-too-low"


async def test_an_invitation_made_at_one_time_is_void_when_the_inviter_lost_the_rank(
    api: AsyncClient, people: People, invite: Invite, mailed: Link
) -> None:
    await invite("oscar")
    await api.patch(f"{MEMBERS}/{people['oscar'].id}", json={"roles": [JUDGE]}, headers=people["alice"].bearer)

    assert (await accept(api, await mailed(), ACCOUNT)).status_code == 410


async def test_an_organizer_of_one_event_invites_into_it_only(api: AsyncClient, people: People, invite: Invite) -> None:
    event, other = str(uuid4()), str(uuid4())
    roles = [{"role": "ORGANIZER", "scopeKind": "event", "scopeId": event}]
    await api.patch(f"{MEMBERS}/{people['oscar'].id}", json={"roles": roles}, headers=people["alice"].bearer)

    def judge(scope: str) -> dict[str, str]:
        return {"role": "JUDGE", "scopeKind": "event", "scopeId": scope}

    assert (await invite("oscar", "a@example.org", judge(event))).status_code == 201
    assert (await invite("oscar", "b@example.org", judge(other))).status_code == 403
    assert (await invite("oscar", "c@example.org", JUDGE)).status_code == 403


async def test_a_known_person_joins_signed_in_and_keeps_the_password(
    api: AsyncClient, people: People, invite: Invite, mailed: Link
) -> None:
    await invite("alice", "Carl@Example.org")
    token = await mailed("Carl@Example.org")

    anonymous = await accept(api, token, ACCOUNT)
    stranger = await accept(api, token, None, **people["bob"].bearer)
    carl = await accept(api, token, None, **people["carl"].bearer)

    assert (anonymous.status_code, stranger.json()["code"], carl.status_code) == (401, "wrong-account", 200)
    me = (await api.get("/api/identity/me", headers=people["carl"].bearer)).json()
    assert [tenant["slug"] for tenant in me["tenants"]] == ["aurora", "borealis"]


async def test_inviting_tells_nothing_about_accounts_elsewhere(invite: Invite) -> None:
    known, unknown = await invite("alice", "carl@example.org"), await invite("alice", "nora@example.org")

    assert known.status_code == unknown.status_code == 201
    assert known.json()["items"][0].keys() == unknown.json()["items"][0].keys()


async def test_a_member_is_not_invited_again(invite: Invite) -> None:
    assert (await invite("alice", "JO@example.org")).json()["code"] == "already-member"


async def test_sending_again_voids_the_earlier_link(
    api: AsyncClient, people: People, invite: Invite, mailed: Link
) -> None:
    made = (await invite()).json()["items"][0]
    first = await mailed()
    await api.post(f"{INVITATIONS}/{made['id']}/resend", headers=people["alice"].bearer)

    assert (await accept(api, first, ACCOUNT)).status_code == 410
    assert (await accept(api, await mailed(), ACCOUNT)).status_code == 200


async def test_a_withdrawn_invitation_cannot_be_accepted(
    api: AsyncClient, people: People, invite: Invite, mailed: Link
) -> None:
    made = (await invite()).json()["items"][0]

    assert (await api.delete(f"{INVITATIONS}/{made['id']}", headers=people["alice"].bearer)).status_code == 204

    assert (await accept(api, await mailed(), ACCOUNT)).status_code == 410
    listed = (await api.get(INVITATIONS, headers=people["alice"].bearer)).json()["items"]
    assert [each["state"] for each in listed] == ["revoked"]


async def test_inviting_again_replaces_the_open_invitation(
    api: AsyncClient, people: People, invite: Invite, sql: Rows
) -> None:
    replaced = (await invite()).json()["items"][0]
    await invite("alice", "NORA@example.org")

    listed = (await api.get(INVITATIONS, headers=people["alice"].bearer)).json()["items"]
    assert [each["state"] for each in listed] == ["open", "revoked"]
    logged = await sql("SELECT entity_id::text FROM event_log WHERE type = 'user.invitation.revoked'")
    assert logged == [{"entity_id": replaced["id"]}]


async def test_invitations_of_another_tenant_are_not_there(api: AsyncClient, people: People, invite: Invite) -> None:
    made, bob = (await invite()).json()["items"][0], people["bob"].bearer

    assert (await api.get(INVITATIONS, headers=bob)).json()["items"] == []
    assert (await api.post(f"{INVITATIONS}/{made['id']}/resend", headers=bob)).status_code == 404
    assert (await api.delete(f"{INVITATIONS}/{made['id']}", headers=bob)).status_code == 404


async def test_a_weak_password_does_not_use_the_link_up(api: AsyncClient, invite: Invite, mailed: Link) -> None:
    await invite()

    assert (await accept(api, await mailed(), {**ACCOUNT, "password": "nora new nora"})).status_code == 422
    assert (await accept(api, await mailed(), ACCOUNT)).status_code == 200


async def test_a_former_member_comes_back_with_the_new_roles_only(
    people: People, database: Database, clock: FixedClock, api: AsyncClient, sql: Rows
) -> None:
    await api.delete(f"{MEMBERS}/{people['jo'].id}", headers=people["alice"].bearer)
    async with Work(database, role="platform", tenant_id=people.a, clock=clock) as work:
        await add_member(work, people["jo"].id, ["EMCEE"])
        await work.commit()

    me = (await api.get("/api/identity/me", headers=people["jo"].bearer)).json()
    assert [held["role"] for held in me["roles"]] == ["EMCEE"]
