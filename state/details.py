"""The panel with everything about one task."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from state.handlers import Handlers, parse_id
from state.reminder_lines import ReminderLine, lines_of
from state.repeating import say_day, words
from state.rows import Labels, Row, TagChip, chip_of, rows_of
from state.shell import ShellState
from state.tabs import open_tabs
from todo_app.db.models import Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.activity_text import describe, subject_of
from todo_app.domain.errors import Conflict, Invalid, NotFound
from todo_app.domain.events import Event
from todo_app.domain.labels import day_in_sentence, day_label, due_label, due_state
from todo_app.domain.markdown import to_html
from todo_app.domain.series import as_due, from_key
from todo_app.domain.views import View
from todo_app.services import tasks
from todo_app.services.task_fields import TaskPatch
from todo_app.services.tasks import AddTask, EditTasks

_EDITED_AS_TEXT = ("title", "description")


@dataclass(frozen=True)
class TaskDetails:
    """A task as the panel shows it."""

    id: str = ""
    title: str = ""
    description: str = ""
    description_html: str = ""
    done: bool = False
    trashed: bool = False
    priority: str = "none"
    due: str = ""
    due_state: str = ""
    due_date: str = ""
    due_time: str = ""
    due_timezone: str = ""
    project_id: str = ""
    project: str = ""
    parent_id: str = ""
    tags: tuple[TagChip, ...] = ()
    repeats: str = ""
    next: str = ""
    skipped: bool = False
    reminders: tuple[ReminderLine, ...] = ()
    created: str = ""
    updated: str = ""


@dataclass(frozen=True)
class ActivityItem:
    """One line of the activity list."""

    who: str
    what: str
    subject: str
    when: str
    command_id: str


@dataclass(frozen=True)
class EditConflict:
    """Two people, or two tabs, edited the same field: both values, for the person to choose."""

    field: str = ""
    theirs: str = ""
    mine: str = ""


class DetailsState(Handlers, rx.State):
    """Shows one task, and edits its texts."""

    task: TaskDetails = TaskDetails()
    subtasks: list[Row] = []
    activity: list[ActivityItem] = []
    conflict: EditConflict = EditConflict()
    field_error: str = ""
    subtask_error: str = ""
    subtasks_added: int = 0
    subtasks_refused: int = 0
    drafts_dropped: int = 0
    # Whether what is changed here is kept out of the following occurrences.
    only_here: bool = False

    _task_id: UUID | None = None

    @rx.event
    def apply_to(self, which: str) -> None:
        """Say what changes made in the panel apply to: this occurrence alone, or the following ones too."""
        if which not in ("this", "following"):
            raise Invalid("which", "Changes apply to this one or to the following ones too.")
        self.only_here = which == "this"

    @rx.event
    async def commit_text(self, field: str, value: str, base: str) -> None:
        """Store an edited title or description; ``base`` is what it was when the editing began."""
        if field not in _EDITED_AS_TEXT:
            raise Invalid("field", "This field can't be edited as text.")
        self.field_error = ""
        self.conflict = EditConflict()
        command = EditTasks(
            [self._open_task()],
            TaskPatch.model_validate({field: value}),
            TaskPatch.model_validate({field: base}),
            only_here=self.only_here,
        )
        try:
            async with self._write() as uow:
                await tasks.edit(uow, command)
        except Conflict as conflict:
            self.conflict = EditConflict(field, theirs=str(conflict.theirs), mine=value)
        except Invalid as error:
            self.field_error = str(error)
        await self._reload()

    @rx.event
    async def keep_mine(self) -> None:
        """Settle a conflict: the person's own text replaces the other one."""
        conflict = self.conflict
        if conflict.field:
            await self._settle(conflict)

    @rx.event
    def take_theirs(self) -> None:
        """Settle a conflict: the other text stays."""
        self.conflict = EditConflict()
        self.drafts_dropped += 1

    @rx.event
    async def add_subtask(self, title: str) -> None:
        """Add a subtask."""
        self.subtask_error = ""
        try:
            async with self._write() as uow:
                await tasks.add(uow, AddTask(title, parent_id=self._open_task()))
        except Invalid as error:
            self.subtask_error = str(error)
            self.subtasks_refused += 1
            return
        self.subtasks_added += 1
        await self._reload()

    async def _settle(self, conflict: EditConflict) -> None:
        patch = TaskPatch.model_validate({conflict.field: conflict.mine})
        async with self._write() as uow:
            await tasks.edit(uow, EditTasks([self._open_task()], patch, only_here=self.only_here))
        self.conflict = EditConflict()
        await self._reload()

    def _open_task(self) -> UUID:
        if self._task_id is None:
            raise NotFound("task")
        return self._task_id

    async def _open(self, task_id: str) -> None:
        """Show a task; an empty id closes the panel."""
        opened = parse_id(task_id) if task_id else None
        if opened != self._task_id:
            self.conflict, self.field_error, self.only_here = EditConflict(), "", False
        self._task_id = opened
        if opened is not None:
            open_tabs.note_history(self.router.session.client_token)
        await self._reload()

    async def _reload(self) -> None:
        async with self._read() as uow:
            await self._show(uow)

    async def _show(self, uow: UnitOfWork) -> None:
        """Make the vars those of the task as it is in the database."""
        if self._task_id is None:
            self._assign(task=TaskDetails(), subtasks=[], activity=[])
            return None
        try:
            details = await self._details(uow, self._task_id)
        except NotFound:
            self._task_id = None
            return await self._show(uow)
        shell = await self.get_state(ShellState)
        words = Labels(
            view=View(), now=uow.now, zone=uow.identity.zone, projects=shell._projects, tags=shell._tags
        )
        subtasks = rows_of(await uow.lists.subtasks(self._task_id), words)
        events, _ = await uow.activity.page(aggregate_id=self._task_id)
        names = shell._names()
        activity = [activity_item(event, names, uow) for event in events]
        self._assign(task=details, subtasks=subtasks, activity=activity)
        return None

    async def _details(self, uow: UnitOfWork, task_id: UUID) -> TaskDetails:
        task = await uow.tasks.get(task_id)
        shell = await self.get_state(ShellState)
        zone, today = uow.identity.zone, uow.now.astimezone(uow.identity.zone).date()
        tags = [shell._tags[tag_id] for tag_id in uow.tasks.tag_ids(task) if tag_id in shell._tags]
        project = shell._projects.get(task.project_id) if task.project_id else None
        repeats, following = await _series(uow, task)
        return TaskDetails(
            id=str(task.id),
            title=task.title,
            description=task.description,
            description_html=to_html(task.description),
            done=task.completed_at is not None,
            trashed=task.deleted_at is not None,
            priority=task.priority or "none",
            due=due_label(task.due, now=uow.now, zone=zone) if task.due else "",
            due_state=due_state(task.due, now=uow.now, zone=zone)
            if task.due and not task.completed_at
            else "",
            due_date=task.due_date.isoformat() if task.due_date else "",
            due_time=f"{task.due_time:%H:%M}" if task.due_time else "",
            due_timezone=task.due_timezone or "",
            project_id=str(task.project_id or ""),
            project=project.name if project else "",
            parent_id=str(task.parent_id or ""),
            tags=tuple(chip_of(tag) for tag in sorted(tags, key=lambda tag: tag.name_folded)),
            repeats=repeats,
            next=following,
            skipped=task.skipped,
            reminders=await lines_of(uow, task),
            created=day_in_sentence(task.created_at.astimezone(zone).date(), today=today),
            updated=day_in_sentence(task.updated_at.astimezone(zone).date(), today=today),
        )


async def _series(uow: UnitOfWork, task: Task) -> tuple[str, str]:
    """How a task repeats, in words, and when it is due the next time."""
    await uow.recurrences.load([task])
    series = uow.recurrences.of(task)
    if series is None or series.ended_at is not None:
        return "", ""
    zone, today = uow.identity.zone, uow.now.astimezone(uow.identity.zone).date()
    following = ""
    if series.latest_id == task.id and task.completed_at is None:
        due = as_due(from_key(series.next_due), series.timezone) if series.next_due else None
        following = f"Next: {say_day(due, today=today, zone=zone)}" if due else "This is the last one"
    return words(series.rule, series.anchor, zone), following


def activity_item(event: Event, names: dict[str, str], uow: UnitOfWork) -> ActivityItem:
    """An event as a line of the activity list, in the user's zone."""
    local = event.occurred_at.astimezone(uow.identity.zone)
    today = uow.now.astimezone(uow.identity.zone).date()
    return ActivityItem(
        who="You" if event.actor.name == uow.identity.email else event.actor.name,
        what=describe(event, names, uow.identity.zone),
        subject=subject_of(event),
        when=f"{day_label(local.date(), today=today)} {local:%H:%M}",
        command_id=str(event.command_id),
    )
