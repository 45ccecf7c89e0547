"""What a notification says: in a toast, in the bell's list, in a mail and in a push."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from todo_app.domain.labels import due_label, local_due
from todo_app.domain.task import Due

_HEADS = {"reminder": "Reminder: ", "overdue": "Overdue: "}
_RELATIVE = ("Today", "Tomorrow", "Yesterday")
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


@dataclass(frozen=True, slots=True)
class Told:
    """What a notification is about: its reason, the task's title and due date, when it was meant to come."""

    reason: str
    title: str
    due: Due | None
    meant_for: datetime
    is_late: bool


def headline(told: Told) -> str:
    """What it is about, e.g. “Reminder: Pay rent”."""
    return f"{_HEADS.get(told.reason, '')}{told.title}"


def when(told: Told, *, now: datetime, zone: ZoneInfo) -> str:
    """How it stands with the due date, e.g. “due 09:00” or “was due 2 h ago”; empty without one."""
    said = _due(told.due, now=now, zone=zone) if told.due else ""
    if told.is_late and not said.startswith("was"):
        return "; ".join(filter(None, (said, f"meant for {_ago(now - told.meant_for)}")))
    return said


def full(told: Told, *, now: datetime, zone: ZoneInfo) -> str:
    """Both in one line, e.g. “Reminder: Pay rent — due 09:00”."""
    return " — ".join(filter(None, (headline(told), when(told, now=now, zone=zone))))


def _due(due: Due, *, now: datetime, zone: ZoneInfo) -> str:
    local, today = local_due(due, zone), now.astimezone(zone).date()
    instant = due.at(zone)
    if instant is not None and (late := now - instant) >= timedelta(minutes=1):
        return f"was due {_ago(late)}"
    label = due_label(due, now=now, zone=zone)
    if local.date < today:
        return f"was due {_lowered(label)}"
    if local.time is not None and local.date == today:
        return f"due {local.time:%H:%M}"
    return f"due {_lowered(label)}"


def _lowered(label: str) -> str:
    return label[0].lower() + label[1:] if label.startswith(_RELATIVE) else label


def _ago(late: timedelta) -> str:
    seconds = int(late.total_seconds())
    if seconds < _MINUTE:
        return "just now"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min ago"
    if seconds < _DAY:
        return f"{seconds // _HOUR} h ago"
    days = seconds // _DAY
    return "a day ago" if days == 1 else f"{days} days ago"
