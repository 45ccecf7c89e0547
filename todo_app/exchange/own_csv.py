"""Our own CSV: one task a line, for spreadsheets and scripts.

It carries what a table can: every task with its rule, but not which tasks are occurrences of one series.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time

from todo_app.domain.errors import Invalid
from todo_app.domain.events import RecurrenceData
from todo_app.domain.recurrence import parse_rules
from todo_app.domain.task import Due, Priority
from todo_app.exchange.records import (
    ContentKeys,
    Item,
    Note,
    Reading,
    Rejected,
    Remark,
    ReminderRecord,
    Rows,
    TaskRecord,
)
from todo_app.exchange.table import Row, read_lines, read_names, rows_below, unguarded, write_names, write_row

COLUMNS = (
    "id",
    "title",
    "description",
    "status",
    "priority",
    "tags",
    "project",
    "parent_id",
    "due_date",
    "due_time",
    "due_timezone",
    "recurrence",
    "recurrence_anchor",
    "recurrence_start",
    "reminders",
    "created_at",
    "updated_at",
    "completed_at",
    "deleted_at",
)
_BEFORE = re.compile(r"(\d{1,6}) min before")
_PRIORITIES = {"": None, "none": None, **{each.value: each for each in Priority}} | {
    "p1": Priority.HIGH,
    "p2": Priority.MEDIUM,
    "p3": Priority.LOW,
    "p4": None,
}
_STATUSES = ("", "open", "completed")


def header() -> str:
    """The first line."""
    return write_row(COLUMNS)


def write(tasks: Iterable[TaskRecord]) -> str:
    """Tasks as lines."""
    return "".join(write_row(_cells(task)) for task in tasks)


def read(text: str, reading: Reading) -> Iterator[Item]:
    """The tasks of a table; only the column ``title`` is needed.

    Raises:
        Invalid: when there is no such column, or there are too many rows.
    """
    lines = read_lines(text)
    _, first = next(lines, (1, []))
    names = [name.strip().lower() for name in first]
    if "title" not in names:
        raise Invalid("file", f"The first line must name the columns: {', '.join(COLUMNS)}.")
    unknown = [name for name in names if name and name not in COLUMNS]
    if unknown:
        yield Remark(f"These columns mean nothing here and are left out: {', '.join(unknown)[:300]}.")
    rows, keys = Rows(), ContentKeys("csv")
    for row in rows_below(first, lines):
        rows.another()
        try:
            yield _task(_as_written(row), keys, reading)
        except Invalid as error:
            yield Rejected(row.line, row["title"], error.field, error.reason)


def _as_written(row: Row) -> Row:
    return Row(row.line, {name: unguarded(cell) for name, cell in row.cells.items()})


def _cells(task: TaskRecord) -> list[str]:
    due, rule = task.due, task.recurrence
    return [
        task.key,
        task.title,
        task.description,
        "completed" if task.completed_at else "open",
        task.priority.value if task.priority else "",
        write_names(task.tags) if task.tags else "",
        task.project or "",
        task.parent_key or "",
        due.date.isoformat() if due else "",
        due.time.isoformat() if due and due.time else "",
        due.timezone or "" if due else "",
        rule.rule if rule else "",
        rule.anchor if rule else "",
        rule.start or "" if rule else "",
        ", ".join(_reminder_text(reminder) for reminder in task.reminders if not reminder.snooze),
        *(_instant_text(at) for at in (task.created_at, task.updated_at, task.completed_at, task.deleted_at)),
    ]


def _reminder_text(reminder: ReminderRecord) -> str:
    return _instant_text(reminder.at) if reminder.at else f"{reminder.minutes_before} min before"


def _instant_text(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else ""


def _task(row: Row, keys: ContentKeys, reading: Reading) -> TaskRecord:
    notes: list[Note] = []
    completed_at = _completed_at(row, reading)
    recurrence = _recurrence(row)
    if recurrence is not None and completed_at is not None:
        recurrence = None
        notes.append(Note("recurrence", "A completed task does not repeat; the rule is left out."))
    return TaskRecord(
        row=row.line,
        key=row["id"] or keys.of(*sorted(row.cells.items())),
        title=row["title"],
        description=row.text("description"),
        priority=_priority(row["priority"]),
        tags=read_names(row["tags"]),
        project=row["project"] or None,
        parent_key=row["parent_id"] or None,
        due=_due(row),
        recurrence=recurrence,
        reminders=tuple(_reminder(text) for text in re.split(r"[,\n]\s*", row["reminders"]) if text),
        created_at=_instant(row, "created_at", reading),
        updated_at=_instant(row, "updated_at", reading),
        completed_at=completed_at,
        deleted_at=_instant(row, "deleted_at", reading),
        notes=tuple(notes),
    )


def _priority(text: str) -> Priority | None:
    if text.lower() not in _PRIORITIES:
        raise Invalid("priority", f"“{text[:40]}” is no priority. Write high, medium or low, or nothing.")
    return _PRIORITIES[text.lower()]


def _completed_at(row: Row, reading: Reading) -> datetime | None:
    status = row["status"].lower()
    if status not in _STATUSES:
        raise Invalid("status", f"“{row['status'][:40]}” is no status. Write open or completed.")
    moment = _instant(row, "completed_at", reading)
    if status == "open":
        return None
    return moment or (reading.now if status == "completed" else None)


def _due(row: Row) -> Due | None:
    if not row["due_date"]:
        if row["due_time"]:
            raise Invalid("due_date", "A time needs a date. Write one, such as 2026-12-01.")
        return None
    try:
        day = date.fromisoformat(row["due_date"])
    except ValueError:
        raise Invalid("due_date", f"“{row['due_date'][:40]}” is no date. Write it as 2026-12-01.") from None
    try:
        clock = time.fromisoformat(row["due_time"]) if row["due_time"] else None
    except ValueError:
        raise Invalid("due_time", f"“{row['due_time'][:40]}” is no time. Write it as 09:30.") from None
    if clock is not None and clock.tzinfo is not None:
        raise Invalid("due_time", "Write the time without a zone, and the zone under due_timezone.")
    return Due(day, clock, row["due_timezone"] or None)


def _recurrence(row: Row) -> RecurrenceData | None:
    if not row["recurrence"]:
        return None
    parse_rules(row["recurrence"])
    anchor = row["recurrence_anchor"].lower() or "schedule"
    if anchor not in ("schedule", "completion"):
        raise Invalid("recurrence_anchor", f"“{anchor[:40]}” is no anchor. Write schedule or completion.")
    return RecurrenceData.model_validate(
        {"rule": row["recurrence"], "anchor": anchor, "start": row["recurrence_start"] or None}
    )


def _reminder(text: str) -> ReminderRecord:
    before = _BEFORE.fullmatch(text.strip())
    if before:
        return ReminderRecord(minutes_before=int(before[1]))
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid(
            "reminders",
            f"“{text[:40]}” is no reminder. Write “30 min before” or 2026-12-01T08:00:00Z.",
        )
    return ReminderRecord(at=moment.astimezone(UTC))


def _instant(row: Row, column: str, reading: Reading) -> datetime | None:
    text = row[column]
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(column, f"“{text[:40]}” is no instant. Write it as 2026-12-01T08:00:00Z.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=reading.zone)).astimezone(UTC)
