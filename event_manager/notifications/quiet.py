"""When a mail may go: quiet hours and the time of the daily digest, on a clock that people read. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DIGEST_AT = time(8, 0)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet from one time of the day to another, which may lie past midnight. The two differ."""

    start: time
    end: time
    zone: str

    def ends_at(self, now: datetime) -> datetime | None:
        """When the quiet hours end in which ``now`` (aware) lies, in UTC; None outside of them.

        Where clocks are put back, both passes of a doubled hour are quiet; an end that is skipped is the moment at
        which a clock that was not put forward would show it.
        """
        local = now.astimezone(ZoneInfo(self.zone))
        if not self._covers(local.time()):
            return None
        day = local.date()
        if self.start > self.end and local.time() >= self.start:
            day += timedelta(days=1)
        return _after(now, day, self.end, self.zone)

    def _covers(self, at: time) -> bool:
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


def next_digest(now: datetime, zone: str) -> datetime:
    """The next eight o'clock of a zone after a moment, in UTC."""
    day = now.astimezone(ZoneInfo(zone)).date()
    first = _utc(day, DIGEST_AT, zone)
    return first if first > now else _utc(day + timedelta(days=1), DIGEST_AT, zone)


def _after(now: datetime, day: date, at: time, zone: str) -> datetime:
    """A time of a day, the second one of a doubled hour when the first has passed."""
    first = _utc(day, at, zone)
    return first if first > now else _utc(day, at.replace(fold=1), zone)


def _utc(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
