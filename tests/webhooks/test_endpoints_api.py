"""Webhooks over HTTP: set up, read, change, remove; what is wrong is named at its place."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from event_manager.kit.clock import FixedClock
from tests.kit.egress.pki import Authority
from tests.people import People
from tests.webhooks.hooks import HOOK, WEBHOOKS, Past, create, faults, logged


async def test_a_webhook_is_set_up_in_one_call_with_its_secret_shown_once(
    api: httpx.AsyncClient, alice: dict[str, str]
) -> None:
    made = await create(api, alice)

    again = await api.get(f"{WEBHOOKS}/{made['id']}", headers=alice)
    assert made["secret"].startswith("whsec_")
    assert "secret" not in again.json()
    assert again.headers["cache-control"] == "no-store"
    wanted = {
        **HOOK, "kind": "http", "format": "standard", "enabled": True, "retryAttempts": 10, "timeout": 15000,
        "waiting": 0,
    }  # fmt: skip
    assert {name: made[name] for name in wanted} == wanted
    assert made["health"]["state"] == "healthy"
    assert [secret["hint"] for secret in made["secrets"]] == [made["secret"].rstrip("=")[-4:]]


async def test_a_change_touches_only_what_it_names_and_needs_the_newest_version_where_one_is_named(
    api: httpx.AsyncClient, alice: dict[str, str]
) -> None:
    made = await create(api, alice, filter={"data": {"state": "open"}}, headers={"X-Key": "k1", "X-Other": "k2"})
    here = f"{WEBHOOKS}/{made['id']}"

    changed = await api.put(here, json={"timeout": 5000}, headers={**alice, "If-Match": '"1"'})
    late = await api.put(here, json={"timeout": 6000}, headers={**alice, "If-Match": '"1"'})
    cleared = await api.put(here, json={"filter": None, "headers": {"x-key": None}}, headers=alice)

    assert (changed.status_code, changed.json()["timeout"], changed.json()["filter"]) == (
        200, 5000, {"data": {"state": "open"}},
    )  # fmt: skip
    assert changed.headers["etag"] == '"2"'
    assert late.status_code == 412
    assert (cleared.json()["filter"], cleared.json()["headerNames"]) == (None, ["x-key"])


@pytest.mark.parametrize(
    ("change", "pointer", "says"),
    [
        ({"url": "ftp://example.org/"}, "/url", "must begin with https:// or http://"),
        ({"url": "https://user:pw@example.org/"}, "/url", "no user name or password"),
        ({"url": "https://10.1.2.3/hook"}, "/url", "not a public address (a private network)"),
        ({"url": "http://[::ffff:169.254.169.254]/"}, "/url", "not a public address"),
        ({"url": "https://0177.0.0.1/"}, "/url", "four plain decimal numbers"),
        ({"url": "http://localhost:8400/"}, "/url", "a name of an inner network"),
        ({"url": "https://example.org:6379/"}, "/url", "not one for HTTP"),
        ({"url": ""}, "/url", "1 to 2048 characters"),
        ({"events": ["contest.creatd"]}, "/events/0", "Did you mean 'contest.created'?"),
        ({"events": ["score.*", "nothing.*"]}, "/events/1", "There is no event type 'nothing.*'"),
        ({"events": []}, "/events", "at least 1 item"),
        ({"filter": {"data": {"n": {"$gte": [1]}}}}, "/filter/data/n/$gte", "takes a text, a number"),
        ({"filter": {"a/b": {"$x": 1}}}, "/filter/a~1b/$x", "no operator '$x'"),
        ({"transform": "{a: data."}, "/transform", "ends too early"),
        ({"transform": "data", "template": "slack"}, "/template", "not both"),
        ({"headers": {"Webhook-Id": "x"}}, "/headers/Webhook-Id", "set by the product itself"),
        ({"headers": {"content-TYPE": "text/xml"}}, "/headers/content-TYPE", "set by the product itself"),
        ({"headers": {"Host": "inner"}}, "/headers/Host", "cannot be sent"),
        ({"headers": {"Transfer-Encoding": "chunked"}}, "/headers/Transfer-Encoding", "cannot be sent"),
        ({"headers": {"X-A": "a\r\nX-B: b"}}, "/headers/X-A", "control or invisible characters"),
        ({"headers": {"X-A": "1", "x-a": "2"}}, "/headers/x-a", "stands there twice"),
        ({"headers": {"X-A": None}}, "/headers/X-A", "no such header to keep"),
        ({"headers": {"X/Y Z": "1"}}, "/headers/X~1Y Z", "cannot be sent"),
        ({"auth": {"kind": "basic", "username": "u"}}, "/auth/password", "needs this field"),
        ({"auth": {"kind": "basic", "username": "u:v", "password": "p"}}, "/auth/username", "no colon"),
        ({"auth": {"kind": "none", "token": "t"}}, "/auth/token", "no such field"),
        ({"auth": {"kind": "broker", "token": "t"}}, "/auth/kind", "takes one of: none, basic, oauth2"),
        (
            {"auth": {"kind": "oauth2", "clientId": "c", "clientSecret": "s", "tokenUrl": "http://127.0.0.1/t"}},
            "/auth/tokenUrl", "not a public address",
        ),
        (
            {"auth": {"kind": "basic", "username": "u", "password": "p"}, "headers": {"Authorization": "Bearer x"}},
            "/headers/Authorization", "sets this header already",
        ),
        ({"clientCertificate": {"certificate": "x", "key": "y"}}, "/clientCertificate/certificate", "no certificate"),
        ({"ca": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}, "/ca", "no certificate in PEM"),
        ({"retryAttempts": 3, "retrySchedule": [5]}, "/retrySchedule", "not both"),
        ({"retryAttempts": 11}, "/retryAttempts", "less than or equal to 10"),
        ({"retrySchedule": [5, 700000]}, "/retrySchedule/1", "less than or equal to 604800"),
        ({"timeout": 60000}, "/timeout", "less than or equal to 30000"),
        ({"secret": "whsec_c2hvcnQ="}, "/secret", "holds 5 bytes"),
        ({"secret": "hunter2"}, "/secret", "must start with whsec_"),
        ({"startFrom": "2026-05-01"}, "/startFrom", "a time with its zone"),
        ({"startFrom": 5}, "/startFrom", 'must be "now", "beginning" or'),
        ({"name": "tab\there"}, "/name", "control or invisible"),
        ({"kind": "feed"}, "/url", "A pull feed has no URL"),
        ({"kind": "feed", "url": "", "headers": {"X": "1"}}, "/headers", "no such setting"),
        ({"kind": "feed", "url": "", "ca": "x"}, "/ca", "connects to nobody"),
        ({"kind": "nats", "url": "nats://broker.example.org"}, "/url", "Name the subject after the server"),
        ({"kind": "nats", "url": "https://example.org/x"}, "/url", "Write the server and the subject"),
        ({"kind": "nats", "url": "nats://10.0.0.1:4222/events"}, "/url", "not a public address"),
        ({"kind": "kafka", "url": "kafka://kafka.example.org/topic"}, "/kind", "'nats'"),
        ({"retries": 3}, "/retries", "not permitted"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_named_at_its_place(
    api: httpx.AsyncClient, alice: dict[str, str], change: dict[str, object], pointer: str, says: str
) -> None:
    answer = await api.post(WEBHOOKS, json={**HOOK, **change}, headers=alice)

    assert says.lower() in faults(answer)[pointer].lower()


async def test_one_answer_names_everything_that_is_wrong(api: httpx.AsyncClient, alice: dict[str, str]) -> None:
    wrong = {"url": "ftp://x/", "events": ["scor.*"], "filter": {"a": []}, "headers": {"ce-id": "1"}, "secret": "no"}

    answer = await api.post(WEBHOOKS, json={**HOOK, **wrong}, headers=alice)

    assert set(faults(answer)) == {"/url", "/events/0", "/filter/a", "/headers/ce-id", "/secret"}


async def test_a_certificate_is_taken_with_its_own_key_only_and_while_it_is_valid(
    api: httpx.AsyncClient, alice: dict[str, str], clock: FixedClock
) -> None:
    authority = Authority()
    mine, other = authority.issue("mine"), authority.issue("other")
    clock.at = datetime.now(UTC)

    good = await create(api, alice, clientCertificate=pem(mine.certificate, mine.key), ca=authority.pem.decode())
    swapped = await api.put(
        f"{WEBHOOKS}/{good['id']}", json={"clientCertificate": pem(mine.certificate, other.key)}, headers=alice
    )
    clock.at += timedelta(days=2)
    late = await api.put(
        f"{WEBHOOKS}/{good['id']}", json={"clientCertificate": pem(mine.certificate, mine.key)}, headers=alice
    )

    assert (good["authentication"]["clientCertificate"], good["authentication"]["ca"]) == (True, True)
    assert faults(swapped) == {
        "/clientCertificate/key": "The key is not the one of the certificate (of its first, where there is a chain)."
    }
    assert "The certificate ended on" in faults(late)["/clientCertificate/certificate"]


def pem(certificate: bytes, key: bytes) -> dict[str, str]:
    return {"certificate": certificate.decode(), "key": key.decode()}


async def test_a_name_is_given_once_whatever_its_capitals(api: httpx.AsyncClient, alice: dict[str, str]) -> None:
    await create(api, alice)
    other = await create(api, alice, name="Other")

    again = await api.post(WEBHOOKS, json={**HOOK, "name": "TICKETING"}, headers=alice)
    renamed = await api.put(f"{WEBHOOKS}/{other['id']}", json={"name": "ticketing"}, headers=alice)
    own = await api.put(f"{WEBHOOKS}/{other['id']}", json={"name": "OTHER"}, headers=alice)

    assert (again.status_code, again.json()["code"]) == (409, "webhook-name-taken")
    assert renamed.status_code == 409
    assert own.json()["name"] == "OTHER"


async def test_however_many_come_at_once_no_more_than_fifty_are_set_up(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past
) -> None:
    for n in range(47):
        await past.sql(
            """INSERT INTO webhook_endpoints (tenant_id, name, url, types, start_xid, start_id)
               VALUES (%(tenant)s, %(name)s, 'https://example.org/', '{*}', '0', gen_random_uuid())""",
            name=f"hook {n}",
        )

    answers = await asyncio.gather(
        *(api.post(WEBHOOKS, json={**HOOK, "name": f"at once {n}"}, headers=alice) for n in range(12))
    )

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 9
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"too-many-webhooks"}
    assert len((await api.get(WEBHOOKS, headers=alice)).json()["items"]) == 50


async def test_the_same_name_at_the_same_moment_is_taken_once(api: httpx.AsyncClient, alice: dict[str, str]) -> None:
    answers = await asyncio.gather(*(api.post(WEBHOOKS, json=HOOK, headers=alice) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5


async def test_a_repeated_call_sets_up_nothing_more_and_shows_no_secret(
    api: httpx.AsyncClient, alice: dict[str, str]
) -> None:
    once = {**alice, "Idempotency-Key": "set-up-1"}

    first = await api.post(WEBHOOKS, json=HOOK, headers=once)
    second = await api.post(WEBHOOKS, json=HOOK, headers=once)

    assert (first.status_code, second.status_code) == (201, 409)
    assert second.json()["code"] == "shown-once"
    assert first.json()["secret"] not in second.text
    assert len((await api.get(WEBHOOKS, headers=alice)).json()["items"]) == 1


async def test_only_administrators_see_or_change_webhooks(
    api: httpx.AsyncClient, people: People, alice: dict[str, str]
) -> None:
    made = await create(api, alice)

    for name in ("oscar", "ada", "judith"):
        who = people[name].bearer
        assert (await api.get(WEBHOOKS, headers=who)).status_code == 403
        assert (await api.delete(f"{WEBHOOKS}/{made['id']}", headers=who)).status_code == 403


async def test_a_webhook_starts_behind_its_own_making_and_others_where_they_ask(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past
) -> None:
    first = await create(api, alice)
    feed = await create(api, alice, name="Feed", kind="feed", url="", startFrom="beginning")
    since = await create(api, alice, name="Since", kind="feed", url="", startFrom="2026-01-01T00:00:00Z")
    later = """
        SELECT count(*) FROM event_log l JOIN webhook_endpoints e ON e.tenant_id = l.tenant_id
         WHERE e.id = %(hook)s AND (l.xid, l.id) > (e.start_xid, e.start_id) AND l.type LIKE 'webhook.%%'"""

    assert await past.sql(later, hook=first["id"]) == 2
    assert await past.sql(later, hook=feed["id"]) == 3
    assert await past.sql(later, hook=since["id"]) == 3


async def test_a_change_of_the_address_gives_a_failing_webhook_a_fresh_start_and_a_paused_one_stays_paused(
    api: httpx.AsyncClient, alice: dict[str, str], past: Past
) -> None:
    here = f"{WEBHOOKS}/{(await create(api, alice))['id']}"
    states = []
    for state, path in (("degraded", "a"), ("paused", "b")):
        await past.sql(
            "UPDATE webhook_endpoints SET health = jsonb_build_object('state', %(state)s::text)", state=state
        )
        changed = await api.put(here, json={"url": f"https://hooks.example.org/{path}"}, headers=alice)
        states.append(changed.json()["health"]["state"])

    assert states == ["healthy", "paused"]


async def test_the_log_tells_what_changed_and_only_the_names_of_what_is_secret(
    api: httpx.AsyncClient, alice: dict[str, str]
) -> None:
    made = await create(api, alice)
    change = {
        "url": "https://hooks.slack.example/T000/B000/token", "timeout": 3000, "headers": {"X-Key": "k"},
        "auth": {"kind": "basic", "username": "u", "password": "p"},
    }  # fmt: skip
    await api.put(f"{WEBHOOKS}/{made['id']}", json=change, headers=alice)

    [updated] = await logged(api, alice, "webhook.endpoint.updated")

    assert updated["payload"]["changes"] == {
        "url": ["https://hooks.example.org/…", "https://hooks.slack.example/…"], "timeout": ["15000", "3000"],
    }  # fmt: skip
    assert updated["payload"]["secretChanges"] == ["headers", "auth"]
