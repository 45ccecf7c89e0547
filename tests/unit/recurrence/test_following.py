"""Which occurrence follows a closed one, in five zones, through every change of the clocks of two years."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todo_app.domain.quick_add import parse
from todo_app.domain.recurrence import Anchor, Recurrence, parse_rules
from todo_app.domain.series import (
    Closed,
    IfOverdue,
    Series,
    Wall,
    as_due,
    as_key,
    following,
    from_key,
    keys_of,
    remaining,
)
from todo_app.domain.task import Due

ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Europe/Berlin")
zones = pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES], ids=ZONES)


def _series(rule: str, start: Wall, zone: ZoneInfo, **more) -> Series:
    anchor = more.pop("anchor", Anchor.SCHEDULE)
    return Series(Recurrence(parse_rules(rule), anchor), start, zone, **more)


def _chain(series: Series, first: Wall, steps: int) -> list[Wall]:
    """The occurrences when each is done a minute after it is due."""
    found, here = [first], first
    for number in range(1, steps):
        due = as_due(here, None)
        done = (due.at(series.timezone) or datetime.combine(due.date, time(12), tzinfo=series.timezone)) + (
            timedelta(minutes=1)
        )
        following_one = following(series, Closed(here, due, done, number))
        if following_one is None:
            break
        here = following_one
        found.append(here)
    return found


@zones
@pytest.mark.parametrize("clock", [time(0), time(2, 30), time(9), time(23, 59)])
def test_a_daily_time_comes_once_a_day_at_its_wall_clock(zone: ZoneInfo, clock: time) -> None:
    first = datetime.combine(date(2026, 1, 1), clock)

    found = _chain(_series("FREQ=DAILY", first, zone), first, 730)

    days = [moment.date() for moment in found if isinstance(moment, datetime)]
    assert days == [date(2026, 1, 1) + timedelta(days=number) for number in range(730)]
    for moment in found:
        assert isinstance(moment, datetime)
        is_gap = moment.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).time() != moment.time()
        assert moment.time() == clock or (clock == time(2, 30) and moment.time() == time(3, 30))
        assert not is_gap


@zones
def test_an_hourly_series_never_stands_still(zone: ZoneInfo) -> None:
    first = datetime(2026, 10, 24, 20)  # noqa: DTZ001  # a wall clock

    found = _chain(_series("FREQ=HOURLY", first, zone), first, 200)

    assert len({as_key(moment) for moment in found}) == 200
    instants = [
        moment.replace(tzinfo=zone).astimezone(UTC) for moment in found if isinstance(moment, datetime)
    ]
    assert instants == sorted(set(instants))


@zones
def test_the_last_day_of_each_month(zone: ZoneInfo) -> None:
    rule = "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"
    first = date(2027, 1, 31)

    found = _chain(_series(rule, first, zone), first, 14)

    assert [day.day for day in found] == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29]


@zones
def test_closed_long_after_it_was_due_the_next_lies_ahead_or_right_behind(zone: ZoneInfo) -> None:
    start = date(2026, 3, 1)
    late = datetime(2026, 3, 20, 12, tzinfo=zone)
    closed = Closed(start, Due(start), late, 1)

    assert following(_series("FREQ=DAILY", start, zone), closed) == date(2026, 3, 21)
    one_by_one = _series("FREQ=DAILY", start, zone, if_overdue=IfOverdue.NEXT)
    assert following(one_by_one, closed) == date(2026, 3, 2)


@zones
def test_from_completion_the_local_day_counts(zone: ZoneInfo) -> None:
    done = datetime(2026, 3, 20, 23, 30, tzinfo=zone)
    start = datetime(2026, 3, 1, 9)  # noqa: DTZ001  # a wall clock
    series = _series("FREQ=DAILY;INTERVAL=3", start, zone, anchor=Anchor.COMPLETION)

    found = following(series, Closed(start, as_due(start, None), done, 1))

    assert found == datetime(2026, 3, 23, 9)  # noqa: DTZ001  # likewise


@zones
def test_words_mean_the_day_of_the_zone(zone: ZoneInfo) -> None:
    now = datetime(2026, 7, 15, 23, 50, tzinfo=zone)

    assert parse("Call tomorrow 9am", now=now, timezone=zone).due == Due(date(2026, 7, 16), time(9))
    assert parse("Call today", now=now, timezone=zone).due == Due(date(2026, 7, 15))


def test_the_rest_of_a_counted_series_is_counted_down() -> None:
    series = _series("FREQ=WEEKLY;COUNT=5", date(2026, 1, 5), ZoneInfo("UTC"))

    assert remaining(series, since=date(2026, 1, 19), made=1).rules[0].count == 3


@given(moment=st.dates() | st.datetimes().map(lambda clock: clock.replace(microsecond=0)))
def test_a_key_reads_back_as_what_it_was_made_from(moment: Wall) -> None:
    keys = list(islice(keys_of(moment), 3))

    assert {from_key(key) for key in keys} == {moment}
    assert len(set(keys)) == 3
