"""TickTick: the CSV that “Generate Backup” writes (versions 7.1 and 7.2; there is no published description).

Some lines about the backup come before the header. Dates are instants; an all-day one is midnight in the
row's own time zone. Checklists are lines of the content that begin with a box.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from todo_app.domain.errors import Invalid
from todo_app.domain.events import RecurrenceData
from todo_app.domain.recurrence import parse_rules
from todo_app.domain.task import Due, Priority
from todo_app.exchange.durations import parse_duration
from todo_app.exchange.records import Item, Note, Reading, Rejected, Remark, ReminderRecord, Rows, TaskRecord
from todo_app.exchange.table import Row, read_lines, rows_below

_PRIORITIES = {"1": Priority.LOW, "3": Priority.MEDIUM, "5": Priority.HIGH}
_PRIORITIES |= {"p3": Priority.LOW, "p2": Priority.MEDIUM, "p1": Priority.HIGH}
_OPEN, _COMPLETED, _ARCHIVED, _ABANDONED = "0", "1", "2", "-1"
_OPEN_ITEM, _DONE_ITEM = "▫", "▪"
_NO_COLUMN = ("", "not sectioned")


def is_header(cells: list[str]) -> bool:
    """Whether a line names TickTick's columns."""
    return {"list name", "title"} <= {cell.strip().lower() for cell in cells}


def read(text: str, reading: Reading) -> Iterator[Item]:
    """The tasks of a backup.

    Raises:
        Invalid: when there is no header, or there are too many rows.
    """
    lines = read_lines(text)
    header = next((cells for _, cells in lines if is_header(cells)), None)
    if header is None:
        raise Invalid("file", "There is no line that names TickTick's columns, “List Name” and “Title”.")
    rows = list(rows_below(header, lines))
    backup = _Backup(reading, rows)
    if any(row["folder name"] for row in rows):
        yield Remark("TickTick's folders are left out; its lists become projects.")
    if any(row["column name"].lower() not in _NO_COLUMN for row in rows):
        yield Remark("TickTick's sections become tags.")
    for row in rows:
        yield from backup.read(row)


@dataclass(slots=True)
class _When:
    """What a row's date cells say."""

    due: Due | None
    is_all_day: bool
    zone: ZoneInfo
    notes: list[Note] = field(default_factory=list)


class _Backup:
    def __init__(self, reading: Reading, rows: list[Row]) -> None:
        self._reading = reading
        self._rows = Rows()
        self._keys = {row["taskid"]: _key(row) for row in rows if row["taskid"]}
        folders: dict[str, set[str]] = {}
        for row in rows:
            folders.setdefault(row["list name"], set()).add(row["folder name"])
        self._ambiguous = {name for name, its in folders.items() if len(its) > 1}

    def read(self, row: Row) -> Iterator[Item]:
        self._rows.another()
        if not row["title"] and not row["content"]:
            yield Rejected(row.line, "", "Title", "Give the task a title.")
            return
        when = self._when(row)
        notes = when.notes
        closed_at = self._closed_at(row, notes)
        description, items = _checklist(row.text("content"))
        section = row["column name"]
        if row["kind"].upper() == "NOTE":
            notes.append(Note("Kind", "A note of TickTick's becomes a task."))
        reminders = tuple(_reminders(row, when))
        key = _key(row)
        task = TaskRecord(
            row=row.line,
            key=key,
            title=row["title"] or description.split("\n")[0],
            description=description,
            priority=self._priority(row, notes),
            tags=tuple(
                dict.fromkeys(
                    name
                    for name in [*(tag.strip() for tag in row["tags"].split(",")), section]
                    if name.lower() not in _NO_COLUMN
                )
            ),
            project=self._project(row),
            parent_key=self._keys.get(row["parentid"], row["parentid"] or None),
            due=when.due,
            recurrence=_recurrence(row, notes, is_open=closed_at is None),
            reminders=reminders,
            created_at=_instant(row["created time"]),
            completed_at=closed_at,
            skipped=row["status"] == _ABANDONED,
            notes=tuple(notes),
        )
        yield task
        for number, (title, is_done) in enumerate(items, start=1):
            self._rows.another()
            yield TaskRecord(
                row=row.line,
                key=f"{key}:item:{number}",
                title=title or "—",
                project=task.project,
                parent_key=key,
                created_at=task.created_at,
                completed_at=closed_at or (self._reading.now if is_done else None),
                notes=(Note("Content", "A line of a checklist becomes a subtask."),),
            )

    def _when(self, row: Row) -> _When:
        zone, notes = self._zone(row)
        cell = row["due date"] or row["start date"]
        moment = _instant(cell)
        is_all_day = row["is all day"].lower() == "true"
        when = _When(None, is_all_day, zone, notes)
        if cell and moment is None:
            notes.append(Note("Due Date", f"“{cell[:60]}” is no date and is left out."))
        if moment is None:
            return when
        clock = moment.astimezone(zone).replace(tzinfo=None)
        if is_all_day:
            when.due = Due(clock.date())
        else:
            follows = row["is floating"].lower() == "true" or zone.key == self._reading.zone.key
            when.due = Due(clock.date(), clock.time(), None if follows else zone.key)
        if row["start date"] and row["start date"] != cell:
            notes.append(Note("Start Date", f"When it starts ({row['start date'][:40]}) is left out."))
        return when

    def _zone(self, row: Row) -> tuple[ZoneInfo, list[Note]]:
        name = row["timezone"]
        try:
            return (ZoneInfo(name) if name else self._reading.zone), []
        except (ZoneInfoNotFoundError, ValueError, OSError):
            reason = f"“{name[:60]}” is no known time zone; yours is taken."
            return self._reading.zone, [Note("Timezone", reason)]

    def _closed_at(self, row: Row, notes: list[Note]) -> datetime | None:
        status = row["status"] or _OPEN
        if status == _OPEN:
            return None
        if status not in (_COMPLETED, _ARCHIVED, _ABANDONED):
            notes.append(Note("Status", f"“{status[:20]}” is no status that is known here; it stays open."))
            return None
        if status == _ABANDONED:
            notes.append(Note("Status", "What was given up is closed as skipped."))
        return _instant(row["completed time"]) or _instant(row["created time"]) or self._reading.now

    def _priority(self, row: Row, notes: list[Note]) -> Priority | None:
        code = row["priority"].lower()
        if code not in ("", "0", *_PRIORITIES):
            notes.append(Note("Priority", f"“{code[:20]}” is no priority of TickTick's and is left out."))
        return _PRIORITIES.get(code)

    def _project(self, row: Row) -> str | None:
        name, folder = row["list name"], row["folder name"]
        if not name or name.casefold() == "inbox":
            return None
        return f"{folder} / {name}" if folder and name in self._ambiguous else name


