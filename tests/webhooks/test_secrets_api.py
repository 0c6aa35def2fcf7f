"""Signing secrets: shown once, rotated with an overlap, revoked at once; and nothing secret is ever told again."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import httpx
import psycopg
import pytest

from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.kit.work import Work
from event_manager.webhooks import compiled, signing
from event_manager.webhooks.compiled import compile_endpoint
from tests.conftest import SECRET
from tests.kit.egress.pki import Authority
from tests.people import People
from tests.webhooks.hooks import HOOK, WEBHOOKS, Past, create, faults, logged


async def secrets(api: httpx.AsyncClient, who: dict[str, str], hook: str) -> list[tuple[str, bool]]:
    """Scheme of each secret in use, and whether it is to end."""
    shown = (await api.get(f"{WEBHOOKS}/{hook}", headers=who)).json()["secrets"]
    return [(each["scheme"], each["expiresAt"] is not None) for each in shown]


async def rotate(api: httpx.AsyncClient, who: dict[str, str], hook: str, **given: object) -> httpx.Response:
    return await api.post(f"{WEBHOOKS}/{hook}/secrets", json=given, headers=who)


async def test_a_new_secret_is_shown_once_and_the_old_one_signs_until_the_overlap_ends(
    api: httpx.AsyncClient, alice: dict[str, str], clock: FixedClock
) -> None:
    hook = (await create(api, alice))["id"]

    made = await rotate(api, alice, hook)

    during = await secrets(api, alice, hook)
    clock.at += timedelta(hours=24)
    after = await secrets(api, alice, hook)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    signing.parse_key(made.json()["secret"])
    assert (during, after) == ([("v1", False), ("v1", True)], [("v1", False)])


async def test_without_overlap_the_old_secret_is_gone_at_once(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past
) -> None:
    hook = (await create(api, alice))["id"]

    await rotate(api, alice, hook, overlapHours=0)

    assert await secrets(api, alice, hook) == [("v1", False)]
    assert await past.sql("SELECT count(*) FROM webhook_secrets WHERE tenant_id = %(tenant)s") == 1


async def test_what_signs_no_more_is_forgotten_with_the_next_rotation(
    api: httpx.AsyncClient, alice: dict[str, str], clock: FixedClock, past: Past
) -> None:
    hook = (await create(api, alice))["id"]
    await rotate(api, alice, hook, overlapHours=1)
    clock.at += timedelta(hours=1)

    await rotate(api, alice, hook, overlapHours=1)

    assert await past.sql("SELECT count(*) FROM webhook_secrets WHERE tenant_id = %(tenant)s") == 2


async def test_a_public_key_scheme_comes_beside_the_shared_secret(
    api: httpx.AsyncClient, alice: dict[str, str], clock: FixedClock
) -> None:
    hook = (await create(api, alice))["id"]
    given = signing.generate_private_key()

    made = (await rotate(api, alice, hook, scheme="v1a", secret=given)).json()

    key = signing.parse_key(given)
    assert isinstance(key, signing.Ed25519Key)
    assert (made["secret"], made["publicKey"]) == (given, key.public)
    assert await secrets(api, alice, hook) == [("v1a", False), ("v1", False)]


async def test_at_most_five_are_in_use(api: httpx.AsyncClient, alice: dict[str, str], clock: FixedClock) -> None:
    hook = (await create(api, alice))["id"]
    for _ in range(4):
        assert (await rotate(api, alice, hook)).status_code == 201

    too_many = await rotate(api, alice, hook)
    replacing = await rotate(api, alice, hook, overlapHours=0)

    assert (too_many.status_code, too_many.json()["code"]) == (409, "too-many-secrets")
    assert replacing.status_code == 201


async def test_a_secret_is_revoked_at_once_but_never_the_last(api: httpx.AsyncClient, alice: dict[str, str]) -> None:
    made = await create(api, alice)
    here = f"{WEBHOOKS}/{made['id']}/secrets"
    old = made["secrets"][0]["id"]

    last = await api.delete(f"{here}/{old}", headers=alice)
    await rotate(api, alice, made["id"])
    revoked = await api.delete(f"{here}/{old}", headers=alice)
    gone = await api.delete(f"{here}/{old}", headers=alice)

    assert (last.status_code, last.json()["code"]) == (409, "last-secret")
    assert (revoked.status_code, gone.status_code) == (204, 404)
    assert await secrets(api, alice, made["id"]) == [("v1", False)]


async def test_what_is_left_signs_without_end(api: httpx.AsyncClient, alice: dict[str, str], clock: FixedClock) -> None:
    """Else the last signature would end with the overlap, and messages would go out unsigned."""
    hook = (await create(api, alice))["id"]
    newer = (await rotate(api, alice, hook)).json()["id"]

    refused = await api.delete(f"{WEBHOOKS}/{hook}/secrets/{newer}", headers=alice)
    clock.at += timedelta(hours=25)

    assert (refused.status_code, refused.json()["code"]) == (409, "last-secret")
    assert await secrets(api, alice, hook) == [("v1", False)]


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"scheme": "v1a", "secret": signing.generate_secret()}, "/secret"),
        ({"scheme": "v1", "secret": signing.generate_private_key()}, "/secret"),
        ({"secret": "whpk_AAAA"}, "/secret"),
        ({"overlapHours": 169}, "/overlapHours"),
    ],
)
async def test_a_secret_must_fit_its_scheme(
    api: httpx.AsyncClient, alice: dict[str, str], given: dict[str, object], pointer: str
) -> None:
    hook = (await create(api, alice))["id"]

    assert pointer in faults(await rotate(api, alice, hook, **given))


async def test_a_feed_has_no_secrets(api: httpx.AsyncClient, alice: dict[str, str]) -> None:
    made = await create(api, alice, kind="feed", url="")

    answer = await rotate(api, alice, made["id"])

    assert (made["secret"], made["secrets"]) == (None, [])
    assert (answer.status_code, answer.json()["code"]) == (409, "not-for-this-kind")


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """Every line of the product's own log, at its most talkative."""
    caught: list[str] = []

    class Catch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            caught.append(self.format(record))

    root = logging.getLogger()
    handler, level = Catch(), root.level
    root.addHandler(handler)
    root.setLevel("DEBUG")
    yield caught
    root.removeHandler(handler)
    root.setLevel(level)


