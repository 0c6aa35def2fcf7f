"""Addresses of the event log: search, one entry with its trace, export."""

import csv
import io
import re
from collections.abc import AsyncIterator
from typing import Annotated, Literal
from uuid import UUID

import orjson
from fastapi import Depends, Path, Query, Request
from pydantic import AwareDatetime, BeforeValidator
from starlette.responses import StreamingResponse

from event_manager.eventlog import append, queries
from event_manager.eventlog.audit_types import LogExported
from event_manager.eventlog.errors import EntryNotFound, UnknownEventType
from event_manager.eventlog.queries import Filters
from event_manager.eventlog.schemas import LogEntryDetail, LogPage
from event_manager.eventlog.shown import entry_of
from event_manager.kit.access import require
from event_manager.kit.db import Row
from event_manager.kit.errors import problems
from event_manager.kit.http import Router, W
from event_manager.kit.paging import BadCursor

router = Router(prefix="/events", tags=["event log"])

EXPORT_BATCH = 1000
TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]")
MOST_SKIPPED = 10_000
CSV_COLUMNS = (
    "id", "at", "type", "version", "entityType", "entityId", "actorKind", "actorId", "actorName", "address",
    "correlationId", "causationId", "payload",
)  # fmt: skip


def _as_text(value: object) -> object:
    """Pydantic takes a number for seconds since 1970; nobody who types one here means that."""
    if isinstance(value, str) and not TIME.match(value):
        raise ValueError("write the time as 2026-05-01T18:30:00Z")
    return value


Time = Annotated[AwareDatetime, BeforeValidator(_as_text)]


async def filters(
    *,
    event_type: Annotated[
        list[str] | None, Query(alias="eventType", max_length=50, description="Names, or patterns as `score.*`.")
    ] = None,
    entity_type: Annotated[str | None, Query(alias="entityType", max_length=60)] = None,
    entity_id: Annotated[UUID | None, Query(alias="entityId")] = None,
    actor: Annotated[UUID | None, Query(description="Id of the person or API key.")] = None,
    correlation_id: Annotated[str | None, Query(alias="correlationId", max_length=100)] = None,
    start: Annotated[Time | None, Query(alias="from", description="Not before this time.")] = None,
    end: Annotated[Time | None, Query(alias="to", description="Before this time.")] = None,
    q: Annotated[
        str | None,
        Query(min_length=1, max_length=200, description="Words of the payload; embargoed payloads are not searched."),
    ] = None,
) -> Filters:
    """The filters of a request."""
    return Filters(event_type, entity_type, entity_id, actor, correlation_id, start, end, q)


F = Annotated[Filters, Depends(filters)]


@router.get("/logs", dependencies=[require("log:read")], responses=problems(UnknownEventType, BadCursor))
async def search_log(
    work: W,
    wanted: F,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=MOST_SKIPPED, description="Better: `cursor`.")] = 0,
    cursor: Annotated[UUID | None, Query(description="`nextCursor` of the page before.")] = None,
) -> LogPage:
    """Your organisation's event log, newest first."""
    work.allow("log:read")
    rows, total, exact = await queries.search_and_count(work, wanted, before=cursor, limit=limit + 1, offset=offset)
    shown = [entry_of(row) for row in rows[:limit]]
    return LogPage(
        items=shown,
        total=total,
        total_is_exact=exact,
        next_cursor=str(shown[-1].id) if len(rows) > limit else None,
    )


@router.get(
    "/logs/export",
    dependencies=[require("log:read")],
    responses={**problems(UnknownEventType), 200: {"content": {"application/x-ndjson": {}, "text/csv": {}}}},
    response_class=StreamingResponse,
)
async def export_log(
    work: W, request: Request, wanted: F, as_: Annotated[Literal["csv", "ndjson"], Query(alias="format")] = "ndjson"
) -> StreamingResponse:
    """Everything that fits, newest first, as CSV or as one JSON object a line."""
    work.allow("log:read")
    first = await queries.search(work, wanted, limit=EXPORT_BATCH)  # refuses wrong filters before the answer begins
    asked = sorted({name for name in request.query_params if name != "format"})
    await append(work, LogExported(log_id=work.tenant, format=as_, filters=asked))
    tenant, actor = work.tenant_id, work.actor

    async def batches() -> AsyncIterator[list[Row]]:
        rows = first
        while rows:
            yield rows
            async with request.app.state.new_work(request) as again:
                again.identify(actor, tenant)
                rows = await queries.search(again, wanted, before=rows[-1]["id"], limit=EXPORT_BATCH)

    body = _as_csv(batches()) if as_ == "csv" else _as_lines(batches())
    kind = "text/csv; charset=utf-8" if as_ == "csv" else "application/x-ndjson"
    headers = {"Content-Disposition": f'attachment; filename="event-log.{as_}"', "Cache-Control": "no-store"}
    return StreamingResponse(body, media_type=kind, headers=headers)


@router.get("/logs/{logEntryId}", dependencies=[require("log:read")], responses=problems(EntryNotFound))
async def read_log_entry(work: W, entry_id: Annotated[UUID, Path(alias="logEntryId")]) -> LogEntryDetail:
    """One entry, and what else happened in the same request or job."""
    work.allow("log:read")
    row = await queries.get_entry(work, entry_id)
    trace = [entry_of(each) for each in await queries.trace(work, row["correlation_id"])]
    known = {cls.name: cls for cls in queries.known_types()}.get(row["type"])
    return LogEntryDetail(**dict(entry_of(row)), title=known.headline() if known else "", trace=trace)


async def _as_lines(batches: AsyncIterator[list[Row]]) -> AsyncIterator[bytes]:
    async for rows in batches:
        yield b"".join(orjson.dumps(entry_of(row).model_dump(mode="json", by_alias=True)) + b"\n" for row in rows)


async def _as_csv(batches: AsyncIterator[list[Row]]) -> AsyncIterator[bytes]:
    yield (",".join(CSV_COLUMNS) + "\r\n").encode()
    async for rows in batches:
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        for row in rows:
            payload = orjson.dumps(queries.payload_of(row)).decode()
            values = (
                row["id"], row["at"].isoformat(), row["type"], row["version"], row["entity_type"], row["entity_id"],
                row["actor_kind"], row["actor_id"], row["actor_name"], row["address"], row["correlation_id"],
                row["causation_id"], payload,
            )  # fmt: skip
            writer.writerow([_no_formula(value) for value in values])
        yield text.getvalue().encode()


def _no_formula(value: object) -> object:
    """A name that begins like a formula must not become one in a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
