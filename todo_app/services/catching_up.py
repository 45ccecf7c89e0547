"""Moving what was due before today to today."""

from __future__ import annotations

from dataclasses import replace

from todo_app.db.models import Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.views import DueRange, Filters, ListName, View
from todo_app.services import lists
from todo_app.services.task_fields import TaskPatch, due_data
from todo_app.services.tasks import apply_changes


async def catch_up(uow: UnitOfWork) -> list[Task]:
    """Make the open tasks that were due before today due today, each at its own time of day.

    A window of them at a time; those left over stay overdue.
    """
    today = lists.today(uow)
    overdue = View.of(ListName.TODAY).filtered(Filters(due=DueRange.OVERDUE))
    window = await lists.window(uow, overdue)
    late = await uow.tasks.many([task.id for task in window.tasks])
    for task in late:
        if task.due is not None:
            await apply_changes(uow, task, TaskPatch(due=due_data(replace(task.due, date=today))))
    return late
