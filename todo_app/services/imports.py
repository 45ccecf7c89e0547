"""Taking over the tasks of a file: first what would become of each row, then all of them or none.

A large file is written in several transactions, so that nobody waits long to write. They share the id of
one command, which one undo takes back; when one of them fails, those before it are taken back at once.
Importing the same file again adds nothing that is there.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from uuid6 import uuid7

from todo_app.db.models import Task, TaskRecurrence
from todo_app.db.repositories.transfer import Known
from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.domain.errors import DomainError, Invalid
from todo_app.domain.events import RecurrenceData, ReminderData, TaskCompleted, TaskCreated, TaskSkipped
from todo_app.domain.filter_language import Unreadable
from todo_app.domain.identity import Caller, Identity
from todo_app.domain.ranking import rank_at
from todo_app.domain.task import Due
from todo_app.domain.text import fold, sort_key
from todo_app.exchange.formats import Format, read
from todo_app.exchange.records import FilterRecord, Note, Reading, SeriesRecord, TaskRecord
from todo_app.services import filters, projects, tags, tasks, undo
from todo_app.services.import_plan import Contents, contents_of, names_of
from todo_app.services.recurrence import add_series, data_of, set_recurrence, with_start
from todo_app.services.task_fields import TaskPatch, content_of, set_due
from todo_app.services.task_reminders import add_reminder

BATCH = 400


@dataclass(frozen=True, slots=True)
class File:
    """A file that somebody chose; without a ``format`` it is told from what the file holds."""

    data: bytes
    name: str = ""
    format: Format | None = None


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    # Imported before, or never gone.
    SKIP = "skip"
    # It lay in the trash.
    RESTORE = "restore"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class RowReport:
    """What becomes of one row, and what of it is taken over otherwise than it stands there."""

    row: int
    title: str
    outcome: Outcome
    notes: Sequence[Note] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did or would do; ``undo`` names the command that can be taken back."""

    format: Format
    is_done: bool
    rows: Sequence[RowReport]
    remarks: Sequence[str]
    new_tags: Sequence[str]
    new_projects: Sequence[str]
    new_filters: Sequence[str]
    undo: UUID | None = None

    def count(self, outcome: Outcome) -> int:
        """How many rows became this."""
        return sum(row.outcome is outcome for row in self.rows)

    @property
    def can_be_done(self) -> bool:
        """Whether nothing has to be corrected first."""
        return self.count(Outcome.REJECT) == 0


async def preview(work: Work, caller: Caller, file: File) -> Report:
    """What importing a file would do, row by row; nothing is written.

    Raises:
        Invalid: when the file can't be read, or is too large.
    """
    return (await _plan(work, caller, file))[0].report(is_done=False)


async def run(work: Work, caller: Caller, file: File) -> Report:
    """Import a file, unless a row of it has to be corrected first, which the report then says.

    Raises:
        Invalid: when the file can't be read, or is too large.
    """
    plan, owner = await _plan(work, caller, file)
    report = plan.report(is_done=False)
    if not report.can_be_done:
        return report
    command_id = uuid7()
    try:
        for batch in plan.batches():
            async with work.write(owner) as uow:
                uow.command_id = command_id
                await _Writing(uow, plan).write(batch)
    except BaseException:
        await _take_back(work, owner, command_id)
        raise
    return plan.report(is_done=True, undo=command_id if plan.wrote else None)


async def _take_back(work: Work, owner: Identity, command_id: UUID) -> None:
    with contextlib.suppress(DomainError):
        async with work.write(owner) as uow:
            await undo.undo(uow, command_id)


@dataclass(slots=True)
class _Planned:
    """A record and the id of the task that it is or becomes."""

    record: TaskRecord
    id: UUID
    outcome: Outcome
    notes: list[Note] = field(default_factory=list)


