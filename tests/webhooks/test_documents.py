"""The AsyncAPI and the OpenAPI documents of webhooks: sound, complete, and true to what is really sent."""

import json
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import httpx
import jsonschema_rs
import orjson
import pytest
from typer.testing import CliRunner

from event_manager.app import describe, describe_webhooks
from event_manager.cli import app as commands
from event_manager.config import Settings
from event_manager.eventlog.catalogue import every
from event_manager.webhooks.documents.parts import example_message, named
from event_manager.webhooks.formats import LIMIT, Format, render
from event_manager.webhooks.messages import Addresses
from tests.webhooks.messages import large_body
from tests.webhooks.npm import run_script

SETTINGS = Settings(base_url="https://events.example")
ADDRESSES = Addresses(SETTINGS)
ASYNCAPI = describe_webhooks(SETTINGS)
OPENAPI = describe(SETTINGS)
SIGNED = {"webhook-id": "evt_1", "webhook-timestamp": "1", "webhook-signature": "v1,x"}


REGISTRY = jsonschema_rs.Registry([("urn:asyncapi", ASYNCAPI), ("urn:openapi", OPENAPI)])


def fits(place: str, value: object) -> bool:
    """Whether a value fits the schema at a place, such as ``urn:asyncapi#/components/schemas/WebhookLink``."""
    return bool(_validator(place).is_valid(value))


@cache
def _validator(place: str) -> Any:
    return jsonschema_rs.validator_for({"$ref": place}, validate_formats=True, registry=REGISTRY)


def message(name: str) -> str:
    """The place of a message of the AsyncAPI document."""
    return f"urn:asyncapi#/components/messages/{name}"


def examples(name: str) -> list[dict[str, Any]]:
    """What the AsyncAPI document shows of a message."""
    found: list[dict[str, Any]] = ASYNCAPI["components"]["messages"][name]["examples"]
    return found


def test_the_asyncapi_parser_finds_no_error_and_every_type() -> None:
    found = run_script("asyncapi.mjs", json.dumps(ASYNCAPI))

    assert found["errors"] == []
    modes = {"cloudevents-structured", "cloudevents-binary"}
    assert set(found["messages"]) == {cls.name for cls in every()} | modes


def test_every_sample_fits_its_payload_schema() -> None:
    for cls in every():
        schema = ASYNCAPI["components"]["schemas"][named(cls)]
        [sample] = schema["examples"]
        assert fits(f"urn:asyncapi#/components/schemas/{named(cls)}", sample), cls.name
        assert OPENAPI["components"]["schemas"][named(cls)]["properties"] == schema["properties"]


def test_every_example_fits_its_message() -> None:
    for name in ASYNCAPI["components"]["messages"]:
        [sample] = examples(name)
        assert fits(f"{message(name)}/payload", sample["payload"]), name
        assert fits(f"{message(name)}/headers", sample["headers"]), name


def test_every_example_of_the_openapi_document_fits_its_body() -> None:
    for name, path in OPENAPI["webhooks"].items():
        content = path["post"]["requestBody"]["content"]["application/json"]
        place = f"urn:openapi#/webhooks/{name}/post/requestBody/content/application~1json/schema"
        assert fits(place, content["examples"]["sample"]["value"]), name


@pytest.mark.parametrize("large", [False, True], ids=["small", "large"])
@pytest.mark.parametrize("form", ["standard", "thin", "cloudevents-structured", "cloudevents-binary"])
def test_what_is_sent_fits_the_asyncapi_document(form: Format, large: bool) -> None:
    for cls in every():
        sent = example_message(cls, ADDRESSES)
        if large and sent.omitted is None:
            sent = replace(sent, body=large_body(LIMIT + 1))
        rendered = render(sent, form)
        described = message(form if form.startswith("cloudevents") else named(cls))
        assert fits(f"{described}/headers", {**SIGNED, **rendered.headers}), cls.name
        assert fits(f"{described}/payload", orjson.loads(rendered.body)), cls.name


def test_a_message_of_another_type_does_not_fit() -> None:
    for cls, other in pairwise(every()):
        body = orjson.loads(render(example_message(other, ADDRESSES), "standard").body)
        assert not fits(f"{message(named(cls))}/payload", body), cls.name


def test_an_embargoed_message_is_described_without_its_payload() -> None:
    [sample] = examples("score.submitted.v1")
    [marks] = ASYNCAPI["components"]["schemas"]["score.submitted.v1"]["examples"]

    assert sample["payload"]["payloadOmitted"] == "embargoed"
    assert sorted(sample["payload"]["data"]) == ["id", "type", "url"]
    assert not fits(f"{message('score.submitted.v1')}/payload", sample["payload"] | {"data": marks})


def test_every_type_is_in_the_channel_of_its_area() -> None:
    told = {
        message["$ref"].rsplit("/", 1)[-1]: area
        for area, channel in ASYNCAPI["channels"].items()
        for message in channel["messages"].values()
        if area != "cloudevents"
    }

    assert told == {named(cls): cls.name.split(".")[0] for cls in every()}


def test_every_reference_of_the_openapi_document_leads_somewhere() -> None:
    def references(part: Any) -> set[str]:
        if isinstance(part, dict):
            own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return own.union(*(references(each) for each in part.values()))
        return set().union(*(references(each) for each in part)) if isinstance(part, list) else set()

    for pointer in references(OPENAPI):
        found = OPENAPI
        for step in pointer.removeprefix("#/").split("/"):
            found = found[step.replace("~1", "/").replace("~0", "~")]


async def test_the_asyncapi_document_is_public(api: httpx.AsyncClient) -> None:
    answer = await api.get("/api/asyncapi.json")

    assert (answer.status_code, answer.headers["content-type"]) == (
        200,
        "application/vnd.aai.asyncapi+json;version=3.1.0",
    )
    assert answer.json()["channels"] == ASYNCAPI["channels"]


def test_the_command_prints_the_asyncapi_document() -> None:
    told = CliRunner().invoke(commands, ["asyncapi"])

    assert (told.exit_code, json.loads(told.output)["channels"]) == (0, ASYNCAPI["channels"])
