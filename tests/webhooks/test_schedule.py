"""What follows each answer, when, and how far a receiver may put us off."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event_manager.webhooks.schedule import (
    DAY,
    DEFAULT,
    HOUR,
    SPREAD,
    Answer,
    Dead,
    Disable,
    Retry,
    Schedule,
    ScheduleRefused,
    Succeeded,
    Verdict,
    custom,
    first_tries,
    retry_after_seconds,
    verdict,
)

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
MIDDLE = 0.5


def after(tries: int, status: int | None, retry_after: str | None = None, error: str = "") -> Verdict:
    return verdict(tries, Answer(status, retry_after, error), NOW, draw=MIDDLE)


def wait(tries: int, status: int, retry_after: str) -> float:
    following = after(tries, status, retry_after)
    assert isinstance(following, Retry)
    return following.after


def test_the_default_is_ten_tries_over_75_hours() -> None:
    assert (DEFAULT.tries, sum(DEFAULT.delays)) == (10, 272_105)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_success(status: int) -> None:
    assert after(1, status) == after(10, status) == Succeeded()


@pytest.mark.parametrize(
    ("status", "throttled"),
    [(100, False), (400, False), (404, False), (500, False), (429, True), (502, True), (503, True), (504, True)],
)
def test_any_other_answer_is_tried_again(status: int, throttled: bool) -> None:
    assert after(2, status) == Retry(300, f"status {status}", throttled)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 304])
def test_a_redirect_is_a_failure(status: int) -> None:
    assert after(1, status) == Retry(5, f"redirect ({status}); redirects are not followed, give the final address")


def test_no_answer_is_tried_again_and_a_time_out_slows_the_pace() -> None:
    assert after(1, None, error="timeout") == Retry(5, "timeout", throttled=True)
    assert after(1, None, error="connection refused") == Retry(5, "connection refused")
    assert after(1, None) == Retry(5, "no answer")


def test_gone_switches_the_endpoint_off_at_any_try() -> None:
    assert after(1, 410) == after(10, 410) == Disable("status 410")


def test_the_last_failure_is_the_end() -> None:
    assert [type(after(tries, 500)) for tries in (9, 10, 11)] == [Retry, Dead, Dead]
    assert after(10, None, error="timeout") == Dead("timeout")


@pytest.mark.parametrize(
    ("tries", "status", "header", "seconds"),
    [
        (1, 429, "120", 120),
        (1, 503, "Fri, 01 May 2026 12:02:00 GMT", 120),
        (1, 429, "2", 5),
        (1, 429, "100000", 300),
        (2, 504, "100000", 1800),
        (8, 502, "999999999999999", 24 * HOUR),
        (9, 429, "999999999999999", 24 * HOUR),
        (1, 429, "soon", 5),
        (1, 429, "-1", 5),
        (1, 429, "Fri, 01 May 2020 12:00:00 GMT", 5),
        (1, 429, "Fri, 01 May 9999 12:00:00 GMT", 300),
        (1, 429, "Fri, 99 May 2026 12:00:00 GMT", 5),
        (1, 429, "Fri, 01 May 99999999999999999999 12:00:00 +9999999999", 5),
        (1, 429, "٣٠", 5),
        (1, 429, "", 5),
        (1, 500, "120", 5),
        (1, 302, "120", 5),
    ],
)
def test_retry_after_is_obeyed_within_bounds(tries: int, status: int, header: str, seconds: float) -> None:
    assert wait(tries, status, header) == seconds


@given(st.integers(1, 9), st.floats(0, 1))
def test_delays_are_spread_by_a_fifth_both_ways(tries: int, draw: float) -> None:
    following = verdict(tries, Answer(500), NOW, draw=draw)
    assert isinstance(following, Retry)

    step = DEFAULT.delays[tries - 1]
    assert step * (1 - SPREAD) * 0.999 <= following.after <= step * (1 + SPREAD) * 1.001


@given(st.text())
def test_no_retry_after_breaks_anything(header: str) -> None:
    assert retry_after_seconds(header, NOW) >= 0


def test_an_endpoint_may_have_its_own_schedule() -> None:
    quick = custom([1, 1])

    assert [verdict(tries, Answer(500), NOW, draw=MIDDLE, schedule=quick) for tries in (1, 2, 3)] == [
        Retry(1, "status 500"),
        Retry(1, "status 500"),
        Dead("status 500"),
    ]
    assert verdict(1, Answer(500), NOW, draw=MIDDLE, schedule=custom([])) == Dead("status 500")


def test_fewer_tries_are_the_first_of_the_default() -> None:
    assert first_tries(3) == Schedule((5, 300))
    assert (first_tries(1).delays, first_tries(10)) == ((), DEFAULT)


@pytest.mark.parametrize("delays", [[0], [-1], [5, 7 * DAY + 1], [1] * 25])
def test_a_schedule_out_of_bounds_is_refused(delays: list[int]) -> None:
    with pytest.raises(ScheduleRefused):
        custom(delays)


@pytest.mark.parametrize("tries", [0, 11, -1])
def test_a_number_of_tries_out_of_bounds_is_refused(tries: int) -> None:
    with pytest.raises(ScheduleRefused, match="1 to 10"):
        first_tries(tries)