@dataclass(slots=True)
class _Plan:
    format: Format
    contents: Contents
    tasks: list[_Planned]
    # The ids that tasks and series of the file have here.
    ids: dict[str, UUID]
    series_ids: dict[str, UUID]
    new_tags: list[str]
    new_projects: list[str]
    new_filters: list[FilterRecord]
    remarks: list[str]
    wrote: bool = False

    def batches(self) -> Iterator[Sequence[_Planned]]:
        todo = [each for each in self.tasks if each.outcome in (Outcome.CREATE, Outcome.RESTORE)]
        for start in range(0, max(1, len(todo)), BATCH):
            yield todo[start : start + BATCH]

    def report(self, *, is_done: bool, undo: UUID | None = None) -> Report:
        rows = [
            RowReport(each.record.row, each.record.title, each.outcome, (*each.record.notes, *each.notes))
            for each in self.tasks
        ]
        rows += [
            RowReport(each.row, each.title, Outcome.REJECT, (Note(each.field, each.reason),))
            for each in self.contents.rejected
        ]
        return Report(
            self.format,
            is_done,
            sorted(rows, key=lambda row: row.row),
            self.remarks,
            self.new_tags,
            self.new_projects,
            [each.name for each in self.new_filters],
            undo,
        )


async def _plan(work: Work, caller: Caller, file: File) -> tuple[_Plan, Identity]:
    async with work.read(caller) as uow:
        owner, now = uow.identity, uow.now
    # Reading a large file takes seconds, in which others are served.
    found, contents = await asyncio.to_thread(_contents, file, Reading(now, owner.zone, file.name))
    async with work.read(owner) as uow:
        return await _compared(uow, found, contents), owner


def _contents(file: File, reading: Reading) -> tuple[Format, Contents]:
    found, items = read(file.data, file.format, reading)
    return found, contents_of(items, now=reading.now, zone=reading.zone)


async def _compared(uow: UnitOfWork, found: Format, contents: Contents) -> _Plan:
    """What is to be done, given what there is."""
    known = await uow.transfer.known_tasks(
        {task_id for record in contents.tasks for task_id in _candidates(uow.user_id, record.key)}
    )
    ids = {record.key: _id_of(uow.user_id, record.key, known) for record in contents.tasks}
    ids |= await _ids_of_parents_elsewhere(uow, contents.tasks, ids)
    planned = [_planned(record, ids, known) for record in contents.tasks]
    known_tags = await uow.tags.named([tag.name for tag in contents.tags.values()])
    known_projects = {project.name_folded for project in await uow.projects.all()}
    new_tags = [tag.name for folded, tag in contents.tags.items() if folded not in known_tags]
    if new_tags and await uow.tags.count() + len(new_tags) > tags.TAGS_MAX:
        raise Invalid("tags", f"With the {len(new_tags):,} new tags of this file there would be too many.")
    new_filters, remarks = await _compared_filters(uow, contents.filters)
    return _Plan(
        found,
        contents,
        planned,
        ids,
        await _series_ids(uow, contents.series),
        new_tags,
        [name for folded, name in contents.projects.items() if folded not in known_projects],
        new_filters,
        [*contents.remarks, *remarks],
    )


async def _compared_filters(
    uow: UnitOfWork, records: Mapping[str, FilterRecord]
) -> tuple[list[FilterRecord], list[str]]:
    """The filters that are to be added, and what is to be said of the others."""
    known = {saved.name_folded: saved.query for saved in await uow.filters.all()}
    new: list[FilterRecord] = []
    remarks: list[str] = []
    for folded, record in records.items():
        try:
            query = filters.check_query(uow, record.query)
        except Unreadable as error:
            remarks.append(f"The filter “{record.name}” can't be read and is left out: {error}")
            continue
        if folded not in known:
            new.append(record)
        elif known[folded] != query:
            remarks.append(f"A filter “{record.name}” is here already and stays as it is.")
    if new and len(known) + len(new) > filters.FILTERS_MAX:
        raise Invalid("filters", f"With the {len(new)} new filters of this file there would be too many.")
    return new, remarks


def _candidates(user_id: UUID, key: str) -> Iterator[UUID]:
    """The ids that a record can have here: its own, and one that depends on whose it is."""
    with contextlib.suppress(ValueError):
        yield UUID(key)
    yield uuid5(user_id, key)


def _id_of(user_id: UUID, key: str, known: Mapping[UUID, Known]) -> UUID:
    *own, derived = _candidates(user_id, key)
    for task_id in own:
        # Who imports the export of another account of this installation gets copies.
        if derived not in known and (task_id not in known or known[task_id].is_own):
            return task_id
    return derived


async def _ids_of_parents_elsewhere(
    uow: UnitOfWork, records: Sequence[TaskRecord], ids: Mapping[str, UUID]
) -> dict[str, UUID]:
    """The tasks that are not in the file but have subtasks in it, as far as they are there."""
    keys = {record.parent_key for record in records if record.parent_key and record.parent_key not in ids}
    known = await uow.transfer.known_tasks({each for key in keys for each in _candidates(uow.user_id, key)})
    found = {}
    for key in keys:
        for task_id in _candidates(uow.user_id, key):
            if task_id in known and known[task_id].is_own and not known[task_id].is_trashed:
                found[key] = task_id
    return found


