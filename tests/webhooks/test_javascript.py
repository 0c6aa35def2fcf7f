"""Deliveries as receivers written in JavaScript check them: signatures, CloudEvents, and the AsyncAPI parser itself."""

import json
import time
from datetime import datetime
from typing import Any

import pytest

from event_manager.webhooks import signing
from event_manager.webhooks.formats import LIMIT, Format, Message, render
from tests.webhooks.messages import BODY, CONTEST, CREATED, TENANT, USER, a_message, large_body
from tests.webhooks.npm import run_script

OLD, NEW, OTHER = (signing.generate_secret() for _ in range(3))
PRIVATE, OTHER_PRIVATE = signing.generate_private_key(), signing.generate_private_key()
TEXT = BODY.decode()


def signed(*secrets: str, age: int = 0, body: str = TEXT) -> dict[str, str]:
    """Headers of a delivery of `body` signed `age` seconds ago."""
    at = int(time.time()) - age
    signature = signing.sign([signing.parse_key(secret) for secret in secrets], "evt_1", at, body.encode())
    return {"webhook-id": "evt_1", "webhook-timestamp": str(at), "webhook-signature": signature}


def nine_cases() -> dict[str, tuple[str, dict[str, str], str]]:
    """Body, headers and the judgement wanted of a receiver that holds the secret NEW."""
    return {
        "current": (TEXT, signed(NEW), "accepted"),
        "rotation": (TEXT, signed(OLD, NEW), "accepted"),
        "v1a first": (TEXT, signed(PRIVATE, NEW), "accepted"),
        "changed body": (TEXT + " ", signed(NEW), "refused"),
        "changed id": (TEXT, signed(NEW) | {"webhook-id": "evt_2"}, "refused"),
        "301 s old": (TEXT, signed(NEW, age=301), "refused"),
        "an hour ahead": (TEXT, signed(NEW, age=-3600), "refused"),
        "wrong key": (TEXT, signed(OTHER), "refused"),
        "only v1a": (TEXT, signed(PRIVATE), "refused"),
    }


@pytest.mark.parametrize("library", ["standardwebhooks", "svix"])
def test_javascript_libraries_judge_the_nine_cases_as_wanted(library: str) -> None:
    cases = nine_cases()
    given = [
        {"judge": "signature", "library": library, "secret": NEW, "body": body, "headers": headers}
        for body, headers, _wanted in cases.values()
    ]

    judged = dict(zip(cases, run_script("check.mjs", json.dumps(given)), strict=True))

    assert judged == {name: wanted for name, (_body, _headers, wanted) in cases.items()}


def test_v1a_is_verified_by_node_crypto() -> None:
    key = signing.parse_key(PRIVATE)
    assert isinstance(key, signing.Ed25519Key)
    cases = {
        "only v1a": (TEXT, signed(PRIVATE), "accepted"),
        "beside v1": (TEXT, signed(NEW, PRIVATE), "accepted"),
        "rotation": (TEXT, signed(OTHER_PRIVATE, PRIVATE), "accepted"),
        "changed body": (TEXT + " ", signed(PRIVATE), "refused"),
        "changed id": (TEXT, signed(PRIVATE) | {"webhook-id": "evt_2"}, "refused"),
        "wrong key": (TEXT, signed(OTHER_PRIVATE), "refused"),
        "only v1": (TEXT, signed(NEW), "refused"),
    }
    given = [
        {"judge": "ed25519", "publicKey": key.public, "body": body, "headers": headers}
        for body, headers, _wanted in cases.values()
    ]

    judged = dict(zip(cases, run_script("check.mjs", json.dumps(given)), strict=True))

    assert judged == {name: wanted for name, (_body, _headers, wanted) in cases.items()}


def cloudevents(*messages: Message) -> list[dict[str, Any]]:
    """What the SDK reads of each message, structured then binary."""
    forms: tuple[Format, ...] = ("cloudevents-structured", "cloudevents-binary")
    sent = [render(message, form) for message in messages for form in forms]
    given = [{"judge": "cloudevent", "headers": dict(each.headers), "body": each.body.decode()} for each in sent]
    read: list[dict[str, Any]] = run_script("check.mjs", json.dumps(given))
    for event in read:
        # Headers carry text only, and the SDK writes times its own way.
        event["attributes"]["typeversion"] = int(event["attributes"]["typeversion"])
        event["attributes"]["time"] = datetime.fromisoformat(event["attributes"]["time"])
    return read


def test_the_javascript_sdk_reads_both_modes_of_cloudevents() -> None:
    attributes = {
        "specversion": "1.0",
        "id": CREATED.id,
        "source": "https://events.example/tenants/dance-club",
        "type": "contest.created",
        "time": datetime.fromisoformat("2026-05-01T12:00:00.123+00:00"),
        "subject": f"contest/{CONTEST}",
        "dataschema": "https://events.example/schemas/contest.created/1",
        "datacontenttype": "application/json",
        "typeversion": 1,
        "tenantid": str(TENANT),
        "authtype": "app_user",
        "authid": str(USER),
        "correlationid": "c0ffee00c0ffee00",
        "causationid": "evt_0",
        "partitionkey": str(CONTEST),
    }
    wanted = {"valid": True, "attributes": attributes, "data": json.loads(BODY)}

    assert cloudevents(a_message(causation_id="evt_0")) == [wanted, wanted]


def test_the_javascript_sdk_reads_a_reference_to_data_that_is_too_large() -> None:
    read = cloudevents(a_message(body=large_body(LIMIT + 1)))

    assert [event["valid"] for event in read] == [True, True]
    assert [event["attributes"]["dataref"] for event in read] == [CREATED.fetch_url] * 2
    assert [event["data"] for event in read] == [None, "null"]  # the SDK leaves a body of null unparsed


@pytest.mark.parametrize(("reference", "broken"), [("a", False), ("b", True)], ids=["sound", "dangling reference"])
def test_the_asyncapi_parser_tells_a_sound_document_from_a_broken_one(reference: str, broken: bool) -> None:
    described = {
        "asyncapi": "3.1.0",
        "info": {"title": "Example", "version": "1"},
        "components": {"messages": {"a": {"name": "contest.created", "payload": {"type": "object"}}}},
        "channels": {"a": {"messages": {"a": {"$ref": f"#/components/messages/{reference}"}}}},
    }

    found = run_script("asyncapi.mjs", json.dumps(described))

    assert bool(found["errors"]) is broken
    assert found["messages"] == ([] if broken else ["contest.created"])
