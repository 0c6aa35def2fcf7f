"""The catalogue over HTTP: every type with its schema and a sample; the schema alone for everybody."""

import httpx
import jsonschema_rs

from event_manager.eventlog.catalogue import every
from tests.people import People

TYPES = "/api/events/types"


async def test_every_type_is_listed_with_a_sample_that_fits_its_schema(api: httpx.AsyncClient, people: People) -> None:
    listed = (await api.get(TYPES, headers=people["ada"].bearer)).json()["items"]

    assert [item["name"] for item in listed] == sorted({cls.name for cls in every()})
    for item in listed:
        jsonschema_rs.validate(item["payloadSchema"], item["sample"])


async def test_a_type_says_what_it_means_and_how_long_it_lives(api: httpx.AsyncClient, people: People) -> None:
    listed = (await api.get(TYPES, headers=people["ada"].bearer)).json()["items"]

    [seated] = [item for item in listed if item["name"] == "judge.assigned"]
    life = {"version": 1, "since": "0.1.0", "deprecated": None, "sunset": None}
    assert seated | {"payloadSchema": ..., "sample": ...} == life | {
        "name": "judge.assigned",
        "entityType": "seat",
        "sensitivity": "plain",
        "title": "A judge got a seat on the panel of a category.",
        "description": "A judge got a seat on the panel of a category. `replacesId` is the seat it takes over, if any.",
        "payloadSchema": ...,
        "sample": ...,
        "replayable": True,
        "versions": [life],
    }


async def test_a_schema_is_public_and_stands_alone(api: httpx.AsyncClient) -> None:
    answer = await api.get(f"{TYPES}/score.submitted/1")

    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    validator = jsonschema_rs.validator_for(answer.json())
    for cls in every():
        assert validator.is_valid(cls.sample_payload()) is (cls.name == "score.submitted")


async def test_unknown_types_and_versions_are_not_there(api: httpx.AsyncClient) -> None:
    answers = [await api.get(f"{TYPES}/{wrong}") for wrong in ("no.such/1", "score.submitted/2", "score.submitted/x")]

    assert [answer.status_code for answer in answers] == [404, 404, 422]
    assert answers[0].json()["code"] == "type-not-found"