def _planned(record: TaskRecord, ids: Mapping[str, UUID], known: Mapping[UUID, Known]) -> _Planned:
    task_id = ids[record.key]
    there = known.get(task_id)
    if there is None:
        outcome = Outcome.CREATE
    elif there.is_trashed and record.deleted_at is None:
        outcome = Outcome.RESTORE
    else:
        outcome = Outcome.SKIP
    notes = []
    if record.parent_key and record.parent_key not in ids:
        notes.append(Note("parent_id", "The task above it is neither in the file nor here."))
    return _Planned(record, task_id, outcome, notes)


async def _series_ids(uow: UnitOfWork, series: Mapping[str, SeriesRecord]) -> dict[str, UUID]:
    """The id that each series has here; those of other users' are not free."""
    candidates = {key: list(_candidates(uow.user_id, key)) for key in series}
    known = await uow.transfer.known_series({each for ids in candidates.values() for each in ids})
    return {
        key: next((each for each in ids if each not in known or known[each]), ids[-1])
        for key, ids in candidates.items()
    }


class _Writing:
    """Writes some of the planned tasks in one transaction."""

    def __init__(self, uow: UnitOfWork, plan: _Plan) -> None:
        self._uow = uow
        self._plan = plan
        self._tags: dict[str, UUID] = {}
        self._projects: dict[str, UUID] = {}
        self._series: dict[str, SeriesRecord] = {}
        self._taken: set[tuple[UUID, str]] = set()

    async def write(self, batch: Sequence[_Planned]) -> None:
        """Write them, but not those that have come to be since they were planned."""
        uow, plan = self._uow, self._plan
        await self._name_all()
        await self._save_filters()
        known = await uow.transfer.known_tasks([each.id for each in batch])
        await self._look_at_series(batch)
        await self._restore([each for each in batch if each.id in known])
        new = [each for each in batch if each.id not in known]
        versions = await uow.recurrences.last_events([each.id for each in new])
        for each in new:
            await self._add(each, version=versions.get(each.id, 0) + 1)
        plan.wrote = plan.wrote or bool(uow.events)

    async def _name_all(self) -> None:
        uow, contents = self._uow, self._plan.contents
        known = await uow.tags.named([tag.name for tag in contents.tags.values()])
        for folded, tag in contents.tags.items():
            found = known.get(folded) or await tags.create(uow, tag.name, color=tag.color)
            self._tags[folded] = found.id
        for folded, name in contents.projects.items():
            self._projects[folded] = (await projects.ensure(uow, name)).id
        await uow.tags.existing(self._tags.values())

    async def _save_filters(self) -> None:
        known = (
            {saved.name_folded for saved in await self._uow.filters.all()} if self._plan.new_filters else ()
        )
        for record in self._plan.new_filters:
            if fold(record.name) not in known:
                await filters.create(self._uow, record.name, record.query)

    async def _look_at_series(self, batch: Sequence[_Planned]) -> None:
        """Which series are to be added with these tasks, and which of their occurrences others have."""
        plan = self._plan
        keys = {each.record.series_key for each in batch if each.record.series_key in plan.series_ids}
        ids = {plan.series_ids[key] for key in keys if key}
        known = await self._uow.transfer.known_series(ids)
        self._taken = await self._uow.transfer.occurrences(ids)
        self._series = {
            key: plan.contents.series[key] for key in keys if key and plan.series_ids[key] not in known
        }

    async def _restore(self, batch: Sequence[_Planned]) -> None:
        found = await self._uow.tasks.many([each.id for each in batch])
        for task in found:
            tasks.unpurge(self._uow, task)
            await tasks.restore_one(self._uow, task)

    async def _add(self, planned: _Planned, *, version: int) -> None:
        uow, record = self._uow, planned.record
        due, recurrence = self._timing(planned)
        # Those of a file that does not say when sort by age as they stand in it.
        created_at = record.created_at or uow.now + timedelta(microseconds=record.row)
        task = Task(
            id=planned.id,
            user_id=uow.user_id,
            project_id=self._projects[fold(record.project)] if record.project else None,
            parent_id=self._plan.ids.get(record.parent_key or ""),
            title=record.title,
            title_sort=sort_key(record.title),
            description=record.description,
            priority=record.priority,
            # An id of today's, which rises, so that they stand in the order of the file.
            rank=record.rank or rank_at(uow.now, uuid7()),
            created_at=created_at,
            updated_at=record.updated_at or created_at,
            completed_at=record.completed_at,
            skipped=record.skipped,
            reminder_sent=record.reminder_sent,
            deleted_at=record.deleted_at,
            version=version,
        )
        set_due(task, due, uow.identity.zone)
        uow.tasks.add(
            task, tag_ids=[self._tags[fold(name)] for name in record.tags], command_id=uow.command_id
        )
        self._remind(task, record)
        series = self._as_occurrence(task, record)
        rule = data_of(series) if series and series.ended_at is None else None
        self._record(task, series, rule or await self._repeat(task, planned, recurrence))

    def _timing(self, planned: _Planned) -> tuple[Due | None, RecurrenceData | None]:
        record = planned.record
        if record.recurrence is None:
            return record.due, None
        try:
            recurrence, due = with_start(self._uow, record.recurrence, record.due)
        except Invalid as error:
            planned.notes.append(Note("recurrence", f"The rule is left out. {error.reason}"))
            return record.due, None
        return due, recurrence

    def _remind(self, task: Task, record: TaskRecord) -> None:
        self._uow.reminders.begin(task)
        for each in record.reminders:
            data = ReminderData(minutes_before=each.minutes_before, at=each.at, snooze=each.snooze)
            add_reminder(self._uow, task, data, sent_at=each.sent_at)

    async def _repeat(
        self, task: Task, planned: _Planned, recurrence: RecurrenceData | None
    ) -> RecurrenceData | None:
        if recurrence is None:
            return None
        try:
            await set_recurrence(self._uow, task, recurrence)
        except Invalid as error:
            planned.notes.append(Note("recurrence", f"The rule is left out. {error.reason}"))
            return None
        return recurrence

    def _as_occurrence(self, task: Task, record: TaskRecord) -> TaskRecurrence | None:
        """Make a task the occurrence that it was; the series too, when it is the newest one."""
        series_id = self._plan.series_ids.get(record.series_key or "")
        if series_id is None or record.occurrence is None or (series_id, record.occurrence) in self._taken:
            return None
        self._taken.add((series_id, record.occurrence))
        task.series_id, task.occurrence = series_id, record.occurrence
        task.only_here = self._only_here(record)
        series = self._series.get(record.series_key or "")
        if series is None or series.latest_key != record.key:
            return None
        row = add_series(self._uow, series_id, series.recurrence, task, timezone=series.timezone)
        row.previous_id = self._plan.ids.get(series.previous_key or "")
        row.last_created_at, row.ended_at = series.last_created_at, series.ended_at
        if row.ended_at is not None:
            row.next_due = None
        return row

    def _only_here(self, record: TaskRecord) -> str | None:
        if record.only_here is None:
            return None
        values = dict(record.only_here.values)
        if "tags" in values:
            values["tag_ids"] = [self._tags[fold(name)] for name in names_of(values.pop("tags"))]
        if "project" in values:
            name = values.pop("project")
            values["project_id"] = self._projects[fold(name)] if isinstance(name, str) else None
        return json.dumps(TaskPatch.model_validate(values).values())

    def _record(self, task: Task, series: TaskRecurrence | None, rule: RecurrenceData | None) -> None:
        """Record that a task came to be, as it is.

        The newest occurrence of a series that was done with, but has no successor yet, is recorded as done
        by itself, which makes the next one.
        """
        goes_on = series is not None and series.ended_at is None and task.completed_at is not None
        created = TaskCreated(
            **content_of(self._uow, task),
            recurrence=rule,
            series_id=task.series_id,
            occurrence=task.occurrence,
            completed_at=None if goes_on else task.completed_at,
            skipped=task.skipped and not goes_on,
            deleted_at=task.deleted_at,
        )
        self._uow.record(task.id, task.version, created)
        if goes_on and task.completed_at is not None:
            task.version += 1
            done = TaskSkipped if task.skipped else TaskCompleted
            self._uow.record(
                task.id,
                task.version,
                done(
                    title=task.title,
                    completed_at=task.completed_at,
                    series_id=task.series_id,
                    occurrence=task.occurrence,
                ),
            )
