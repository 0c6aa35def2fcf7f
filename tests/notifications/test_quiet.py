"""Quiet hours: whatever the zone and the day, they end, they end quietly, and outside of them nothing waits."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from event_manager.notifications.quiet import DIGEST_AT, Quiet, next_digest

ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"]
zones = st.sampled_from(ZONES)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.integers(1_325_376_000, 2_051_222_400).map(lambda at: datetime.fromtimestamp(at, UTC))  # 2012 to 2034


def berlin(text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end", "now", "ends"),
    [
        ("22:00", "07:00", "2026-05-01T23:30", "2026-05-02T07:00"),
        ("22:00", "07:00", "2026-05-02T06:59", "2026-05-02T07:00"),
        ("22:00", "07:00", "2026-05-02T07:00", None),
        ("22:00", "07:00", "2026-05-01T21:59", None),
        ("22:00", "07:00", "2026-05-01T22:00", "2026-05-02T07:00"),
        ("12:00", "14:00", "2026-05-01T13:00", "2026-05-01T14:00"),
        ("12:00", "14:00", "2026-05-01T23:00", None),
        ("22:00", "00:00", "2026-05-01T23:00", "2026-05-02T00:00"),
    ],
)
def test_quiet_hours_end_when_the_clock_says_so(start: str, end: str, now: str, ends: str | None) -> None:
    quiet = Quiet(time.fromisoformat(start), time.fromisoformat(end), "Europe/Berlin")

    assert quiet.ends_at(berlin(now)) == (berlin(ends) if ends else None)


def test_where_clocks_are_put_back_the_second_pass_is_quiet_too() -> None:
    quiet = Quiet(time(22), time(2, 30), "Europe/Berlin")

    assert quiet.ends_at(berlin("2026-10-25T02:10", fold=0)) == berlin("2026-10-25T02:30", fold=0)
    assert quiet.ends_at(berlin("2026-10-25T02:10", fold=1)) == berlin("2026-10-25T02:30", fold=1)


def test_an_end_that_is_skipped_is_still_an_end() -> None:
    quiet = Quiet(time(22), time(2, 30), "Europe/Berlin")

    assert quiet.ends_at(berlin("2026-03-29T01:30")) == berlin("2026-03-29T03:30")


@given(start=times, end=times, zone=zones, now=moments)
def test_quiet_hours_end_within_a_day_and_are_over_then(start: time, end: time, zone: str, now: datetime) -> None:
    quiet = Quiet(start, end if end != start else end.replace(minute=(end.minute + 1) % 60), zone)

    ends = quiet.ends_at(now)

    if ends is not None:
        assert now < ends <= now + timedelta(hours=49 if zone == "Pacific/Apia" else 26)
        assert quiet.ends_at(ends) is None or _doubled(ends, zone)


def _doubled(at: datetime, zone: str) -> bool:
    """Whether the clock has been put back, so that the same time of the day lies in quiet hours again."""
    local = at.astimezone(ZoneInfo(zone))
    return local.utcoffset() != (local + timedelta(hours=3)).utcoffset() or local.fold == 1


@given(zone=zones, now=moments)
def test_the_next_digest_is_the_next_eight_o_clock(zone: str, now: datetime) -> None:
    due = next_digest(now, zone)

    assert now < due <= now + timedelta(hours=49 if zone == "Pacific/Apia" else 26)
    assert due.astimezone(ZoneInfo(zone)).time() == DIGEST_AT
