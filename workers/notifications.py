"""The notifications worker: turns what is due into notifications, and lets them be delivered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time
from uuid import UUID, uuid5

from todo_app.db.models import Delivery, Notification, Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.events import Event, ReminderDue
from todo_app.domain.labels import due_label
from todo_app.domain.quiet_hours import quiet_until
from todo_app.events.consumers import Consumer

NAME = "notifications"
# In a digest; what is over it is counted.
_LINES_MAX = 20

Told = Callable[[UUID], None]


def notifications_consumer(*, on_told: Told = lambda _: None) -> Consumer:
    """The consumer that notifies; ``on_told`` is called with whoever has something new, once it is stored."""

    def afterwards(events: Sequence[Event]) -> None:
        for user_id in dict.fromkeys(event.user_id for event in events):
            on_told(user_id)

    return Consumer(name=NAME, types=frozenset({"reminder.due"}), handle=notify, afterwards=afterwards)


async def notify(uow: UnitOfWork, event: Event) -> None:
    """Note what a person is to be told, once, and every delivery of it.

    The id is made from what is due and when, so that two events for one moment make one notification.
    """
    assert isinstance(event.data, ReminderDue)  # noqa: S101  # the one type that is subscribed to
    people = await uow.accounts.workers_for({event.user_id}, name=NAME)
    if event.user_id not in people:
        return
    uow.identity = people[event.user_id]
    due = event.data
    if due.task_id is not None and not _is_open(await uow.notifications.task(due.task_id)):
        return
    notification = Notification(
        id=uuid5(event.aggregate_id, due.meant_for.isoformat()),
        user_id=uow.user_id,
        task_id=due.task_id,
        reason=due.reason,
        title=due.title,
        body=await _digest(uow) if due.reason == "digest" else "",
        meant_for=due.meant_for,
        is_late=due.is_late,
        created_at=uow.now,
    )
    if await uow.notifications.add(notification):
        await _send(uow, notification)


async def _send(uow: UnitOfWork, notification: Notification) -> None:
    preferences = await uow.notifications.preferences()
    quiet = quiet_until(
        uow.now,
        quiet_from=preferences.quiet_from,
        until=preferences.quiet_until,
        zone=uow.identity.zone,
    )
    for channel in await uow.channels.enabled():
        uow.channels.send(
            Delivery(
                id=uuid5(notification.id, str(channel.id)),
                user_id=uow.user_id,
                notification_id=notification.id,
                channel_id=channel.id,
                kind=channel.kind,
                created_at=uow.now,
                next_attempt_at=quiet or uow.now,
            )
        )


async def _digest(uow: UnitOfWork) -> str:
    """What is due today and before, a line each."""
    zone = uow.identity.zone
    today = datetime.combine(uow.now.astimezone(zone).date(), time.max)
    tasks = await uow.notifications.due_tasks(until=today, limit=_LINES_MAX + 1)
    lines = [f"• {task.title} ({due_label(task.due, now=uow.now, zone=zone)})" for task in tasks if task.due]
    return "\n".join([*lines[:_LINES_MAX], *(["…"] if len(lines) > _LINES_MAX else [])])


def _is_open(task: Task | None) -> bool:
    return task is not None and task.completed_at is None and task.deleted_at is None
