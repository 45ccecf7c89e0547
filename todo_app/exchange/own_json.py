"""Our own JSON: everything of an account's tasks, so that reading it makes them again without loss.

A document of one line per object: the projects, the tags with their colours, the saved filters, the series
with their rules, and the tasks as REST tells them (``TaskDocument``), each with a few fields more that only a
copy needs.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from todo_app.domain.errors import Invalid
from todo_app.domain.events import RecurrenceData
from todo_app.domain.task import Due, Priority
from todo_app.exchange.decoding import parse_json
from todo_app.exchange.records import (
    ContentKeys,
    FilterRecord,
    Item,
    Note,
    OnlyHere,
    ProjectRecord,
    Reading,
    Rejected,
    Remark,
    ReminderRecord,
    Rows,
    SeriesRecord,
    TagRecord,
    TaskRecord,
)

FORMAT = "punctual"
VERSION = 1
_PARTS = ("projects", "tags", "filters", "series", "tasks")
# Besides them; a page of ``GET /tasks`` has the last two.
_KNOWN = {"format", "version", "exported_at", "timezone", "items", "next_cursor"}


class _Entry(BaseModel):
    """Base of what is read: what is not known is kept, to be reported."""

    model_config = ConfigDict(extra="allow", frozen=True)


class _Due(_Entry):
    date: dt.date
    time: dt.time | None = None
    timezone: str | None = None


class _Reminder(_Entry):
    id: str | None = None
    minutes_before: int | None = None
    at: AwareDatetime | None = None
    snooze: bool = False
    sent_at: AwareDatetime | None = None


class _Recurrence(_Entry):
    rule: str
    anchor: Literal["schedule", "completion"] = "schedule"
    text: str | None = None


class _Task(_Entry):
    id: str | None = None
    series_id: str | None = None
    occurrence: str | None = None
    title: str
    description: str = ""
    status: Literal["open", "completed"] | None = None
    priority: Priority | None = None
    tags: list[str] = []
    project: str | None = None
    parent_id: str | None = None
    due: _Due | None = None
    due_at: AwareDatetime | None = None
    recurrence: _Recurrence | None = None
    reminders: list[_Reminder] = []
    reminder_sent: bool = False
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None
    completed_at: AwareDatetime | None = None
    deleted_at: AwareDatetime | None = None
    version: int = 1
    skipped: bool = False
    rank: str | None = None
    only_here: dict[str, Any] | None = None


class _Series(_Entry):
    id: str
    rule: str
    anchor: Literal["schedule", "completion"]
    if_overdue: Literal["next", "future"] = "future"
    start: str
    timezone: str | None = None
    made: int = Field(default=1, ge=1)
    latest_id: UUID | None = None
    previous_id: UUID | None = None
    last_created_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None


class _Tag(_Entry):
    name: str
    color: str | None = None


class _Project(_Entry):
    name: str


class _Filter(_Entry):
    name: str
    query: str


_Model = TypeVar("_Model", bound=_Entry)


def begin(*, exported_at: datetime, timezone: str) -> str:
    """What the document begins with."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": exported_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "timezone": timezone,
    }
    return json.dumps(head, ensure_ascii=False)[:-1]


def begin_part(name: str) -> str:
    """What stands before the objects of a part, in the order of the parts."""
    return f',\n"{name}": ['


def write(objects: Iterable[Mapping[str, object]], *, first: bool) -> str:
    """Objects of a part; ``first`` when none of them came before."""
    lines = [json.dumps(each, ensure_ascii=False) for each in objects]
    if not lines:
        return ""
    return ("\n" if first else ",\n") + ",\n".join(lines)


def end_part() -> str:
    """What stands after the objects of a part."""
    return "\n]"


def end() -> str:
    """What the document ends with."""
    return "\n}\n"


def read(text: str, reading: Reading) -> Iterator[Item]:
    """What a document holds: an export of ours, an answer of ``GET /tasks``, or a list of such tasks.

    Raises:
        Invalid: when it is no JSON, or none of these.
    """
    document = parse_json(text)
    parts = _parts_of(document)
    yield from _unknown(document)
    for each in parts["projects"]:
        yield ProjectRecord(_checked(_Project, each, "projects").name)
    for each in parts["tags"]:
        tag = _checked(_Tag, each, "tags")
        yield TagRecord(tag.name, tag.color)
    for each in parts["filters"]:
        saved = _checked(_Filter, each, "filters")
        yield FilterRecord(saved.name, saved.query)
    series = {found.id: found for found in (_checked(_Series, each, "series") for each in parts["series"])}
    for found in series.values():
        yield _series(found)
    rows, keys = Rows(), ContentKeys("json")
    for each in parts["tasks"]:
        row = rows.another()
        try:
            entry = _Task.model_validate(each)
        except ValidationError as error:
            yield Rejected(row, _title_of(each), *_complaint(error))
        else:
            yield _task(row, entry, keys, series, reading)


