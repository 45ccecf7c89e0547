"""``/reminders``."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from typing_extensions import TypedDict

from todo_app.api.v1.callers import READER, Look
from todo_app.api.v1.commands import WRITER, Answer, Command, answer_json
from todo_app.api.v1.parameters import LIMIT, Cursor, Id, Limit
from todo_app.api.v1.routers import v1_router
from todo_app.db.models import Reminder
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.services import single_reminders
from todo_app.services.cursors import cursor_of, id_place
from todo_app.services.task_bodies import ReminderBody
from todo_app.services.task_document import instant


class ReminderOfTask(TypedDict):
    """When to remind of a task; ``fires_at`` is when it will, or did last."""

    id: str
    task_id: str
    minutes_before: int | None
    at: str | None
    fires_at: str | None
    sent_at: str | None


class ReminderPage(TypedDict):
    """A stretch of the reminders, in the order they were set."""

    items: list[ReminderOfTask]
    next_cursor: str | None


class ReminderToAdd(ReminderBody):
    """A new reminder of a task."""

    task_id: Id


TaskId = Annotated[UUID | None, Query(description="The reminders of this task alone.")]


router = v1_router("reminders")


@router.get("/reminders", response_model=ReminderPage)
async def list_reminders(
    task: TaskId = None, limit: Limit = LIMIT, cursor: Cursor = None, look: Look = READER
) -> Response:
    query = f"reminders of {task}"
    async with look.read() as uow:
        if task is not None:
            await uow.tasks.get(task)
        found = await uow.reminders.page(task_id=task, start=id_place(cursor, query), limit=limit + 1)
    following = cursor_of(query, str(found[limit].id)) if len(found) > limit else None
    return answer_json(ReminderPage(items=[_document(each) for each in found[:limit]], next_cursor=following))


@router.post("/reminders", status_code=201, response_model=ReminderOfTask)
async def add_a_reminder(body: ReminderToAdd, request: Request, command: Command = WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        row = await single_reminders.add(uow, body.task_id, body.data(uow))
        return Answer(_document(row), 201, {"Location": f"{request.url.path}/{row.id}"})

    return await command.run(act)


@router.get("/reminders/{reminder_id}", response_model=ReminderOfTask)
async def read_a_reminder(reminder_id: UUID, look: Look = READER) -> Response:
    async with look.read() as uow:
        return answer_json(_document(await single_reminders.read(uow, reminder_id)))


@router.patch("/reminders/{reminder_id}", response_model=ReminderOfTask)
async def change_a_reminder(reminder_id: UUID, body: ReminderBody, command: Command = WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        return Answer(_document(await single_reminders.change(uow, reminder_id, body.data(uow))))

    return await command.run(act)


@router.delete("/reminders/{reminder_id}", status_code=204)
async def delete_a_reminder(reminder_id: UUID, command: Command = WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        await single_reminders.remove(uow, reminder_id)
        return Answer(status=204)

    return await command.run(act)


def _document(row: Reminder) -> ReminderOfTask:
    return ReminderOfTask(
        id=str(row.id),
        task_id=str(row.task_id),
        minutes_before=row.minutes_before,
        at=instant(row.at),
        fires_at=instant(row.fires_at),
        sent_at=instant(row.sent_at),
    )
