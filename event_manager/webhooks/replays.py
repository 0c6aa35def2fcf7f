"""Replays: entries of the log delivered once more. Planned, started, paused, resumed and called off here.

Nothing but deliveries to webhooks is repeated. What is queued is done by `replaying`, as a loop of the workers.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from event_manager import eventlog
from event_manager.eventlog.queries import known_types
from event_manager.eventlog.reading import BEGINNING, Position, newest
from event_manager.kit.db import Row
from event_manager.kit.paging import keyset
from event_manager.kit.work import Work
from event_manager.tenancy.queries import get_tenant
from event_manager.webhooks import queries, selecting
from event_manager.webhooks.errors import (
    NotForThisKind,
    NothingToReplay,
    ReplayEnded,
    ReplayNotFound,
    ReplayRefused,
    TooManyReplays,
)
from event_manager.webhooks.event_types import WebhookReplayCancelled, WebhookReplayStarted
from event_manager.webhooks.faults import Faults
from event_manager.webhooks.filters import PatternRefused, compile_types
from event_manager.webhooks.messages import Addresses
from event_manager.webhooks.models import Endpoint, Replay
from event_manager.webhooks.schemas import WebhookCreate
from event_manager.webhooks.selecting import Selector
from event_manager.webhooks.starting import StartFrom

MANAGE = "webhooks:manage"
MOST_RUNNING = 5
"""Replays of one organisation that have not ended."""

MOST_DELIVERIES = 1_000_000
PAST_PER_MINUTE = 6000
"""Pace at which a new endpoint gets what happened before."""

LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
EDGE = "SELECT id, type, at FROM event_log WHERE tenant_id = %s AND id = ANY (%s)"
# A sender that has the row in hand records nothing once it is gone: deleting decides.
CALL_OFF = """
    WITH gone AS (DELETE FROM webhook_queue WHERE tenant_id = %(tenant)s AND replay_id = %(replay)s RETURNING *),
         ended AS (INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_type, replay_id, suffix,
                                                   outcome, attempts, ended_at)
                   SELECT tenant_id, id, endpoint_id, event_id, event_type, replay_id, suffix, 'cancelled', attempts,
                          %(now)s FROM gone)
    SELECT count(*) AS n FROM gone"""


@dataclass(slots=True)
class Plan:
    """What a replay would deliver, by endpoint; up to which place of the log; the entries at its edges."""

    selector: Selector
    until: Position
    counts: dict[UUID, int]
    names: dict[UUID, str] = field(default_factory=dict)
    first: Row | None = None
    last: Row | None = None

    @property
    def total(self) -> int:
        """Deliveries in all."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Means:
    """What messages are made with: the installation's key and its addresses."""

    secret_key: str
    addresses: Addresses


@dataclass(frozen=True, slots=True)
class Past:
    """``count`` deliveries of what was committed before the place ``until``."""

    until: Position
    count: int


async def plan(work: Work, selector: Selector, means: Means) -> Plan:
    """Count what a replay would deliver, by walking the log as the replay itself would; nothing is changed.

    Raises WebhookNotFound, NotForThisKind, ReplayRefused.
    """
    work.allow(MANAGE)
    endpoints = await _endpoints(work, selector)
    _check(selector)
    made = Plan(selector, await newest(work), dict.fromkeys(selector.webhook_ids, 0), {e.id: e.name for e in endpoints})
    selection = await selecting.select(
        work, work.tenant, selector, secret_key=means.secret_key, addresses=means.addresses
    )
    first = last = None
    async for chosen in selection.walk(work, made.until):
        for endpoint in chosen.endpoints:
            made.counts[endpoint] += 1
        if chosen.endpoints:
            first, last = first or chosen.row["id"], chosen.row["id"]
        _refuse_too_many(made.total)
    edges = {row["id"]: row for row in await work.sql(EDGE, (work.tenant, [first, last]))}
    made.first, made.last = edges.get(first), edges.get(last)
    return made


