"""A task as a row of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypedDict
from uuid import UUID
from zoneinfo import ZoneInfo

from state.repeating import words
from todo_app.db.models import Project, Tag
from todo_app.db.repositories.task_lists import TaskSummary
from todo_app.domain.highlight import highlight
from todo_app.domain.labels import due_label, due_state, group_of
from todo_app.domain.views import ListName, View

# Typed dictionaries, since a window of rows is compared, encoded and sent for every tab: as such they are
# compared and encoded in C, which is five times as fast as data classes.


class TagChip(TypedDict):
    """A tag's name and colour."""

    name: str
    color: str


class Piece(TypedDict):
    """A part of a title, found by the search or not."""

    text: str
    found: bool


class Row(TypedDict):
    """What the page needs of one task; what does not apply is empty."""

    id: str
    title: str
    done: bool
    priority: str
    due: str
    due_state: str
    tags: list[TagChip]
    project: str
    parent: str
    subtasks: str
    described: bool
    repeats: str
    reminders: str
    skipped: bool
    pieces: list[Piece]


class Group(TypedDict):
    """Rows under one heading; a list without groups is one without a heading."""

    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Labels:
    """What the words in a row depend on besides the task."""

    view: View
    now: datetime
    zone: ZoneInfo
    projects: Mapping[UUID, Project]
    tags: Mapping[UUID, Tag]


def groups_of(tasks: Sequence[TaskSummary], labels: Labels) -> list[Group]:
    """The rows of a list under their headings, in the list's order."""
    by_title = groupby(tasks, lambda task: _group(task, labels))
    return [Group(title=title, rows=rows_of(list(members), labels)) for title, members in by_title]


def rows_of(tasks: Sequence[TaskSummary], labels: Labels) -> list[Row]:
    """The rows of these tasks."""
    return [row_of(task, labels) for task in tasks]


def row_of(task: TaskSummary, labels: Labels) -> Row:
    """One row. The project is named only where the list does not tell it already."""
    view, project = labels.view, labels.projects.get(task.project_id) if task.project_id else None
    chips = (labels.tags[tag_id] for tag_id in task.tag_ids if tag_id in labels.tags)
    return Row(
        id=str(task.id),
        title=task.title,
        done=task.completed_at is not None,
        priority=task.priority or "none",
        due=due_label(task.due, now=labels.now, zone=labels.zone) if task.due else "",
        due_state=_due_state(task, labels),
        tags=[chip_of(tag) for tag in sorted(chips, key=lambda tag: tag.name_folded)],
        project=project.name if project and view.list is not ListName.PROJECT else "",
        parent=task.parent_title or "",
        subtasks=f"{task.subtasks_done}/{task.subtasks}" if task.subtasks else "",
        described=task.has_description,
        repeats=words(task.rule, task.anchor, labels.zone) if task.rule else "",
        reminders=_reminders(task),
        skipped=task.skipped,
        pieces=[Piece(text=text, found=found) for text, found in highlight(task.title, view.search)]
        if view.search
        else [],
    )


def chip_of(tag: Tag) -> TagChip:
    """A tag as a chip."""
    return TagChip(name=tag.name, color=tag.color)


def _group(task: TaskSummary, labels: Labels) -> str:
    return group_of(
        labels.view,
        due=task.due,
        priority=task.priority,
        finished=task.deleted_at or task.completed_at,
        now=labels.now,
        zone=labels.zone,
    )


def _reminders(task: TaskSummary) -> str:
    if not task.reminders or task.completed_at is not None:
        return ""
    return "1 reminder" if task.reminders == 1 else f"{task.reminders} reminders"


def _due_state(task: TaskSummary, labels: Labels) -> str:
    if task.due is None or task.completed_at is not None:
        return ""
    return due_state(task.due, now=labels.now, zone=labels.zone)
