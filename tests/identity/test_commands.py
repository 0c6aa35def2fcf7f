"""The first people of an installation, from the command line."""

from pathlib import Path

import pytest
from httpx import AsyncClient
from typer.testing import CliRunner

from event_manager.cli import app
from event_manager.identity.account import disable_user
from event_manager.identity.commands import make_reset_link, make_super_admin, make_tenant, set_password
from event_manager.identity.errors import AccountDisabled, EmailTaken, WeakPassword
from event_manager.kit.db import Database
from event_manager.kit.errors import NotFound
from event_manager.kit.work import Work
from event_manager.tenancy.errors import SlugTaken
from tests.identity.conftest import Rows, SignIn, bearer
from tests.people import PASSWORD as OLD
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


async def lock_out(sign_in: SignIn) -> None:
    """Mistype Alice's password until the account is closed for a while."""
    for _ in range(6):
        await sign_in("alice", "not the password at all")
    assert (await sign_in("alice", OLD)).status_code == 429


async def test_a_printed_link_sets_a_password_once(
    api: AsyncClient, people: People, database: Database, sign_in: SignIn, sql: Rows
) -> None:
    await lock_out(sign_in)
    told = await make_reset_link(database, "Alice@example.org", "https://em.example.org")

    page, token = told.split()[-1].split("#")
    assert page == "https://em.example.org/reset-password"
    assert (await sign_in("alice", OLD)).status_code == 200
    body = {"token": token, "newPassword": PASSWORD}
    assert (await api.post("/api/identity/password/reset", json=body)).status_code == 204
    assert (await api.post("/api/identity/password/reset", json=body)).status_code == 410
    assert (await sign_in("alice", PASSWORD)).status_code == 200


async def test_a_link_is_logged_without_its_token(
    api: AsyncClient, people: People, database: Database, sql: Rows
) -> None:
    await make_reset_link(database, "alice@example.org", "https://em.example.org")

    [entry] = await sql("SELECT entity_id, body FROM event_log WHERE type = 'user.reset_link.issued'")
    assert entry["entity_id"] == people["alice"].id
    assert b"emr_" not in entry["body"]


async def test_a_password_set_by_the_operator_ends_sessions_and_the_lock_out(
    api: AsyncClient, people: People, database: Database, sign_in: SignIn, sql: Rows
) -> None:
    session = (await sign_in("alice", OLD)).json()["token"]
    await lock_out(sign_in)

    told = await set_password(database, "alice@example.org", PASSWORD)

    assert told == "alice@example.org signs in with the new password from now on; all sessions have ended."
    assert (await api.get("/api/identity/me", headers=bearer(session))).status_code == 401
    assert (await sign_in("alice", OLD)).status_code == 401
    assert (await sign_in("alice", PASSWORD)).status_code == 200
    [entry] = await sql("SELECT body FROM event_log WHERE type = 'user.password.changed'")
    assert b'"method":"operator"' in entry["body"]


async def test_a_password_is_not_reset_for_nobody_nor_weakly_nor_for_a_closed_account(
    api: AsyncClient, people: People, database: Database, sign_in: SignIn
) -> None:
    with pytest.raises(NotFound, match="Nobody has an account with the address"):
        await make_reset_link(database, "nobody@example.org", "")
    with pytest.raises(WeakPassword):
        await set_password(database, "alice@example.org", "password1234")
    async with Work(database, role="platform") as work:
        await disable_user(work, people["bob"].id)
        await work.commit()
    with pytest.raises(AccountDisabled):
        await make_reset_link(database, "bob@example.org", "")

    assert (await sign_in("alice", OLD)).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["create-tenant", "Bad Slug", "X", "--admin", "a@example.org"], "lower-case letters, digits and dashes"),
        (["create-tenant", "nova", "X", "--admin", "bea"], "'bea' is no e-mail address such as ann@example.org."),
        (["create-super-admin", "bea", "Bea"], "'bea' is no e-mail address such as ann@example.org."),
        (["reset-password", "bea"], "'bea' is no e-mail address such as ann@example.org."),
    ],
    ids=["slug", "admin", "super admin", "reset"],
)
def test_a_wrong_argument_is_told_before_anything_starts(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(app, [*arguments, "--data-dir", str(tmp_path)])

    assert (done.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert said in " ".join(done.output.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ["create-tenant", "nova", "X", "--admin", "a@example.org"],
        ["create-super-admin", "a@example.org", "A", "--password-file", "/dev/null"],
        ["reset-password", "a@example.org"],
        ["openapi"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_wrong_setting_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str]) -> None:
    monkeypatch.setenv("EVENT_MANAGER_PORT", "abc")
    monkeypatch.setenv("EVENT_MANAGER_DATA_DIR", str(tmp_path))

    done = CliRunner().invoke(app, arguments)

    assert (done.exit_code, list(tmp_path.iterdir())) == (1, [])
    assert done.stderr.startswith("event-manager: A setting cannot be used: EVENT_MANAGER_PORT: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--password-file", "marks.xlsx"], "marks.xlsx holds no password: it is not text in UTF-8."),
        ([], "There is no terminal to ask for the password: use --password-file FILE, or - for standard input."),
    ],
    ids=["no text", "no terminal"],
)
def test_a_password_that_cannot_be_read_is_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, options: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("marks.xlsx").write_bytes(b"PK\xd0\xff")

    done = CliRunner().invoke(app, ["create-super-admin", "sue@example.org", "Sue", *options])

    assert (done.exit_code, done.stderr) == (1, f"event-manager: {said}\n")
