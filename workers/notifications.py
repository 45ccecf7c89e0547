"""The notifications worker: lets people be told of what is due, and their webhooks of what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from uuid import UUID, uuid5

from todo_app.db.models import (
    Delivery,
    Notification,
    NotificationPreferences,
    Task,
    Webhook,
    WebhookDelivery,
)
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain import webhooks
from todo_app.domain.events import Event, ReminderDue
from todo_app.domain.identity import Identity
from todo_app.domain.labels import due_label
from todo_app.domain.quiet_hours import quiet_until
from todo_app.events.consumers import Consumer
from todo_app.services.webhooks import wants

NAME = "notifications"
# In a digest; that there are more is said.
_LINES_MAX = 20

Told = Callable[[UUID], None]


def notifications_consumer(
    *, on_told: Told = lambda _: None, on_queued: Callable[[], None] = lambda: None
) -> Consumer:
    """The consumer that notifies.

    Args:
        on_told: Called with whoever has something new, once it is stored.
        on_queued: Called when webhooks have something to be told, once it is stored.
    """
    is_queued = False

    async def handle(uow: UnitOfWork, events: Sequence[Event]) -> None:
        nonlocal is_queued
        due = [event for event in events if isinstance(event.data, ReminderDue)]
        if due:
            await notify(uow, due)
        happened = [event for event in events if event.type in webhooks.TYPES]
        if happened and await tell_webhooks(uow, happened):
            is_queued = True

    def afterwards(events: Sequence[Event]) -> None:
        nonlocal is_queued
        for user_id in dict.fromkeys(e.user_id for e in events if isinstance(e.data, ReminderDue)):
            on_told(user_id)
        if is_queued:
            is_queued = False
            on_queued()

    return Consumer(
        name=NAME,
        types=frozenset({"reminder.due", *webhooks.TYPES}),
        handle=handle,
        afterwards=afterwards,
        webhook_types=frozenset(webhooks.TYPES),
    )


async def tell_webhooks(uow: UnitOfWork, events: Sequence[Event]) -> bool:
    """Note of which events webhooks are to be told, each of each event once; whether there is any."""
    of_user: dict[UUID, list[Webhook]] = {}
    for webhook in await uow.webhook_deliveries.listening({event.user_id for event in events}):
        of_user.setdefault(webhook.user_id, []).append(webhook)
    deliveries = [
        WebhookDelivery(
            id=uuid5(webhook.id, str(event.id)),
            user_id=event.user_id,
            webhook_id=webhook.id,
            event_id=event.id,
            type=event.type,
            created_at=uow.now,
            next_attempt_at=uow.now,
        )
        for event in events
        for webhook in of_user.get(event.user_id, ())
        if wants(webhook, event.type, at=event.occurred_at)
    ]
    await uow.webhook_deliveries.add(deliveries)
    return bool(deliveries)


async def notify(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Note what people are to be told, each thing once, and every delivery of it.

    The id is made from what is due and when, so that two events for one moment make one notification. Of
    tasks that are done or gone, and to people who are, nothing is told.
    """
    people = await uow.accounts.workers_for({event.user_id for event in events}, name=NAME)
    tasks = await uow.told.open_tasks({_due(event).task_id for event in events})
    wanted = [
        await _notification(uow, event, people[event.user_id])
        for event in events
        if event.user_id in people and _is_to_be_told(event, tasks)
    ]
    new = await uow.told.add(wanted)
    if new:
        await _send(uow, new, people)


def _due(event: Event) -> ReminderDue:
    assert isinstance(event.data, ReminderDue)  # noqa: S101  # the one type that is subscribed to
    return event.data


def _is_to_be_told(event: Event, tasks: Mapping[UUID, Task]) -> bool:
    task_id = _due(event).task_id
    return task_id is None or (task_id in tasks and tasks[task_id].user_id == event.user_id)


async def _notification(uow: UnitOfWork, event: Event, person: Identity) -> Notification:
    due = _due(event)
    return Notification(
        id=uuid5(event.aggregate_id, due.meant_for.isoformat()),
        user_id=event.user_id,
        task_id=due.task_id,
        reason=due.reason,
        title=due.title,
        body=await _digest(uow.part(person)) if due.reason == "digest" else "",
        meant_for=due.meant_for,
        is_late=due.is_late,
        created_at=uow.now,
    )


async def _send(uow: UnitOfWork, new: Sequence[Notification], people: Mapping[UUID, Identity]) -> None:
    user_ids = {each.user_id for each in new}
    channels = await uow.told.channels(user_ids)
    preferences = await uow.told.preferences(channels.keys())
    await uow.told.send(
        [
            Delivery(
                id=uuid5(notification.id, str(channel.id)),
                user_id=notification.user_id,
                notification_id=notification.id,
                channel_id=channel.id,
                kind=channel.kind,
                created_at=uow.now,
                next_attempt_at=_not_before(
                    uow.now, preferences.get(notification.user_id), people[notification.user_id]
                ),
            )
            for notification in new
            for channel in channels.get(notification.user_id, ())
        ]
    )


def _not_before(now: datetime, preferences: NotificationPreferences | None, person: Identity) -> datetime:
    if preferences is None:
        return now
    quiet = quiet_until(
        now, quiet_from=preferences.quiet_from, until=preferences.quiet_until, zone=person.zone
    )
    return quiet or now


async def _digest(uow: UnitOfWork) -> str:
    """What is due today and before, a line each."""
    zone = uow.identity.zone
    today = datetime.combine(uow.now.astimezone(zone).date(), time.max)
    tasks = await uow.notifications.due_tasks(until=today, limit=_LINES_MAX + 1)
    lines = [f"• {task.title} ({due_label(task.due, now=uow.now, zone=zone)})" for task in tasks if task.due]
    return "\n".join([*lines[:_LINES_MAX], *(["…"] if len(lines) > _LINES_MAX else [])])
