"""Puts a notification into the words and addresses of a message."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from todo_app.db.repositories.deliveries import Parcel
from todo_app.domain.notification_text import Told, headline, when
from todo_app.notifications.links import Link, LinkAction, LinkSigner
from todo_app.notifications.port import EMAIL, Message

ACTIONS_FOR = timedelta(days=7)
# Whoever finds an old mail must still be able to end them.
UNSUBSCRIBE_FOR = timedelta(days=365)


class Composer:
    """Writes messages for one installation, whose public address and key for links it knows."""

    def __init__(self, public_url: str, signer: LinkSigner) -> None:
        self._public_url = public_url
        self._signer = signer

    def compose(self, parcel: Parcel, *, now: datetime) -> Message:
        """The message of a delivery; composed twice, it has the same ids and the same links."""
        notification, task, user = parcel.notification, parcel.task, parcel.user
        told = Told(
            reason=notification.reason,
            title=notification.title,
            due=task.due if task else None,
            meant_for=notification.meant_for,
            is_late=notification.is_late,
        )
        acts = task is not None and parcel.channel.kind == EMAIL
        return Message(
            id=parcel.delivery.id,
            task_id=notification.task_id,
            title=headline(told),
            line=when(told, now=now, zone=ZoneInfo(user.timezone)),
            body=notification.body,
            open_url=self.page(notification.task_id),
            complete_url=self._link(parcel, LinkAction.COMPLETE) if acts else "",
            snooze_url=self._link(parcel, LinkAction.SNOOZE) if acts else "",
            unsubscribe_url=self._link(parcel, LinkAction.UNSUBSCRIBE)
            if parcel.channel.kind == EMAIL
            else "",
        )

    def page(self, task_id: UUID | None) -> str:
        """The address of a task, or of today's list."""
        return f"{self._public_url}/all?task={task_id}" if task_id else f"{self._public_url}/today"

    def _link(self, parcel: Parcel, action: LinkAction) -> str:
        delivery = parcel.delivery
        unsubscribes = action is LinkAction.UNSUBSCRIBE
        subject_id = parcel.channel.id if unsubscribes else parcel.notification.task_id
        assert subject_id is not None  # noqa: S101  # only a task's message has the other links
        link = Link(
            action=action,
            id=uuid5(delivery.id, action.name),
            user_id=delivery.user_id,
            subject_id=subject_id,
            expires_at=delivery.created_at + (UNSUBSCRIBE_FOR if unsubscribes else ACTIONS_FOR),
        )
        return f"{self._public_url}/links/{self._signer.sign(link)}"
