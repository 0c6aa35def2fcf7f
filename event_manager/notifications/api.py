"""Addresses of notifications: one's own, and how one wants to be told."""

from typing import Annotated

import orjson
from fastapi import Query, Request
from starlette.responses import StreamingResponse

from event_manager.identity.authenticator import person
from event_manager.identity.errors import PersonNeeded
from event_manager.kit import live
from event_manager.kit.access import signed_in
from event_manager.kit.errors import problems
from event_manager.kit.http import Page, Router, W
from event_manager.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, BadCursor
from event_manager.kit.work import Work
from event_manager.notifications import queries, service
from event_manager.notifications.errors import BadPreferences
from event_manager.notifications.kinds import KINDS
from event_manager.notifications.models import Preferences
from event_manager.notifications.queries import Wishes
from event_manager.notifications.schemas import (
    KindView,
    NotificationCount,
    NotificationsRead,
    NotificationView,
    PreferencesIn,
    PreferencesView,
)

router = Router(prefix="/notifications", tags=["notifications"])
GUARDS = [signed_in()]


@router.get("", dependencies=GUARDS, responses=problems(BadCursor, PersonNeeded))
async def list_notifications(
    work: W,
    *,
    unread: Annotated[bool, Query(description="Only those not read yet.")] = False,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
) -> Page[NotificationView]:
    """What you were told in this organisation, newest first."""
    rows, following = await queries.list_notifications(work, person(work), unread=unread, cursor=cursor, limit=limit)
    return Page(items=[NotificationView.model_validate(row) for row in rows], next_cursor=following)


@router.get("/count", dependencies=GUARDS, responses=problems(PersonNeeded))
async def count_notifications(work: W) -> NotificationCount:
    """How many you have not read."""
    return NotificationCount(unread=await queries.count_unread(work, person(work)))


@router.post("/read", dependencies=GUARDS, responses=problems(PersonNeeded))
async def mark_notifications_read(work: W, given: NotificationsRead) -> NotificationCount:
    """Say which you have read; answers how many are left."""
    return NotificationCount(unread=await service.mark_read(work, person(work), given.ids))


@router.get("/preferences", dependencies=GUARDS, responses=problems(PersonNeeded))
async def read_notification_preferences(work: W) -> PreferencesView:
    """How you are told, kind by kind."""
    return _view(await queries.get_preferences(work, person(work)))


@router.put("/preferences", dependencies=GUARDS, responses=problems(PersonNeeded, BadPreferences))
async def save_notification_preferences(work: W, given: PreferencesIn) -> PreferencesView:
    """Choose how you want to be told, in this organisation."""
    return _view(await service.save_preferences(work, person(work), given))


@router.get(
    "/live", dependencies=GUARDS, response_class=StreamingResponse,
    responses={**problems(PersonNeeded), 200: {"content": {"text/event-stream": {}}}},
)  # fmt: skip
async def watch_notifications(work: W, request: Request) -> StreamingResponse:
    """Server-sent events: `changed` with the number of unread ones whenever that is something else."""

    async def look(again: Work) -> str:
        return orjson.dumps({"unread": await queries.count_unread(again, person(again))}).decode()

    return live.stream(work, request, service.topic(work.tenant, person(work)), look)


def _view(kept: Preferences | None) -> PreferencesView:
    wishes = Wishes("", kept.kinds if kept is not None else {})
    kinds = [
        KindView(
            kind=kind.name, title=kind.label, urgent=kind.urgent, in_app=wishes.in_app(kind), mail=wishes.mail(kind)
        )
        for kind in KINDS.values()
    ]
    if kept is None:
        return PreferencesView(kinds=kinds, quiet_from=None, quiet_to=None, time_zone=None, urgent_anytime=False)
    return PreferencesView(
        kinds=kinds, quiet_from=f"{kept.quiet_from:%H:%M}" if kept.quiet_from else None,
        quiet_to=f"{kept.quiet_to:%H:%M}" if kept.quiet_to else None, time_zone=kept.time_zone,
        urgent_anytime=kept.urgent_anytime,
    )  # fmt: skip
