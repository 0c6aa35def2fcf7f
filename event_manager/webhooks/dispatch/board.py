"""Everything a dispatcher has in memory: its channels, the deliveries it knows of, and whose turn it is.

Channels take turns, one delivery each, so that none is served because others are slow. Nothing here asks the database
or the network.
"""

from collections import deque
from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from itertools import count
from uuid import UUID

from event_manager.webhooks.dispatch.channel import BUFFER, LONG_AGO, Channel
from event_manager.webhooks.dispatch.queue import Wish
from event_manager.webhooks.dispatch.slots import Slots
from event_manager.webhooks.dispatch.waiting import Waiting
from event_manager.webhooks.models import LIVE, REPLAY, RETRY

LANES = (LIVE, RETRY, REPLAY)
LOOKED_AT = 8
"""How many channels that lacked a slot are asked again at a time, in turn; most of them lack it still."""


class Board:
    """``known``: every delivery in memory by id, from when it was fetched until it is recorded."""

    def __init__(self, slots: int) -> None:
        self.slots = Slots(slots)
        self.channels: dict[UUID, Channel] = {}
        self.known: dict[bytes, Waiting] = {}
        self._ready: deque[Channel] = deque()
        self._starved: deque[Channel] = deque()
        self._timers: list[tuple[float, int, Channel]] = []
        self._order = count()
        self._fetched = 10 * slots

    def add(self, channel: Channel, lane: int, rows: Iterable[Waiting]) -> None:
        """Deliveries that were fetched; not those that are held up by one that failed meanwhile."""
        for row in rows:
            if lane != RETRY and channel.key(row) in channel.blocked:
                continue
            self.known[row.id] = row
            channel.buffers[lane].append(row)
        self.wake(channel)

    def wake(self, channel: Channel) -> None:
        """Have the channel looked at: something of it has changed."""
        if not channel.queued:
            channel.queued = True
            self._ready.append(channel)

    def next(self, now: float) -> Waiting | None:
        """The next delivery to begin, its slot taken; None where nothing may begin now."""
        while self._timers and self._timers[0][0] <= now:
            self.wake(heappop(self._timers)[2])
        while self._ready and not self.slots.full:
            row = self._from(self._ready.popleft(), now)
            if row is not None:
                return row
        for _ in range(min(len(self._starved), LOOKED_AT)):
            if self.slots.closed:
                return None
            row = self._from(self._starved.popleft(), now)
            if row is not None:
                return row
        return None

    def _from(self, channel: Channel, now: float) -> Waiting | None:
        """The next delivery of a channel, which goes to where it is woken from."""
        channel.queued = False
        row = channel.take(now, self.slots)
        if row is not None:
            self.wake(channel)
            self.slots.take(row.tenant_id, row.lane)
        elif channel.block == "slots":
            channel.queued = True
            self._starved.append(channel)
        elif channel.block == "time":
            heappush(self._timers, (channel.wake_at, next(self._order), channel))
        return row

    def wakes_at(self) -> float | None:
        """When a channel that waits for a time may go on; None where none does."""
        return self._timers[0][0] if self._timers else None

    def give_back(self, row: Waiting) -> None:
        """A delivery has ended or was put off: its slot is free. It stays known until it is recorded."""
        self.slots.give_back(row.tenant_id, row.lane)
        row.channel.ended(row)
        self.wake(row.channel)

    def forget(self, row: Waiting) -> None:
        """A delivery is recorded, or is not ours any more."""
        self.known.pop(row.id, None)

    def drop(self, channel: Channel) -> None:
        """Forget what was fetched for a channel and has not begun."""
        for row in channel.drop():
            self.known.pop(row.id, None)

    def drop_blocked(self, row: Waiting) -> None:
        """What waits in memory behind a delivery that holds it up makes room for others; it will be fetched again."""
        channel = row.channel
        key = channel.key(row)
        for lane in (LIVE, REPLAY):
            buffer = channel.buffers[lane]
            behind = [other for other in buffer if channel.key(other) == key]
            for other in behind:
                buffer.remove(other)
                self.known.pop(other.id, None)

    def close(self, endpoint: UUID) -> None:
        """The endpoint is no longer served here."""
        channel = self.channels.pop(endpoint, None)
        if channel is not None:
            self.drop(channel)

    def under_way(self, belongs: Callable[[UUID], bool]) -> bool:
        """Whether a delivery of such an endpoint was begun and not recorded yet."""
        return any(belongs(row.channel.endpoint.id) for row in self.known.values() if row.began)

    def wishes(self, now: float) -> list[tuple[Channel, Wish]]:
        """What to fetch next: for each channel that runs low, the next rows of the lanes where some are due."""
        hungry = [channel for channel in self.channels.values() if self._hungry(channel, now)]
        busy = (channel for channel in self.channels.values() if channel.in_flight or channel.buffered)
        self.slots.tenants = len({channel.endpoint.tenant_id for channel in busy})
        if not hungry:
            return []
        share = max(4, self._fetched // len(hungry))
        found = []
        for channel in hungry:
            most = min(BUFFER, share, max(16, 4 * channel.limit)) if channel.health.state == "healthy" else 2
            for lane in LANES:
                due = channel.due[lane]
                if due is None or due > now or len(channel.buffers[lane]) > most // 2:
                    continue
                blocked = tuple(channel.blocked) if lane != RETRY else ()
                if blocked and channel.endpoint.ordering == "strict":
                    continue
                found.append((channel, Wish(channel.endpoint.id, lane, channel.after[lane], most, blocked)))
        return found

    def _hungry(self, channel: Channel, now: float) -> bool:
        return not channel.held and channel.blocks_known and any(due is not None and due <= now for due in channel.due)

    def rewind(self, *, ordered: bool) -> None:
        """Read lanes from their beginning again: rows may have come to stand before where reading has got to.

        Those of endpoints with an order only where asked for: they would have to pass over all that is blocked.
        """
        for channel in self.channels.values():
            if ordered or channel.endpoint.ordering == "none":
                channel.after = [LONG_AGO, LONG_AGO, LONG_AGO]
