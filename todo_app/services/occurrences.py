"""The occurrences of a series: closing one makes the next, reopening it takes that away again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5

from todo_app.db.models import Task, TaskRecurrence
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.events import (
    RecurrenceEnded,
    TaskCreated,
    TaskRecurred,
    TaskWithdrawn,
)
from todo_app.domain.series import Closed, Wall, as_due, following, from_key, occurrence_id
from todo_app.domain.task import Due
from todo_app.domain.text import sort_key
from todo_app.services.recurrence import foresee, series_of
from todo_app.services.task_fields import CARRIED_ON, TaskPatch, content_of, set_due, value_of
from todo_app.services.task_reminders import add_reminder


async def advance(uow: UnitOfWork, task_id: UUID) -> None:
    """Make the occurrence that follows a closed one, unless it is there or the series is over.

    It does nothing for a task that is open again, or whose parent is done with.
    """
    family = {task.id: task for task in await uow.tasks.with_parent_and_descendants(task_id)}
    task = family.get(task_id)
    if task is None or task.completed_at is None:
        return
    await uow.recurrences.load([task])
    row = uow.recurrences.of(task)
    if row is None or row.ended_at or row.latest_id != task.id or _is_over_with_parent(family, task):
        return
    wall = _next(uow, row, task)
    if wall is None:
        _end(uow, row, task)
        return
    subtasks = [each for each in family.values() if each.id not in (task.id, task.parent_id)]
    made = await _make(uow, row, task, wall, [each for each in subtasks if each.deleted_at is None])
    row.latest_id, row.previous_id = made.id, task.id
    row.occurrences_made += 1
    row.last_created_at = uow.now
    foresee(row, made, uow.identity.zone)


async def load_with_next(uow: UnitOfWork, task_ids: Collection[UUID]) -> None:
    """Load tasks that are to be reopened together with the occurrences that closing them has made."""
    following_ids = await uow.recurrences.successors(task_ids)
    if following_ids:
        await uow.tasks.with_descendants([*task_ids, *following_ids])


async def withdraw_next(uow: UnitOfWork, task: Task, *, closed_at: datetime) -> None:
    """Take away the occurrence that closing a task has made, if nobody has touched it."""
    await uow.recurrences.load([task])
    row = uow.recurrences.of(task)
    if row is None:
        return
    if row.latest_id == task.id and row.ended_at and row.ended_at >= closed_at:
        # It was the last one, and is to be done again.
        row.ended_at = None
    if row.previous_id != task.id:
        return
    tree = await uow.tasks.with_descendants([row.latest_id])
    if any(each.updated_at != each.created_at or each.completed_at for each in tree):
        return
    for each in tree:
        uow.record(each.id, each.version + 1, TaskWithdrawn(title=each.title))
    await uow.tasks.erase(tree)
    row.latest_id, row.previous_id = task.id, None
    row.occurrences_made -= 1
    foresee(row, task, uow.identity.zone)


async def next_dues(uow: UnitOfWork, tasks: Iterable[Task]) -> dict[UUID, Due]:
    """When the occurrence after each of the closed tasks will be due; those without one are missing."""
    closed = [task for task in tasks if task.series_id and task.completed_at]
    await uow.recurrences.load(closed)
    dues = {}
    for task in closed:
        row = uow.recurrences.of(task)
        if row is not None and row.ended_at is None and row.latest_id == task.id:
            wall = _next(uow, row, task)
            if wall is not None:
                dues[task.id] = as_due(wall, row.timezone)
    return dues


@dataclass(frozen=True, slots=True)
class Foreseen:
    """An occurrence that does not exist yet, as far as it can be worked out."""

    id: UUID
    occurrence: str
    due: Due
    values: TaskPatch


async def successor(uow: UnitOfWork, task: Task) -> UUID | Foreseen | None:
    """What follows a closed occurrence: the id of the next one, or what that will be, or nothing."""
    await uow.recurrences.load([task])
    row = uow.recurrences.of(task)
    if row is None or task.completed_at is None:
        return None
    if row.previous_id == task.id:
        return row.latest_id
    if row.latest_id != task.id or row.ended_at or await _is_below_closed(uow, task):
        return None
    wall = _next(uow, row, task)
    if wall is None:
        return None
    await uow.reminders.load([task.id])
    key = await uow.recurrences.free_key(row.id, wall)
    return Foreseen(
        id=occurrence_id(row.id, key),
        occurrence=key,
        due=as_due(wall, row.timezone),
        values=_moved_on(_following_values(uow, task), _step(task, wall)),
    )


async def _is_below_closed(uow: UnitOfWork, task: Task) -> bool:
    parents = await uow.tasks.many([task.parent_id]) if task.parent_id else []
    return _is_over_with_parent({parent.id: parent for parent in parents}, task)


def _next(uow: UnitOfWork, row: TaskRecurrence, task: Task) -> Wall | None:
    series = series_of(row, uow.identity.zone)
    here = from_key(task.occurrence) if task.occurrence else series.start
    return following(series, Closed(here, task.due, task.completed_at or uow.now, row.occurrences_made))


def _is_over_with_parent(family: Mapping[UUID, Task], task: Task) -> bool:
    if task.parent_id is None:
        return False
    parent = family.get(task.parent_id)
    return parent is None or bool(parent.completed_at or parent.deleted_at)


def _end(uow: UnitOfWork, row: TaskRecurrence, task: Task) -> None:
    row.ended_at, row.next_due = uow.now, None
    row.version += 1
    uow.record(row.id, row.version, RecurrenceEnded(title=task.title, last_id=task.id))


@dataclass(frozen=True, slots=True)
class _Copy:
    """What a new task takes from the one before it."""

    original: Task
    id: UUID
    due: Due | None
    parent_id: UUID | None
    values: TaskPatch


async def _make(
    uow: UnitOfWork, row: TaskRecurrence, task: Task, wall: Wall, subtasks: Sequence[Task]
) -> Task:
    await uow.reminders.load([task.id, *(each.id for each in subtasks)])
    key = await uow.recurrences.free_key(row.id, wall)
    step = _step(task, wall)
    head = _Copy(
        task,
        occurrence_id(row.id, key),
        as_due(wall, row.timezone),
        task.parent_id,
        _moved_on(_following_values(uow, task), step),
    )
    copies = [head, *_copies_of_subtasks(uow, head, subtasks, step=step)]
    numbers = await uow.recurrences.last_events([copy.id for copy in copies])
    made = [await _put(uow, copy, version=numbers.get(copy.id, 0) + 1) for copy in copies]
    made[0].series_id, made[0].occurrence = row.id, key
    _record_made(uow, row, task, made)
    return made[0]


def _step(task: Task, wall: Wall) -> timedelta:
    """How far it is from an occurrence to the one after it."""
    here = from_key(task.occurrence) if task.occurrence else task.due_date or wall
    return _moment(wall) - _moment(here)


def _moved_on(values: TaskPatch, step: timedelta) -> TaskPatch:
    """The fields of the next occurrence with its own reminders."""
    reminders = [
        each.model_copy(update={"at": each.at + step if each.at else None})
        for each in values.reminders
        if not each.snooze
    ]
    return values.model_copy(update={"reminders": tuple(reminders)})


def _moment(wall: Wall) -> datetime:
    return wall if isinstance(wall, datetime) else datetime.combine(wall, time())


def _following_values(uow: UnitOfWork, task: Task) -> TaskPatch:
    """The fields of a task as the following ones have them: without what was changed in this one alone."""
    only_here = json.loads(task.only_here or "{}")
    values = {field: only_here.get(field, value_of(uow, task, field)) for field in CARRIED_ON}
    return TaskPatch.model_validate(values)


def _copies_of_subtasks(
    uow: UnitOfWork, head: _Copy, subtasks: Sequence[Task], *, step: timedelta
) -> Iterable[_Copy]:
    ids = {head.original.id: head.id} | {each.id: uuid5(head.id, each.id.hex) for each in subtasks}
    for each in subtasks:
        due = replace(each.due, date=_shifted(each.due.date, step.days)) if each.due else None
        parent_id = ids.get(each.parent_id) if each.parent_id else None
        if parent_id is not None:
            values = _moved_on(_following_values(uow, each), step)
            yield _Copy(each, ids[each.id], due, parent_id, values)


def _shifted(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return day


async def _put(uow: UnitOfWork, copy: _Copy, *, version: int) -> Task:
    values = copy.values
    task = Task(
        id=copy.id,
        user_id=uow.user_id,
        project_id=values.project_id,
        parent_id=copy.parent_id,
        title=values.title,
        title_sort=sort_key(values.title),
        description=values.description,
        priority=values.priority,
        # Its place in the manual order is free again, as the one before it is closed.
        rank=copy.original.rank,
        created_at=uow.now,
        updated_at=uow.now,
        version=version,
    )
    set_due(task, copy.due, uow.identity.zone)
    uow.tasks.add(task, tag_ids=values.tag_ids, command_id=uow.command_id)
    uow.reminders.begin(task)
    for reminder in values.reminders:
        add_reminder(uow, task, reminder)
    return task


def _record_made(uow: UnitOfWork, row: TaskRecurrence, previous: Task, made: Sequence[Task]) -> None:
    head, *subtasks = made
    uow.record(
        head.id,
        head.version,
        TaskRecurred(
            series_id=row.id,
            occurrence=head.occurrence or "",
            previous_id=previous.id,
            **content_of(uow, head),
        ),
    )
    for task in subtasks:
        uow.record(task.id, task.version, TaskCreated(**content_of(uow, task)))
