"""The dispatcher's loop: record, look, fetch, send; and again as soon as answers or pokes come.

    async with Dispatcher(database, settings=settings, secret_key=key).running(): ...

Any number of processes may run one. What is under way is known in memory only, so a claim is a plain read; that one
process serves an endpoint at a time is seen to by `ownership`. A process that dies leaves its rows as they were: they
are sent again, with the same id. While the database is away, answers are kept and nothing new is begun.
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import psycopg
from sqlalchemy.exc import DBAPIError

from event_manager.config import Settings
from event_manager.kit import logs
from event_manager.kit.clock import Clock, SystemClock
from event_manager.kit.db import Database
from event_manager.kit.egress import Response, Sender
from event_manager.kit.errors import Unavailable
from event_manager.webhooks.authorising import Authoriser, NotAuthorised
from event_manager.webhooks.dispatch.aftermath import Aftermath
from event_manager.webhooks.dispatch.board import Board
from event_manager.webhooks.dispatch.channel import Channel
from event_manager.webhooks.dispatch.feeder import Feeder
from event_manager.webhooks.dispatch.outcome import Outcome, judge
from event_manager.webhooks.dispatch.ownership import Ownership, shard_of
from event_manager.webhooks.dispatch.recorder import BATCH, Recorder
from event_manager.webhooks.dispatch.recording import NOT_SENT, Again, Ended
from event_manager.webhooks.dispatch.session import Session
from event_manager.webhooks.dispatch.waiting import Waiting
from event_manager.webhooks.guarding import guard_of
from event_manager.webhooks.messages import Addresses
from event_manager.webhooks.requests import hide, prepare
from event_manager.webhooks.transforms.errors import TransformFailed
from event_manager.webhooks.waking import DUE

RECORD_WITHIN = 0.02
LOOK_APART, LOOK_EVERY = 0.03, 0.25
"""Seconds: between two looks at the least, though poked; and at the most."""
LOOK_SHARE = 4
"""A look that takes long (while a dump keeps dead rows from being vacuumed) is followed by so many times as long."""
TEND_EVERY = 1.0
REWIND_EVERY, REWIND_ORDERED_EVERY = 5.0, 30.0
SAVE_EVERY = 10.0
FIRST_BACKOFF, LONGEST_BACKOFF = 0.2, 5.0
DRAIN_SECONDS = 10.0
GONE = "the log no longer holds the entry"
log = logs.logger(__name__)


class _Poked(asyncio.Event):
    """Set when deliveries may have come; sets the event of all that wakes the dispatcher too."""

    def __init__(self, wake: asyncio.Event) -> None:
        super().__init__()
        self._wake = wake

    def set(self) -> None:
        super().set()
        self._wake.set()


class Dispatcher:
    """See the module."""

    def __init__(self, database: Database, *, settings: Settings, secret_key: str, clock: Clock | None = None) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock or SystemClock()
        self._addresses = Addresses(settings)
        self._guard = guard_of(settings)
        self._ownership = Ownership()
        self._board = Board(settings.webhook_slots)
        self._feeder = Feeder(self._board, self._ownership, secret_key, self._clock)
        self._aftermath = Aftermath(database, self._clock)
        self._recorder = Recorder(self._board, self._aftermath, self._clock)
        self._switch_off: dict[Waiting, str] = {}
        self._signing_in: set[asyncio.Task[None]] = set()
        self._wake = asyncio.Event()
        self._poked = _Poked(self._wake)
        self._record_timer: asyncio.TimerHandle | None = None
        self._sending = False
        self._looked_for = 0.0
        self._times = {"look": 0.0, "tend": 0.0, "rewind": 0.0, "rewind-ordered": 0.0, "save": 0.0}
        self._sender: Sender[Waiting]
        self._authoriser: Authoriser

    @property
    def owned(self) -> set[int]:
        """The shards of endpoints that are served here now."""
        return self._ownership.owned

    def channel(self, endpoint: UUID) -> Channel:
        """What is in memory of an endpoint that is served here; KeyError."""
        return self._board.channels[endpoint]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Dispatch in the background of a block; leaving it lets what is under way end and be recorded."""
        stop = asyncio.Event()
        task = asyncio.create_task(self.run(stop), name="webhooks.dispatcher")
        try:
            yield
        finally:
            stop.set()
            self._wake.set()
            await task

    async def run(self, stop: asyncio.Event) -> None:
        """Dispatch until `stop` is set."""
        self._sender = Sender(self._answered, guard=self._guard, slots=self._settings.webhook_slots)
        self._authoriser = Authoriser(self._sender, lambda: self._clock.now().timestamp())
        async with self._sender, self._database.signals.watch(DUE, event=self._poked):
            backoff = FIRST_BACKOFF
            while not stop.is_set():
                try:
                    session = await Session.open(self._database.platform_dsn)
                    try:
                        await self._ownership.join(session)
                        backoff = FIRST_BACKOFF
                        await self._repeat(session, stop)
                    finally:
                        self._lose()
                        await session.close()
                except (psycopg.Error, DBAPIError, Unavailable, OSError) as error:
                    log.warning("dispatcher interrupted", error=str(error), again_in_seconds=backoff)
                except Exception:
                    log.exception("dispatcher failed", again_in_seconds=backoff)
                if not stop.is_set():
                    with suppress(TimeoutError):
                        await asyncio.wait_for(stop.wait(), backoff)
                    backoff = min(2 * backoff, LONGEST_BACKOFF)

    async def _repeat(self, session: Session, stop: asyncio.Event) -> None:
        """Rounds until told to stop; then what is under way ends, and is recorded."""
        self._times = dict.fromkeys(self._times, 0.0)
        while not stop.is_set():
            self._sending = True
            self._wake.clear()
            pause = await self._round(session)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)
        self._sending = False
        for channel in self._board.channels.values():
            self._board.drop(channel)
        deadline = asyncio.get_running_loop().time() + DRAIN_SECONDS
        while self._board.slots.used and asyncio.get_running_loop().time() < deadline:
            await self._write(session)
            self._wake.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), RECORD_WITHIN)
        await self._write(session)
        await self._save_health(every=True)

    async def _round(self, session: Session) -> float:
        """One round; returns how long the next may be put off if nothing wakes us."""
        await self._write(session)
        if self._is_time("tend", TEND_EVERY) and await self._ownership.tend(session, self._in_use):
            self._times["look"] = 0.0
        if self._is_time("rewind", REWIND_EVERY):
            self._board.rewind(ordered=self._is_time("rewind-ordered", REWIND_ORDERED_EVERY))
        if self._is_time(
            "look", max(self._looked_for * LOOK_SHARE, LOOK_APART if self._poked.is_set() else LOOK_EVERY)
        ):
            self._poked.clear()
            await self._feeder.look(session)
            self._looked_for = asyncio.get_running_loop().time() - self._times["look"]
        fetched = await self._feeder.fill(session)
        self._pump()
        await self._save_health(every=self._is_time("save", SAVE_EVERY))
        if fetched:
            return 0.0
        longest = LOOK_APART if self._poked.is_set() else LOOK_EVERY
        wakes_at = self._board.wakes_at()
        return longest if wakes_at is None else min(longest, max(0.0, wakes_at - self._clock.now().timestamp()))

    def _is_time(self, what: str, seconds: float) -> bool:
        """Whether so many seconds have passed since this was last so."""
        now = asyncio.get_running_loop().time()
        if now - self._times[what] < seconds:
            return False
        self._times[what] = now
        return True

    def _in_use(self, shard: int) -> bool:
        return self._board.under_way(lambda endpoint: shard_of(endpoint) == shard)

    def _lose(self) -> None:
        """The session is gone, and all ownership with it: what has not begun may be begun by others now."""
        self._sending = False
        for channel in self._board.channels.values():
            self._board.drop(channel)

    async def _write(self, session: Session) -> None:
        await self._recorder.flush(session)
        for row, reason in list(self._switch_off.items()):
            await self._aftermath.switch_off(row.channel, reason)
            del self._switch_off[row]

    async def _save_health(self, *, every: bool) -> None:
        channels = [c for c in self._board.channels.values() if c.urgent or c.notices or (every and c.unsaved)]
        if not channels:
            return
        try:
            await self._aftermath.save_health(channels)
        except BaseException:
            for channel in channels:
                channel.urgent = True
            raise

    # What follows runs in one go, without waiting for anything.

    def _pump(self) -> None:
        """Begin all that may begin now."""
        now = self._clock.now()
        moment = now.timestamp()
        while self._sending and (row := self._board.next(moment)) is not None:
            row.began = moment
            try:
                self._begin(row)
            except Exception:  # one that nobody foresaw must not come up again and again, and stop all others
                log.exception("delivery cannot be made", delivery=row.id.hex())
                self._give_up(row, "the delivery cannot be made; the server's log says why")

    def _begin(self, row: Waiting) -> None:
        endpoint = row.channel.endpoint
        if endpoint.fault or row.entry is None:
            self._give_up(row, endpoint.fault or GONE)
            return
        signed_in = self._authoriser.ready(endpoint.id, endpoint.version, endpoint.credentials)
        if signed_in is None:
            task = asyncio.create_task(self._sign_in(row))
            self._signing_in.add(task)
            task.add_done_callback(self._signing_in.discard)
            return
        row.signed_in = signed_in
        self._send(row)

    async def _sign_in(self, row: Waiting) -> None:
        endpoint = row.channel.endpoint
        try:
            row.signed_in = await self._authoriser.headers(endpoint.id, endpoint.version, endpoint.credentials)
        except NotAuthorised as refused:
            self._answered([(row, Response(None, "sign-in", refused.reason))])
        else:
            self._send(row)

    def _send(self, row: Waiting) -> None:
        channel, entry = row.channel, row.entry
        if entry is None:
            raise RuntimeError("a delivery without its entry is given up before")
        try:
            rendered = entry.rendered(channel.endpoint, channel.slug, self._addresses, row.suffix)
        except TransformFailed as failed:
            self._give_up(row, f"transformation: {failed}")
            return
        prepared = prepare(
            channel.endpoint, f"evt_{row.event_id.hex()}{row.suffix}", rendered, self._clock.now(),
            attempt=row.attempts + 1, replay=str(UUID(bytes=row.replay_id)) if row.replay_id else "",
            signed_in=row.signed_in,
        )  # fmt: skip
        row.shown, row.hidden = prepared.shown, prepared.hidden
        self._sender.submit(prepared.request, row)

    def _give_up(self, row: Waiting, why: str) -> None:
        """Nothing can be sent, now or later."""
        row.began, row.shown = 0.0, ""
        record = Ended(row, "dead", row.attempts, self._clock.now(), why[:1000], NOT_SENT)
        self._end(row, Outcome(record, ok=False, died=True))

    def _answered(self, batch: list[tuple[Waiting, Response]]) -> None:
        """Answers came: judge them, begin what may follow, have all that recorded soon."""
        now = self._clock.now()
        for row, response in batch:
            if response.error == "aborted":  # we stopped, not the receiver: the row stays as it is
                self._board.give_back(row)
                self._board.forget(row)
                continue
            if row.hidden:
                hide(response, row.hidden)
            outcome = judge(row, response, now, random.random())  # noqa: S311 - spreads retries, guards nothing
            channel = row.channel
            if response.status == 401 and self._authoriser.refused(channel.endpoint.id, row.signed_in):
                self._try_with_new_token(outcome)
            if outcome.ok:
                channel.succeeded()
            else:
                channel.last_error = outcome.record.error
            if outcome.slow_down:
                channel.slow_down()
            if outcome.rest:
                channel.rest_until = max(channel.rest_until, now.timestamp() + outcome.rest)
            if outcome.disable:
                channel.endpoint.enabled = False
                self._switch_off[row] = outcome.disable
            channel.witness(now, ok=outcome.ok, probe=row.probe)
            self._end(row, outcome)
        self._pump()

    def _try_with_new_token(self, outcome: Outcome) -> None:
        if isinstance(outcome.record, Again) and outcome.record.until is None:
            outcome.record.wait = 0.0

    def _end(self, row: Waiting, outcome: Outcome) -> None:
        if isinstance(outcome.record, Again):
            row.channel.hold_back(row)
            if row.channel.endpoint.ordering != "none":
                self._board.drop_blocked(row)
        else:
            row.channel.let_on(row)
        self._board.give_back(row)
        self._recorder.pending.append(outcome)
        if len(self._recorder.pending) >= BATCH:
            self._wake.set()
        elif self._record_timer is None:
            self._record_timer = asyncio.get_running_loop().call_later(RECORD_WITHIN, self._time_to_record)

    def _time_to_record(self) -> None:
        self._record_timer = None
        self._wake.set()
