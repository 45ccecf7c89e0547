"""No rule, however it is made up, keeps the search going."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from todo_app.domain.recurrence import InvalidRule, Recurrence, first_occurrence, occurrences, parse_rules

_BERLIN = ZoneInfo("Europe/Berlin")
_START = datetime(2026, 7, 15, 9)  # noqa: DTZ001
_LIMIT = 1.0


def _first(rule: str, count: int = 100) -> list[date | datetime]:
    return list(islice(occurrences(Recurrence(parse_rules(rule)), start=_START, timezone=_BERLIN), count))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYDAY=53MO;BYSETPOS=2",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=3",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=3",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;INTERVAL=60;BYSECOND=3",
        "FREQ=SECONDLY;BYSECOND=60",
    ],
)
def test_a_rule_that_never_matches_ends_the_search(rule: str) -> None:
    start = process_time()
    assert _first(rule) == []
    assert process_time() - start < _LIMIT
    with pytest.raises(InvalidRule):
        first_occurrence(Recurrence(parse_rules(rule)), start=_START, timezone=_BERLIN)


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYDAY=5MO", "2044-02-29T09:00:00+01:00"),
        ("FREQ=DAILY;BYDAY=MO;BYMONTH=2;BYMONTHDAY=29", "2044-02-29T09:00:00+01:00"),
        ("FREQ=HOURLY;INTERVAL=5;BYDAY=MO;BYMONTH=2;BYMONTHDAY=29", "2044-02-29T02:00:00+01:00"),
        ("FREQ=YEARLY;INTERVAL=400;BYMONTH=1;BYMONTHDAY=1", "2426-01-01T09:00:00+01:00"),
    ],
)
def test_a_rare_match_is_found(rule: str, first: str) -> None:
    start = process_time()
    assert _first(rule)[0].isoformat() == first
    assert process_time() - start < _LIMIT


@pytest.mark.parametrize("freq", ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"])
def test_an_interval_that_leaves_the_calendar_ends_the_series(freq: str) -> None:
    assert len(_first(f"FREQ={freq};INTERVAL=999999999")) <= 32


def test_times_without_number_are_refused() -> None:
    seconds = ",".join(map(str, range(60)))
    with pytest.raises(InvalidRule):
        _first(f"FREQ=YEARLY;BYDAY=MO;BYMINUTE={seconds};BYSECOND={seconds}")


def test_a_rule_by_the_hour_does_not_go_with_an_all_day_start() -> None:
    with pytest.raises(InvalidRule):
        first_occurrence(Recurrence(parse_rules("FREQ=HOURLY")), start=date(2026, 7, 15), timezone=_BERLIN)


@pytest.mark.parametrize("year", [1, 9999])
def test_a_start_at_the_end_of_the_calendar_is_refused(year: int) -> None:
    with pytest.raises(InvalidRule):
        first_occurrence(Recurrence(parse_rules("FREQ=WEEKLY")), start=date(year, 1, 1), timezone=_BERLIN)


def test_the_next_occurrence_of_an_old_series_is_found_at_once() -> None:
    start = process_time()
    old = datetime(1950, 1, 1, 9)  # noqa: DTZ001
    since = datetime(2026, 7, 15, tzinfo=_BERLIN)
    found = next(
        occurrences(
            Recurrence(parse_rules("FREQ=MINUTELY;INTERVAL=7")), start=old, timezone=_BERLIN, since=since
        )
    )
    assert isinstance(found, datetime)
    assert found >= since
    assert process_time() - start < _LIMIT
