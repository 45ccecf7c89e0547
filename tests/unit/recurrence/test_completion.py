"""What follows from completing a task whose recurrence counts from there."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from todo_app.domain.recurrence import Anchor, Recurrence, after_completion, parse_rules, preview

_NEW_YORK = ZoneInfo("America/New_York")


def _after(rule: str, completed_at: str, at: time | None = None) -> str | None:
    found = after_completion(
        Recurrence(parse_rules(rule), Anchor.COMPLETION),
        completed_at=datetime.fromisoformat(completed_at),
        timezone=_NEW_YORK,
        at=at,
    )
    return found.isoformat() if found is not None else None


@pytest.mark.parametrize(
    ("rule", "completed_at", "following"),
    [
        ("FREQ=DAILY;INTERVAL=3", "2026-07-22T14:00:00Z", "2026-07-25"),
        ("FREQ=DAILY", "2026-07-17T02:00:00Z", "2026-07-17"),
        ("FREQ=MONTHLY", "2027-01-31T15:00:00Z", "2027-02-28"),
        ("FREQ=YEARLY", "2028-02-29T15:00:00Z", "2029-02-28"),
        ("FREQ=DAILY;INTERVAL=3;X-WORKDAYS=TRUE", "2026-07-17T15:00:00Z", "2026-07-22"),
        ("FREQ=DAILY;INTERVAL=3;X-WORKDAYS=TRUE", "2026-07-18T15:00:00Z", "2026-07-22"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-07-20T15:00:00Z", "2026-07-27"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-07-22T15:00:00Z", "2026-07-27"),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", "2027-01-31T15:00:00Z", "2027-02-28"),
        ("FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=14\nFREQ=YEARLY;BYMONTH=6;BYMONTHDAY=15", "2026-07-22T15:00:00Z", "2027-01-14"),
    ],
)  # fmt: skip
def test_an_all_day_task_comes_again_on(rule: str, completed_at: str, following: str) -> None:
    assert _after(rule, completed_at) == following


@pytest.mark.parametrize(
    ("rule", "completed_at", "following"),
    [
        ("FREQ=WEEKLY;INTERVAL=2", "2026-07-15T21:00:00Z", "2026-07-29T18:00:00-04:00"),
        ("FREQ=DAILY", "2026-03-08T03:00:00Z", "2026-03-08T18:00:00-04:00"),
        ("FREQ=WEEKLY;BYDAY=MO", "2026-07-20T12:00:00Z", "2026-07-27T18:00:00-04:00"),
        ("FREQ=DAILY;BYHOUR=9,21;BYMINUTE=0", "2026-07-15T13:30:00Z", "2026-07-15T21:00:00-04:00"),
    ],
)
def test_a_timed_task_keeps_its_time(rule: str, completed_at: str, following: str) -> None:
    assert _after(rule, completed_at, time(18)) == following


def test_hours_count_from_the_instant_in_real_time() -> None:
    assert _after("FREQ=HOURLY;INTERVAL=3", "2026-03-08T06:30:20Z", time(1)) == "2026-03-08T05:30:00-04:00"


def test_nothing_follows_after_the_end() -> None:
    assert _after("FREQ=DAILY;INTERVAL=3;UNTIL=20260724", "2026-07-22T14:00:00Z") is None
    assert _after("FREQ=DAILY;INTERVAL=3;UNTIL=20260725", "2026-07-22T14:00:00Z") == "2026-07-25"
    assert _after("FREQ=DAILY;INTERVAL=999999999", "2026-07-22T14:00:00Z") is None
    assert _after("FREQ=HOURLY;INTERVAL=999999999", "2026-07-22T14:00:00Z") is None


def test_a_preview_lists_what_follows_as_if_each_was_done_on_its_day() -> None:
    shown = preview(
        "FREQ=DAILY;INTERVAL=3;COUNT=2",
        start=date(2026, 7, 15),
        timezone=_NEW_YORK,
        count=5,
        anchor=Anchor.COMPLETION,
        completed_at=datetime(2026, 7, 22, 14, tzinfo=UTC),
    )
    assert shown.text == "every! 3 days for 2 times"
    assert shown.occurrences == (date(2026, 7, 25), date(2026, 7, 28))