def is_ours(document: object) -> bool:
    """Whether a document is one that ``read`` understands."""
    if isinstance(document, dict):
        return document.get("format") == FORMAT or "tasks" in document or "items" in document
    return isinstance(document, list) and all(
        isinstance(each, dict) and "tasks" not in each for each in document
    )


def _parts_of(document: object) -> dict[str, list[object]]:
    if isinstance(document, list):
        document = {"tasks": document}
    if not isinstance(document, dict) or not is_ours(document):
        raise Invalid("file", "This JSON holds no tasks: it needs a list called “tasks”.")
    version = document.get("version", VERSION)
    if document.get("format") == FORMAT and version != VERSION:
        raise Invalid("file", f"This export is of version {version}; this app reads version {VERSION}.")
    parts = {name: document.get(name) or [] for name in _PARTS}
    parts["tasks"] = parts["tasks"] or document.get("items") or []
    for name, part in parts.items():
        if not isinstance(part, list):
            raise Invalid("file", f"“{name}” must be a list.")
    return parts


def _unknown(document: object) -> Iterator[Remark]:
    names = set(document) - _KNOWN - set(_PARTS) if isinstance(document, dict) else set()
    if names:
        listed = ", ".join(sorted(map(str, names)))[:300]
        yield Remark(f"These parts mean nothing here and are left out: {listed}.")


def _checked(model: type[_Model], value: object, part: str) -> _Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        field, reason = _complaint(error)
        raise Invalid("file", f"One of the {part} can't be read: {field}: {reason}") from None


def _complaint(error: ValidationError) -> tuple[str, str]:
    first = error.errors(include_url=False)[0]
    field = ".".join(map(str, first["loc"])) or "task"
    return field, f"{first['msg']}."


def _title_of(value: object) -> str:
    title = value.get("title") if isinstance(value, dict) else None
    return title[:200] if isinstance(title, str) else ""


def _series(found: _Series) -> SeriesRecord:
    return SeriesRecord(
        key=found.id,
        recurrence=RecurrenceData(
            rule=found.rule,
            anchor=found.anchor,
            if_overdue=found.if_overdue,
            start=found.start,
            made=found.made,
        ),
        timezone=found.timezone,
        latest_key=str(found.latest_id) if found.latest_id else None,
        previous_key=str(found.previous_id) if found.previous_id else None,
        last_created_at=found.last_created_at,
        ended_at=found.ended_at,
    )


def _task(
    row: int, entry: _Task, keys: ContentKeys, series: Mapping[str, _Series], reading: Reading
) -> TaskRecord:
    is_known = entry.series_id in series
    completed_at = entry.completed_at or (reading.now if entry.status == "completed" else None)
    recurrence = None
    notes = [
        Note(name, "This field is not known and is left out.") for name in sorted(entry.model_extra or {})
    ]
    if entry.recurrence is not None and not is_known:
        if completed_at is None:
            recurrence = RecurrenceData(rule=entry.recurrence.rule, anchor=entry.recurrence.anchor)
        elif entry.series_id is None:
            notes.append(Note("recurrence", "A completed task does not repeat; the rule is left out."))
    due = entry.due
    return TaskRecord(
        row=row,
        key=entry.id or keys.of(entry.model_dump_json()),
        title=entry.title,
        description=entry.description,
        priority=entry.priority,
        tags=tuple(entry.tags),
        project=entry.project,
        parent_key=entry.parent_id,
        due=Due(due.date, due.time, due.timezone) if due else None,
        recurrence=recurrence,
        series_key=entry.series_id if is_known else None,
        occurrence=entry.occurrence if is_known else None,
        only_here=OnlyHere(entry.only_here) if entry.only_here else None,
        rank=entry.rank,
        reminders=tuple(
            ReminderRecord(each.minutes_before, each.at, each.snooze, each.sent_at)
            for each in entry.reminders
        ),
        reminder_sent=entry.reminder_sent,
        created_at=entry.created_at,
        updated_at=entry.updated_at,
        completed_at=completed_at,
        skipped=entry.skipped,
        deleted_at=entry.deleted_at,
        notes=tuple(notes),
    )