def _key(row: Row) -> str:
    # The numbers begin anew in each account.
    return f"ticktick:{row['taskid'] or row.line}:{row['created time']}"


def _instant(cell: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _checklist(content: str) -> tuple[str, list[tuple[str, bool]]]:
    """The content without the lines of its checklist, and these with whether they are done."""
    lines, items = [], []
    for line in re.split(r"\r\n|\r|\n", content):
        if line.startswith((_OPEN_ITEM, _DONE_ITEM)):
            items.append((line[1:].strip(), line.startswith(_DONE_ITEM)))
        else:
            lines.append(line)
    return "\n".join(lines).strip(), items


def _recurrence(row: Row, notes: list[Note], *, is_open: bool) -> RecurrenceData | None:
    if not row["repeat"] or not is_open:
        return None
    rule = row["repeat"].removeprefix("RRULE:").strip().rstrip(";")
    parts = [part for part in rule.split(";") if not part.upper().startswith("TT_")]
    if len(parts) < len(rule.split(";")):
        notes.append(Note("Repeat", f"TickTick's own parts of the rule are left out: {rule[:120]}"))
    try:
        parse_rules(";".join(parts))
    except Invalid as error:
        notes.append(Note("Repeat", f"“{rule[:120]}” can't be followed. {error.reason}"))
        return None
    return RecurrenceData(rule=";".join(parts))


def _reminders(row: Row, when: _When) -> Iterator[ReminderRecord]:
    for text in re.split(r"[,\n]\s*", row["reminder"]):
        cell = text.strip().removeprefix("TRIGGER:")
        if not cell:
            continue
        offset = parse_duration(cell)
        if offset is None or when.due is None or (offset > timedelta() and not when.is_all_day):
            when.notes.append(Note("Reminder", f"“{cell[:60]}” is left out."))
        elif when.is_all_day:
            # It counts from midnight; ours of an all-day date count from an hour of the person's choice.
            yield _from_midnight(when, when.due.date, offset, repeats=bool(row["repeat"]))
        else:
            yield ReminderRecord(minutes_before=int(-offset.total_seconds() // 60))


def _from_midnight(when: _When, day: date, offset: timedelta, *, repeats: bool) -> ReminderRecord:
    if repeats:
        when.notes.append(Note("Reminder", "It comes at the hour that you chose for all-day tasks."))
        return ReminderRecord(minutes_before=max(0, -offset.days) * 24 * 60)
    clock = datetime.combine(day, time()) + offset
    return ReminderRecord(at=clock.replace(tzinfo=when.zone).astimezone(UTC))
