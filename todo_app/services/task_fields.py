"""The fields of a task that can be edited: checked, set, and read back as the values that events carry."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, JsonValue

from todo_app.db.models import ALL_DAY, NO_DUE, Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid, NotFound
from todo_app.domain.events import DueData, RecurrenceData, ReminderData
from todo_app.domain.task import Due, Priority
from todo_app.domain.text import clean_description, clean_title, sort_key
from todo_app.services.recurrence import set_recurrence, value_of_recurrence
from todo_app.services.task_reminders import reminders_of, set_reminders, value_of_reminders
from todo_app.services.task_tree import check_parent

TAGS_PER_TASK_MAX = 50
# What the next occurrence of a series takes over; its due date comes from the rule.
CARRIED_ON = ("description", "priority", "project_id", "reminders", "tag_ids", "title")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


class TaskPatch(BaseModel):
    """New values for some fields of a task; a field that is not named stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = ""
    description: str = ""
    priority: Priority | None = None
    due: DueData | None = None
    project_id: UUID | None = None
    parent_id: UUID | None = None
    tag_ids: frozenset[UUID] = frozenset()
    recurrence: RecurrenceData | None = None
    reminders: tuple[ReminderData, ...] = ()
    rank: str = ""

    def values(self) -> dict[str, JsonValue]:
        """The named fields as JSON values."""
        dumped = self.model_dump(mode="json", include=self.model_fields_set)
        if "tag_ids" in dumped:
            dumped["tag_ids"] = sorted(dumped["tag_ids"])
        return dumped


async def load_for(uow: UnitOfWork, tasks: Sequence[Task], fields: Collection[str]) -> None:
    """Load what ``value_of`` and ``set_field`` need besides the tasks."""
    if "recurrence" in fields:
        await uow.recurrences.load(tasks)
    if "reminders" in fields:
        await uow.reminders.load([task.id for task in tasks])


def value_of(uow: UnitOfWork, task: Task, field: str) -> JsonValue:
    """One field of a loaded task as a JSON value; some need ``load_for`` first."""
    match field:
        case "recurrence":
            return value_of_recurrence(uow, task)
        case "reminders":
            return value_of_reminders(uow, task)
        case "due":
            return due_value(task.due)
        case "tag_ids":
            return [str(tag_id) for tag_id in sorted(uow.tasks.tag_ids(task))]
        case "project_id" | "parent_id":
            other_id: UUID | None = getattr(task, field)
            return str(other_id) if other_id else None
        case _:
            value: JsonValue = getattr(task, field)
            return value


def due_value(due: Due | None) -> JsonValue:
    """A due date as a JSON value."""
    data = due_data(due)
    return data.model_dump(mode="json") if data else None


def due_data(due: Due | None) -> DueData | None:
    """A due date as events carry it."""
    return DueData(date=due.date, time=due.time, timezone=due.timezone) if due else None


async def set_field(uow: UnitOfWork, task: Task, field: str, patch: TaskPatch) -> None:
    """Set one field of a loaded task to the patch's value.

    Raises:
        Invalid: when the value can't be.
        NotFound: when the project or a tag does not exist.
    """
    match field:
        case "title":
            task.title = clean_title(patch.title)
            task.title_sort = sort_key(task.title)
        case "description":
            task.description = clean_description(patch.description)
        case "priority":
            task.priority = patch.priority
        case "due":
            due = Due(patch.due.date, patch.due.time, patch.due.timezone) if patch.due else None
            set_due(task, due, uow.identity.zone)
        case "project_id":
            if patch.project_id is not None:
                await uow.projects.get(patch.project_id)
            task.project_id = patch.project_id
        case "parent_id":
            await check_parent(uow, task, patch.parent_id)
            task.parent_id = patch.parent_id
        case "tag_ids":
            await check_tags(uow, patch.tag_ids - uow.tasks.tag_ids(task), total=len(patch.tag_ids))
            uow.tasks.set_tags(task, patch.tag_ids, command_id=uow.command_id)
        case "recurrence":
            await set_recurrence(uow, task, patch.recurrence)
        case "reminders":
            await set_reminders(uow, task, patch.reminders)
        case "rank":
            task.rank = patch.rank


def content_of(uow: UnitOfWork, task: Task) -> dict[str, Any]:
    """What a new task holds, as the events tell it that say so."""
    return {
        "title": task.title,
        "description": task.description,
        "priority": task.priority,
        "due": due_data(task.due),
        "project_id": task.project_id,
        "parent_id": task.parent_id,
        "tag_ids": sorted(uow.tasks.tag_ids(task)),
        "reminders": reminders_of(uow, task),
    }


def set_due(task: Task, due: Due | None, user_zone: ZoneInfo) -> None:
    """Set when a task is due, with what the lists sort by.

    Raises:
        Invalid: when the date is out of range or the zone is unknown.
    """
    if due is not None:
        check_due(due)
    task.due_date = due.date if due else None
    task.due_time = due.time if due else None
    task.due_timezone = due.timezone if due else None
    task.due_at = due.at(user_zone) if due else None
    task.due_sort = _due_sort(due, task.due_at, user_zone)


def reread_dues(tasks: Iterable[Task], user_zone: ZoneInfo) -> list[Task]:
    """Work out anew when tasks are due, by their wall clocks.

    Returns those that could be read: one whose own zone is gone stays as it is.
    """
    read = []
    for task in tasks:
        with contextlib.suppress(Invalid):
            set_due(task, task.due, user_zone)
            read.append(task)
    return read


def check_due(due: Due) -> None:
    """Refuse a due date that makes no sense.

    Raises:
        Invalid: when the date is out of range, or a zone is unknown or given without a time.
    """
    if not FIRST_DAY <= due.date <= LAST_DAY:
        raise Invalid("due", f"The date must lie between {FIRST_DAY.year} and {LAST_DAY.year}.")
    if due.timezone is None:
        return
    if due.time is None:
        raise Invalid("due", "A time zone needs a time of day.")
    check_timezone(due.timezone)


def check_timezone(name: str) -> str:
    """The name itself when it is an IANA zone.

    Raises:
        Invalid: when there is no such zone.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("timezone", f"“{name[:60]}” is no known time zone, e.g. Europe/Berlin.") from None
    return name


async def check_tags(uow: UnitOfWork, tag_ids: Collection[UUID], *, total: int) -> None:
    """Refuse tags that do not exist, and too many of them.

    Raises:
        Invalid: when there are more than ``TAGS_PER_TASK_MAX``.
        NotFound: when one does not exist.
    """
    if total > TAGS_PER_TASK_MAX:
        raise Invalid("tags", f"A task can have at most {TAGS_PER_TASK_MAX} tags.")
    if set(tag_ids) - await uow.tags.existing(tag_ids):
        raise NotFound("tag")


def _due_sort(due: Due | None, due_at: datetime | None, user_zone: ZoneInfo) -> datetime:
    if due is None:
        return NO_DUE
    if due_at is not None and due.timezone:
        return due_at.astimezone(user_zone).replace(tzinfo=None)
    return datetime.combine(due.date, due.time or ALL_DAY)


def parse_due(date_text: str, time_text: str, timezone: str) -> Due | None:
    """A due date from the fields of a form; an empty date means none.

    Raises:
        Invalid: when a field is not a date, time or zone.
    """
    if not date_text:
        return None
    try:
        due = Due(
            date.fromisoformat(date_text),
            time.fromisoformat(time_text) if time_text else None,
            timezone or None,
        )
    except ValueError:
        raise Invalid("due", "There is no such date or time.") from None
    check_due(due)
    return due
