"""Adding and changing tasks as programs do it: tags and projects are called by their names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from todo_app.db.models import Project, Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid, Stale
from todo_app.domain.events import DueData, RecurrenceData, ReminderData
from todo_app.domain.task import Due, Priority
from todo_app.services import projects, tags, tasks
from todo_app.services.task_document import document
from todo_app.services.task_fields import TAGS_PER_TASK_MAX, TaskPatch
from todo_app.services.tasks import AddTask, EditTasks


@dataclass(frozen=True, slots=True)
class NewTask:
    """A new task; tags and a project that do not exist are created."""

    title: str
    description: str = ""
    priority: Priority | None = None
    due: Due | None = None
    tags: Sequence[str] = ()
    project: str | None = None
    parent_id: UUID | None = None
    recurrence: RecurrenceData | None = None
    # None: those that the person wants by default.
    reminders: Sequence[ReminderData] | None = None


class TaskChange(BaseModel):
    """New values for some fields of a task; a field that is not named stays as it is.

    ``add_tags`` and ``remove_tags`` leave the other tags alone.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = ""
    description: str = ""
    priority: Priority | None = None
    due: DueData | None = None
    tags: tuple[str, ...] = ()
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    project: str | None = None
    parent_id: UUID | None = None
    recurrence: RecurrenceData | None = None
    reminders: tuple[ReminderData, ...] = ()


async def add(uow: UnitOfWork, new: NewTask) -> Task:
    """Add a task.

    Raises:
        Invalid: when a field can't be so, or the project is another one than the parent's.
        NotFound: when the parent does not exist.
    """
    tag_ids = await _tag_ids(uow, new.tags)
    project = await _project(uow, new.project)
    task = await tasks.add(
        uow,
        AddTask(
            title=new.title,
            description=new.description,
            priority=new.priority,
            due=new.due,
            project_id=project.id if project else None,
            parent_id=new.parent_id,
            tag_ids=tag_ids,
            recurrence=new.recurrence,
            reminders=new.reminders,
        ),
    )
    if project is not None and task.project_id != project.id:
        raise Invalid("project", "A subtask is in the project of its parent.")
    return task


async def change(
    uow: UnitOfWork, task_ids: Sequence[UUID], wanted: TaskChange, *, versions: Collection[int] | None = None
) -> list[Task]:
    """Change fields of tasks; ``versions`` are those that the program knows, ``None`` is any.

    Raises:
        Invalid: when a value can't be so, or the selection is empty or too large.
        NotFound: when a task does not exist.
        Stale: when a task has none of the versions.
    """
    command = await edit_of(uow, task_ids, wanted)
    if "parent_id" in wanted.model_fields_set:
        await tasks.load_to_move(uow, task_ids, [wanted.parent_id])
    await refuse_stale(uow, task_ids, versions)
    return await tasks.edit(uow, command)


async def edit_of(uow: UnitOfWork, task_ids: Sequence[UUID], wanted: TaskChange) -> EditTasks:
    """The command that makes a change, with ids for names.

    Tags and a project that do not exist are created, except for tags to be removed.

    Raises:
        Invalid: when a name can't be so.
    """
    named = wanted.model_fields_set
    plain = named & TaskPatch.model_fields.keys()
    values = {name: getattr(wanted, name) for name in plain}
    if "tags" in named:
        values["tag_ids"] = await _tag_ids(uow, wanted.tags)
    if "project" in named:
        project = await _project(uow, wanted.project)
        values["project_id"] = project.id if project else None
    added = await _tag_ids(uow, wanted.add_tags)
    removed = await uow.tags.named(wanted.remove_tags)
    return EditTasks(
        task_ids,
        TaskPatch.model_validate(values),
        add_tag_ids=added,
        remove_tag_ids=frozenset(tag.id for tag in removed.values()),
    )


async def refuse_stale(uow: UnitOfWork, task_ids: Collection[UUID], versions: Collection[int] | None) -> None:
    """Refuse to change tasks that have none of the versions that a program knows; ``None`` is any.

    Raises:
        NotFound: when a task does not exist.
        Stale: it carries the task as it is.
    """
    if versions is None:
        return
    for task_id in task_ids:
        task = await uow.tasks.get(task_id)
        if task.version not in versions:
            raise Stale("task", await document(uow, task_id))


async def _tag_ids(uow: UnitOfWork, names: Collection[str]) -> frozenset[UUID]:
    if len(names) > TAGS_PER_TASK_MAX:
        raise Invalid("tags", f"A task can have at most {TAGS_PER_TASK_MAX} tags.")
    try:
        return await tags.ensure(uow, list(names))
    except Invalid as error:
        raise Invalid("tags", error.reason) from error


async def _project(uow: UnitOfWork, name: str | None) -> Project | None:
    if name is None:
        return None
    try:
        return await projects.ensure(uow, name)
    except Invalid as error:
        raise Invalid("project", error.reason) from error
