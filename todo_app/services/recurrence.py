"""How a task repeats: its rule set, changed and taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import JsonValue
from uuid6 import uuid7

from todo_app.db.models import Task, TaskRecurrence
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.events import RecurrenceData
from todo_app.domain.recurrence import (
    Anchor,
    InvalidRule,
    Recurrence,
    after_completion,
    describe,
    first_occurrence,
    format_rules,
    occurrences,
    parse_rules,
)
from todo_app.domain.recurrence.series import local_date
from todo_app.domain.repeat_choices import moved_to
from todo_app.domain.series import (
    Closed,
    IfOverdue,
    Series,
    Wall,
    as_due,
    as_key,
    following,
    from_key,
    remaining,
    wall_of,
)
from todo_app.domain.task import Due

# The end of a series that stops after more occurrences is not worked out.
_COUNTED_MAX = 1_000


def series_of(row: TaskRecurrence, user_zone: ZoneInfo) -> Series:
    """A stored series as the rules of the domain see it."""
    return Series(
        Recurrence(parse_rules(row.rule), Anchor(row.anchor)),
        start=_start_of(row),
        timezone=ZoneInfo(row.timezone) if row.timezone else user_zone,
        if_overdue=IfOverdue(row.if_overdue),
    )


@lru_cache(maxsize=1024)
def words_of(rule: str, anchor: str, timezone: ZoneInfo) -> str:
    """A stored rule in English."""
    return describe(Recurrence(parse_rules(rule), Anchor(anchor)), timezone=timezone)


def value_of_recurrence(uow: UnitOfWork, task: Task) -> JsonValue:
    """How a loaded task repeats, as a JSON value; ``uow.recurrences.load`` has to come first."""
    row = uow.recurrences.of(task)
    if row is None or row.ended_at is not None:
        return None
    return data_of(row).model_dump(mode="json")


def data_of(row: TaskRecurrence) -> RecurrenceData:
    """A stored series as events carry it."""
    is_counted = row.anchor == Anchor.COMPLETION and any(rule.count for rule in parse_rules(row.rule))
    return RecurrenceData.model_validate(
        {
            "rule": row.rule,
            "anchor": row.anchor,
            "if_overdue": row.if_overdue,
            "start": as_key(_start_of(row)),
            "made": row.occurrences_made if is_counted else 1,
        }
    )


def with_start(uow: UnitOfWork, data: RecurrenceData, due: Due | None) -> tuple[RecurrenceData, Due | None]:
    """A rule with the start it counts from, and the due date that goes with it.

    A rule that names no start counts from the due date, or from today; the task is then due on the
    first day that fits.

    Raises:
        Invalid: when the rule or its start can't be so, or no day ever fits.
    """
    timezone = due.timezone if due else None
    zone = ZoneInfo(timezone) if timezone else uow.identity.zone
    recurrence = _parsed(data)
    if data.start is not None:
        return data, due or as_due(_parsed_start(data.start), timezone)
    start = wall_of(due) if due else uow.now.astimezone(zone).date()
    first = _first(recurrence, start, zone)
    return data.model_copy(update={"start": as_key(first)}), as_due(first, timezone)


async def set_recurrence(uow: UnitOfWork, task: Task, data: RecurrenceData | None) -> None:
    """Make a loaded task repeat by a rule with a start, or no longer.

    Raises:
        Invalid: when the rule can't be so, or the task can't repeat.
    """
    await uow.recurrences.load([task])
    row = uow.recurrences.of(task)
    if data is None:
        if row is not None and row.ended_at is None:
            row.ended_at, row.next_due = uow.now, None
        return
    await _refuse(uow, task, row)
    recurrence, start = _parsed(data), _parsed_start(data.start)
    zone = ZoneInfo(task.due_timezone) if task.due_timezone else uow.identity.zone
    _check(recurrence, start, zone)
    if row is None:
        row = TaskRecurrence(
            id=uuid7(),
            user_id=uow.user_id,
            recurrence_type="",
            rule="",
            anchor="",
            if_overdue="",
            starts_on=start,
            latest_id=task.id,
        )
        uow.recurrences.add(row)
        task.series_id = row.id
    _set_rule(row, data, recurrence, zone, task.due_timezone)
    row.ended_at = None
    task.occurrence = await uow.recurrences.free_key(row.id, wall_of(task.due) if task.due else start, task)
    foresee(row, task, uow.identity.zone)


def add_series(
    uow: UnitOfWork, series_id: UUID, data: RecurrenceData, latest: Task, *, timezone: str | None
) -> TaskRecurrence:
    """A series with its history, whose newest occurrence is a loaded task.

    Raises:
        Invalid: when the rule or its start can't be so.
    """
    zone = ZoneInfo(timezone) if timezone else uow.identity.zone
    row = TaskRecurrence(
        id=series_id,
        user_id=uow.user_id,
        recurrence_type="",
        rule="",
        anchor="",
        if_overdue="",
        starts_on=uow.now.date(),
        latest_id=latest.id,
    )
    _set_rule(row, data, _parsed(data), zone, timezone)
    uow.recurrences.add(row)
    foresee(row, latest, uow.identity.zone)
    return row


def check_rule(data: RecurrenceData, zone: ZoneInfo) -> None:
    """Refuse a rule that can't be followed from its start, or from today when it names none.

    Raises:
        Invalid: when the rule or its start can't be so, or no day ever fits.
    """
    recurrence = _parsed(data)
    if data.start is not None:
        _check(recurrence, _parsed_start(data.start), zone)


def foresee(row: TaskRecurrence, task: Task, user_zone: ZoneInfo) -> None:
    """Note which occurrence follows the newest one, were it done when it is due."""
    found = next(_foreseen(row, task, user_zone), None)
    row.next_due = as_key(found) if found is not None else None


def next_dues(uow: UnitOfWork, task: Task, *, count: int) -> list[Due]:
    """When the next ones of a series will be due, were each done when it is; at most ``count``.

    ``uow.recurrences.load`` has to come first. There are none behind an occurrence that is not the newest.
    """
    row = uow.recurrences.of(task)
    if row is None or row.ended_at is not None or row.latest_id != task.id:
        return []
    return [as_due(wall, row.timezone) for wall in islice(_foreseen(row, task, uow.identity.zone), count)]


def _foreseen(row: TaskRecurrence, task: Task, user_zone: ZoneInfo) -> Iterator[Wall]:
    series = series_of(row, user_zone)
    here = from_key(task.occurrence) if task.occurrence else series.start
    due, made = task.due, row.occurrences_made
    while True:
        day = due.date if due else local_date(here, series.timezone)
        at = (due.at(user_zone) if due else None) or _start_of_day(day, series.timezone)
        found = following(series, Closed(here, due, at, made))
        if found is None:
            return
        yield found
        here, due, made = found, as_due(found, row.timezone), made + 1


def moved(row: TaskRecurrence, task: Task, due: Due, user_zone: ZoneInfo) -> RecurrenceData:
    """The rule of a series that counts from another due date of this occurrence on."""
    series = series_of(row, user_zone)
    here = from_key(task.occurrence) if task.occurrence else series.start
    rest = remaining(series, since=here, made=row.occurrences_made)
    rest = moved_to(rest, old=local_date(here, series.timezone), new=due.date, timezone=series.timezone)
    return RecurrenceData.model_validate(
        {
            "rule": format_rules(rest.rules),
            "anchor": row.anchor,
            "if_overdue": row.if_overdue,
            "start": as_key(wall_of(due)),
        }
    )


def _set_rule(
    row: TaskRecurrence, data: RecurrenceData, recurrence: Recurrence, zone: ZoneInfo, timezone: str | None
) -> None:
    start = _parsed_start(data.start)
    row.recurrence_type = _type_of(recurrence)
    row.rule, row.anchor, row.if_overdue = format_rules(recurrence.rules), data.anchor, data.if_overdue
    row.starts_on = start.date() if isinstance(start, datetime) else start
    row.starts_time = start.time() if isinstance(start, datetime) else None
    row.timezone = timezone if row.starts_time else None
    row.end = _last_day(recurrence, start, zone)
    row.occurrences_made = data.made


def _start_of(row: TaskRecurrence) -> Wall:
    return datetime.combine(row.starts_on, row.starts_time) if row.starts_time else row.starts_on


def _start_of_day(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _parsed(data: RecurrenceData) -> Recurrence:
    return Recurrence(parse_rules(data.rule), Anchor(data.anchor))


def _parsed_start(start: str | None) -> Wall:
    try:
        return from_key(start or "")
    except ValueError:
        raise Invalid("recurrence", "The start must be a date or a time without zone.") from None


async def _refuse(uow: UnitOfWork, task: Task, row: TaskRecurrence | None) -> None:
    if task.completed_at or task.deleted_at:
        raise Invalid("recurrence", "Only an open task can repeat. Reopen or restore it first.")
    if row is not None and row.latest_id != task.id:
        raise Invalid("recurrence", "A later occurrence is there already: change the rule in that one.")
    if await uow.recurrences.is_beside_another(task):
        raise Invalid("recurrence", "A task and its subtasks repeat together: only one of them has a rule.")


def _check(recurrence: Recurrence, start: Wall, zone: ZoneInfo) -> None:
    if recurrence.anchor is Anchor.SCHEDULE:
        first_occurrence(recurrence, start=start, timezone=zone)
        return
    at = start.time() if isinstance(start, datetime) else None
    day = local_date(start, zone)
    if after_completion(recurrence, completed_at=_start_of_day(day, zone), timezone=zone, at=at) is None:
        raise InvalidRule("No day ever matches this rule.")


def _first(recurrence: Recurrence, start: Wall, zone: ZoneInfo) -> Wall:
    if recurrence.anchor is Anchor.COMPLETION:
        return start
    first = first_occurrence(recurrence, start=start, timezone=zone)
    return first.replace(tzinfo=None, fold=0) if isinstance(first, datetime) else first


def _type_of(recurrence: Recurrence) -> str:
    if len(recurrence.rules) > 1:
        return "several"
    rule = recurrence.rules[0]
    return "workdays" if rule.workdays else rule.freq.value.lower()


def _last_day(recurrence: Recurrence, start: Wall, zone: ZoneInfo) -> date | None:
    """The last day that the rules name or count to; ``None`` when they go on, or count completions."""
    rules = recurrence.rules
    if all(rule.until is not None for rule in rules):
        return max(local_date(rule.until, zone) for rule in rules if rule.until is not None)
    counts = [rule.count for rule in rules]
    if recurrence.anchor is Anchor.COMPLETION or None in counts or sum(map(int, counts)) > _COUNTED_MAX:  # type: ignore[arg-type]  # none is None
        return None
    *_, last = islice(occurrences(recurrence, start=start, timezone=zone), _COUNTED_MAX)
    return local_date(last, zone)
