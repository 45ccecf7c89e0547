"""Reminders: planned whenever their task changes, sent when their moment has come, put off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from todo_app.db.models import NotificationPreferences, Reminder, Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.events import ReminderCancelled, ReminderData, ReminderDue, ReminderScheduled
from todo_app.domain.reminders import moment_of
from todo_app.services.task_fields import TaskPatch
from todo_app.services.task_reminders import refuse_past, reminders_of
from todo_app.services.tasks import apply_changes

# A reminder that comes this much after its moment says so.
LATE_AFTER = timedelta(minutes=1)
BATCH = 500
_EVER = datetime.min.replace(tzinfo=UTC)


async def plan(uow: UnitOfWork, changed: Mapping[UUID, datetime]) -> None:
    """Set when the reminders of tasks go off, as the tasks are now.

    ``changed`` says when each of them was changed. A moment that was past by then does not go off; one that
    has passed since does, late.
    """
    found = await uow.tasks.many(changed)
    await uow.reminders.load([task.id for task in found])
    preferences = await uow.reminders.preferences()
    for task in found:
        for reminder in uow.reminders.of(task):
            _plan_one(uow, task, reminder, preferences.all_day_at, as_of=changed[task.id])


async def replan(uow: UnitOfWork, tasks: Collection[Task]) -> None:
    """Set anew when the reminders of loaded tasks go off, after the rules of their zones have changed.

    One that has been sent stays so. One that was to go off, and by the new rules should have, does so late.
    """
    await uow.reminders.load([task.id for task in tasks])
    preferences = await uow.reminders.preferences()
    for task in tasks:
        for reminder in uow.reminders.of(task):
            if reminder.sent_at is None:
                as_of = uow.now if reminder.fires_at is None else _EVER
                _plan_one(uow, task, reminder, preferences.all_day_at, as_of=as_of)


def _plan_one(uow: UnitOfWork, task: Task, reminder: Reminder, all_day_at: time, *, as_of: datetime) -> None:
    moment = _moment(task, reminder, uow.identity.zone, all_day_at)
    if moment is not None and moment == reminder.fires_at:
        return
    is_ahead = moment is not None and moment >= as_of
    if not is_ahead and (reminder.fires_at is None or reminder.sent_at is not None):
        return
    reminder.version += 1
    if is_ahead and moment is not None:
        reminder.fires_at, reminder.sent_at = moment, None
        task.reminder_sent = False
        planned = ReminderScheduled(task_id=task.id, title=task.title, fires_at=moment)
        uow.record(reminder.id, reminder.version, planned)
    else:
        reminder.fires_at = None
        uow.record(reminder.id, reminder.version, ReminderCancelled(task_id=task.id, title=task.title))


@dataclass(frozen=True, slots=True)
class Sent:
    """What one round of sending did."""

    sent: int
    claimed: int
    lateness: tuple[float, ...] = ()


async def send_due(uow: UnitOfWork, *, limit: int = BATCH) -> Sent:
    """Record that reminders are due whose moment has come, once each; any number of workers may do so.

    What it finds is locked until the transaction ends, so nobody else sends it, and it is checked against
    the task as it is: one that was closed or put off a moment ago is not sent.
    """
    claimed = await uow.due_reminders.claim(now=uow.now, limit=limit)
    people = await uow.accounts.workers_for({task.user_id for _, task in claimed}, name="reminders")
    preferences = await uow.due_reminders.preferences(people.keys())
    lateness = []
    for reminder, task in claimed:
        part = uow.part(people[task.user_id])
        if _send_one(part, reminder, task, preferences.get(task.user_id)):
            lateness.append((uow.now - reminder.fires_at).total_seconds() if reminder.fires_at else 0.0)
    return Sent(len(lateness), len(claimed), tuple(lateness))


def _send_one(
    uow: UnitOfWork, reminder: Reminder, task: Task, preferences: NotificationPreferences | None
) -> bool:
    all_day_at = (preferences or NotificationPreferences(user_id=uow.user_id)).all_day_at
    moment = _moment(task, reminder, uow.identity.zone, all_day_at)
    if moment is None or moment > uow.now:
        # The task has changed, and the plan follows in a moment.
        reminder.fires_at = moment
        return False
    late = uow.now - (reminder.fires_at or uow.now)
    reminder.sent_at = uow.now
    reminder.version += 1
    task.reminder_sent = True
    uow.record(
        reminder.id,
        reminder.version,
        ReminderDue(
            reason="reminder",
            task_id=task.id,
            title=task.title,
            meant_for=reminder.fires_at or uow.now,
            is_late=late >= LATE_AFTER,
        ),
    )
    return True


async def snooze(uow: UnitOfWork, task_id: UUID, until: datetime) -> Task:
    """Remind of a task once more at an instant, instead of at an earlier snooze.

    Raises:
        Invalid: when the instant has passed, or the task is done or deleted.
        NotFound: when there is no such task.
    """
    task = await uow.tasks.get(task_id)
    if task.completed_at or task.deleted_at:
        raise Invalid("reminders", "This task is done with, so there is nothing to be reminded of.")
    await uow.reminders.load([task.id])
    known = reminders_of(uow, task)
    again = ReminderData(at=until, snooze=True)
    refuse_past([again], [], now=uow.now)
    kept = [data for data in known if not data.snooze]
    await apply_changes(uow, task, TaskPatch(reminders=(*kept, again)))
    return task


def _moment(task: Task, reminder: Reminder, user_zone: ZoneInfo, all_day_at: time) -> datetime | None:
    if task.completed_at or task.deleted_at:
        return None
    data = ReminderData(minutes_before=reminder.minutes_before, at=reminder.at, snooze=reminder.is_snooze)
    return moment_of(data, task.due, zone=user_zone, all_day_at=all_day_at)
