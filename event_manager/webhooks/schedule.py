"""What follows an attempt: done, another try after a while, the endpoint switched off, or the delivery dead.

The default schedule is the example of the Standard Webhooks specification: ten tries over 75.6 hours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

MINUTE, HOUR, DAY = 60, 3600, 86_400
SPREAD = 0.2
"""Share by which a delay is drawn shorter or longer, so that retries of one outage do not come back as one wave."""

THROTTLING = frozenset({429, 502, 503, 504})
"""Answers that say "slower": their Retry-After is obeyed, and the sender sends fewer at a time."""

MAX_TRIES = 25
LONGEST = 7 * DAY


class ScheduleRefused(ValueError):
    """A list of delays cannot be used; the message says which and what is allowed."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds to wait after each failed try; there is one try more than there are delays."""

    delays: tuple[int, ...]

    @property
    def tries(self) -> int:
        """How often a delivery is tried in all."""
        return len(self.delays) + 1


DEFAULT = Schedule((5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR))


@dataclass(frozen=True, slots=True)
class Answer:
    """How an attempt ended: the HTTP status, None where there was none, with why in `error` ("timeout", ...)."""

    status: int | None
    retry_after: str | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The receiver took it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again after so many seconds. `throttled`: the receiver, or a time-out, asks for a slower pace."""

    after: float
    reason: str
    throttled: bool = False


@dataclass(frozen=True, slots=True)
class Disable:
    """Switch the endpoint off; its deliveries are held."""

    reason: str


@dataclass(frozen=True, slots=True)
class Dead:
    """No try is left."""

    reason: str


Verdict = Succeeded | Retry | Disable | Dead


def custom(delays: Sequence[int]) -> Schedule:
    """An endpoint's own schedule, delays in seconds; raises ScheduleRefused."""
    if len(delays) >= MAX_TRIES:
        raise ScheduleRefused(f"The schedule has {len(delays)} delays; at most {MAX_TRIES - 1} are allowed.")
    for at, delay in enumerate(delays, start=1):
        if not 1 <= delay <= LONGEST:
            raise ScheduleRefused(f"Delay {at} is {delay} s; give 1 s to {LONGEST} s (7 days).")
    return Schedule(tuple(delays))


def first_tries(tries: int) -> Schedule:
    """The default schedule ended after so many tries, 1 to 10; raises ScheduleRefused."""
    if not 1 <= tries <= DEFAULT.tries:
        raise ScheduleRefused(f"{tries} tries are not possible; give 1 to {DEFAULT.tries}.")
    return Schedule(DEFAULT.delays[: tries - 1])


def verdict(tries: int, answer: Answer, now: datetime, *, draw: float, schedule: Schedule = DEFAULT) -> Verdict:
    """What follows the try of number `tries` (from 1) at `now` (aware); `draw` is a random number from 0 to 1."""
    status = answer.status
    if status is not None and 200 <= status < 300:
        return Succeeded()
    reason = _reason(answer)
    if status == HTTPStatus.GONE:
        return Disable(reason)
    if tries >= schedule.tries:
        return Dead(reason)
    wait = schedule.delays[tries - 1] * (1 + SPREAD * (2 * draw - 1))
    throttled = status in THROTTLING or answer.error == "timeout"
    if status in THROTTLING and answer.retry_after is not None:
        furthest = schedule.delays[min(tries, len(schedule.delays) - 1)]
        wait = max(wait, min(retry_after_seconds(answer.retry_after, now), furthest))
    return Retry(wait, reason, throttled)


def retry_after_seconds(value: str, now: datetime) -> float:
    """Seconds that a Retry-After header asks for, given as seconds or as a date; 0 for what is neither."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:10])
    try:
        at = parsedate_to_datetime(text[:64])
    except (ValueError, OverflowError):
        return 0
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())


def _reason(answer: Answer) -> str:
    if answer.status is None:
        return answer.error or "no answer"
    if 300 <= answer.status < 400:
        return f"redirect ({answer.status}); redirects are not followed, give the final address"
    return f"status {answer.status}"
