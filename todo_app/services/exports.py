"""All tasks of a person as a file, a few hundred at a time, however many there are.

The file is of one instant: everything is read in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO
from uuid import UUID

from todo_app.db.models import Reminder, Task, TaskRecurrence
from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.domain.identity import Caller
from todo_app.exchange import own_csv, own_json
from todo_app.exchange.records import ReminderRecord, TaskRecord
from todo_app.services.recurrence import data_of
from todo_app.services.task_document import TaskDocument, documents, instant

_BATCH = 400


class ExportFormat(StrEnum):
    """What can be exported. JSON has everything; the others what they can say."""

    JSON = "json"
    CSV = "csv"
    ICS = "ics"


MEDIA_TYPES = {
    ExportFormat.JSON: "application/json",
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.ICS: "text/calendar; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Names:
    """The names of tags and projects by their ids."""

    tags: Mapping[UUID, str]
    projects: Mapping[UUID, str]


async def export(work: Work, caller: Caller, kind: ExportFormat, file: TextIO) -> int:
    """Write all tasks of the caller, those in the trash too, into a file.

    Returns how many there were.
    """
    async with work.read(caller) as uow:
        if kind is ExportFormat.JSON:
            return await _write_json(uow, file)
        if kind is ExportFormat.CSV:
            file.write(own_csv.header())
            return await _write_records(uow, file, own_csv.write, lambda _: True)
        return await _write_calendar(uow, file)


async def _write_json(uow: UnitOfWork, file: TextIO) -> int:
    names = await names_of(uow)
    file.write(own_json.begin(exported_at=uow.now, timezone=uow.identity.timezone))
    projects = [{"name": name} for name in names.projects.values()]
    file.write(own_json.begin_part("projects") + own_json.write(projects, first=True) + own_json.end_part())
    tags = [{"name": tag.name, "color": tag.color} for tag in await uow.tags.all()]
    file.write(own_json.begin_part("tags") + own_json.write(tags, first=True) + own_json.end_part())
    filters = [{"name": each.name, "query": each.query} for each in await uow.filters.all()]
    file.write(own_json.begin_part("filters") + own_json.write(filters, first=True) + own_json.end_part())
    file.write(own_json.begin_part("series"))
    written = 0
    async for series in _series(uow):
        file.write(own_json.write(map(_series_entry, series), first=written == 0))
        written += len(series)
    file.write(own_json.end_part() + own_json.begin_part("tasks"))
    written = 0
    async for part, tasks in _tasks(uow):
        await part.reminders.load([task.id for task in tasks])
        told = {document["id"]: document for document in await documents(part, [task.id for task in tasks])}
        entries = [_entry(part, task, told[str(task.id)], names) for task in tasks]
        file.write(own_json.write(entries, first=written == 0))
        written += len(tasks)
    file.write(own_json.end_part() + own_json.end())
    return written


async def _write_calendar(uow: UnitOfWork, file: TextIO) -> int:
    # The library takes long to load.
    from todo_app.exchange import calendar

    file.write(calendar.begin(await uow.transfer.zones()))
    written = await _write_records(uow, file, calendar.write, _is_not_trashed)
    file.write(calendar.end())
    return written


def _is_not_trashed(task: Task) -> bool:
    return task.deleted_at is None


async def _write_records(
    uow: UnitOfWork,
    file: TextIO,
    write: Callable[[Sequence[TaskRecord]], str],
    which: Callable[[Task], bool],
) -> int:
    names, written = await names_of(uow), 0
    async for part, found in _tasks(uow):
        tasks = [task for task in found if which(task)]
        await part.recurrences.load(tasks)
        await part.reminders.load([task.id for task in tasks])
        file.write(write([record_of(part, task, names) for task in tasks]))
        written += len(tasks)
    return written


async def names_of(uow: UnitOfWork) -> Names:
    """The names of the tags and projects that are there."""
    return Names(
        {tag.id: tag.name for tag in await uow.tags.all()},
        {project.id: project.name for project in await uow.projects.all()},
    )


async def _tasks(uow: UnitOfWork) -> AsyncIterator[tuple[UnitOfWork, list[Task]]]:
    """The tasks, some at a time, each time with a unit of work that knows of no others."""
    last: UUID | None = None
    while ids := await uow.transfer.task_ids(after=last, limit=_BATCH):
        last = ids[-1]
        part = UnitOfWork(uow.session, now=uow.now, identity=uow.identity)
        yield part, await part.tasks.many(ids)
        uow.session.expunge_all()


async def _series(uow: UnitOfWork) -> AsyncIterator[Sequence[TaskRecurrence]]:
    last: UUID | None = None
    while rows := await uow.transfer.series(after=last, limit=_BATCH):
        last = rows[-1].id
        yield rows
        uow.session.expunge_all()


def _series_entry(row: TaskRecurrence) -> dict[str, object]:
    data = data_of(row)
    return {
        "id": str(row.id),
        "rule": data.rule,
        "anchor": data.anchor,
        "if_overdue": data.if_overdue,
        "start": data.start,
        "timezone": row.timezone,
        "made": row.occurrences_made,
        "latest_id": str(row.latest_id),
        "previous_id": str(row.previous_id) if row.previous_id else None,
        "last_created_at": instant(row.last_created_at),
        "ended_at": instant(row.ended_at),
    }


def _entry(uow: UnitOfWork, task: Task, document: TaskDocument, names: Names) -> dict[str, object]:
    """A task as REST tells it, and what only a copy needs."""
    snoozes = {str(row.id) for row in uow.reminders.of(task) if row.is_snooze}
    reminders = [{**told, "snooze": told["id"] in snoozes} for told in document["reminders"]]
    return {
        **document,
        "reminders": reminders,
        "skipped": task.skipped,
        "rank": task.rank,
        "only_here": _only_here(task, names),
    }


def _only_here(task: Task, names: Names) -> dict[str, object] | None:
    """What the following occurrences have instead, with names in the place of ids."""
    if task.only_here is None:
        return None
    kept: dict[str, object] = json.loads(task.only_here)
    tag_ids, project_id = kept.pop("tag_ids", None), kept.pop("project_id", "")
    if isinstance(tag_ids, list):
        kept["tags"] = [names.tags[UUID(each)] for each in tag_ids if UUID(each) in names.tags]
    if project_id != "":
        kept["project"] = names.projects.get(UUID(str(project_id))) if project_id else None
    return kept


def record_of(uow: UnitOfWork, task: Task, names: Names) -> TaskRecord:
    """A loaded task, whose series and reminders are loaded too, as files of other programs have it."""
    series = uow.recurrences.of(task)
    repeats = series is not None and series.ended_at is None and series.latest_id == task.id
    return TaskRecord(
        row=0,
        key=str(task.id),
        title=task.title,
        description=task.description,
        priority=task.priority,
        tags=tuple(sorted(names.tags[each] for each in uow.tasks.tag_ids(task) if each in names.tags)),
        project=names.projects.get(task.project_id) if task.project_id else None,
        parent_key=str(task.parent_id) if task.parent_id else None,
        due=task.due,
        recurrence=data_of(series) if series is not None and repeats else None,
        reminders=tuple(_reminder(row) for row in uow.reminders.of(task)),
        created_at=task.created_at,
        updated_at=task.updated_at,
        completed_at=task.completed_at,
        skipped=task.skipped,
        deleted_at=task.deleted_at,
    )


def _reminder(row: Reminder) -> ReminderRecord:
    return ReminderRecord(row.minutes_before, row.at, row.is_snooze, row.sent_at)
