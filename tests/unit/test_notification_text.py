"""What notifications say."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from todo_app.domain.notification_text import Told, full
from todo_app.domain.task import Due

BERLIN = ZoneInfo("Europe/Berlin")
# 09:00 in Berlin, a Wednesday.
NOW = datetime(2026, 7, 15, 7, tzinfo=UTC)
TODAY = date(2026, 7, 15)


def said(due: Due | None, *, reason: str = "reminder", late: timedelta = timedelta()) -> str:
    told = Told(reason, "Pay rent", due, meant_for=NOW - late, is_late=late >= timedelta(minutes=1))
    return full(told, now=NOW, zone=BERLIN)


@pytest.mark.parametrize(
    ("due", "says"),
    [
        (None, "Reminder: Pay rent"),
        (Due(TODAY), "Reminder: Pay rent — due today"),
        (Due(TODAY, time(9)), "Reminder: Pay rent — due 09:00"),
        (Due(TODAY, time(9, 30)), "Reminder: Pay rent — due 09:30"),
        (Due(TODAY, time(8, 59)), "Reminder: Pay rent — was due 1 min ago"),
        (Due(TODAY, time(7)), "Reminder: Pay rent — was due 2 h ago"),
        (Due(TODAY - timedelta(days=1), time(9)), "Reminder: Pay rent — was due a day ago"),
        (Due(TODAY - timedelta(days=5), time(9)), "Reminder: Pay rent — was due 5 days ago"),
        (Due(TODAY - timedelta(days=1)), "Reminder: Pay rent — was due yesterday"),
        (Due(TODAY - timedelta(days=14)), "Reminder: Pay rent — was due 1 Jul"),
        (Due(TODAY + timedelta(days=1), time(17)), "Reminder: Pay rent — due tomorrow 17:00"),
        (Due(TODAY + timedelta(days=2)), "Reminder: Pay rent — due Friday"),
        (Due(TODAY, time(10), "Asia/Tokyo"), "Reminder: Pay rent — was due 6 h ago"),
        (Due(TODAY, time(20), "Asia/Tokyo"), "Reminder: Pay rent — due 13:00"),
    ],
)
def test_when_a_task_is_due(due: Due | None, says: str) -> None:
    assert said(due) == says


def test_a_late_one_says_so() -> None:
    late = timedelta(hours=2)
    assert said(Due(TODAY, time(7)), late=late) == "Reminder: Pay rent — was due 2 h ago"
    assert said(Due(TODAY, time(9, 30)), late=late) == "Reminder: Pay rent — due 09:30; meant for 2 h ago"
    assert said(None, late=late) == "Reminder: Pay rent — meant for 2 h ago"


def test_the_reason_comes_first() -> None:
    assert said(Due(TODAY, time(7)), reason="overdue") == "Overdue: Pay rent — was due 2 h ago"
    assert said(None, reason="digest") == "Pay rent"
    assert said(None, reason="problem") == "Pay rent"
