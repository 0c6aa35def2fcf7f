"""Addresses of replays."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Response

from event_manager.kit.access import require
from event_manager.kit.errors import problems
from event_manager.kit.http import Page, Router, W
from event_manager.kit.paging import DEFAULT_LIMIT, MAX_LIMIT, BadCursor
from event_manager.kit.work import Work
from event_manager.webhooks import replays
from event_manager.webhooks.api_support import MANAGE, M
from event_manager.webhooks.errors import (
    NotForThisKind,
    NothingToReplay,
    ReplayEnded,
    ReplayNotFound,
    ReplayRefused,
    TooManyReplays,
    WebhookNotFound,
)
from event_manager.webhooks.models import Replay
from event_manager.webhooks.replay_schemas import ReplayCount, ReplayCreate, ReplayEntry, ReplayPlan, ReplayView
from event_manager.webhooks.replaying import AHEAD, outcomes
from event_manager.webhooks.selecting import Selector

router = Router(prefix="/events", tags=["webhooks"])
ReplayId = Annotated[UUID, Path(alias="replayId")]


@router.post(
    "/replays",
    status_code=201,
    dependencies=[require(MANAGE)],
    responses={
        **problems(WebhookNotFound, NotForThisKind, NothingToReplay, TooManyReplays, ReplayRefused),
        200: {"model": ReplayPlan, "description": "What a dry run has counted."},
    },
    response_model=ReplayView,
)
async def create_replay(work: W, response: Response, means: M, new: ReplayCreate) -> ReplayView | Response:
    """Deliver entries of the log once more, or with `dryRun` count what that would be."""
    selector = Selector(
        webhook_ids=tuple(dict.fromkeys(new.webhook_ids)), types=tuple(new.event_types), entity_type=new.entity_type,
        entity_id=new.entity_id, since=new.from_, before=new.to, which=new.which,
    )  # fmt: skip
    if new.dry_run:
        plan = _plan(await replays.plan(work, selector, means))
        return Response(plan.model_dump_json(by_alias=True), 200, media_type="application/json")
    replay = await replays.start(
        work, selector, means, as_new=new.as_new, rate_per_minute=new.rate_per_minute, reason=new.reason
    )
    response.headers["Location"] = f"/api/events/replays/{replay.id}"
    return await _view(work, replay)


@router.get("/replays", dependencies=[require(MANAGE)], responses=problems(BadCursor))
async def list_replays(
    work: W, limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT, cursor: str | None = None
) -> Page[ReplayView]:
    """Replays of your organisation, newest first."""
    found, following = await replays.list_replays(work, cursor=cursor, limit=limit)
    return Page(items=[await _view(work, each) for each in found], next_cursor=following)


@router.get("/replays/{replayId}", dependencies=[require(MANAGE)], responses=problems(ReplayNotFound))
async def read_replay(work: W, replay_id: ReplayId) -> ReplayView:
    """One replay and how far it has come."""
    return await _view(work, await replays.get_replay(work, replay_id))


@router.post(
    "/replays/{replayId}/pause", dependencies=[require(MANAGE)], responses=problems(ReplayNotFound, ReplayEnded)
)
async def pause_replay(work: W, replay_id: ReplayId) -> ReplayView:
    """Queue nothing more for now; the few deliveries that are queued already still go out."""
    return await _view(work, await replays.pause(work, replay_id))


@router.post(
    "/replays/{replayId}/resume", dependencies=[require(MANAGE)], responses=problems(ReplayNotFound, ReplayEnded)
)
async def resume_replay(work: W, replay_id: ReplayId) -> ReplayView:
    """Go on where it was paused."""
    return await _view(work, await replays.resume(work, replay_id))


@router.post(
    "/replays/{replayId}/cancel", dependencies=[require(MANAGE)], responses=problems(ReplayNotFound, ReplayEnded)
)
async def cancel_replay(work: W, replay_id: ReplayId) -> ReplayView:
    """End it. What waits is called off; what was delivered stays delivered."""
    return await _view(work, await replays.cancel(work, replay_id))


def _plan(plan: replays.Plan) -> ReplayPlan:
    return ReplayPlan(
        counts=[ReplayCount(webhook_id=id_, name=plan.names[id_], count=count) for id_, count in plan.counts.items()],
        total=plan.total,
        first=ReplayEntry.model_validate(plan.first) if plan.first else None,
        last=ReplayEntry.model_validate(plan.last) if plan.last else None,
    )


async def _view(work: Work, replay: Replay) -> ReplayView:
    selector = Selector.model_validate(replay.selector)
    ended = await outcomes(work, replay.tenant_id, replay.id)
    [waiting] = await work.sql(AHEAD, (replay.id,))
    own = {
        name: getattr(replay, name)
        for name in (
            "id", "state", "as_new", "rate_per_minute", "reason", "by_name", "total", "queued", "created_at",
            "updated_at", "ended_at",
        )
    }  # fmt: skip
    return ReplayView(
        **own, webhook_ids=list(selector.webhook_ids), event_types=list(selector.types), which=selector.which,
        entity_type=selector.entity_type, entity_id=selector.entity_id, from_=selector.since, to=selector.before,
        waiting=waiting["n"], delivered=ended.get("succeeded", 0), dead=ended.get("dead", 0),
        cancelled=ended.get("cancelled", 0), skipped=ended.get("skipped", 0),
    )  # fmt: skip
