"""What people are told without having set a reminder: that tasks are overdue, and what a day holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from uuid6 import uuid7

from todo_app.db.models import NotificationPreferences
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.events import ReminderDue
from todo_app.services.reminders import LATE_AFTER

# Somebody who is just doing it need not be told.
OVERDUE_AFTER = timedelta(minutes=30)
# In one transaction; what is left follows a minute later.
BATCH = 100


async def tell(uow: UnitOfWork, user_id: UUID, *, worker: str) -> None:
    """Record what is to be told to a user by now, each thing once.

    How far they have been told is stored in the same transaction, so any number of workers may do this.
    """
    preferences = await uow.day_notices.preferences(user_id)
    people = await uow.accounts.workers_for({user_id}, name=worker)
    if preferences is None or user_id not in people:
        return
    uow.identity = people[user_id]
    clock = uow.now.astimezone(uow.identity.zone).replace(tzinfo=None)
    await _tell_overdue(uow, preferences, until=clock - OVERDUE_AFTER)
    _tell_of_the_day(uow, preferences, clock)


async def _tell_overdue(uow: UnitOfWork, preferences: NotificationPreferences, *, until: datetime) -> None:
    told_until = preferences.overdue_told_until
    if not preferences.overdue_notice or told_until is None:
        # What was overdue before somebody wants to be told is no news to them.
        preferences.overdue_told_until = until if preferences.overdue_notice else None
        return
    tasks = await uow.day_notices.became_overdue(uow.user_id, after=told_until, until=until, limit=BATCH)
    for task in tasks:
        due_at = task.due_at or task.due_sort.replace(tzinfo=uow.identity.zone)
        _record(uow, ReminderDue(reason="overdue", task_id=task.id, title=task.title, meant_for=due_at))
    # A clock that was set back tells nothing twice.
    preferences.overdue_told_until = max(told_until, tasks[-1].due_sort if len(tasks) == BATCH else until)


def _tell_of_the_day(uow: UnitOfWork, preferences: NotificationPreferences, clock: datetime) -> None:
    at, sent_on = preferences.digest_at, preferences.digest_sent_on
    if at is None or clock.time() < at or (sent_on is not None and sent_on >= clock.date()):
        return
    preferences.digest_sent_on = clock.date()
    meant_for = datetime.combine(clock.date(), at, tzinfo=uow.identity.zone)
    is_late = uow.now - meant_for >= LATE_AFTER
    title = f"Your {clock:%A}"
    _record(
        uow, ReminderDue(reason="digest", task_id=None, title=title, meant_for=meant_for, is_late=is_late)
    )


def _record(uow: UnitOfWork, due: ReminderDue) -> None:
    uow.record(uuid7(), 1, due)
