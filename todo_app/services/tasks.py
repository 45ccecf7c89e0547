"""What people do with tasks: add, edit, complete, reopen, delete, restore, purge, reorder."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue
from uuid6 import uuid7

from todo_app.db.models import Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Conflict, Invalid, NotFound
from todo_app.domain.events import (
    Change,
    DueData,
    RecurrenceData,
    ReminderData,
    TaskCompleted,
    TaskCreated,
    TaskDeleted,
    TaskPurged,
    TaskReopened,
    TaskRestored,
    TaskSkipped,
    TaskUnpurged,
    TaskUpdated,
)
from todo_app.domain.ranking import rank_at, rank_between, ranks_between
from todo_app.domain.task import Due, Priority
from todo_app.domain.text import clean_description, clean_title, sort_key
from todo_app.services.occurrences import load_with_next, withdraw_next
from todo_app.services.recurrence import moved, set_recurrence, with_start
from todo_app.services.task_fields import (
    CARRIED_ON,
    TaskPatch,
    check_tags,
    content_of,
    due_data,
    load_for,
    reread_dues,
    set_due,
    set_field,
    value_of,
)
from todo_app.services.task_reminders import default_reminders, refuse_past, reminders_of, set_reminders
from todo_app.services.task_tree import parent_of_new

SELECTION_MAX = 500


@dataclass(frozen=True, slots=True)
class AddTask:
    """A new task."""

    title: str
    description: str = ""
    priority: Priority | None = None
    due: Due | None = None
    project_id: UUID | None = None
    parent_id: UUID | None = None
    tag_ids: frozenset[UUID] = frozenset()
    recurrence: RecurrenceData | None = None
    # None: those that the person wants by default.
    reminders: Sequence[ReminderData] | None = None


@dataclass(frozen=True, slots=True)
class EditTasks:
    """New values for fields of some tasks.

    ``base`` holds the values that the person saw when they began to type: when a field is neither
    that nor the new value any more, somebody else changed it, which is a conflict. ``add_tag_ids``
    and ``remove_tag_ids`` change tags without touching the others. ``only_here`` keeps the change out of
    the following occurrences of a series, and ``following`` makes those count from a new due date, which
    otherwise concerns this one alone.
    """

    task_ids: Sequence[UUID]
    patch: TaskPatch
    base: TaskPatch | None = None
    add_tag_ids: frozenset[UUID] = frozenset()
    remove_tag_ids: frozenset[UUID] = frozenset()
    only_here: bool = False
    following: bool = False


@dataclass(frozen=True, slots=True)
class MoveTask:
    """Put a task right after one and right before another in manual order.

    One of them may be ``None`` where a window ends: the list may go on there, so the task is put beside
    the one that is known, not at the end.
    """

    task_id: UUID
    after_id: UUID | None
    before_id: UUID | None


@dataclass(frozen=True, slots=True)
class EmptyTrash:
    """Remove for good all that lay in the trash at an instant.

    One command in several transactions, however full the trash is: others can write in between, and one undo
    takes back the whole.
    """

    until: datetime
    command_id: UUID


async def add(uow: UnitOfWork, command: AddTask) -> Task:
    """Add a task.

    Raises:
        Invalid: when a field can't be so.
        NotFound: when the project, the parent or a tag does not exist.
    """
    title = clean_title(command.title)
    description = clean_description(command.description)
    await check_tags(uow, command.tag_ids, total=len(command.tag_ids))
    parent = await parent_of_new(uow, command.parent_id) if command.parent_id else None
    project_id = parent.project_id if parent else command.project_id
    if project_id is not None:
        await uow.projects.get(project_id)
    due, recurrence = command.due, command.recurrence
    if recurrence is not None:
        recurrence, due = with_start(uow, recurrence, due)
    task_id = uuid7()
    task = Task(
        id=task_id,
        user_id=uow.user_id,
        project_id=project_id,
        parent_id=command.parent_id,
        title=title,
        title_sort=sort_key(title),
        description=description,
        priority=command.priority,
        rank=rank_at(uow.now, task_id),
        created_at=uow.now,
        updated_at=uow.now,
        version=1,
    )
    set_due(task, due, uow.identity.zone)
    uow.tasks.add(task, tag_ids=command.tag_ids, command_id=uow.command_id)
    if recurrence is not None:
        await set_recurrence(uow, task, recurrence)
    await _add_reminders(uow, task, command.reminders)
    uow.record(
        task.id,
        task.version,
        TaskCreated(
            **content_of(uow, task),
            recurrence=recurrence,
            series_id=task.series_id,
            occurrence=task.occurrence,
        ),
    )
    return task


async def _add_reminders(uow: UnitOfWork, task: Task, wanted: Sequence[ReminderData] | None) -> None:
    uow.reminders.begin(task)
    if wanted is None:
        wanted = default_reminders(uow.identity, task.due)
    refuse_past(wanted, [], now=uow.now)
    await set_reminders(uow, task, wanted)


async def edit(uow: UnitOfWork, command: EditTasks) -> list[Task]:
    """Change fields of tasks; a value that is there already is no change.

    Raises:
        Invalid: when a value can't be so, or the selection is empty or too large.
        NotFound: when a task, project or tag does not exist.
        Conflict: when a field was changed since the person saw it.
    """
    if "parent_id" in command.patch.model_fields_set:
        await load_to_move(uow, command.task_ids, [command.patch.parent_id])
    tasks = await _selected(uow, command.task_ids)
    for task in tasks:
        await _edit_one(uow, task, command)
    return tasks


async def load_to_move(
    uow: UnitOfWork, task_ids: Collection[UUID], parent_ids: Collection[UUID | None]
) -> None:
    """Load tasks that are to hang below others, before any of them is loaded otherwise."""
    _check_selection(task_ids)
    await uow.tasks.with_relatives([*task_ids, *(each for each in parent_ids if each)])


async def complete(uow: UnitOfWork, task_ids: Sequence[UUID]) -> list[Task]:
    """Complete tasks with their open subtasks; completed ones stay as they are.

    Raises:
        Invalid: when the selection is empty or too large, or a task lies in the trash.
        NotFound: when a task does not exist.
    """
    tasks, with_subtasks = await _selected_with_subtasks(uow, task_ids)
    if any(task.deleted_at for task in tasks):
        raise Invalid("task", "This task lies in the trash. Restore it first.")
    for task in with_subtasks:
        if task.deleted_at is None:
            close(uow, task, at=uow.now)
    return tasks


async def skip(uow: UnitOfWork, task_ids: Sequence[UUID]) -> list[Task]:
    """Close occurrences of series, with their open subtasks, without having done them.

    Raises:
        Invalid: when the selection is empty or too large, or a task does not repeat or lies in the trash.
        NotFound: when a task does not exist.
    """
    tasks, with_subtasks = await _selected_with_subtasks(uow, task_ids)
    await uow.recurrences.load(tasks)
    for task in tasks:
        series = uow.recurrences.of(task)
        is_over = series is None or (series.ended_at and task.completed_at is None)
        if is_over or task.deleted_at:
            raise Invalid("task", "Only a task that repeats can be skipped.")
    for task in with_subtasks:
        if task.deleted_at is None:
            close(uow, task, at=uow.now, skipped=True)
    return tasks


def close(uow: UnitOfWork, task: Task, *, at: datetime, skipped: bool = False) -> None:
    """Complete or skip one loaded task as of an instant; a closed one stays as it is."""
    if task.completed_at is not None:
        return
    task.completed_at, task.skipped = at, skipped
    _touch(uow, task)
    event = TaskSkipped if skipped else TaskCompleted
    uow.record(
        task.id,
        task.version,
        event(title=task.title, completed_at=at, series_id=task.series_id, occurrence=task.occurrence),
    )


async def reopen(uow: UnitOfWork, task_ids: Sequence[UUID]) -> list[Task]:
    """Make completed tasks open again, instead of the occurrences that followed; open ones stay as they are.

    Raises:
        Invalid: when the selection is empty or too large.
        NotFound: when a task does not exist.
    """
    await load_with_next(uow, task_ids)
    tasks = await _selected(uow, task_ids)
    for task in tasks:
        await reopen_one(uow, task)
    return tasks


async def reopen_one(uow: UnitOfWork, task: Task) -> None:
    """Make one task open again that ``load_with_next`` has loaded; an open one stays as it is."""
    if task.completed_at is None:
        return
    closed_at, task.completed_at = task.completed_at, None
    _reread_due(uow, task)
    skipped, task.skipped = task.skipped, False
    _touch(uow, task)
    uow.record(task.id, task.version, TaskReopened(title=task.title, completed_at=closed_at, skipped=skipped))
    await withdraw_next(uow, task, closed_at=closed_at)


async def delete(uow: UnitOfWork, task_ids: Sequence[UUID]) -> list[Task]:
    """Put tasks with their subtasks into the trash.

    Raises:
        Invalid: when the selection is empty or too large.
        NotFound: when a task does not exist.
    """
    tasks, with_subtasks = await _selected_with_subtasks(uow, task_ids)
    trash(uow, with_subtasks)
    return tasks


def trash(uow: UnitOfWork, tasks: Iterable[Task]) -> None:
    """Put loaded tasks into the trash; those that lie there already stay as they are."""
    for task in tasks:
        if task.deleted_at is None:
            task.deleted_at = uow.now
            _touch(uow, task)
            uow.record(
                task.id, task.version, TaskDeleted(title=task.title, deleted_at=uow.now, status=task.status)
            )


async def restore(uow: UnitOfWork, task_ids: Sequence[UUID]) -> list[Task]:
    """Bring tasks back from the trash, with the subtasks that went there together with them.

    A task whose parent or project is gone comes back without it.

    Raises:
        Invalid: when the selection is empty or too large.
        NotFound: when a task does not exist.
    """
    tasks, with_subtasks = await _selected_with_subtasks(uow, task_ids)
    deletions = {task.deleted_at for task in tasks}
    for task in with_subtasks:
        if task.deleted_at in deletions and task.deleted_at is not None and task.purged_at is None:
            await restore_one(uow, task)
    return tasks


async def purge(uow: UnitOfWork, task_ids: Sequence[UUID]) -> int:
    """Remove tasks from the trash for good: hidden now, erased once the time to undo has passed.

    Returns how many were removed, with subtasks.

    Raises:
        Invalid: when the selection is too large, or a task does not lie in the trash.
    """
    _, tree = await _selected_with_subtasks(uow, task_ids)
    tasks = [task for task in tree if task.purged_at is None]
    for task in tasks:
        if task.deleted_at is None:
            raise Invalid("task", "Only what lies in the trash can be removed for good.")
        task.purged_at = uow.now
        _touch(uow, task)
        uow.record(task.id, task.version, TaskPurged(title=task.title))
    return len(tasks)


def unpurge(uow: UnitOfWork, task: Task) -> None:
    """Put a loaded task that was removed for good back into the trash, while it is not erased yet."""
    if task.purged_at is not None:
        task.purged_at = None
        _touch(uow, task)
        uow.record(task.id, task.version, TaskUnpurged(title=task.title))


async def empty_trash(uow: UnitOfWork, command: EmptyTrash) -> int:
    """Remove the next ``SELECTION_MAX`` tasks of the trash for good.

    Returns how many were removed, with subtasks; call again in another transaction until it is zero.
    """
    uow.command_id = command.command_id
    # Somebody may have thought better of it meanwhile; their tasks lie in the trash again.
    if await uow.activity.undone([command.command_id]):
        return 0
    task_ids = await uow.tasks.ids_in_trash(until=command.until, limit=SELECTION_MAX)
    return await purge(uow, task_ids) if task_ids else 0


async def move(uow: UnitOfWork, command: MoveTask) -> Task:
    """Put a task at another place of the manual order.

    Raises:
        Invalid: when the neighbours are not in order any more.
        NotFound: when the task or a neighbour does not exist.
    """
    task = await uow.tasks.get(command.task_id)
    after = await uow.tasks.get(command.after_id) if command.after_id else None
    before = await uow.tasks.get(command.before_id) if command.before_id else None
    anchor = after or before
    if anchor is None:
        return task
    if after and before and after.rank != before.rank:
        rank = rank_between(after.rank, before.rank)
    else:
        rank = await _room_beside(uow, task, anchor, is_after=after is not None)
    await apply_changes(uow, task, TaskPatch(rank=rank))
    return task


async def _room_beside(uow: UnitOfWork, task: Task, anchor: Task, *, is_after: bool) -> str:
    """A free rank right beside ``anchor``.

    Two moves into the same gap at the same time give two tasks one rank. Those that then stand behind
    the place are moved on, for there is nothing between equal ranks.
    """
    below, above = await uow.tasks.ranks_around(anchor.rank)
    tied = [each for each in await uow.tasks.ranked(anchor.rank) if each.id not in (task.id, anchor.id)]
    tied = sorted([*tied, anchor], key=lambda each: each.id)
    place = tied.index(anchor) + is_after
    if place == 0:
        return rank_between(below, anchor.rank)
    behind = tied[place:]
    rank, *others = ranks_between(anchor.rank, above, count=1 + len(behind))
    for each, new_rank in zip(behind, others, strict=True):
        await apply_changes(uow, each, TaskPatch(rank=new_rank))
    return rank


async def apply_changes(uow: UnitOfWork, task: Task, patch: TaskPatch, *, only_here: bool = False) -> None:
    """Set the named fields of a loaded task and record which of them changed.

    Those that the following occurrences of a series take over are kept out of them by ``only_here``.

    Raises:
        Invalid: when a value can't be so.
        NotFound: when a project or tag does not exist.
    """
    await load_for(uow, [task], patch.model_fields_set)
    patch = await _with_what_follows(uow, task, patch)
    changes: list[Change] = []
    for field in sorted(patch.model_fields_set):
        before = value_of(uow, task, field)
        await set_field(uow, task, field, patch)
        after = value_of(uow, task, field)
        if after != before:
            changes.append(Change(field=field, before=before, after=after))
    if not changes:
        return
    if {"title", "description"} & {change.field for change in changes}:
        uow.tasks.index_text(task)
    if task.series_id is not None:
        _keep_apart(task, changes, only_here=only_here)
    _touch(uow, task)
    uow.record(task.id, task.version, TaskUpdated(title=task.title, changes=changes))


async def _with_what_follows(uow: UnitOfWork, task: Task, patch: TaskPatch) -> TaskPatch:
    """The patch with what its values bring along: a rule its due date, a time of day the usual reminder."""
    named = patch.model_fields_set
    due = Due(patch.due.date, patch.due.time, patch.due.timezone) if patch.due else None
    more: dict[str, object] = {}
    if "recurrence" in named and patch.recurrence is not None and patch.recurrence.start is None:
        recurrence, first = with_start(uow, patch.recurrence, due if "due" in named else task.due)
        more = {"recurrence": recurrence, "due": due_data(first)}
    usual = default_reminders(uow.identity, due)
    if usual and "due" in named and "reminders" not in named and task.due_time is None:
        await uow.reminders.load([task.id])
        if not uow.reminders.of(task):
            more["reminders"] = usual
    return patch.model_copy(update=more) if more else patch


def _keep_apart(task: Task, changes: Sequence[Change], *, only_here: bool) -> None:
    """Note what the following occurrences have instead of what was changed in this one alone."""
    kept = json.loads(task.only_here or "{}")
    for change in changes:
        if change.field not in CARRIED_ON:
            continue
        theirs = kept.pop(change.field, change.before)
        if only_here and theirs != change.after:
            kept[change.field] = theirs
    task.only_here = json.dumps(kept) if kept else None


async def _edit_one(uow: UnitOfWork, task: Task, command: EditTasks) -> None:
    await load_for(uow, [task], command.patch.model_fields_set)
    if command.base is not None:
        _refuse_conflicts(uow, task, mine=command.patch.values(), base=command.base.values())
    patch = command.patch
    if command.add_tag_ids or command.remove_tag_ids:
        tag_ids = (uow.tasks.tag_ids(task) | command.add_tag_ids) - command.remove_tag_ids
        patch = TaskPatch.model_validate({**patch.values(), "tag_ids": tag_ids})
    if patch.parent_id is not None and "project_id" not in patch.model_fields_set:
        # A subtask goes where its parent is.
        parent = await uow.tasks.get(patch.parent_id)
        patch = patch.model_copy(update={"project_id": parent.project_id})
    if "reminders" in patch.model_fields_set:
        refuse_past(patch.reminders, reminders_of(uow, task), now=uow.now)
    if command.following and patch.due is not None and task.series_id:
        patch = await _with_moved_series(uow, task, patch, patch.due)
    await apply_changes(uow, task, patch, only_here=command.only_here)


async def _with_moved_series(uow: UnitOfWork, task: Task, patch: TaskPatch, due: DueData) -> TaskPatch:
    await uow.recurrences.load([task])
    series = uow.recurrences.of(task)
    if series is None or series.ended_at:
        return patch
    rule = moved(series, task, Due(due.date, due.time, due.timezone), uow.identity.zone)
    return patch.model_copy(update={"recurrence": rule})


def _refuse_conflicts(
    uow: UnitOfWork, task: Task, *, mine: dict[str, JsonValue], base: dict[str, JsonValue]
) -> None:
    for field, seen in base.items():
        theirs = value_of(uow, task, field)
        if theirs not in (seen, mine.get(field)):
            raise Conflict(field, theirs=theirs, mine=mine.get(field))


async def _selected(uow: UnitOfWork, task_ids: Collection[UUID]) -> list[Task]:
    _check_selection(task_ids)
    return _all_there(task_ids, await uow.tasks.many(task_ids))


async def _selected_with_subtasks(
    uow: UnitOfWork, task_ids: Collection[UUID]
) -> tuple[list[Task], list[Task]]:
    """The chosen tasks, and the same with all their subtasks, parents first."""
    _check_selection(task_ids)
    tree = await uow.tasks.with_descendants(task_ids)
    return _all_there(task_ids, tree), tree


def _check_selection(task_ids: Collection[UUID]) -> None:
    if not task_ids:
        raise Invalid("tasks", "Select at least one task.")
    if len(task_ids) > SELECTION_MAX:
        raise Invalid("tasks", f"At most {SELECTION_MAX} tasks can be changed at once.")


def _all_there(task_ids: Collection[UUID], found: Iterable[Task]) -> list[Task]:
    tasks = {task.id: task for task in found if not task.purged_at}
    if not tasks.keys() >= set(task_ids):
        raise NotFound("task")
    return [tasks[task_id] for task_id in dict.fromkeys(task_ids)]


async def restore_one(uow: UnitOfWork, task: Task) -> None:
    """Bring one loaded task back from the trash; one that does not lie there stays as it is."""
    if task.deleted_at is None:
        return
    if task.parent_id:
        parents = await uow.tasks.many([task.parent_id])
        if not parents or parents[0].deleted_at:
            task.parent_id = None
    if task.project_id:
        project = await uow.projects.find(task.project_id)
        if project is None or project.deleted_at:
            task.project_id = None
    deleted_at, task.deleted_at = task.deleted_at, None
    _reread_due(uow, task)
    _touch(uow, task)
    uow.record(task.id, task.version, TaskRestored(title=task.title, deleted_at=deleted_at))


def _reread_due(uow: UnitOfWork, task: Task) -> None:
    # The rules of zones may have changed while it was away, which concerns only what is open.
    reread_dues([task], uow.identity.zone)


def _touch(uow: UnitOfWork, task: Task) -> None:
    task.version += 1
    task.updated_at = uow.now