async def start(
    work: Work, selector: Selector, means: Means, *, as_new: bool, rate_per_minute: int, reason: str
) -> Replay:
    """Begin a replay of what fits now; entries written from now on are no part of it.

    Raises NothingToReplay, TooManyReplays and what `plan` raises.
    """
    work.allow(MANAGE)
    await _take_place(work)
    if as_new:
        earlier = await work.session.scalar(
            select(func.count()).where(Replay.tenant_id == work.tenant, Replay.as_new.is_(True))
        )
        selector = selector.model_copy(update={"suffix": f".r{(earlier or 0) + 1}"})
    made = await plan(work, selector, means)
    if not made.total:
        raise NothingToReplay("No entry of the log fits these conditions for these webhooks; a dry run shows counts.")
    return await _begin(work, made, as_new=as_new, rate_per_minute=rate_per_minute, reason=reason)


async def count_past(work: Work, new: WebhookCreate, means: Means) -> Past:
    """How much of what was committed before an endpoint that is to be set up would get, up to where that was read.

    To be asked before anything is written: whoever has a transaction id while it reads the whole log holds up every
    reader of the log, of all organisations. Raises ReplayRefused.
    """
    work.allow(MANAGE)
    until, count = await newest(work), 0
    if new.kind == "http" and new.start_from != "now":
        slug = (await get_tenant(work, work.tenant)).slug
        stand_in = selecting.unsaved(work.tenant, slug, new.events, new.filter)
        selector = _past_of(stand_in["id"], new.start_from)
        selection = selecting.Selection(work.tenant, selector, [stand_in], means.secret_key, means.addresses)
        async for chosen in selection.walk(work, until):
            count += len(chosen.endpoints)
            _refuse_too_many(count)
    return Past(until, count)


async def send_past(work: Work, endpoint: Endpoint, since: StartFrom, means: Means, past: Past) -> Replay | None:
    """Have an endpoint that was just set up get what was committed before; None where it starts now.

    The endpoint itself starts right behind this transaction: what comes later is fanned out to it, so that nothing is
    sent twice or passed over. ``past`` is what `count_past` gave; only what came since is still counted here.
    Raises TooManyReplays, ReplayRefused.
    """
    if since == "now":
        return None
    await _take_place(work)
    selector = _past_of(endpoint.id, since)
    selection = await selecting.select(
        work, work.tenant, selector, secret_key=means.secret_key, addresses=means.addresses
    )
    made = Plan(selector, Position(endpoint.start_xid, endpoint.start_id), {endpoint.id: past.count})
    async for chosen in selection.walk(work, made.until, after=past.until):
        made.counts[endpoint.id] += len(chosen.endpoints)
    reason = f"'{endpoint.name}' was set up to start in the past"
    return await _begin(work, made, as_new=False, rate_per_minute=PAST_PER_MINUTE, reason=reason)


async def list_replays(work: Work, *, cursor: str | None, limit: int) -> tuple[list[Replay], str | None]:
    """Replays of the organisation, newest first."""
    work.allow(MANAGE)
    query: Select[Any] = select(Replay).where(Replay.tenant_id == work.tenant)
    return await keyset(work, query, [Replay.id], cursor=cursor, limit=limit, descending=True)


async def get_replay(work: Work, replay_id: UUID, *, lock: bool = False) -> Replay:
    """One replay; `lock` waits for a round under way and keeps others off. Raises ReplayNotFound."""
    work.allow(MANAGE)
    query = select(Replay).where(Replay.tenant_id == work.tenant, Replay.id == replay_id)
    found = await work.session.scalar(
        query.with_for_update().execution_options(populate_existing=True) if lock else query
    )
    if found is None:
        raise ReplayNotFound("There is no such replay; GET /api/events/replays lists them.")
    return found


async def pause(work: Work, replay_id: UUID) -> Replay:
    """Queue nothing more for now; what was queued already still goes out. Raises ReplayNotFound, ReplayEnded."""
    return await _turn(work, replay_id, "paused")


async def resume(work: Work, replay_id: UUID) -> Replay:
    """Go on where it was paused. Raises ReplayNotFound, ReplayEnded."""
    return await _turn(work, replay_id, "running")


