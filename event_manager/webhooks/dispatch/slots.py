"""The slots of a process: how many requests it has under way, and how they are shared by lanes and organisations.

First tries and further tries always find a fifth of the slots free of the other, replays never hold more than a fifth.
An organisation may go beyond its even share only while a fifth of all stays free, and an endpoint beyond what it may
have at first only while half of all is free, so that those whose receivers hang cannot take what the others need.
"""

from collections import Counter

from event_manager.webhooks.models import LIVE, REPLAY, RETRY

RESERVED = 0.2


class Slots:
    """Counts what is under way. ``tenants``: organisations that have something to send now."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.used = 0
        self.tenants = 1
        self._reserve = max(1, int(total * RESERVED))
        self._lanes = [0, 0, 0]
        self._by_tenant: Counter[bytes] = Counter()

    @property
    def full(self) -> bool:
        """Whether nothing at all may begin."""
        return self.used >= self.total

    @property
    def closed(self) -> bool:
        """Whether first tries and further tries both lack a slot."""
        return self.full or not (self.open_for(LIVE) or self.open_for(RETRY))

    def open_to(self, tenant: bytes) -> bool:
        """Whether the organisation may begin one more."""
        if self.used < self.total - self._reserve:
            return True
        return self.used < self.total and self._by_tenant[tenant] < max(1, self.total // max(1, self.tenants))

    @property
    def ample(self) -> bool:
        """Whether an endpoint may have more under way than at first: it may hang the moment it has them all."""
        return self.used * 2 < self.total

    def open_for(self, lane: int) -> bool:
        """Whether one more of this lane may begin."""
        lanes = self._lanes
        if lane == LIVE:
            return lanes[LIVE] + lanes[REPLAY] < self.total - self._reserve
        if lane == RETRY:
            return lanes[RETRY] + lanes[REPLAY] < self.total - self._reserve
        return lanes[REPLAY] < self._reserve and self.used < self.total - self._reserve

    def take(self, tenant: bytes, lane: int) -> None:
        """One begins."""
        self.used += 1
        self._lanes[lane] += 1
        self._by_tenant[tenant] += 1

    def give_back(self, tenant: bytes, lane: int) -> None:
        """One ended."""
        self.used -= 1
        self._lanes[lane] -= 1
        self._by_tenant[tenant] -= 1
        if not self._by_tenant[tenant]:
            del self._by_tenant[tenant]