async def test_nothing_secret_is_told_by_any_answer_entry_line_or_table(
    api: httpx.AsyncClient,
    alice: dict[str, str],
    database: Database,
    people: People,
    capfd: pytest.CaptureFixture[str],
    lines: list[str],
    superuser: str,
) -> None:
    mine = Authority().issue("mine")
    secret, private = signing.generate_secret(), signing.generate_private_key()
    hidden = {
        "header": "header-value-9317", "password": "password-9317", "client": "client-secret-9317",
        "secret": secret.removeprefix("whsec_"), "private": private.removeprefix("whsk_"),
        "key": mine.key.decode().splitlines()[1],
    }  # fmt: skip
    certificate = {"certificate": mine.certificate.decode(), "key": mine.key.decode()}
    answers = []

    async def ask(method: str, path: str = "", body: object = None) -> httpx.Response:
        answer = await api.request(method, WEBHOOKS + path, json=body, headers=alice)
        answers.append(answer.text + str(answer.headers))
        return answer

    first = await api.post(WEBHOOKS, headers=alice, json={
        **HOOK, "secret": secret, "headers": {"X-Key": hidden["header"]},
        "auth": {"kind": "basic", "username": "u", "password": hidden["password"]},
    })  # fmt: skip
    here = f"/{first.json()['id']}"
    await api.post(WEBHOOKS + here + "/secrets", headers=alice, json={"scheme": "v1a", "secret": private})
    for body in (
        {"name": "Again", "headers": {"X-Key": None, "X-Bad\n": hidden["header"]}},
        {"auth": {
            "kind": "oauth2", "tokenUrl": "https://id.example.org/t", "clientId": "c", "clientSecret": hidden["client"],
        }},
        {"clientCertificate": {**certificate, "certificate": "x"},
         "auth": {"kind": "basic", "password": hidden["password"]}},
    ):  # fmt: skip
        await ask("PUT", here, body)
    await ask("POST", "", {**HOOK, "name": "Wrong", "secret": f"{secret}!", "headers": {"Host": hidden["header"]}})
    await ask("POST", here + "/secrets", {"scheme": "v1a", "secret": secret})
    for path in ("", here, f"{here}/statistics"):
        await ask("GET", path)
    for path in ("/logs", "/logs/export", "/logs/export?format=csv", "/deliveries"):
        read = await api.get(f"/api/events{path}", headers=alice)
        answers.append(read.text)
    await ask("DELETE", f"{here}/secrets/{first.json()['secrets'][0]['id']}")

    captured = capfd.readouterr()
    told = "\n".join([*answers, *lines, captured.out, captured.err, *everything_stored(superuser)])
    assert [name for name, text in hidden.items() if text in told] == []
    assert "webhook.endpoint.updated" in told, "what is searched must hold what was done"
    async with Work(database, tenant_id=people.a) as work:
        [row] = await work.sql(f"SELECT {compiled.COLUMNS} FROM webhook_endpoints e")
    used = compile_endpoint(row, SECRET)
    assert used.credentials.oauth2 is not None
    assert used.credentials.oauth2.client_secret == hidden["client"], "what is hidden must be in use"


def everything_stored(dsn: str) -> Iterator[str]:
    """Each row of each table as text, and each column of bytes as text too."""
    with psycopg.connect(dsn) as conn:
        tables = conn.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        ).fetchall()
        for (table,) in tables:
            for row in conn.execute(f'SELECT * FROM "{table}"'):  # type: ignore[arg-type]
                yield " ".join(v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in row)


async def test_credentials_of_another_installation_key_are_told_as_unreadable_and_can_be_given_anew(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past
) -> None:
    made = await create(api, alice, headers={"X-Key": "v"})
    await past.sql("UPDATE webhook_endpoints SET credentials = 'sealed elsewhere'")
    here = f"{WEBHOOKS}/{made['id']}"

    shown = (await api.get(here, headers=alice)).json()
    mended = (await api.put(here, json={"headers": {"X-Key": "w"}}, headers=alice)).json()

    assert (shown["authentication"]["readable"], shown["headerNames"]) == (False, [])
    assert (mended["authentication"]["readable"], mended["headerNames"]) == (True, ["X-Key"])


async def test_rotating_and_revoking_stand_in_the_log(api: httpx.AsyncClient, alice: dict[str, str]) -> None:
    made = await create(api, alice)
    await rotate(api, alice, made["id"], overlapHours=2)
    await api.delete(f"{WEBHOOKS}/{made['id']}/secrets/{made['secrets'][0]['id']}", headers=alice)

    newest, rotated = (await logged(api, alice))[:2]

    assert (rotated["type"], rotated["payload"]["overlapHours"]) == ("webhook.secret.rotated", 2)
    assert (newest["type"], newest["payload"]["secretId"]) == ("webhook.secret.revoked", made["secrets"][0]["id"])
