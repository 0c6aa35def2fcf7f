"""The second factor: set-up, sign-in with it, its codes used once."""

from dataclasses import dataclass, field
from datetime import timedelta

import pyotp
import pytest
from httpx import AsyncClient, Response

from event_manager.kit.clock import FixedClock
from tests.identity.conftest import Rows, SignIn, bearer
from tests.people import PASSWORD, People

IDENTITY = "/api/identity"


@dataclass
class Authenticator:
    """Alice's app and paper: what she has after setting the second factor up."""

    api: AsyncClient
    clock: FixedClock
    secret: str
    recovery_codes: list[str] = field(default_factory=list)

    def code(self) -> str:
        """What the app shows now."""
        return pyotp.TOTP(self.secret).at(self.clock.now())

    async def finish(self, token: str, code: str, way: str = "totp") -> Response:
        """Send the second step of a sign-in."""
        body = {"code": code, "cookie": False}
        return await self.api.post(f"{IDENTITY}/sign-in/{way}", json=body, headers=bearer(token))


@pytest.fixture
async def alices(api: AsyncClient, people: People, clock: FixedClock) -> Authenticator:
    """Alice has switched the second factor on, a minute ago."""
    headers = people["alice"].bearer
    enrolment = (await api.post(f"{IDENTITY}/totp", json={"password": PASSWORD}, headers=headers)).json()
    app = Authenticator(api, clock, enrolment["secret"])
    confirmed = await api.post(f"{IDENTITY}/totp/confirm", json={"code": app.code()}, headers=headers)
    app.recovery_codes = confirmed.json()["codes"]
    clock.move(timedelta(minutes=1))
    return app


async def test_enrolment_gives_secret_address_and_qr_code_and_counts_once_confirmed(
    api: AsyncClient, people: People, sign_in: SignIn
) -> None:
    answer = await api.post(f"{IDENTITY}/totp", json={"password": PASSWORD}, headers=people["alice"].bearer)

    given = answer.json()
    assert given["address"].startswith("otpauth://totp/Event%20Manager:alice%40example.org?secret=" + given["secret"])
    assert given["qrSvg"].startswith("<svg ")
    assert answer.headers["cache-control"] == "no-store"
    assert (await sign_in("alice")).json()["stage"] == "full"


async def test_enrolment_asks_for_the_password_again(api: AsyncClient, people: People) -> None:
    answer = await api.post(f"{IDENTITY}/totp", json={"password": "a stolen session"}, headers=people["alice"].bearer)

    assert (answer.status_code, answer.json()["code"]) == (422, "wrong-password")


async def test_a_wrong_code_does_not_switch_it_on(api: AsyncClient, people: People, sign_in: SignIn) -> None:
    headers = people["alice"].bearer
    await api.post(f"{IDENTITY}/totp", json={"password": PASSWORD}, headers=headers)

    answer = await api.post(f"{IDENTITY}/totp/confirm", json={"code": "000000"}, headers=headers)

    assert answer.json()["code"] == "wrong-code"
    assert (await sign_in("alice")).json()["stage"] == "full"


async def test_the_secret_is_sealed_at_rest(alices: Authenticator, people: People, sql: Rows) -> None:
    [row] = await sql("SELECT totp_secret FROM credentials WHERE user_id = %s", people["alice"].id)

    assert alices.secret.encode() not in bytes(row["totp_secret"])


async def test_password_and_code_together_sign_in(alices: Authenticator, sign_in: SignIn) -> None:
    first = (await sign_in("alice")).json()
    second = (await alices.finish(first["token"], alices.code())).json()

    assert (first["stage"], second["stage"]) == ("pending_mfa", "full")
    assert second["token"] != first["token"]
    assert (await alices.api.get(f"{IDENTITY}/me", headers=bearer(second["token"]))).json()["user"]["secondFactor"]


async def test_a_half_finished_sign_in_is_good_for_nothing_else(alices: Authenticator, sign_in: SignIn) -> None:
    token = (await sign_in("alice")).json()["token"]

    tried = [
        await alices.api.get(f"{IDENTITY}/me", headers=bearer(token)),
        await alices.api.post(f"{IDENTITY}/totp/disable", json={"password": PASSWORD}, headers=bearer(token)),
        await alices.api.post(f"{IDENTITY}/recovery-codes", json={"password": PASSWORD}, headers=bearer(token)),
        await alices.api.get("/api/tenants/current", headers=bearer(token)),
        await alices.api.get(f"{IDENTITY}/me", headers={"Cookie": f"em_session={token}"}),
    ]
    assert [answer.status_code for answer in tried] == [401] * 5


