"""Whether an endpoint is sent to: healthy, degraded behind a breaker, or paused by the system.

    healthy --3 failures in a row, or > 50 % of >= 10 in 5 min--> degraded
    degraded --successful probe--> healthy
    degraded --5 days of only failures, told 24 h before--> paused
    paused --resumed by its owner or a successful test call--> healthy

While degraded, one delivery at a time goes out as a probe, after 5 s, then doubling to 10 min. All functions are
pure: they take a state and give the next. Times are aware.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from pydantic import TypeAdapter

State = Literal["healthy", "degraded", "paused"]
Notice = Literal["degraded", "failing", "pausing-soon", "paused", "recovered"]
"""`degraded` and `recovered` when the breaker opens and closes; the others after 1 h, 24 h before, and at pausing."""

ROW = 3
SHARE = 0.5
ENOUGH = 10
WINDOW = timedelta(minutes=5)
BUCKETS = 5
FIRST_PROBE = timedelta(seconds=5)
LAST_PROBE = timedelta(minutes=10)
PROBE_LEASE = timedelta(minutes=2)
"""A probe that was never reported (its sender died) stands in the way no longer than this."""

TELL_FAILING = timedelta(hours=1)
PAUSE = timedelta(days=5)
WARNING = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Attempts of one minute; `minute` is counted from the epoch."""

    minute: int
    tries: int
    failures: int


@dataclass(frozen=True, slots=True)
class Health:
    """All that is remembered of an endpoint; a new endpoint is `Health()`."""

    state: State = "healthy"
    in_row: int = 0
    recent: tuple[Bucket, ...] = ()
    failing_since: datetime | None = None
    told_at: datetime | None = None
    warned_at: datetime | None = None
    probe_wait: timedelta = FIRST_PROBE
    probe_at: datetime | None = None
    probing_until: datetime | None = None


_STORED = TypeAdapter(Health)


@dataclass(frozen=True, slots=True)
class Change:
    """The next state, and what to tell the endpoint's owner."""

    health: Health
    notices: tuple[Notice, ...] = ()


def permission(health: Health, now: datetime) -> Literal["send", "probe", "wait"]:
    """What may go to the endpoint now: anything, one probe (say so by `start_probe`), or nothing."""
    if health.state == "healthy":
        return "send"
    if health.state == "paused" or (health.probing_until is not None and now < health.probing_until):
        return "wait"
    return "probe" if health.probe_at is None or now >= health.probe_at else "wait"


def start_probe(health: Health, now: datetime) -> Health:
    """The state while a probe is under way; report it by `record(probe=True)`. ValueError where none is permitted."""
    if permission(health, now) != "probe":
        raise ValueError(f"no probe is permitted: the endpoint is {health.state}")
    return replace(health, probing_until=now + PROBE_LEASE)


def record(health: Health, now: datetime, *, succeeded: bool, probe: bool = False) -> Change:
    """Take in how a delivery's attempt ended. Test calls do not belong here: see `resume`."""
    return _success(health, now, probe=probe) if succeeded else _failure(health, now, probe=probe)


def successes(health: Health, now: datetime, times: int) -> Health:
    """Take in several successes at once; of an endpoint that is healthy and did not fail last."""
    return replace(health, recent=_count(health.recent, now, tries=times, failures=0))


def resume(health: Health) -> Change:
    """Start anew: the owner resumed the endpoint, or a test call succeeded. A failed test call changes nothing."""
    return Change(Health(), () if health.state == "healthy" else ("recovered",))


def _success(health: Health, now: datetime, *, probe: bool) -> Change:
    if health.state == "degraded" and probe:
        return Change(Health(), ("recovered",))
    # An answer to what was sent before the breaker opened: it ends "only failures", but closes nothing.
    recent = _count(health.recent, now, tries=1, failures=0) if health.state == "healthy" else health.recent
    return Change(replace(health, in_row=0, recent=recent, failing_since=None, told_at=None, warned_at=None))


def _failure(health: Health, now: datetime, *, probe: bool) -> Change:
    if health.state == "paused":
        return Change(health)
    failed = replace(health, in_row=health.in_row + 1, failing_since=health.failing_since or now)
    if health.state == "degraded":
        return _overdue(_put_off(failed, now) if probe else failed, now)
    failed = replace(failed, recent=_count(health.recent, now, tries=1, failures=1))
    if not _trips(failed):
        return _overdue(failed, now)
    opened = replace(failed, state="degraded", recent=(), probe_wait=FIRST_PROBE, probe_at=now + FIRST_PROBE)
    following = _overdue(opened, now)
    return Change(following.health, ("degraded", *following.notices))


def _put_off(health: Health, now: datetime) -> Health:
    """After a failed probe: the next one in twice the time."""
    wait = min(health.probe_wait * 2, LAST_PROBE)
    return replace(health, probe_wait=wait, probe_at=now + wait, probing_until=None)


def _overdue(health: Health, now: datetime) -> Change:
    """What follows from the length of the failure; a pause never comes without its warning a day before."""
    since = now - (health.failing_since or now)
    notices: list[Notice] = []
    if health.told_at is None and since >= TELL_FAILING:
        health = replace(health, told_at=now)
        notices.append("failing")
    if health.state == "degraded" and health.warned_at is None and since >= PAUSE - WARNING:
        health = replace(health, warned_at=now)
        notices.append("pausing-soon")
    if health.warned_at is not None and since >= PAUSE and now - health.warned_at >= WARNING:
        health = replace(health, state="paused", probe_at=None, probing_until=None)
        notices.append("paused")
    return Change(health, tuple(notices))


def _trips(health: Health) -> bool:
    tries = sum(bucket.tries for bucket in health.recent)
    failures = sum(bucket.failures for bucket in health.recent)
    return health.in_row >= ROW or (tries >= ENOUGH and failures > SHARE * tries)


def _count(recent: tuple[Bucket, ...], now: datetime, *, tries: int, failures: int) -> tuple[Bucket, ...]:
    """The buckets of the last five minutes with these attempts more."""
    minute = int(now.timestamp() // 60)
    kept = tuple(bucket for bucket in recent if minute - BUCKETS < bucket.minute < minute)
    current = next((bucket for bucket in recent if bucket.minute == minute), Bucket(minute, 0, 0))
    return (*kept, Bucket(minute, current.tries + tries, current.failures + failures))


def to_json(health: Health) -> dict[str, object]:
    """The state as JSON values, to be stored."""
    values: dict[str, object] = _STORED.dump_python(health, mode="json")
    return values


def from_json(values: Mapping[str, object]) -> Health:
    """The state that `to_json` stored."""
    return _STORED.validate_python(values)
