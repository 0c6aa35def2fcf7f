"""What the dispatcher really sends over HTTP, in each format and scheme, judged by the libraries that receivers use."""

import base64
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import standardwebhooks.webhooks
import svix.webhooks
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from event_manager.eventlog import EventType
from event_manager.kit.clock import FixedClock
from event_manager.kit.db import Database
from event_manager.scoring.event_types import RulesChosen
from event_manager.webhooks import signing
from event_manager.webhooks.formats import LIMIT
from tests.people import People
from tests.snapshot import Snapshot
from tests.webhooks.npm import run_script
from tests.webhooks.receiver import Received, Receiver
from tests.webhooks.stage import Stage, whispered

FORMATS = ("standard", "thin", "cloudevents-structured", "cloudevents-binary")
LIBRARIES = ("standardwebhooks", "svix")
CATEGORY = UUID("01930000-0000-7000-8000-0000000000aa")
SPOILT_EASILY = 'Zoë & <friends> "quoted" 100 % \\ \u2028 🎭'
ONE_BYTE_MORE = "x" * LIMIT

Sent = dict[str, list[Received]]


@pytest.fixture
async def today(database: Database, people: People, snapshot: Snapshot) -> AsyncIterator[Stage]:
    """A stage that signs with the time of now, as receivers check it."""
    yield Stage(database, people.a, FixedClock(datetime.now(UTC)))
    snapshot.restore()


def chosen(name: str = SPOILT_EASILY) -> EventType:
    """An entry whose payload holds a name."""
    return RulesChosen(category_id=CATEGORY, rule_set=name, rule_set_version="1")


async def send(stage: Stage, hook: Receiver, *secrets: str) -> Sent:
    """What reaches a webhook of each format of three entries: one that is told, one under embargo, one too large."""
    endpoints = [
        await stage.endpoint(hook.url(f"/{form}"), *secrets, format=form, ordering="strict") for form in FORMATS
    ]
    await stage.emit(chosen(), whispered(CATEGORY), chosen(ONE_BYTE_MORE))
    await stage.fan_out()
    async with stage.dispatching():
        for endpoint in endpoints:
            await stage.ended(endpoint, 3)
    return {form: hook.of(f"/{form}") for form in FORMATS}


def every(sent: Sent) -> list[Received]:
    """All requests, format by format."""
    return [request for requests in sent.values() for request in requests]


def in_javascript(judge: str, requests: list[Received], **more: str) -> list[Any]:
    """What the JavaScript library says of each request."""
    cases = [{"judge": judge, "headers": each.headers, "body": each.body.decode(), **more} for each in requests]
    found: list[Any] = run_script("check.mjs", json.dumps(cases))
    return found


@contextmanager
def refused() -> Iterator[None]:
    """Either of the Python libraries says no."""
    with pytest.raises((standardwebhooks.webhooks.WebhookVerificationError, svix.webhooks.WebhookVerificationError)):
        yield


async def test_four_libraries_accept_every_format_while_secrets_change(today: Stage, hook: Receiver) -> None:
    old, private, new = signing.generate_secret(), signing.generate_private_key(), signing.generate_secret()
    requests = every(await send(today, hook, old, private, new))

    for secret in (old, new):
        for request in requests:
            standardwebhooks.webhooks.Webhook(secret).verify(request.body, request.headers)
            svix.webhooks.Webhook(secret).verify(request.body, request.headers)
        for library in LIBRARIES:
            said = in_javascript("signature", requests, library=library, secret=secret)
            assert said == ["accepted"] * len(requests) == ["accepted"] * 12


async def test_four_libraries_refuse_what_was_changed_on_the_way(today: Stage, hook: Receiver) -> None:
    secret = signing.generate_secret()
    request = (await send(today, hook, secret))["standard"][0]
    forged = [
        Received(request.path, request.headers, request.body.replace(b"Zo", b"Jo")),
        Received(request.path, request.headers | {"webhook-id": request.id + "x"}, request.body),
        Received(request.path, request.headers | {"webhook-timestamp": "1777660200"}, request.body),
    ]

    for each in forged:
        with refused():
            standardwebhooks.webhooks.Webhook(secret).verify(each.body, each.headers)
        with refused():
            svix.webhooks.Webhook(secret).verify(each.body, each.headers)
    for library in LIBRARIES:
        assert in_javascript("signature", forged, library=library, secret=secret) == ["refused"] * 3


