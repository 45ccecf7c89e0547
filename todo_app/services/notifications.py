"""What a person was told: the list behind the bell, reading it, acting on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from todo_app.db.repositories.notifications import PAGE, Cursor, Noted
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import NotFound
from todo_app.domain.notification_text import Told
from todo_app.domain.quiet_hours import quiet_until

# More is shown as “99+”.
COUNTED_MAX = 100
# How long after it came a notification may still be shown at the corner of an open page.
FRESH_FOR = timedelta(minutes=10)
_MORNING = time(9)


class Snooze(StrEnum):
    """For how long a reminder can be put off by one click."""

    TEN_MINUTES = "10min"
    HOUR = "1h"
    TOMORROW = "tomorrow"


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the list, newest first, and where the next one begins."""

    notes: list[Noted]
    following: Cursor | None


async def page(uow: UnitOfWork, *, before: Cursor | None = None) -> Page:
    """The newest notifications, or those before a place in the list."""
    notes = await uow.notifications.page(before=before, limit=PAGE + 1)
    return Page(notes[:PAGE], notes[PAGE - 1].cursor if len(notes) > PAGE else None)


async def count_unread(uow: UnitOfWork) -> int:
    """How many have not been read, up to ``COUNTED_MAX``."""
    return await uow.notifications.count_unread(up_to=COUNTED_MAX)


async def fresh(uow: UnitOfWork) -> list[Noted]:
    """What has come in the last minutes and may be shown at the corner, the newest first."""
    notes = await uow.notifications.unread_since(uow.now - FRESH_FOR)
    if not notes:
        return []
    preferences = await uow.notifications.preferences()

    def is_quiet(instant: datetime) -> bool:
        until = quiet_until(
            instant,
            quiet_from=preferences.quiet_from,
            until=preferences.quiet_until,
            zone=uow.identity.zone,
        )
        return until is not None

    if is_quiet(uow.now):
        return []
    return [note for note in notes if not is_quiet(note.notification.created_at)]


async def mark_read(uow: UnitOfWork, notification_id: UUID) -> Noted:
    """Mark one as read.

    Raises:
        NotFound: when the user has none with this id.
    """
    noted = await uow.notifications.get(notification_id)
    await uow.notifications.mark_read(now=uow.now, notification_id=notification_id)
    return noted


async def mark_all_read(uow: UnitOfWork) -> int:
    """Mark all as read; how many were not."""
    return await uow.notifications.mark_read(now=uow.now)


async def task_of(uow: UnitOfWork, notification_id: UUID) -> UUID:
    """The task of a notification that somebody acts on, with which all about the task is read.

    Raises:
        NotFound: when the user has no such notification, or it is about no task.
    """
    noted = await uow.notifications.get(notification_id)
    if noted.task is None:
        raise NotFound("task")
    await uow.notifications.mark_task_read(noted.task.id, now=uow.now)
    return noted.task.id


def snoozed_until(uow: UnitOfWork, snooze: Snooze) -> datetime:
    """The moment that a reminder is put off to; “tomorrow” is nine o'clock on the user's wall clock."""
    match snooze:
        case Snooze.TEN_MINUTES:
            return uow.now + timedelta(minutes=10)
        case Snooze.HOUR:
            return uow.now + timedelta(hours=1)
        case Snooze.TOMORROW:
            zone = uow.identity.zone
            day = uow.now.astimezone(zone).date() + timedelta(days=1)
            return datetime.combine(day, _MORNING, zone)


def told(noted: Noted) -> Told:
    """What the words of a notification are made from; the due date is the task's as it is now."""
    notification, task = noted.notification, noted.task
    return Told(
        reason=notification.reason,
        title=notification.title,
        due=task.due if task else None,
        meant_for=notification.meant_for,
        is_late=notification.is_late,
    )
