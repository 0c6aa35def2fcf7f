"""Fills a dispatcher's board from the queue: finds endpoints with something waiting, keeps their settings current,
fetches the next deliveries with the entries they carry.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from event_manager.kit import logs
from event_manager.kit.clock import Clock, given_time
from event_manager.webhooks.compiled import compile_endpoint
from event_manager.webhooks.dispatch import queue
from event_manager.webhooks.dispatch.board import Board
from event_manager.webhooks.dispatch.channel import NOBODY, Channel
from event_manager.webhooks.dispatch.ownership import Ownership
from event_manager.webhooks.dispatch.queue import First, Key, Wish
from event_manager.webhooks.dispatch.session import Session
from event_manager.webhooks.dispatch.waiting import Entry, Waiting

KEPT_BYTES = 16 * 1024 * 1024
"""Of entries that were fetched, kept for other endpoints that want the same."""
CANCEL = """
    WITH chosen AS (SELECT q.tenant_id, q.id FROM webhook_queue q WHERE q.endpoint_id = %s LIMIT 2000),
    gone AS (
      DELETE FROM webhook_queue q USING chosen c WHERE q.tenant_id = c.tenant_id AND q.id = c.id
      RETURNING q.tenant_id, q.id, q.endpoint_id, q.event_id, q.event_type, q.replay_id, q.suffix, q.attempts)
    INSERT INTO webhook_deliveries (tenant_id, id, endpoint_id, event_id, event_type, replay_id, suffix, outcome,
                                    attempts, ended_at, error)
    SELECT tenant_id, id, endpoint_id, event_id, event_type, replay_id, suffix, 'cancelled', attempts,
           coalesce(%s::timestamptz, now()), 'the webhook was deleted' FROM gone"""
log = logs.logger(__name__)


class Feeder:
    """See the module."""

    def __init__(self, board: Board, ownership: Ownership, secret_key: str, clock: Clock) -> None:
        self._board = board
        self._ownership = ownership
        self._secret_key = secret_key
        self._clock = clock
        self._entries: dict[bytes, Entry] = {}
        self._kept = 0

    async def look(self, session: Session) -> None:
        """See which endpoints have something waiting and when it is due; read settings that changed."""
        found = [
            first
            for first in await queue.firsts(session, given_time(self._clock))
            if self._ownership.owns(first.endpoint_id)
        ]
        await self._refresh(session, found)
        now = self._clock.now().timestamp()
        for channel in self._board.channels.values():
            channel.due = [None, None, None]
        for first in found:
            served = self._board.channels.get(first.endpoint_id)
            if served is not None:
                served.due[first.lane] = now + first.due_in
        await self._see_blocked(session)
        self._close_idle(now)

    async def fill(self, session: Session) -> bool:
        """Fetch what channels can send soon; returns whether anything came."""
        wishes = self._board.wishes(self._clock.now().timestamp())
        if not wishes:
            return False
        answers = await queue.following(session, [wish for _, wish in wishes], given_time(self._clock))
        fetched: list[tuple[Channel, Wish, list[Waiting]]] = []
        for (channel, wish), rows in zip(wishes, answers, strict=True):
            if channel.after[wish.lane] == wish.after:  # else it was rewound meanwhile
                if rows:
                    channel.after[wish.lane] = (rows[-1][8], rows[-1][2])
                if len(rows) < wish.want:
                    channel.due[wish.lane] = None
            fetched.append((channel, wish, self._new(channel, wish.lane, rows)))
        await self._attach(session, [row for _, _, new in fetched for row in new])
        for channel, wish, new in fetched:
            self._board.add(channel, wish.lane, new)
        return any(new for _, _, new in fetched)

    async def _refresh(self, session: Session, found: Sequence[First]) -> None:
        """Compile endpoints that are new or changed; end what waits for those that are gone."""
        channels = self._board.channels
        keys: dict[UUID, Key] = {first.endpoint_id: (first.tenant_id, first.endpoint_id) for first in found}
        keys |= {key: (channel.endpoint.tenant_id, key) for key, channel in channels.items()}
        if not keys:
            return
        current = await queue.versions(session, list(keys.values()))
        stale = [
            key
            for endpoint, key in keys.items()
            if endpoint in current
            and (endpoint not in channels or channels[endpoint].endpoint.version != current[endpoint])
        ]
        for row in await queue.endpoints(session, stale) if stale else ():
            self._take_over(row)
        for endpoint in keys.keys() - current.keys():
            self._board.close(endpoint)
            await session.run(CANCEL, (endpoint, given_time(self._clock)))

    def _take_over(self, row: dict[str, Any]) -> None:
        endpoint = compile_endpoint(row, self._secret_key)
        if endpoint.kind != "http":
            return
        if endpoint.fault:
            log.warning("webhook cannot be used", endpoint=str(endpoint.id), reason=endpoint.fault)
        channel = self._board.channels.get(endpoint.id)
        if channel is None:
            self._board.channels[endpoint.id] = Channel(endpoint, row["slug"])
            return
        self._board.drop(channel)
        channel.update(endpoint)
        self._board.wake(channel)

    async def _see_blocked(self, session: Session) -> None:
        """For endpoints with an order: what was tried and waits holds up what follows it."""
        ordered = {
            key: channel
            for key, channel in self._board.channels.items()
            if channel.endpoint.ordering != "none" and (channel.blocked or not channel.blocks_known)
        }
        if not ordered:
            return
        waiting: dict[UUID, dict[bytes, set[bytes]]] = {key: defaultdict(set) for key in ordered}
        for endpoint_id, ord_key, row_id in await queue.tried(session, list(ordered)):
            known = self._board.known.get(row_id)
            if known is None or not known.began:
                key = ord_key if ordered[endpoint_id].endpoint.ordering == "key" else NOBODY
                waiting[endpoint_id][key].add(row_id)
        for row in self._board.known.values():
            if row.again and row.channel.endpoint.id in waiting:
                waiting[row.channel.endpoint.id][row.channel.key(row)].add(row.id)
        for endpoint_id, channel in ordered.items():
            channel.set_blocked(dict(waiting[endpoint_id]))
            self._board.wake(channel)

    def _close_idle(self, now: float) -> None:
        """Forget endpoints of which nothing waits, and those that others serve now."""
        for endpoint, channel in list(self._board.channels.items()):
            if not self._ownership.owns(endpoint):
                self._board.drop(channel)
                if not channel.in_flight:
                    self._board.close(endpoint)
            elif channel.due == [None, None, None] and channel.idle(now):
                self._board.close(endpoint)

    def _new(self, channel: Channel, lane: int, rows: Sequence[tuple[Any, ...]]) -> list[Waiting]:
        return [
            Waiting(channel, lane, tenant, row_id, event, key, attempts, replay, suffix)
            for _, tenant, row_id, event, key, attempts, replay, suffix, _ in rows
            if row_id not in self._board.known
        ]

    async def _attach(self, session: Session, rows: Sequence[Waiting]) -> None:
        """Give deliveries the entries they carry."""
        missing = {row.event_id for row in rows} - self._entries.keys()
        if missing:
            for entry_id, row in (await queue.entries(session, list(missing))).items():
                made = self._entries[entry_id] = Entry(row)
                self._kept += made.size
        for waiting in rows:
            waiting.entry = self._entries.get(waiting.event_id)
        while self._kept > KEPT_BYTES:
            self._kept -= self._entries.pop(next(iter(self._entries))).size