async def test_a_half_finished_sign_in_ends_after_ten_minutes(alices: Authenticator, sign_in: SignIn) -> None:
    token = (await sign_in("alice")).json()["token"]
    alices.clock.move(timedelta(minutes=10))

    assert (await alices.finish(token, alices.code())).json()["code"] == "sign-in-expired"


async def test_a_half_finished_sign_in_can_be_finished_once(alices: Authenticator, sign_in: SignIn) -> None:
    token = (await sign_in("alice")).json()["token"]
    await alices.finish(token, alices.code())
    alices.clock.move(timedelta(minutes=1))

    assert (await alices.finish(token, alices.code())).json()["code"] == "sign-in-expired"


async def test_a_code_is_refused_the_second_time_and_so_are_earlier_ones(
    alices: Authenticator, sign_in: SignIn
) -> None:
    early = alices.code()
    alices.clock.move(timedelta(seconds=30))
    code = alices.code()
    assert (await alices.finish((await sign_in("alice")).json()["token"], code)).status_code == 200

    again = await alices.finish((await sign_in("alice")).json()["token"], code)
    earlier = await alices.finish((await sign_in("alice")).json()["token"], early)

    assert [again.json()["code"], earlier.json()["code"]] == ["wrong-code", "wrong-code"]


async def test_the_code_that_confirmed_the_set_up_does_not_sign_in(
    api: AsyncClient, people: People, clock: FixedClock, sign_in: SignIn
) -> None:
    headers = people["alice"].bearer
    secret = (await api.post(f"{IDENTITY}/totp", json={"password": PASSWORD}, headers=headers)).json()["secret"]
    app = Authenticator(api, clock, secret)
    await api.post(f"{IDENTITY}/totp/confirm", json={"code": app.code()}, headers=headers)

    answer = await app.finish((await sign_in("alice")).json()["token"], app.code())

    assert answer.json()["code"] == "wrong-code"


async def test_a_recovery_code_signs_in_once(alices: Authenticator, sign_in: SignIn) -> None:
    code = alices.recovery_codes[0].upper().replace("-", " ")

    first = await alices.finish((await sign_in("alice")).json()["token"], code, "recovery-code")
    again = await alices.finish((await sign_in("alice")).json()["token"], code, "recovery-code")

    assert first.json()["stage"] == "full"
    assert again.json()["code"] == "wrong-code"
    assert len(set(alices.recovery_codes)) == 10


async def test_guessing_codes_is_slowed_down(alices: Authenticator, sign_in: SignIn) -> None:
    token = (await sign_in("alice")).json()["token"]

    answers = [(await alices.finish(token, "000000")).status_code for _ in range(6)]

    assert answers == [422, 422, 422, 422, 422, 429]


async def test_new_recovery_codes_void_the_old_ones(alices: Authenticator, people: People, sign_in: SignIn) -> None:
    body = {"password": PASSWORD}
    fresh = await alices.api.post(f"{IDENTITY}/recovery-codes", json=body, headers=people["alice"].bearer)

    old = await alices.finish((await sign_in("alice")).json()["token"], alices.recovery_codes[1], "recovery-code")
    new = await alices.finish((await sign_in("alice")).json()["token"], fresh.json()["codes"][1], "recovery-code")

    assert [old.status_code, new.status_code] == [422, 200]


async def test_switched_off_the_password_is_enough(alices: Authenticator, people: People, sign_in: SignIn) -> None:
    body = {"password": PASSWORD}
    answer = await alices.api.post(f"{IDENTITY}/totp/disable", json=body, headers=people["alice"].bearer)

    assert answer.status_code == 204
    assert (await sign_in("alice")).json()["stage"] == "full"


async def test_each_step_is_in_the_log(alices: Authenticator, sign_in: SignIn, sql: Rows) -> None:
    await alices.finish((await sign_in("alice")).json()["token"], alices.code())

    logged = await sql("SELECT type FROM event_log WHERE type LIKE 'user.%' ORDER BY id DESC LIMIT 2")
    assert [row["type"] for row in logged] == ["user.login.succeeded", "user.mfa.enabled"]
