"""Token buckets in the process: cheap first line against floods. Exact limits per plan live elsewhere."""

import time
from collections import OrderedDict
from dataclasses import dataclass

MAX_KEYS = 50_000


@dataclass(slots=True)
class Verdict:
    """Outcome for one request: what is left, and when to come back when refused."""

    allowed: bool
    limit: int
    remaining: int
    retry_after: int


class Buckets:
    """A bucket per key that refills evenly to ``per_minute``; the oldest keys are forgotten."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._state: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> Verdict:
        """Spend one token."""
        if self.per_minute == 0:
            return Verdict(True, 0, 0, 0)
        now = time.monotonic()
        rate = self.per_minute / 60
        level, at = self._state.get(key, (float(self.per_minute), now))
        level = min(float(self.per_minute), level + (now - at) * rate)
        allowed = level >= 1
        level -= 1 if allowed else 0
        self._state[key] = (level, now)
        self._state.move_to_end(key)
        if len(self._state) > MAX_KEYS:
            self._state.popitem(last=False)
        return Verdict(allowed, self.per_minute, int(level), 0 if allowed else max(1, round((1 - level) / rate)))

    def give_back(self, key: str) -> None:
        """Take back the spending of one token."""
        if key in self._state:
            level, at = self._state[key]
            self._state[key] = (min(float(self.per_minute), level + 1), at)
