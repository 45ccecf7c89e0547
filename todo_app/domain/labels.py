"""The words with which lists describe tasks: when they are due, and the groups they stand in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from todo_app.domain.task import Due, Priority
from todo_app.domain.views import ListName, Sort, View


class DueState(StrEnum):
    """How pressing a due date is; decides its colour."""

    OVERDUE = "overdue"
    TODAY = "today"
    TOMORROW = "tomorrow"
    LATER = "later"


PRIORITY_NAMES: dict[Priority | None, str] = {
    Priority.HIGH: "High",
    Priority.MEDIUM: "Medium",
    Priority.LOW: "Low",
    None: "No priority",
}


def local_due(due: Due, zone: ZoneInfo) -> Due:
    """A due date on the wall clock of the user's zone."""
    if due.time is None or due.timezone is None:
        return due
    instant = due.at(zone)
    assert instant is not None  # noqa: S101  # it has a time
    local = instant.astimezone(zone)
    return Due(local.date(), local.time().replace(tzinfo=None))


def due_state(due: Due, *, now: datetime, zone: ZoneInfo) -> DueState:
    """How pressing a due date is at an instant, for a user in ``zone``."""
    local, today = local_due(due, zone), now.astimezone(zone).date()
    instant = due.at(zone)
    if local.date < today or (instant is not None and instant < now):
        return DueState.OVERDUE
    if local.date == today:
        return DueState.TODAY
    return DueState.TOMORROW if local.date == today + timedelta(1) else DueState.LATER


def due_label(due: Due, *, now: datetime, zone: ZoneInfo) -> str:
    """When a task is due, as short as can be: “Tomorrow 17:00”, “Friday”, “3 Mar 2027”."""
    local = local_due(due, zone)
    label = day_label(local.date, today=now.astimezone(zone).date())
    return f"{label} {local.time:%H:%M}" if local.time else label


def day_label(day: date, *, today: date) -> str:
    """A day as people say it."""
    days = (day - today).days
    if days in _NEAR:
        return _NEAR[days]
    if 1 < days < 7:
        return f"{day:%A}"
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b} {day.year}"


def day_in_sentence(day: date, *, today: date) -> str:
    """The same in the middle of a sentence: “today”, but “Friday”."""
    label = day_label(day, today=today)
    return label.lower() if label in _NEAR.values() else label


def used_label(used_at: datetime, *, now: datetime) -> str:
    """When something was used last, of which no more is known than the day."""
    days = (now - used_at).days
    if days < 1:
        return "used in the last day"
    return f"last used about {days} days ago" if days > 1 else "last used about a day ago"


def group_of(
    view: View,
    *,
    due: Due | None,
    priority: Priority | None,
    finished: datetime | None,
    now: datetime,
    zone: ZoneInfo,
) -> str:
    """The heading of the group that a task stands under; empty when the list has no groups."""
    today = now.astimezone(zone).date()
    match view.sort:
        case Sort.PRIORITY:
            return PRIORITY_NAMES[priority]
        case Sort.COMPLETED | Sort.DELETED if finished is not None:
            return _dated(finished.astimezone(zone).date(), today=today)
        case Sort.DUE if view.list is ListName.TODAY and due is not None:
            return "Overdue" if local_due(due, zone).date < today else "Today"
        case Sort.DUE if view.list is ListName.UPCOMING and due is not None:
            return _dated(local_due(due, zone).date, today=today)
        case _:
            return ""


_NEAR = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}


def _dated(day: date, *, today: date) -> str:
    label = day_label(day, today=today)
    if label in _NEAR.values():
        return f"{label} · {day:%a} {day.day} {day:%b}"
    return f"{day:%A} · {day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else "")
