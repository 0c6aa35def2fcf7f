"""Addresses of the handlers, for the operator of the installation; and the activity that one of them counts."""

import re
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query
from pydantic import BeforeValidator

from event_manager.eventlog import handler_queries, handler_service
from event_manager.eventlog.errors import DeadLetterNotFound
from event_manager.eventlog.handler_models import HandlerFailure
from event_manager.eventlog.handler_schemas import (
    ActivityDay,
    ActivityView,
    DeadLetter,
    HandlerList,
    HandlerPosition,
    HandlerView,
)
from event_manager.eventlog.handling import handlers
from event_manager.kit.access import require
from event_manager.kit.db import Row
from event_manager.kit.errors import FieldError, Invalid, problems
from event_manager.kit.http import Page, Router, W
from event_manager.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, BadCursor
from event_manager.kit.work import Work

router = Router(prefix="/events", tags=["event log"])
GUARDS = [require(handler_service.PERMISSION)]
MOST_DAYS = 400


def _as_text(value: object) -> object:
    """Pydantic takes a number for seconds since 1970; nobody who types one here means that."""
    if isinstance(value, str) and not DAY.fullmatch(value):
        raise ValueError("write the day as 2026-05-01")
    return value


DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
Day = Annotated[date, BeforeValidator(_as_text)]
LetterId = Annotated[UUID, Path(alias="letterId")]


async def platform_work(work: W) -> Work:
    """The request's work under the platform role: what failed belongs to tenants, its operator to none."""
    work.role = "platform"
    return work


PlatformW = Annotated[Work, Depends(platform_work)]


@router.get("/handlers", dependencies=GUARDS)
async def list_handlers(work: PlatformW) -> HandlerList:
    """What follows the log: how far each handler is, and what it could not deal with."""
    return HandlerList(items=[_view(row) for row in await handler_queries.states(work)])


@router.get("/handlers/dead-letters", dependencies=GUARDS, responses=problems(BadCursor))
async def list_dead_letters(
    work: PlatformW,
    handler: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Page[DeadLetter]:
    """Entries that handlers have given up, newest first."""
    rows, following = await handler_queries.dead_letters(work, handler=handler, cursor=cursor, limit=limit)
    return Page(items=[_letter(row) for row in rows], next_cursor=following)


@router.post(
    "/handlers/dead-letters/{letterId}/retry", dependencies=GUARDS, responses=problems(DeadLetterNotFound),
    status_code=204,
)  # fmt: skip
async def retry_dead_letter(work: PlatformW, letter_id: LetterId) -> None:
    """Let the handler try the entry again, with all its tries."""
    await handler_service.retry_dead_letter(work, letter_id)


@router.post(
    "/handlers/dead-letters/{letterId}/discard", dependencies=GUARDS, responses=problems(DeadLetterNotFound),
    status_code=204,
)  # fmt: skip
async def discard_dead_letter(work: PlatformW, letter_id: LetterId) -> None:
    """Give the entry up: the handler never deals with it. The entry itself stays in the log."""
    await handler_service.discard_dead_letter(work, letter_id)


@router.get("/activity", dependencies=[require("log:read")], responses=problems(Invalid))
async def read_activity(
    work: W,
    start: Annotated[Day | None, Query(alias="from", description="First day; else 29 days before the last.")] = None,
    end: Annotated[Day | None, Query(alias="to", description="Last day (UTC); else today.")] = None,
) -> ActivityView:
    """How much happened on each day, by type: what a chart of the log shows. Lags the log by a second or so."""
    work.allow("log:read")
    last = end or work.now().date()
    first = start or max(last, date.min + timedelta(days=29)) - timedelta(days=29)
    if (last - first).days >= MOST_DAYS:
        raise Invalid(f"Ask for at most {MOST_DAYS} days.", errors=[FieldError("/query/from", "too long ago")])
    rows = await handler_queries.activity(work, first, last)
    return ActivityView(items=[ActivityDay.model_validate(row) for row in rows])


def _view(row: Row) -> HandlerView:
    handler = handlers()[row["name"]]
    return HandlerView(
        name=row["name"], title=(handler.__doc__ or "").strip().split("\n")[0], mode=row["mode"],
        types=list(handler.types), epoch=row["epoch"], position=HandlerPosition(xid=row["xid"], id=row["id"]),
        lag_seconds=row["lag_seconds"], failing=row["failing"], dead=row["dead"], held=bool(row["held"]),
        updated_at=row["updated_at"],
    )  # fmt: skip


def _letter(row: HandlerFailure) -> DeadLetter:
    return DeadLetter(
        id=row.id, handler=row.handler, epoch=row.epoch, event_id=row.event_id, event_type=row.type,
        tenant_id=row.tenant_id, tries=row.tries, error=row.error, created_at=row.created_at, updated_at=row.updated_at,
    )  # fmt: skip
