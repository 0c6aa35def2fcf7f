"""Queues the deliveries of replays, as fast as each was asked to go and never far ahead of what was delivered.

A round takes a replay, reads on in the log from where it stands and writes rows and new place in one transaction: a
process that dies in between leaves the replay as it was before the round, so each delivery is queued exactly once.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from event_manager import eventlog
from event_manager.eventlog.reading import Position, newest
from event_manager.kit.access import system_actor
from event_manager.kit.clock import given_time
from event_manager.kit.db import Row
from event_manager.kit.loops import Around, Loop
from event_manager.kit.work import Work
from event_manager.webhooks.event_types import WebhookReplayCompleted
from event_manager.webhooks.messages import Addresses
from event_manager.webhooks.models import REPLAY
from event_manager.webhooks.selecting import Chosen, Selector, select
from event_manager.webhooks.waking import wake_dispatchers

READ_AT_ONCE = 500
READS_A_ROUND = 10
LEAST_AHEAD = 100
AHEAD_SECONDS = 10
"""Rows that wait for delivery at most: so many seconds' worth of the pace, and `LEAST_AHEAD` at least."""

BUSY_SECONDS, IDLE_SECONDS = 0.2, 1.0
RUNNING = "SELECT tenant_id, id FROM webhook_replays WHERE state = 'running' ORDER BY updated_at, id"
TAKE = """
    SELECT tenant_id, id, selector, as_new, rate_per_minute, total, queued, xid::text::bigint AS xid, entry_id,
           until_xid::text::bigint AS until_xid, until_id, updated_at
      FROM webhook_replays WHERE tenant_id = %s AND id = %s AND state = 'running' FOR UPDATE SKIP LOCKED"""
AHEAD = "SELECT count(*) AS n FROM webhook_queue WHERE replay_id = %s"
# In the order given, since ids are drawn in that order, and ordered endpoints are served by them.
QUEUE = """
    INSERT INTO webhook_queue (tenant_id, endpoint_id, event_id, event_type, ord_key, lane, next_at, replay_id, suffix)
    SELECT %(tenant)s, e, v, n, o, %(lane)s, coalesce(%(now)s, statement_timestamp()), %(replay)s, %(suffix)s
      FROM unnest(%(endpoints)s::uuid[], %(events)s::uuid[], %(types)s::text[], %(keys)s::uuid[]) AS u (e, v, n, o)"""
MOVE = """
    UPDATE webhook_replays SET xid = %(xid)s::text::xid8, entry_id = %(entry)s, queued = queued + %(queued)s,
           updated_at = %(paid)s WHERE tenant_id = %(tenant)s AND id = %(replay)s"""
OUTCOMES = """
    SELECT outcome, count(*) AS n FROM webhook_deliveries WHERE tenant_id = %s AND replay_id = %s GROUP BY outcome"""
COMPLETE = """
    UPDATE webhook_replays SET state = 'completed', ended_at = %s, updated_at = %s WHERE tenant_id = %s AND id = %s"""


