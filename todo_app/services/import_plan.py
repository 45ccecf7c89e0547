"""What is to become of each task of a file, before anything is written.

A file of another app says things that have no place here, or too much of them. What can't be taken over as it
stands is changed as little as possible, and a note on its row says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from todo_app.domain.errors import Invalid
from todo_app.domain.events import RecurrenceData, ReminderData
from todo_app.domain.ranking import is_rank
from todo_app.domain.series import as_key, from_key, wall_of
from todo_app.domain.task import Due
from todo_app.domain.text import DESCRIPTION_MAX, NAME_MAX, TITLE_MAX, clean_name, fold, printable
from todo_app.exchange.records import (
    FilterRecord,
    Item,
    Note,
    OnlyHere,
    ProjectRecord,
    Rejected,
    Remark,
    ReminderRecord,
    SeriesRecord,
    TagRecord,
    TaskRecord,
)
from todo_app.services.recurrence import check_rule
from todo_app.services.tags import COLORS
from todo_app.services.task_fields import TAGS_PER_TASK_MAX, TaskPatch, check_due, check_timezone
from todo_app.services.task_reminders import AHEAD_MAX, REMINDERS_MAX, check_reminders
from todo_app.services.task_tree import DEPTH_MAX

_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds, fit to be written: tasks with parents before their subtasks.

    By folded name: ``tags`` with the colours that the file gives, the names of ``projects``, and ``filters``.
    """

    tasks: Sequence[TaskRecord]
    series: Mapping[str, SeriesRecord]
    tags: Mapping[str, TagRecord]
    projects: Mapping[str, str]
    filters: Mapping[str, FilterRecord]
    rejected: Sequence[Rejected]
    remarks: Sequence[str]


@dataclass(slots=True)
class _Gathered:
    tasks: dict[str, TaskRecord] = field(default_factory=dict)
    series: dict[str, SeriesRecord] = field(default_factory=dict)
    tags: dict[str, TagRecord] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    filters: dict[str, FilterRecord] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    remarks: dict[str, None] = field(default_factory=dict)


def contents_of(items: Iterable[Item], *, now: datetime, zone: ZoneInfo) -> Contents:
    """Make what was read from a file fit to be written.

    Raises:
        Invalid: when the file can't be read on, or has too many rows.
    """
    found = _Gathered()
    for item in items:
        _gather(found, item, now, zone)
    _name_all(found)
    series = {key: _with_latest(each, found.tasks, now) for key, each in found.series.items()}
    records = _one_rule_a_family(_placed(found.tasks), series)
    return Contents(
        list(_parents_first(records)),
        series,
        found.tags,
        found.projects,
        found.filters,
        found.rejected,
        list(found.remarks),
    )


def _gather(found: _Gathered, item: Item, now: datetime, zone: ZoneInfo) -> None:
    match item:
        case TaskRecord() if item.key in found.tasks:
            reason = f"The task of row {found.tasks[item.key].row} has the same id."
            found.rejected.append(Rejected(item.row, item.title[:200], "id", reason))
        case TaskRecord():
            fitted = _fitted(item, now, zone)
            if isinstance(fitted, Rejected):
                found.rejected.append(fitted)
            else:
                found.tasks[item.key] = fitted
        case SeriesRecord():
            _gather_series(found, item, zone)
        case TagRecord() | ProjectRecord() | FilterRecord():
            _gather_named(found, item)
        case Rejected():
            found.rejected.append(item)
        case Remark():
            found.remarks[item.reason] = None


def _gather_named(found: _Gathered, item: TagRecord | ProjectRecord | FilterRecord) -> None:
    name, _ = _name(item.name, "name")
    if not name:
        return
    match item:
        case TagRecord(color=color):
            found.tags.setdefault(fold(name), TagRecord(name, color if color in COLORS else None))
        case ProjectRecord():
            found.projects.setdefault(fold(name), name)
        case FilterRecord(query=query):
            found.filters.setdefault(fold(name), FilterRecord(name, query))


def _gather_series(found: _Gathered, series: SeriesRecord, zone: ZoneInfo) -> None:
    try:
        own_zone = ZoneInfo(check_timezone(series.timezone)) if series.timezone else zone
        check_rule(series.recurrence, own_zone)
    except Invalid as error:
        rule = series.recurrence.rule[:80]
        found.remarks[f"Tasks that repeat by “{rule}” no longer do so here: {error.reason}"] = None
    else:
        found.series[series.key] = series


def _with_latest(series: SeriesRecord, records: Mapping[str, TaskRecord], now: datetime) -> SeriesRecord:
    """The series, which is over when the file does not have its newest occurrence."""
    if series.latest_key in records:
        return series
    mine = [record for record in records.values() if record.series_key == series.key and record.occurrence]
    latest = max(mine, key=lambda record: record.occurrence or "", default=None)
    return replace(
        series,
        latest_key=latest.key if latest else None,
        previous_key=None,
        ended_at=series.ended_at or now,
    )


