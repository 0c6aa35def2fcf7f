"""Health of an endpoint: when the breaker opens and closes, when its owner hears of it, when it is paused."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from event_manager.webhooks import health
from event_manager.webhooks.health import Change, Health, Notice

START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=seconds) for seconds in (1, 60, 3600, 86_400))


def after(results: str, *, every: timedelta = SECOND, of: Health | None = None) -> Health:
    """The health after attempts: + a success, - a failure."""
    state = of or Health()
    for at, result in enumerate(results):
        state = health.record(state, START + at * every, succeeded=result == "+").health
    return state


def probed(of: Health, times: int) -> tuple[list[timedelta], Health, datetime]:
    """Fail so many probes, each as soon as it is permitted: the waits between, the health, and when it was."""
    waits, now = [], of.probe_at or START
    for _ in range(times):
        failed = health.record(health.start_probe(of, now), now, succeeded=False, probe=True).health
        assert failed.probe_at is not None
        waits.append(failed.probe_at - now)
        of, now = failed, failed.probe_at
    return waits, of, now


@pytest.mark.parametrize(
    ("results", "state"),
    [
        ("--", "healthy"),
        ("--+--+--", "healthy"),
        ("---", "degraded"),
        ("+++++---", "degraded"),
        ("-+-+-+-+-", "healthy"),
        ("-+-+-+-+-+", "healthy"),
        ("-+-+-+-+--", "degraded"),
        ("--+--+--+-", "degraded"),
    ],
)
def test_the_breaker_opens_at_three_in_a_row_or_more_than_half_of_ten(results: str, state: str) -> None:
    assert after(results).state == state


def test_failures_older_than_five_minutes_do_not_count() -> None:
    assert after("-+-+-+-+--", every=40 * SECOND).state == "healthy"
    assert after("-+-+-+-+--", every=29 * SECOND).state == "degraded"


def test_opening_is_told_and_stops_sending() -> None:
    change = health.record(after("--"), START + MINUTE, succeeded=False)

    assert change.notices == ("degraded",)
    assert [health.permission(change.health, START + MINUTE + seconds * SECOND) for seconds in (0, 4, 5)] == [
        *("wait", "wait", "probe"),
    ]


def test_one_probe_at_a_time_until_it_is_reported_or_lost() -> None:
    probing = health.start_probe(after("---"), START + MINUTE)

    with pytest.raises(ValueError, match="no probe is permitted"):
        health.start_probe(probing, START + MINUTE)
    assert health.permission(probing, START + 3 * MINUTE - SECOND) == "wait"
    assert health.permission(probing, START + 3 * MINUTE) == "probe"


def test_waits_between_probes_double_to_ten_minutes() -> None:
    waits, _state, _now = probed(after("---"), 9)

    assert waits == [timedelta(seconds=seconds) for seconds in (10, 20, 40, 80, 160, 320, 600, 600, 600)]


def test_a_successful_probe_closes_the_breaker_and_forgets() -> None:
    _waits, state, now = probed(after("---"), 3)

    assert health.record(health.start_probe(state, now), now, succeeded=True, probe=True) == Change(
        Health(), ("recovered",)
    )


def test_answers_to_what_was_sent_before_neither_close_nor_put_off() -> None:
    opened = after("---")

    late = after("+-", of=opened)

    assert (late.state, late.probe_at, late.probe_wait) == ("degraded", opened.probe_at, opened.probe_wait)
    assert late.failing_since == START + SECOND


def test_the_owner_is_told_after_an_hour_a_day_before_and_at_the_pause() -> None:
    state, told, now = Health(), list[tuple[timedelta, Notice]](), START
    while state.state != "paused":
        probe = health.permission(state, now) == "probe"
        if probe:
            state = health.start_probe(state, now)
        change = health.record(state, now, succeeded=False, probe=probe)
        told += [(now - START, notice) for notice in change.notices]
        state, now = change.health, change.health.probe_at or now + SECOND

    assert [notice for _at, notice in told] == ["degraded", "failing", "pausing-soon", "paused"]
    for (at, _notice), due in zip(told[1:], (HOUR, 4 * DAY, 5 * DAY), strict=True):
        assert due <= at <= due + 10 * MINUTE


def test_an_endpoint_is_never_paused_without_a_days_warning() -> None:
    state = after("---")

    weeks_later = health.record(state, START + 20 * DAY, succeeded=False, probe=True)
    day_later = health.record(weeks_later.health, START + 21 * DAY, succeeded=False, probe=True)

    assert weeks_later.notices == ("failing", "pausing-soon")
    assert (day_later.notices, day_later.health.state) == (("paused",), "paused")


def test_one_failure_a_week_pauses_nothing() -> None:
    assert after("--", every=7 * DAY).state == "healthy"


def test_nothing_goes_to_a_paused_endpoint_until_it_is_resumed() -> None:
    paused = Health(state="paused", in_row=90, failing_since=START, told_at=START, warned_at=START)

    assert health.permission(paused, START + 99 * DAY) == "wait"
    assert health.record(paused, START, succeeded=False) == Change(paused)
    assert health.record(paused, START, succeeded=True).health.state == "paused"
    assert health.resume(paused) == Change(Health(), ("recovered",))
    assert health.resume(Health(in_row=2)) == Change(Health())


class Endpoint(RuleBasedStateMachine):
    """A sender that obeys permissions, with late answers, lost probes, long silences and an owner who resumes."""

    def __init__(self) -> None:
        super().__init__()
        self.health = Health()
        self.now = START
        self.probing_since: datetime | None = None
        self.only_failures_since: datetime | None = None
        self.told: dict[Notice, datetime] = {}

    def take(self, change: Change, *, forget: bool) -> None:
        if forget:
            self.only_failures_since, self.told = None, {}
        for notice in change.notices:
            assert notice in ("degraded", "recovered") or notice not in self.told, "told twice"
            self.told[notice] = self.now
        self.health = change.health

    def report(self, *, succeeded: bool, probe: bool) -> None:
        was_paused = self.health.state == "paused"
        if not succeeded and not was_paused:
            self.only_failures_since = self.only_failures_since or self.now
        change = health.record(self.health, self.now, succeeded=succeeded, probe=probe)
        self.take(change, forget=succeeded)

    @rule(seconds=st.sampled_from([1, 7, 61, 700, 4000, 80_000, 90_000, 300_000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(succeeded=st.booleans(), times=st.integers(1, 4))
    def deliver(self, succeeded: bool, times: int) -> None:
        for _ in range(times):
            if health.permission(self.health, self.now) == "send":
                self.report(succeeded=succeeded, probe=False)

    @rule(succeeded=st.booleans())
    def a_late_answer_comes(self, succeeded: bool) -> None:
        self.report(succeeded=succeeded, probe=False)

    @precondition(lambda self: health.permission(self.health, self.now) == "probe")
    @rule()
    def probe(self) -> None:
        assert self.probing_since is None or self.now - self.probing_since >= health.PROBE_LEASE
        self.health = health.start_probe(self.health, self.now)
        self.probing_since = self.now

    @precondition(lambda self: self.probing_since is not None)
    @rule(succeeded=st.booleans())
    def the_probe_ends(self, succeeded: bool) -> None:
        self.probing_since = None
        self.report(succeeded=succeeded, probe=True)

    @rule()
    def resume(self) -> None:
        self.probing_since = None
        self.take(health.resume(self.health), forget=True)

    @invariant()
    def the_failure_began_when_it_began(self) -> None:
        if self.health.state != "paused":
            assert self.health.failing_since == self.only_failures_since

    @invariant()
    def a_pause_followed_five_days_of_failures_and_a_days_warning(self) -> None:
        if self.health.state == "paused" and self.only_failures_since is not None:
            assert self.told["paused"] - self.only_failures_since >= health.PAUSE
            assert self.told["paused"] - self.told["pausing-soon"] >= health.WARNING

    @invariant()
    def the_breaker_is_open_after_three_failures_in_a_row(self) -> None:
        assert self.health.state != "healthy" or self.health.in_row < health.ROW

    @invariant()
    def waits_and_memory_are_bounded(self) -> None:
        assert health.FIRST_PROBE <= self.health.probe_wait <= health.LAST_PROBE
        assert len(self.health.recent) <= health.BUCKETS

    @invariant()
    def a_degraded_endpoint_is_probed_again_within_ten_minutes(self) -> None:
        if self.health.state == "degraded":
            assert health.permission(self.health, self.now + health.LAST_PROBE) == "probe"

    @invariant()
    def what_is_stored_comes_back(self) -> None:
        assert health.from_json(health.to_json(self.health)) == self.health


Endpoint.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestEndpoint = Endpoint.TestCase
