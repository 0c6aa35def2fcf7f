"""Two requests at the same moment: what is for one use is used once."""

import asyncio

import pyotp
from httpx import AsyncClient

from event_manager.identity import account, attempts
from event_manager.identity.errors import SignInLocked
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from tests.identity.conftest import Rows, SignIn, bearer
from tests.people import PASSWORD, People

IDENTITY = "/api/identity"
TOGETHER = 6  # more than the platform pool has connections


async def test_a_reset_link_used_twice_at_once_works_once(
    api: AsyncClient, people: People, database: Database, clock: FixedClock, sql: Rows
) -> None:
    async with Work(database, role="platform", clock=clock) as work:
        await account.mail_reset_link(work, "alice@example.org", page="https://example.org/r")
        await work.commit()
    [mail] = await sql("SELECT text FROM mails")
    body = {"token": mail["text"].split("/r#")[1].split()[0], "newPassword": "another walk by the lake 8"}

    answers = await asyncio.gather(*(api.post(f"{IDENTITY}/password/reset", json=body) for _ in range(TOGETHER)))

    assert sorted(answer.status_code for answer in answers) == [204] + [410] * (TOGETHER - 1)


async def test_an_invitation_accepted_twice_at_once_makes_one_account(
    api: AsyncClient, people: People, sql: Rows
) -> None:
    invited = {"emails": ["nora@example.org"], "roles": [{"role": "JUDGE"}]}
    await api.post(f"{IDENTITY}/invitations", json=invited, headers=people["alice"].bearer)
    [mail] = await sql("SELECT text FROM mails")
    token = mail["text"].split("/invitation#")[1].split()[0]
    body = {"token": token, "name": "Nora", "password": "a brand new one for her", "cookie": False}

    answers = await asyncio.gather(*(api.post(f"{IDENTITY}/invitations/accept", json=body) for _ in range(TOGETHER)))

    assert sorted(answer.status_code for answer in answers) == [200] + [410] * (TOGETHER - 1)
    assert len(await sql("SELECT id FROM users WHERE email = 'nora@example.org'")) == 1


async def test_a_code_used_twice_at_once_signs_in_once(
    api: AsyncClient, people: People, clock: FixedClock, sign_in: SignIn, sql: Rows
) -> None:
    headers = people["alice"].bearer
    secret = (await api.post(f"{IDENTITY}/totp", json={"password": PASSWORD}, headers=headers)).json()["secret"]
    code = pyotp.TOTP(secret).at(clock.now())
    await api.post(f"{IDENTITY}/totp/confirm", json={"code": code}, headers=headers)
    await sql("UPDATE credentials SET totp_last_counter = NULL")
    tokens = [(await sign_in("alice")).json()["token"] for _ in range(4)]

    answers = await asyncio.gather(
        *(
            api.post(f"{IDENTITY}/sign-in/totp", json={"code": code, "cookie": False}, headers=bearer(token))
            for token in tokens
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [422] * 3


async def test_two_admins_cannot_remove_each_other_at_once(api: AsyncClient, people: People) -> None:
    alice, oscar = people["alice"], people["oscar"]
    members = f"{IDENTITY}/members"
    await api.patch(f"{members}/{oscar.id}", json={"roles": [{"role": "ADMIN"}]}, headers=alice.bearer)

    answers = await asyncio.gather(
        api.delete(f"{members}/{oscar.id}", headers=alice.bearer),
        api.delete(f"{members}/{alice.id}", headers=oscar.bearer),
    )

    assert min(answer.status_code for answer in answers) == 204
    left = [p for p in (alice, oscar) if (await api.get(members, headers=p.bearer)).status_code == 200]
    assert len(left) == 1


async def test_guesses_made_at_once_are_all_counted(platform: Work, app: object) -> None:
    async def guess() -> bool:
        try:
            await attempts.count(platform, "account", "alice@example.org")
        except SignInLocked:
            return False
        return True

    allowed = await asyncio.gather(*(guess() for _ in range(20)))

    assert sum(allowed) == attempts.FREE["account"]