def _name_all(found: _Gathered) -> None:
    for task in found.tasks.values():
        elsewhere = task.only_here.values if task.only_here else {}
        for name in (*task.tags, *names_of(elsewhere.get("tags"))):
            found.tags.setdefault(fold(name), TagRecord(name))
        for project in (task.project, elsewhere.get("project")):
            if isinstance(project, str) and project:
                found.projects.setdefault(fold(project), project)


def names_of(value: object) -> list[str]:
    """The names in a list of a file; nothing when it is none."""
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


class _Fitting:
    """One record on its way, with the notes on what was changed."""

    def __init__(self, record: TaskRecord) -> None:
        self.record = record
        self.notes = list(record.notes)

    def note(self, name: str, reason: str) -> None:
        self.notes.append(Note(name, reason))


def _fitted(record: TaskRecord, now: datetime, zone: ZoneInfo) -> TaskRecord | Rejected:
    fitting = _Fitting(record)
    title, description = _text(fitting)
    if not title:
        return Rejected(record.row, "", "title", "Give the task a title.")
    due = _due(fitting)
    recurrence = _recurrence(fitting, replace(record, due=due), zone)
    if record.recurrence is not None and recurrence is None and not record.completed_at:
        description = f"{description}\n\nRepeats: {record.recurrence.rule}".strip()
    return replace(
        record,
        title=title,
        description=_cut(fitting, description),
        tags=_tags(fitting),
        project=_project(fitting),
        due=due,
        recurrence=recurrence,
        rank=record.rank if record.rank and is_rank(record.rank) else None,
        only_here=_only_here(fitting),
        reminders=_reminders(fitting, now),
        created_at=_instant(record.created_at),
        updated_at=_instant(record.updated_at),
        completed_at=_instant(record.completed_at),
        deleted_at=_instant(record.deleted_at),
        skipped=record.skipped and record.completed_at is not None,
        notes=tuple(fitting.notes),
    )


def _text(fitting: _Fitting) -> tuple[str, str]:
    title = " ".join(printable(fitting.record.title).split())
    description = printable(fitting.record.description).replace("\r\n", "\n").replace("\r", "\n").rstrip()
    if len(title) > TITLE_MAX:
        fitting.note("title", f"Only {TITLE_MAX} characters fit; the whole title begins the description.")
        description = f"{title}\n\n{description}".rstrip()
        title = title[: TITLE_MAX - 1].rstrip() + "…"
    return title, description


def _cut(fitting: _Fitting, description: str) -> str:
    over = len(description) - DESCRIPTION_MAX
    if over > 0:
        fitting.note("description", f"The last {over:,} characters do not fit and are left out.")
    return description[:DESCRIPTION_MAX].rstrip()


def _name(name: str, what: str) -> tuple[str, str]:
    """A name as it can be, and what was changed; both empty when there is nothing of a name in it."""
    plain = " ".join(printable(name).replace('"', "'").split())[:NAME_MAX].rstrip()
    try:
        cleaned = clean_name(plain, what=what)
    except Invalid as error:
        return "", error.reason
    return cleaned, "" if cleaned == " ".join(name.split()) else f"“{name[:200]}” is called “{cleaned}” here."


def _tags(fitting: _Fitting) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for name in fitting.record.tags:
        cleaned, change = _name(name, "tag")
        if change:
            fitting.note("tags", change if cleaned else f"The tag “{name[:80]}” is left out. {change}")
        if cleaned:
            names.setdefault(fold(cleaned), cleaned)
    if len(names) > TAGS_PER_TASK_MAX:
        left_out = ", ".join(list(names.values())[TAGS_PER_TASK_MAX:])
        fitting.note(
            "tags", f"A task can have {TAGS_PER_TASK_MAX} tags; these are left out: {left_out[:300]}."
        )
    return tuple(names.values())[:TAGS_PER_TASK_MAX]


def _project(fitting: _Fitting) -> str | None:
    if not fitting.record.project:
        return None
    cleaned, change = _name(fitting.record.project, "project")
    if change:
        fitting.note("project", change)
    return cleaned or None


def _due(fitting: _Fitting) -> Due | None:
    due = fitting.record.due
    if due is None:
        return None
    if due.time is not None:
        due = replace(due, time=due.time.replace(microsecond=0, tzinfo=None))
    elif due.timezone is not None:
        due = replace(due, timezone=None)
    try:
        check_due(due)
    except Invalid as error:
        fitting.note("due", error.reason)
        is_zone = error.field == "timezone"
        # Without its zone it is due at the same time where the person is.
        return replace(due, timezone=None) if is_zone else None
    return due


def _recurrence(fitting: _Fitting, record: TaskRecord, zone: ZoneInfo) -> RecurrenceData | None:
    data = record.recurrence
    if data is None:
        return None
    if record.completed_at or record.deleted_at:
        fitting.note("recurrence", "Only an open task repeats; the rule is left out.")
        return None
    if data.start is None and record.due is not None:
        data = data.model_copy(update={"start": as_key(wall_of(record.due))})
    try:
        if data.start is not None:
            from_key(data.start)
        timezone = record.due.timezone if record.due else None
        check_rule(data, ZoneInfo(timezone) if timezone else zone)
    except (Invalid, ValueError) as error:
        fitting.note("recurrence", f"The rule can't be followed and stands in the description. {error}")
        return None
    if record.due is None:
        fitting.note("due", "It repeats but has no date, so it is due on the first day that fits.")
    return data