def check_v1a(public: str, request: Received) -> None:
    """By hand, as a receiver without any library; InvalidSignature."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix("whpk_")))
    [signature] = [each for each in request.headers["webhook-signature"].split(" ") if each.startswith("v1a,")]
    signed = f"{request.id}.{request.headers['webhook-timestamp']}.".encode() + request.body
    key.verify(base64.b64decode(signature.removeprefix("v1a,")), signed)


@pytest.mark.parametrize("beside", [True, False], ids=["beside v1", "alone"])
async def test_v1a_of_every_format_is_verified_in_both_languages(today: Stage, hook: Receiver, beside: bool) -> None:
    private, other = signing.generate_private_key(), signing.generate_private_key()
    keys = [signing.parse_key(text) for text in (private, other)]
    public, wrong = [key.public for key in keys if isinstance(key, signing.Ed25519Key)]
    requests = every(await send(today, hook, private, *([signing.generate_secret()] if beside else [])))

    for request in requests:
        check_v1a(public, request)
        with pytest.raises(InvalidSignature):
            check_v1a(wrong, request)
    assert in_javascript("ed25519", requests, publicKey=public) == ["accepted"] * 12
    assert in_javascript("ed25519", requests, publicKey=wrong) == ["refused"] * 12


async def test_both_sdks_read_the_same_event_from_both_modes(today: Stage, hook: Receiver) -> None:
    sent = await send(today, hook, signing.generate_secret())
    stored = await today.rows("SELECT id, body FROM event_log WHERE type LIKE 'category.%%' ORDER BY id LIMIT 1")
    requests = [sent[mode][0] for mode in ("cloudevents-structured", "cloudevents-binary")]

    wanted = json.loads(stored[0]["body"])
    for request in requests:
        event = from_http_event(HTTPMessage(request.headers, request.body))
        assert (event.get_id(), event.get_type()) == (f"evt_{stored[0]['id'].hex}", "category.rules.chosen")
        assert (event.get_subject(), event.get_data()) == (f"category/{CATEGORY}", wanted)
    structured, binary = in_javascript("cloudevent", requests)
    structured["attributes"]["typeversion"] = str(structured["attributes"]["typeversion"])  # headers are text
    assert structured == binary
    assert (binary["valid"], binary["data"], wanted["ruleSet"]) == (True, wanted, SPOILT_EASILY)


async def test_the_payload_is_sent_byte_by_byte_as_it_is_sealed_in_the_log(today: Stage, hook: Receiver) -> None:
    sent = await send(today, hook, signing.generate_secret())
    [told] = await today.rows("SELECT body FROM event_log WHERE type LIKE 'category.%%' ORDER BY id LIMIT 1")

    assert sent["cloudevents-binary"][0].body == bytes(told["body"])
    for form in ("standard", "cloudevents-structured"):
        assert sent[form][0].body.endswith(b',"data":' + bytes(told["body"]) + b"}")


async def test_what_is_embargoed_or_too_large_is_a_link_in_every_format(today: Stage, hook: Receiver) -> None:
    sent = await send(today, hook, signing.generate_secret())

    for form, requests in sent.items():
        _told, whisper, large = requests
        assert whisper.headers["webhook-payload-omitted"] == "embargoed"
        assert large.headers["webhook-payload-omitted"] == ("by-choice" if form == "thin" else "too-large")
        assert b"whispered" not in whisper.body + str(whisper.headers).encode()
        assert len(large.body) < 2000
    references = in_javascript("cloudevent", [request for mode in FORMATS[2:] for request in sent[mode][1:]])
    assert [each["valid"] for each in references] == [True] * 4
    assert [each["data"] for each in references] == [None, None, "null", "null"]  # the SDK leaves null unparsed
    links = [each["attributes"]["dataref"] for each in references]
    assert links[:2] == links[2:]
    assert [link.rsplit("/", 1)[0].endswith("/api/events/logs") for link in links] == [True] * 4
