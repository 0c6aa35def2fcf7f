"""Addresses of the catalogue: what can stand in the log and be sent to webhooks, with schemas and samples."""

from typing import Annotated, Any

from fastapi import Path
from starlette.responses import JSONResponse

from event_manager.eventlog.catalogue import all_versions, newest
from event_manager.eventlog.errors import TypeNotFound
from event_manager.eventlog.schemas import LogType, LogTypes, LogTypeVersion
from event_manager.eventlog.types import EventType
from event_manager.kit.access import public, require
from event_manager.kit.errors import problems
from event_manager.kit.http import Router, W

router = Router(prefix="/events/types", tags=["event log"])
SCHEMA_KIND = "application/schema+json"


@router.get("", dependencies=[require("log:read")])
async def list_event_types(work: W) -> LogTypes:
    """Every type that can stand in the log, with the JSON Schema of its payload and a sample."""
    work.allow("log:read")
    return LogTypes(items=[_type(cls) for cls in newest()])


@router.get(
    "/{eventType}/{version}",
    dependencies=[public()],
    responses={**problems(TypeNotFound), 200: {"content": {SCHEMA_KIND: {}}}},
    response_class=JSONResponse,
)
async def read_event_schema(
    name: Annotated[str, Path(alias="eventType", max_length=100)], version: Annotated[int, Path(ge=1, le=32767)]
) -> JSONResponse:
    """The JSON Schema of one type's payload: where `dataschema` of a CloudEvent leads. It tells nothing of anybody."""
    cls = EventType.registry.get((name, version))
    if cls is None:
        raise TypeNotFound(f"There is no event type '{name}' of version {version}; see the catalogue of events.")
    return JSONResponse(_schema(cls), media_type=SCHEMA_KIND, headers={"Cache-Control": "public, max-age=3600"})


def _schema(cls: type[EventType]) -> dict[str, Any]:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **cls.schema_document()}


def _type(cls: type[EventType]) -> LogType:
    return LogType(
        **dict(_version(cls)), name=cls.name, entity_type=cls.entity_type, sensitivity=cls.sensitivity,
        title=cls.headline(), description=cls.about(), payload_schema=cls.schema_document(),
        sample=cls.sample_payload(), replayable=cls.replayable, versions=[_version(c) for c in all_versions(cls.name)],
    )  # fmt: skip


def _version(cls: type[EventType]) -> LogTypeVersion:
    return LogTypeVersion(version=cls.version, since=cls.added_in, deprecated=cls.deprecated_in, sunset=cls.sunset_on)
