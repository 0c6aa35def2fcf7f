"""One endpoint in a dispatcher: what of its queue is in memory, and what may go to it now.

Nothing here asks the database or the network. Times are seconds of the dispatcher's clock.
"""

from collections import deque
from datetime import UTC, datetime
from typing import Literal

from event_manager.webhooks import health as healths
from event_manager.webhooks.compiled import Compiled
from event_manager.webhooks.dispatch.slots import Slots
from event_manager.webhooks.dispatch.waiting import Waiting
from event_manager.webhooks.health import Health, Notice
from event_manager.webhooks.models import LIVE, REPLAY, RETRY

FIRST_CAP, LAST_CAP = 5, 50
"""How many requests may be under way at once to an endpoint: at first, and after many successes."""
ORDERS = ((LIVE, RETRY, REPLAY),) * 4 + ((RETRY, REPLAY, LIVE),)
"""Which lane goes first, turn by turn: a fifth of an endpoint's turns belong to what was tried before."""
IDLE_SECONDS = 60.0
"""An endpoint that gets nothing for so long is forgotten, and the pace it was found to bear with it."""
BUFFER = 256
"""Most deliveries that one endpoint has in memory."""
NOBODY = bytes(16)
LONG_AGO = ((-(2**63)).to_bytes(8, "big", signed=True), NOBODY)
"""Before every row: -infinity and the smallest id, as the database sends them."""
Block = Literal["", "nothing", "cap", "slots", "time", "held"]


