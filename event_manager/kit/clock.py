"""Time as a value that can be handed in, so that what depends on it can be tested."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Aware time in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def given_time(clock: Clock) -> datetime | None:
    """The time of a clock that was handed in; None for the machine's, where the database's own time is better."""
    return None if isinstance(clock, SystemClock) else clock.now()


@dataclass
class FixedClock:
    """A clock that stands still until it is moved."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        """Go forward (or back) by a duration."""
        self.at += by