def _only_here(fitting: _Fitting) -> OnlyHere | None:
    """What the following occurrences have instead, as far as it can be read."""
    if fitting.record.only_here is None:
        return None
    values = dict(fitting.record.only_here.values)
    tags, project = names_of(values.pop("tags", [])), values.pop("project", None)
    try:
        plain = TaskPatch.model_validate(values)
        names = [clean_name(name, what="tag") for name in tags]
        home = clean_name(project, what="project") if isinstance(project, str) else None
    except (ValidationError, Invalid):
        fitting.note(
            "only_here", "What the following occurrences have instead can't be read and is left out."
        )
        return None
    kept: dict[str, object] = {**plain.values()}
    kept |= {"tags": names} if "tags" in fitting.record.only_here.values else {}
    kept |= {"project": home} if "project" in fitting.record.only_here.values else {}
    return OnlyHere(kept)


def _reminders(fitting: _Fitting, now: datetime) -> tuple[ReminderRecord, ...]:
    fit: dict[ReminderData, ReminderRecord] = {}
    for reminder in fitting.record.reminders:
        data = ReminderData(minutes_before=reminder.minutes_before, at=reminder.at, snooze=reminder.snooze)
        try:
            check_reminders([data])
            _refuse_far(data, now)
        except Invalid as error:
            fitting.note("reminders", f"One is left out. {error.reason}")
        else:
            fit.setdefault(data, reminder)
    if len(fit) > REMINDERS_MAX:
        fitting.note("reminders", f"A task can have {REMINDERS_MAX} reminders; the others are left out.")
    return tuple(fit.values())[:REMINDERS_MAX]


def _refuse_far(data: ReminderData, now: datetime) -> None:
    if data.at is not None and not _LONG_AGO < data.at < now + AHEAD_MAX:
        raise Invalid("reminders", "A reminder lies at most fifty years ahead.")


def _instant(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment is not None else None


def _placed(records: Mapping[str, TaskRecord]) -> dict[str, TaskRecord]:
    """The records, none of them below itself or deeper than tasks can be."""
    placed: dict[str, TaskRecord] = {}
    for key in records:
        _place(key, records, placed)
    return placed


def _place(key: str, records: Mapping[str, TaskRecord], placed: dict[str, TaskRecord]) -> None:
    line: dict[str, None] = {}
    at: str | None = key
    while at is not None and at in records and at not in placed and at not in line:
        line[at] = None
        at = records[at].parent_key
    for each in reversed(line):
        record = records[each]
        if record.parent_key in line and record.parent_key not in placed:
            placed[each] = _without_parent(
                record, "It stands below itself in the file, so it is no subtask here."
            )
        else:
            placed[each] = _not_too_deep(record, placed)


def _without_parent(record: TaskRecord, reason: str) -> TaskRecord:
    return replace(record, parent_key=None, notes=(*record.notes, Note("parent_id", reason)))


def _not_too_deep(record: TaskRecord, placed: Mapping[str, TaskRecord]) -> TaskRecord:
    above = list(_ancestors(record, placed))
    if len(above) < DEPTH_MAX:
        return record
    # The lowest of those above it that can have subtasks.
    parent = above[len(above) - DEPTH_MAX + 1]
    reason = f"Subtasks can be nested {DEPTH_MAX} deep; it stands below “{parent.title[:80]}” instead."
    return replace(record, parent_key=parent.key, notes=(*record.notes, Note("parent_id", reason)))


def _ancestors(record: TaskRecord, records: Mapping[str, TaskRecord]) -> Iterator[TaskRecord]:
    """The tasks above one, the nearest first."""
    parent = records.get(record.parent_key or "")
    while parent is not None:
        yield parent
        parent = records.get(parent.parent_key or "")


def _one_rule_a_family(
    records: dict[str, TaskRecord], series: Mapping[str, SeriesRecord]
) -> dict[str, TaskRecord]:
    """The records, of which no task repeats below another one that does."""

    def repeats(record: TaskRecord) -> bool:
        if record.series_key is not None:
            found = series.get(record.series_key)
            return found is not None and found.ended_at is None and found.latest_key == record.key
        return record.recurrence is not None

    for record in list(records.values()):
        if record.recurrence is not None and any(repeats(each) for each in _ancestors(record, records)):
            reason = "A task and its subtasks repeat together, so only the upper one has a rule."
            records[record.key] = replace(
                record,
                recurrence=None,
                description=f"{record.description}\n\nRepeats: {record.recurrence.rule}".strip(),
                notes=(*record.notes, Note("recurrence", reason)),
            )
    return records


def _parents_first(records: Mapping[str, TaskRecord]) -> Iterator[TaskRecord]:
    """The records in the order of the file, but none before the one that it is a subtask of."""
    told: set[str] = set()
    for record in records.values():
        line = [record, *_ancestors(record, records)]
        for each in reversed(line):
            if each.key not in told:
                told.add(each.key)
                yield each
