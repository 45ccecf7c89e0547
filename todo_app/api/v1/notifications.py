"""``/notifications``: what a person was told."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel
from typing_extensions import TypedDict

from todo_app.api.bodies import Body, Nothing
from todo_app.api.v1.callers import READER, Look
from todo_app.api.v1.commands import WRITER, Answer, Command, answer_json
from todo_app.api.v1.parameters import LIMIT, Cursor, Limit
from todo_app.api.v1.routers import v1_router
from todo_app.db.repositories.notifications import Cursor as Place
from todo_app.db.repositories.notifications import Noted
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.notification_text import headline
from todo_app.services import notifications
from todo_app.services.cursors import cursor_of, moment_place
from todo_app.services.task_document import instant

Unread = Annotated[bool, Query(description="Only those that were not read.")]


class NotificationDocument(TypedDict):
    """What somebody was told, and whether they have read it."""

    id: str
    reason: str
    text: str
    body: str
    task_id: str | None
    meant_for: str
    is_late: bool
    created_at: str
    read_at: str | None


class NotificationPage(TypedDict):
    """A stretch of the notifications, the newest first."""

    items: list[NotificationDocument]
    next_cursor: str | None


class ReadMark(Body):
    """That it was read."""

    read: Literal[True]


class ReadAnswer(BaseModel):
    """How many were marked as read."""

    read: int


router = v1_router("notifications")


@router.get("/notifications", response_model=NotificationPage)
async def list_notifications(
    *, unread: Unread = False, limit: Limit = LIMIT, cursor: Cursor = None, look: Look = READER
) -> Response:
    query = f"notifications {unread}"
    place = moment_place(cursor, query)
    async with look.read() as uow:
        found = await uow.notifications.page(
            before=Place(*place) if place else None, limit=limit + 1, unread_only=unread
        )
    following = None
    if len(found) > limit:
        last = found[limit - 1].cursor
        following = cursor_of(query, last.created_at.isoformat(), str(last.id))
    items = [_document(each) for each in found[:limit]]
    return answer_json(NotificationPage(items=items, next_cursor=following))


@router.get("/notifications/{notification_id}", response_model=NotificationDocument)
async def read_a_notification(notification_id: UUID, look: Look = READER) -> Response:
    async with look.read() as uow:
        return answer_json(_document(await uow.notifications.get(notification_id)))


@router.patch("/notifications/{notification_id}", response_model=NotificationDocument)
async def mark_as_read(notification_id: UUID, _: ReadMark, command: Command = WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        noted = await notifications.mark_read(uow, notification_id)
        await uow.session.refresh(noted.notification)
        return Answer(_document(noted))

    return await command.run(act)


@router.post("/notifications/read-all", response_model=ReadAnswer)
async def mark_all_as_read(_: Nothing | None = None, command: Command = WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        return Answer({"read": await notifications.mark_all_read(uow)})

    return await command.run(act)


def _document(noted: Noted) -> NotificationDocument:
    notification = noted.notification
    return NotificationDocument(
        id=str(notification.id),
        reason=notification.reason,
        text=headline(notifications.told(noted)),
        body=notification.body,
        task_id=str(notification.task_id) if notification.task_id else None,
        meant_for=instant(notification.meant_for) or "",
        is_late=notification.is_late,
        created_at=instant(notification.created_at) or "",
        read_at=instant(notification.read_at),
    )
