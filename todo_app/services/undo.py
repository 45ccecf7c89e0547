"""Taking back a command, from the events that it recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from todo_app.db.models import Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Conflict, Invalid, NotFound
from todo_app.domain.events import (
    Change,
    Event,
    FilterCreated,
    FilterDeleted,
    FilterRestored,
    FilterUpdated,
    ProjectCreated,
    ProjectDeleted,
    ProjectRestored,
    ProjectUpdated,
    TagCreated,
    TagDeleted,
    TagMerged,
    TagRestored,
    TagUpdated,
    TaskCompleted,
    TaskCreated,
    TaskDeleted,
    TaskPurged,
    TaskReopened,
    TaskRestored,
    TaskSkipped,
    TaskUnpurged,
    TaskUpdated,
    TaskWithdrawn,
)
from todo_app.services import filters, projects, tags, tasks
from todo_app.services.occurrences import load_with_next
from todo_app.services.task_fields import TaskPatch, load_for, value_of
from todo_app.services.tasks import SELECTION_MAX

UNDO_FOR = timedelta(hours=24)
# The account's own, and what workers make of people's commands.
_NEVER_UNDONE = ("account.", "recurrence.", "reminder.", "task.recurred")


async def undo(uow: UnitOfWork, command_id: UUID) -> int:
    """Take back everything that a command did; undoing an undo does it again.

    Returns how many changes were taken back.

    Raises:
        NotFound: when the user made no such command.
        Invalid: when it is older than ``UNDO_FOR``, was taken back already, or can't be.
        Conflict: when something it changed was changed again since.
    """
    events, is_undone = await uow.activity.of_command(command_id)
    if not events:
        raise NotFound("change")
    if events[0].occurred_at < uow.now - UNDO_FOR:
        raise Invalid("undo", "This was more than a day ago and can't be undone any more.")
    if is_undone:
        raise Invalid("undo", "This has been undone already.")
    uow.undoes = command_id
    if moves := _moves(events):
        await tasks.load_to_move(uow, moves.keys(), moves.values())
    # All at once; the rest finds them in this transaction.
    await load_with_next(
        uow, [event.aggregate_id for event in events if isinstance(event.data, TaskCompleted | TaskSkipped)]
    )
    await uow.tasks.many([event.aggregate_id for event in events if event.type.startswith("task.")])
    for kind, group in groupby(_backwards(events), key=lambda event: type(event.data)):
        if kind is TaskCreated:
            await _delete(uow, [event.aggregate_id for event in group])
            continue
        for event in group:
            await _take_back(uow, event)
    return len(events)


async def undoable(uow: UnitOfWork, events: Sequence[Event]) -> frozenset[UUID]:
    """The commands behind these events that ``undo`` takes back, unless something was changed since."""
    recent = {event.command_id for event in events if event.occurred_at >= uow.now - UNDO_FOR}
    never = {event.command_id for event in events if event.type.startswith(_NEVER_UNDONE)}
    return frozenset(recent - never - await uow.activity.undone(recent))


def _moves(events: list[Event]) -> dict[UUID, UUID | None]:
    """The tasks that hung elsewhere before, with what they hung below."""
    return {
        event.aggregate_id: UUID(str(change.before)) if change.before else None
        for event in events
        if isinstance(event.data, TaskUpdated)
        for change in event.data.changes
        if change.field == "parent_id"
    }


def _backwards(events: list[Event]) -> list[Event]:
    # A subtask finds its parent only when that has come back before it: deletions name parents first.
    deletions = [event for event in events if isinstance(event.data, TaskDeleted)]
    others = [event for event in reversed(events) if not isinstance(event.data, TaskDeleted)]
    return others + deletions


async def _delete(uow: UnitOfWork, task_ids: Sequence[UUID]) -> None:
    """Put tasks into the trash that the command has made, which may be a whole file of them."""
    if len({task.id for task in await uow.tasks.many(task_ids) if not task.purged_at}) < len(set(task_ids)):
        raise NotFound("task")
    for start in range(0, len(task_ids), SELECTION_MAX):
        await tasks.delete(uow, task_ids[start : start + SELECTION_MAX])


async def _take_back(uow: UnitOfWork, event: Event) -> None:
    kind = event.type.split(".")[0]
    if kind == "task":
        await _take_back_task(uow, event)
    elif kind == "project":
        await _take_back_project(uow, event)
    elif kind == "tag":
        await _take_back_tag(uow, event)
    elif kind == "filter":
        await _take_back_filter(uow, event)
    else:
        raise Invalid("undo", "A change of the account can't be undone.")


async def _take_back_task(uow: UnitOfWork, event: Event) -> None:
    if isinstance(event.data, TaskPurged):
        await _unpurge(uow, event.aggregate_id)
        return
    if isinstance(event.data, TaskWithdrawn):
        # Closing the task before it makes it anew.
        return
    task = await uow.tasks.get(event.aggregate_id)
    match event.data:
        case TaskUpdated(changes=changes):
            await load_for(uow, [task], {change.field for change in changes})
            _refuse_later_changes(uow, task, changes)
            before = {change.field: change.before for change in changes}
            await tasks.apply_changes(uow, task, TaskPatch.model_validate(before))
        case TaskCompleted() | TaskSkipped():
            await tasks.reopen_one(uow, task)
        case TaskReopened(completed_at=completed_at, skipped=skipped):
            tasks.close(uow, task, at=completed_at, skipped=skipped)
        case TaskDeleted():
            await tasks.restore_one(uow, task)
        case TaskRestored():
            tasks.trash(uow, [task])
        case TaskUnpurged():
            await tasks.purge(uow, [task.id])
        case _:
            raise Invalid("undo", "This change can't be undone.")


async def _unpurge(uow: UnitOfWork, task_id: UUID) -> None:
    found = await uow.tasks.many([task_id])
    if not found:
        raise NotFound("task")
    tasks.unpurge(uow, found[0])


async def _take_back_project(uow: UnitOfWork, event: Event) -> None:
    project = await uow.projects.find(event.aggregate_id)
    if project is None:
        raise NotFound("project")
    match event.data:
        case ProjectCreated() | ProjectRestored():
            await projects.delete(uow, project.id)
        case ProjectUpdated(changes=[Change(before=str(before), after=after)]):
            if project.name != after:
                raise Conflict("name", theirs=project.name, mine=before)
            await projects.rename(uow, project.id, before)
        case ProjectDeleted():
            await projects.restore(uow, project)


async def _take_back_tag(uow: UnitOfWork, event: Event) -> None:
    tag = await uow.tags.find(event.aggregate_id)
    if tag is None:
        raise NotFound("tag")
    match event.data:
        case TagCreated():
            await tags.delete(uow, tag.id)
        case TagUpdated(changes=[Change(field=field, before=str(before), after=after)]):
            if getattr(tag, field) != after:
                raise Conflict(field, theirs=getattr(tag, field), mine=before)
            await (tags.rename if field == "name" else tags.recolor)(uow, tag.id, before)
        case TagDeleted():
            await tags.restore(uow, tag)
        case TagMerged():
            await tags.restore(uow, tag, merged_by=event.command_id)
        case TagRestored(merged_into_id=None):
            await tags.delete(uow, tag.id)
        case TagRestored(merged_into_id=UUID() as target_id):
            await tags.merge(uow, tag.id, target_id)


async def _take_back_filter(uow: UnitOfWork, event: Event) -> None:
    saved = await uow.filters.find(event.aggregate_id)
    if saved is None:
        raise NotFound("filter")
    match event.data:
        case FilterCreated() | FilterRestored():
            await filters.delete(uow, saved.id)
        case FilterUpdated(changes=changes):
            await filters.take_back(uow, saved, changes)
        case FilterDeleted():
            await filters.restore(uow, saved)


def _refuse_later_changes(uow: UnitOfWork, task: Task, changes: list[Change]) -> None:
    for change in changes:
        current = value_of(uow, task, change.field)
        if current != change.after:
            raise Conflict(change.field, theirs=current, mine=change.before)
