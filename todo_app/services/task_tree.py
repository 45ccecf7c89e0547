"""Tasks below tasks: which one may hang below which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from todo_app.db.models import Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid

DEPTH_MAX = 5


async def parent_of_new(uow: UnitOfWork, parent_id: UUID) -> Task:
    """The task that a new one is to hang below.

    Raises:
        Invalid: when it lies in the trash or as deep as subtasks can be.
        NotFound: when it does not exist.
    """
    parent = await uow.tasks.get(parent_id)
    _refuse_trashed(parent)
    depth, ancestor = 1, parent
    while ancestor.parent_id:
        depth, ancestor = depth + 1, await uow.tasks.get(ancestor.parent_id)
    if depth >= DEPTH_MAX:
        raise _too_deep()
    return parent


async def check_parent(uow: UnitOfWork, task: Task, parent_id: UUID | None) -> None:
    """Refuse to hang a loaded task, with all its subtasks, below another one; ``None`` is the top.

    Raises:
        Invalid: when that makes a ring, is too deep, or both repeat, or the parent lies in the trash.
        NotFound: when the parent does not exist.
    """
    if parent_id is None or parent_id == task.parent_id:
        return
    _refuse_trashed(await uow.tasks.get(parent_id))
    family = {each.id: each for each in await uow.tasks.with_relatives([task.id, parent_id])}
    above = list(_line_up(family, parent_id))
    below = [each for each in family.values() if task.id in _ids(_line_up(family, each.id))]
    if task.id in _ids(above):
        raise Invalid("parent_id", "A task can't be a subtask of itself or of its own subtasks.")
    height = max(len(list(_line_up(family, each.id, until=task.id))) for each in below)
    if len(above) + height > DEPTH_MAX:
        raise _too_deep()
    if await _any_repeats(uow, above) and await _any_repeats(uow, below):
        raise Invalid("parent_id", "A task and its subtasks repeat together: only one of them has a rule.")


def _line_up(family: Mapping[UUID, Task], task_id: UUID, *, until: UUID | None = None) -> Iterable[Task]:
    """A task and those above it, up to one of them."""
    task = family.get(task_id)
    while task is not None:
        yield task
        if task.id == until:
            return
        task = family.get(task.parent_id) if task.parent_id else None


def _ids(tasks: Iterable[Task]) -> set[UUID]:
    return {task.id for task in tasks}


async def _any_repeats(uow: UnitOfWork, tasks: Iterable[Task]) -> bool:
    some = [task for task in tasks if task.deleted_at is None]
    await uow.recurrences.load(some)
    series = [uow.recurrences.of(task) for task in some]
    return any(each is not None and each.ended_at is None for each in series)


def _refuse_trashed(parent: Task) -> None:
    if parent.deleted_at:
        raise Invalid("parent_id", "The parent task lies in the trash.")


def _too_deep() -> Invalid:
    return Invalid("parent_id", f"Subtasks can be nested {DEPTH_MAX} deep.")