class Channel:
    """State of one endpoint. ``due``: when the first delivery of each lane in the database is due, None without any.

    ``after``: up to where each lane was read; ``blocked``: by order key, ids of deliveries that were tried and wait.
    """

    def __init__(self, endpoint: Compiled, slug: str) -> None:
        self.endpoint = endpoint
        self.slug = slug
        self.tenant = endpoint.tenant_id.bytes
        self.health: Health = endpoint.health
        self.cap = FIRST_CAP
        self.streak = 0
        self.in_flight = 0
        self.buffers: tuple[deque[Waiting], ...] = (deque(), deque(), deque())
        self.due: list[float | None] = [None, None, None]
        self.after = [LONG_AGO, LONG_AGO, LONG_AGO]
        self.blocked: dict[bytes, set[bytes]] = {}
        self.blocks_known = endpoint.ordering == "none"
        self.busy: set[bytes] = set()
        self.queued = False
        self.wake_at = 0.0
        self.rest_until = 0.0
        self.probing = False
        self.used_at = 0.0
        self.block: Block = ""
        self.notices: list[Notice] = []
        self.last_error = ""
        self.unsaved = False
        self.urgent = False
        self._good = 0
        self._good_since = 0
        self._turn = 0
        self._tokens = 0.0
        self._tokens_at = 0.0

    def update(self, endpoint: Compiled) -> None:
        """Use the endpoint's settings, and its health as stored, as they are now."""
        if endpoint.ordering != self.endpoint.ordering:
            self.busy.clear()
        self.endpoint, self.health = endpoint, endpoint.health
        self.unsaved = self.urgent = self.probing = False
        self.notices.clear()
        self._good = 0
        self.rest_until = 0.0
        self.blocks_known = endpoint.ordering == "none"
        if self.blocks_known:
            self.blocked.clear()

    def drop(self) -> list[Waiting]:
        """Forget what was fetched and not begun; returns it."""
        dropped = [row for buffer in self.buffers for row in buffer]
        for buffer in self.buffers:
            buffer.clear()
        self.after = [LONG_AGO, LONG_AGO, LONG_AGO]
        return dropped

    @property
    def held(self) -> bool:
        """Whether everything stays in the queue until somebody acts."""
        return not self.endpoint.enabled or self.health.state == "paused"

    def idle(self, now: float) -> bool:
        """Whether it may be forgotten: nothing is under way or to be stored, and nothing learnt still counts."""
        busy = self.in_flight or self.buffered or self.unsaved or self.notices
        return not busy and now - max(self.used_at, self.rest_until) > IDLE_SECONDS

    @property
    def buffered(self) -> int:
        """Deliveries in memory that have not begun."""
        return sum(map(len, self.buffers))

    @property
    def limit(self) -> int:
        """Requests that may be under way at once."""
        if self.endpoint.ordering == "strict":
            return 1
        if self.health.state != "healthy":
            return 1
        return min(self.cap, self.endpoint.max_in_flight or self.cap)

    def take(self, now: float, slots: Slots) -> Waiting | None:
        """The next delivery to begin, already counted as under way here; None, and why in `block`, where none may."""
        self.block = self._blocked_by(now)
        if self.block:
            return None
        if self.in_flight >= FIRST_CAP and not slots.ample:
            self.block = "slots"
            return None
        self.block = "nothing"
        for lane in ORDERS[self._turn % len(ORDERS)]:
            if not self.buffers[lane]:
                continue
            if not slots.open_for(lane) or not slots.open_to(self.tenant):
                self.block = "slots"
                continue
            row = self._next(lane)
            if row is not None:
                self._begin(row, now)
                return row
        return None

    def ended(self, row: Waiting) -> None:
        """What was taken is no longer under way."""
        self.in_flight -= 1
        if self.endpoint.ordering != "none" or self.busy:
            self.busy.discard(self.key(row))
        if row.probe:
            self.probing = False

    def succeeded(self) -> None:
        """An answer as it should be: after as many as are allowed at once, one more is allowed."""
        self.streak += 1
        if self.streak >= self.cap and self.cap < LAST_CAP:
            self.cap += 1
            self.streak = 0

    def slow_down(self) -> None:
        """A time-out, or the receiver says that it is too much."""
        self.cap = max(1, self.cap // 2)
        self.streak = 0

    def key(self, row: Waiting) -> bytes:
        """What a delivery is kept in order with; all of a strict endpoint share one."""
        return row.ord_key if self.endpoint.ordering == "key" else NOBODY

    def hold_back(self, row: Waiting) -> None:
        """A delivery will be tried again: those behind it wait, where order is asked for."""
        row.again = True
        if self.endpoint.ordering != "none":
            self.blocked.setdefault(self.key(row), set()).add(row.id)

    def let_on(self, row: Waiting) -> None:
        """A delivery has ended: those behind it may go on."""
        if self.endpoint.ordering == "none":
            return
        key = self.key(row)
        waiting = self.blocked.get(key)
        if waiting is not None:
            waiting.discard(row.id)
            if not waiting:
                del self.blocked[key]
                self.after[LIVE] = self.after[REPLAY] = LONG_AGO  # what was passed over while it was blocked

    def set_blocked(self, tried: dict[bytes, set[bytes]]) -> None:
        """What of the endpoint was tried and waits, by order key, as the database and memory know it now."""
        if self.blocked.keys() - tried.keys():
            self.after[LIVE] = self.after[REPLAY] = LONG_AGO
        self.blocked = tried
        self.blocks_known = True

    def witness(self, now: datetime, *, ok: bool, probe: bool) -> None:
        """Take an attempt's end into the endpoint's health; what its owner is to be told is added to `notices`."""
        health = self.health
        if ok and health.state == "healthy" and not health.in_row and health.failing_since is None:
            self._good += 1
            if self._good_since != (minute := int(now.timestamp() // 60)):
                self._fold(now)
                self._good_since = minute
            return
        self._fold(now)
        change = healths.record(self.health, now, succeeded=ok, probe=probe)
        self.health = change.health
        self.notices += change.notices
        if "recovered" in change.notices:
            self.cap, self.streak = FIRST_CAP, 0
        self.unsaved = True
        self.urgent = self.urgent or bool(change.notices) or health.failing_since != change.health.failing_since

    def _fold(self, now: datetime) -> None:
        """Count the successes of a healthy endpoint, which are taken in many at a time."""
        if self._good:
            self.health = healths.successes(self.health, now, self._good)
            self._good = 0

    def _blocked_by(self, now: float) -> Block:
        """Why nothing may go to the endpoint now, whatever waits; "" if something may."""
        if self.held:
            return "held"
        if self.in_flight >= self.limit:
            return "cap"
        if self.health.state == "degraded" and (self.probing or self._until_probe(now) > now):
            self.wake_at = self._until_probe(now)
            return "cap" if self.probing else "time"
        if self.rest_until > now:
            self.wake_at = self.rest_until
            return "time"
        if self.endpoint.rate_per_minute and not self._has_token(now):
            return "time"
        return ""

    def _until_probe(self, now: float) -> float:
        return max((t.timestamp() for t in (self.health.probe_at, self.health.probing_until) if t), default=now)

    def _has_token(self, now: float) -> bool:
        """Whether the rate allows one more: the bucket holds what a second gives, and at least one."""
        rate = (self.endpoint.rate_per_minute or 0) / 60
        most = max(1.0, rate)
        self._tokens = min(most, self._tokens + (now - self._tokens_at) * rate) if self._tokens_at else most
        self._tokens_at = now
        if self._tokens >= 1 - 1e-9:
            return True
        self.wake_at = now + (1 - self._tokens) / rate
        return False

    def _next(self, lane: int) -> Waiting | None:
        """The first delivery of a lane that order lets through."""
        buffer = self.buffers[lane]
        if self.endpoint.ordering == "none":
            return buffer.popleft()
        for at, row in enumerate(buffer):
            key = self.key(row)
            if key not in self.busy and not any(other < row.id for other in self.blocked.get(key, ())):
                del buffer[at]
                return row
            if self.endpoint.ordering == "strict":
                return None
        return None

    def _begin(self, row: Waiting, now: float) -> None:
        self._turn += 1
        self.used_at = now
        self.in_flight += 1
        if self.endpoint.ordering != "none":
            self.busy.add(self.key(row))
        if self.endpoint.rate_per_minute:
            self._tokens -= 1
        row.probe = self.health.state == "degraded"
        if row.probe:
            self.probing = True
            moment = datetime.fromtimestamp(now, UTC)
            if healths.permission(self.health, moment) == "probe":
                self.health = healths.start_probe(self.health, moment)