async def queue_some(work: Work, replay: Row, *, secret_key: str, addresses: Addresses) -> bool:
    """One round of a replay (a row of `TAKE`, which is locked); the caller commits. Whether it went on."""
    done, until = Position(replay["xid"], replay["entry_id"]), Position(replay["until_xid"], replay["until_id"])
    [ahead] = await work.sql(AHEAD, (replay["id"],))
    if done >= until:
        if ahead["n"]:
            return False
        await _complete(work, replay)
        return True
    rate = replay["rate_per_minute"]
    paid_until, paced = _allowance(replay["updated_at"], work.now(), rate)
    allowed = min(paced, max(LEAST_AHEAD, rate * AHEAD_SECONDS // 60) - int(ahead["n"]))
    if allowed <= 0:
        return False
    selector = Selector.model_validate(replay["selector"])
    horizon = await newest(work)
    selection = await select(work, replay["tenant_id"], selector, secret_key=secret_key, addresses=addresses)
    pairs: list[tuple[UUID, Row]] = []
    for _ in range(READS_A_ROUND):
        found = await selection.read(work, done, until, READ_AT_ONCE)
        taken = _within(found, allowed - len(pairs))
        pairs += [(endpoint, one.row) for one in taken for endpoint in one.endpoints]
        done = taken[-1].position if taken else done
        if len(taken) == len(found) < READ_AT_ONCE:  # all there is below the horizon, which may not be all yet
            done = max(done, min(until, horizon))
            break
        if len(pairs) >= allowed:
            break
    await _queue(work, replay, selector, pairs)
    spent = paid_until + timedelta(seconds=60 * len(pairs) / rate)
    given = {
        "tenant": replay["tenant_id"], "replay": replay["id"], "xid": done.xid, "entry": done.id, "queued": len(pairs),
        "paid": spent,
    }  # fmt: skip
    await work.sql(MOVE, given)
    return True


def _allowance(since: datetime, now: datetime, rate: int) -> tuple[datetime, int]:
    """From which time on deliveries are to be reckoned, and how many the pace allows by now.

    Time during which nothing ran is not made up for, but for a few seconds and at least one delivery.
    """
    longest = max(AHEAD_SECONDS, 60 / rate)
    begin = max(since, now - timedelta(seconds=longest))
    return begin, int((now - begin).total_seconds() * rate / 60 + 1e-6)


def _within(found: list[Chosen], allowed: int) -> list[Chosen]:
    """Entries from the front with so many deliveries; a first one with more goes whole, since a place lies between
    entries."""
    taken: list[Chosen] = []
    for one in found:
        if taken and one.endpoints and len(one.endpoints) > allowed:
            break
        if allowed <= 0 and one.endpoints:
            break
        taken.append(one)
        allowed -= len(one.endpoints)
    return taken


async def _queue(work: Work, replay: Row, selector: Selector, pairs: list[tuple[UUID, Row]]) -> None:
    if not pairs:
        return
    given = {
        "tenant": replay["tenant_id"], "replay": replay["id"], "lane": REPLAY, "suffix": selector.suffix,
        "now": given_time(work.clock), "endpoints": [endpoint for endpoint, _ in pairs],
        "events": [row["id"] for _, row in pairs], "types": [row["type"] for _, row in pairs],
        "keys": [row["entity_id"] for _, row in pairs],
    }  # fmt: skip
    await work.sql(QUEUE, given)
    wake_dispatchers(work)


async def _complete(work: Work, replay: Row) -> None:
    counts = await outcomes(work, replay["tenant_id"], replay["id"])
    await work.sql(COMPLETE, (work.now(), work.now(), replay["tenant_id"], replay["id"]))
    work.tenant_id = replay["tenant_id"]
    await eventlog.append(work, WebhookReplayCompleted(
        replay_id=replay["id"], queued=replay["queued"], delivered=counts.get("succeeded", 0),
        dead=counts.get("dead", 0),
    ))  # fmt: skip


async def outcomes(work: Work, tenant: UUID, replay: UUID) -> Mapping[str, int]:
    """How many deliveries of a replay ended how."""
    return {row["outcome"]: row["n"] for row in await work.sql(OUTCOMES, (tenant, replay))}


async def go_on(around: Around) -> float:
    """One round of every replay that runs and that no other process has in hand."""
    addresses, moved = Addresses(around.settings), False
    async with _work(around) as work:
        running = await work.sql(RUNNING)
    for one in running:
        async with _work(around) as work:
            for replay in await work.sql(TAKE, (one["tenant_id"], one["id"])):
                moved |= await queue_some(work, replay, secret_key=around.secret_key, addresses=addresses)
            await work.commit()
    return BUSY_SECONDS if moved else IDLE_SECONDS


def _work(around: Around) -> Work:
    actor: Any = system_actor("replays")
    return Work(around.database, role="platform", actor=actor, correlation_id="replays", clock=around.clock)


REPLAYS = Loop("webhooks.replays", go_on)
