"""Quiet hours are on the wall clock, over midnight and through changes of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todo_app.domain.quiet_hours import quiet_until

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Europe/Berlin", "Australia/Lord_Howe"]


def until(local: str, quiet_from: str, end: str, *, fold: int = 0) -> str:
    """When it is over, on the wall clock of Berlin; empty when it is not quiet."""
    now = datetime.fromisoformat(local).replace(tzinfo=BERLIN, fold=fold).astimezone(UTC)
    over = quiet_until(
        now, quiet_from=time.fromisoformat(quiet_from), until=time.fromisoformat(end), zone=BERLIN
    )
    return f"{over.astimezone(BERLIN):%m-%d %H:%M%z}" if over else ""


@pytest.mark.parametrize(
    ("local", "quiet_from", "end", "over"),
    [
        ("2026-07-15T21:59", "22:00", "07:00", ""),
        ("2026-07-15T22:00", "22:00", "07:00", "07-16 07:00+0200"),
        ("2026-07-15T23:59", "22:00", "07:00", "07-16 07:00+0200"),
        ("2026-07-16T00:00", "22:00", "07:00", "07-16 07:00+0200"),
        ("2026-07-16T06:59", "22:00", "07:00", "07-16 07:00+0200"),
        ("2026-07-16T07:00", "22:00", "07:00", ""),
        ("2026-07-15T12:30", "12:00", "13:00", "07-15 13:00+0200"),
        ("2026-07-15T13:00", "12:00", "13:00", ""),
        # The clocks go forward: half past two is not there.
        ("2026-03-29T01:30", "22:00", "02:30", "03-29 03:30+0200"),
        # They go back: half past two comes twice.
        ("2026-10-25T01:30", "22:00", "02:30", "10-25 02:30+0100"),
        ("2026-10-24T23:00", "22:00", "07:00", "10-25 07:00+0100"),
    ],
)
def test_when_they_are_over(local: str, quiet_from: str, end: str, over: str) -> None:
    assert until(local, quiet_from, end) == over


def test_in_the_second_pass_of_an_hour_too() -> None:
    assert until("2026-10-25T02:10", "22:00", "02:30", fold=1) == "10-25 02:30+0100"


@pytest.mark.parametrize(
    ("quiet_from", "end"), [(None, None), (None, "07:00"), ("22:00", None), ("7:00", "7:00")]
)
def test_without_two_times_there_are_none(quiet_from: str | None, end: str | None) -> None:
    times = [time.fromisoformat(each.zfill(5)) if each else None for each in (quiet_from, end)]
    now = datetime(2026, 7, 15, 5, tzinfo=UTC)
    assert quiet_until(now, quiet_from=times[0], until=times[1], zone=BERLIN) is None


@given(
    now=st.integers(1_577_836_800, 1_893_456_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    quiet_from=st.times(),
    end=st.times(),
    zone=st.sampled_from(ZONES),
)
def test_they_end_ahead_and_within_a_day_and_are_over_then(
    now: datetime, quiet_from: time, end: time, zone: str
) -> None:
    quiet_from, end = (each.replace(second=0, microsecond=0, fold=0) for each in (quiet_from, end))
    over = quiet_until(now, quiet_from=quiet_from, until=end, zone=ZoneInfo(zone))
    if over is None:
        return
    # Samoa left out a day.
    assert now < over <= now + timedelta(hours=50)
    if ZoneInfo(zone).utcoffset(now) == ZoneInfo(zone).utcoffset(over + timedelta(hours=3)):
        assert quiet_until(over, quiet_from=quiet_from, until=end, zone=ZoneInfo(zone)) is None