async def cancel(work: Work, replay_id: UUID) -> Replay:
    """End it; what waits is called off, what was delivered stays delivered. Raises ReplayNotFound, ReplayEnded."""
    replay = await _turn(work, replay_id, "cancelled")
    given = {"tenant": work.tenant, "replay": replay_id, "now": work.now()}
    [gone] = await work.sql(CALL_OFF, given)
    replay.ended_at = work.now()
    await work.session.flush()
    await eventlog.append(
        work, WebhookReplayCancelled(replay_id=replay_id, queued=replay.queued, cancelled=int(gone["n"]))
    )
    return replay


async def _turn(work: Work, replay_id: UUID, state: str) -> Replay:
    replay = await get_replay(work, replay_id, lock=True)
    if replay.state in ("completed", "cancelled"):
        raise ReplayEnded(f"This replay is {replay.state}; start another one.")
    if replay.state != state:
        replay.state, replay.updated_at = state, work.now()
        await work.session.flush()
    return replay


async def _begin(work: Work, made: Plan, *, as_new: bool, rate_per_minute: int, reason: str) -> Replay:
    replay = Replay(
        tenant_id=work.tenant, selector=made.selector.model_dump(mode="json"), as_new=as_new,
        rate_per_minute=rate_per_minute, reason=reason, by_name=work.actor.name, total=made.total,
        xid=BEGINNING.xid, entry_id=BEGINNING.id, until_xid=made.until.xid, until_id=made.until.id,
        created_at=work.now(), updated_at=work.now(),
    )  # fmt: skip
    work.session.add(replay)
    await work.session.flush()
    await eventlog.append(work, WebhookReplayStarted(
        replay_id=replay.id, webhook_ids=list(made.selector.webhook_ids), which=made.selector.which, as_new=as_new,
        total=made.total, reason=reason,
    ))  # fmt: skip
    await work.session.refresh(replay)
    return replay


def _past_of(endpoint: UUID, since: StartFrom) -> Selector:
    return Selector(webhook_ids=(endpoint,), since=since if isinstance(since, datetime) else None)


def _refuse_too_many(count: int) -> None:
    if count > MOST_DELIVERIES:
        raise ReplayRefused(
            f"These are more than {MOST_DELIVERIES} deliveries; choose fewer webhooks or types, or a shorter time."
        )


async def _take_place(work: Work) -> None:
    """One at a time, so that bound and numbers hold. Raises TooManyReplays."""
    await work.sql(LOCK, (f"webhook replays of {work.tenant}",))
    running = await work.session.scalar(
        select(func.count()).where(Replay.tenant_id == work.tenant, Replay.state.in_(("running", "paused")))
    )
    if (running or 0) >= MOST_RUNNING:
        raise TooManyReplays(f"{MOST_RUNNING} replays are under way; wait for one to end, or cancel one.")


async def _endpoints(work: Work, selector: Selector) -> list[Endpoint]:
    found = [await queries.get_endpoint(work, one) for one in dict.fromkeys(selector.webhook_ids)]
    for endpoint in found:
        if endpoint.kind != "http":
            raise NotForThisKind(
                f"'{endpoint.name}' is of kind {endpoint.kind}: a replay is for webhooks that are sent to by HTTP. "
                "Readers of a pull feed go back by an earlier cursor."
            )
    return found


def _check(selector: Selector) -> None:
    faults, known = Faults(), known_types()
    try:
        compile_types(selector.types or ("*",), [cls.name for cls in known])
    except PatternRefused as refused:
        faults.add(f"/eventTypes{refused.pointer}", refused.detail)
    kinds = sorted({cls.entity_type for cls in known})
    if selector.entity_type is not None and selector.entity_type not in kinds:
        faults.add("/entityType", f"Nothing in the log happens to this; there are: {', '.join(kinds)}.")
    if selector.since and selector.before and selector.since >= selector.before:
        faults.add("/to", "Must be later than 'from'.")
    faults.refuse(ReplayRefused)
