"""iCalendar files (RFC 5545): a task is a VTODO.

What the standard has no word for stands in properties of ours, which other programs keep or pass over: the
project, whether a rule counts from completion, and the rule as we write it. The trash is left out.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from typing import Any, Final
from zoneinfo import ZoneInfo

from icalendar import (
    Alarm,
    Calendar,
    Component,
    ComponentFactory,
    Event,
    Timezone,
    Todo,
    use_zoneinfo,
    vDDDTypes,
    vRecur,
)
from icalendar.parser.ical.calendar import CalendarIcalParser

from todo_app.domain.errors import Invalid
from todo_app.domain.events import RecurrenceData
from todo_app.domain.recurrence import Anchor, Recurrence, format_rules, parse_rules
from todo_app.domain.recurrence.rule import ByDay, Frequency, Rule
from todo_app.domain.series import Series, from_key, remaining, wall_of
from todo_app.domain.task import Due, Priority
from todo_app.exchange.html_text import markdown_of
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

PRODUCT: Final = "-//Punctual//EN"
UID_SUFFIX: Final = "@punctual"
_PROJECT, _ANCHOR, _RULE, _START = (
    f"X-PUNCTUAL-{name}" for name in ("PROJECT", "ANCHOR", "RULE", "RULE-START")
)
# RFC 5545 §3.8.1.9 gives 1 to 4, 5, and 6 to 9 these meanings.
_PRIORITY_NUMBERS = {Priority.HIGH: 1, Priority.MEDIUM: 5, Priority.LOW: 9}
_FEED_HEAD = "X-WR-CALNAME:Punctual\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n"
_ONE_AT_A_TIME = Lock()
_WORKDAYS = tuple(ByDay(day) for day in range(5))
_IN_THE_DESCRIPTION = {"LOCATION": "Location", "URL": "Link", "COMMENT": "Comment", "CONTACT": "Contact"}
_LEFT_OUT = ("ATTACH", "ATTENDEE", "RDATE", "EXDATE", "GEO", "RESOURCES")
_LAST_SECOND = time(23, 59, 59)


def begin(zones: Iterable[str]) -> str:
    """What a calendar begins with: its head, and the rules of the zones that its tasks name."""
    return _head("", zones)


def _head(more: str, zones: Iterable[str]) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", more]
    return "\r\n".join(lines) + "".join(_timezone(name) for name in sorted(set(zones)))


def write(tasks: Iterable[TaskRecord]) -> str:
    """Tasks as VTODOs."""
    return "".join(todo(task).to_ical().decode() for task in tasks)


def end() -> str:
    """What a calendar ends with."""
    return "END:VCALENDAR\r\n"


def feed(tasks: Sequence[TaskRecord], timezone: str) -> str:
    """A calendar to subscribe to: each task, and for programs that show no tasks, an event when it is due.

    ``timezone`` is the person's, which programs on a server read times without a zone in.
    """
    zones = {task.due.timezone for task in tasks if task.due and task.due.timezone}
    of_feed = f"{_FEED_HEAD}X-WR-TIMEZONE:{timezone}\r\n"
    events = "".join(event(task, task.due).to_ical().decode() for task in tasks if task.due)
    return _head(of_feed, zones) + write(tasks) + events + end()


def event(task: TaskRecord, due: Due) -> Event:
    """An event at the time that a task is due: a day, or a moment."""
    found = Event()
    found.add("uid", f"{task.key}-event{UID_SUFFIX}")
    found.add("dtstamp", _stamp(task))
    found.add("summary", task.title)
    if task.description:
        found.add("description", task.description)
    found.add("dtstart", when(due))
    if due.time is None:
        found.add("dtend", due.date + timedelta(days=1))
    # It is no time that somebody is busy.
    found.add("transp", "TRANSPARENT")
    if task.recurrence is not None and task.recurrence.anchor == "schedule":
        _write_standard_rules(found, task.recurrence, due)
    return found


def _stamp(task: TaskRecord) -> datetime:
    return task.updated_at or task.created_at or datetime(1970, 1, 1, tzinfo=UTC)


def todo(task: TaskRecord) -> Todo:
    """A task as a VTODO."""
    found = Todo()
    found.add("uid", task.key + UID_SUFFIX)
    found.add("dtstamp", _stamp(task))
    found.add("summary", task.title)
    for name, text in (("description", task.description), (_PROJECT, task.project)):
        if text:
            found.add(name, text)
    for name, moment in (("created", task.created_at), ("last-modified", task.updated_at)):
        if moment is not None:
            found.add(name, moment)
    if task.priority is not None:
        found.add("priority", _PRIORITY_NUMBERS[task.priority])
    if task.tags:
        found.add("categories", list(task.tags))
    if task.parent_key:
        found.add("related-to", task.parent_key + UID_SUFFIX)
    if task.due is not None:
        found.add("due", when(task.due))
    _write_status(found, task)
    if task.recurrence is not None and task.due is not None:
        found.add("dtstart", when(task.due))
        write_rules(found, task.recurrence, task.due)
    for reminder in task.reminders:
        if not reminder.snooze:
            found.add_component(_alarm(task, reminder))
    return found


def when(due: Due) -> date | datetime:
    """A due date as a calendar has it: a day, a wall clock without zone, or one with."""
    if due.time is None:
        return due.date
    zone = ZoneInfo(due.timezone) if due.timezone else None
    return datetime.combine(due.date, due.time, tzinfo=zone)


def write_rules(component: Component, data: RecurrenceData, due: Due) -> None:
    """Write how a task repeats, as the standard says it and as we do."""
    for line in data.rule.splitlines():
        component.add(_RULE, line)
    component.add(_ANCHOR, data.anchor)
    if data.start is not None:
        component.add(_START, data.start)
    _write_standard_rules(component, data, due)


def _write_standard_rules(component: Component, data: RecurrenceData, due: Due) -> None:
    """Write the rules for what is left of a series from its due date on, which others count from."""
    recurrence = Recurrence(parse_rules(data.rule), Anchor(data.anchor))
    if data.start is not None:
        zone = ZoneInfo(due.timezone) if due.timezone else ZoneInfo("UTC")
        series = Series(recurrence, start=from_key(data.start), timezone=zone)
        recurrence = remaining(series, since=wall_of(due), made=data.made)
    for rule in recurrence.rules:
        component.add("rrule", vRecur.from_ical(_standard(rule, due)))


def read(text: str, reading: Reading) -> Iterator[Item]:
    """The tasks of a calendar.

    Raises:
        Invalid: when it is no calendar, or has too many tasks.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        # The library remembers what files say of zones that only they know.
        use_zoneinfo()  # type: ignore[no-untyped-call]  # says nothing of its types
        # What the library says of odd zones is judged here, by the zone that comes of them.
        warnings.simplefilter("ignore")
        try:
            calendars = _Forgiving(text, ComponentFactory(), Calendar.types_factory).parse()
        except (ValueError, IndexError, KeyError) as error:
            raise Invalid("file", f"This is no calendar: {str(error)[:200]}.") from None
    yield from _read(calendars, reading)


def _read(calendars: Sequence[Component], reading: Reading) -> Iterator[Item]:
    rows, keys = Rows(), ContentKeys("ics")
    todos: list[tuple[Component, str | None]] = []
    others: dict[str, int] = {}
    for calendar in calendars:
        is_ours = str(calendar.get("PRODID", "")) == PRODUCT
        name = None if is_ours else str(calendar.get("X-WR-CALNAME", "")).strip() or None
        for component in calendar.walk():
            if component.name == "VTODO":
                todos.append((component, name))
            elif component.name in ("VEVENT", "VJOURNAL"):
                others[component.name] = others.get(component.name, 0) + 1
    for kind, count in others.items():
        yield Remark(f"Only tasks are imported; left out: {count:,} {kind}.")
    parents = _parents(component for component, _ in todos)
    for component, project in todos:
        row = rows.another()
        try:
            yield _Reader(component, reading).task(row, keys, parents, project)
        except (ValueError, Invalid) as error:
            yield Rejected(row, "", "VTODO", f"It can't be read: {str(error)[:200]}.")


def _key(uid: str) -> str:
    return uid.removesuffix(UID_SUFFIX)


def _each(component: Component, name: str) -> list[Any]:
    """The values of a property that may stand there several times; none when it can't be read."""
    try:
        found = component.get(name)
    except (ValueError, KeyError, TypeError):
        return []
    return found if isinstance(found, list) else [] if found is None else [found]


def _relation(related: Any) -> str:
    return str(getattr(related, "params", {}).get("RELTYPE", "PARENT")).upper()


def _parents(todos: Iterable[Component]) -> dict[str, str]:
    """The parents that tasks are given by their parents, by the children's keys."""
    found: dict[str, str] = {}
    for component in todos:
        for related in _each(component, "RELATED-TO"):
            if _relation(related) == "CHILD":
                found[_key(str(related))] = _key(str(component.get("UID", "")))
    return found


class _Forgiving(CalendarIcalParser):
    """Reads on where a property is damaged, which the component then names."""

    def handle_property_parse_error(
        self, exception: Exception, name: str, params: object, val: str, line: object
    ) -> None:
        """Leave the property out."""
        self._spoilt(name, exception)

    def handle_line_parse_error(self, exception: Exception) -> None:
        """Leave the line out, unless the file begins with it."""
        if self.component is None:
            raise exception
        self._spoilt(None, exception)

    def _spoilt(self, name: str | None, exception: Exception) -> None:
        if self.component is not None:
            self.component.errors.append((name, str(exception)))


class _Reader:
    """Reads one VTODO, and notes what of it can't be read."""

    def __init__(self, component: Component, reading: Reading) -> None:
        self._component = component
        self._reading = reading
        self._notes = [
            Note(name or "line", f"It can't be read and is left out: {reason[:120]}.")
            for name, reason in component.errors
        ]

    def task(
        self, row: int, keys: ContentKeys, parents: Mapping[str, str], project: str | None
    ) -> TaskRecord:
        """The task; ``parents`` are those that stand with the parents."""
        due = self._due()
        key = self._own_key(keys)
        completed_at = self._completed_at()
        repeats = completed_at is None and "RECURRENCE-ID" not in self._component
        return TaskRecord(
            row=row,
            key=key,
            title=self._text("SUMMARY"),
            description=self._description(),
            priority=self._priority(),
            tags=self._tags(),
            project=self._text(_PROJECT) or project,
            parent_key=self._parent() or parents.get(key),
            due=due,
            recurrence=self._recurrence() if repeats else None,
            reminders=tuple(self._reminders(due)),
            created_at=self._instant("CREATED"),
            updated_at=self._instant("LAST-MODIFIED"),
            completed_at=completed_at,
            skipped=self._text("STATUS").upper() == "CANCELLED",
            notes=tuple(self._notes),
        )

    def _value(self, name: str) -> Any:
        try:
            found = self._component.get(name)
        except (ValueError, KeyError, TypeError) as error:
            self._notes.append(Note(name, f"It can't be read and is left out: {str(error)[:120]}."))
            return None
        return found[0] if isinstance(found, list) else found

    def _text(self, name: str) -> str:
        found = self._value(name)
        return str(found).strip() if found is not None else ""

    def _own_key(self, keys: ContentKeys) -> str:
        uid = _key(self._text("UID"))
        instance = self._value("RECURRENCE-ID")
        if not uid:
            return keys.of(self._component.to_ical())
        return f"{uid}/{instance.to_ical().decode()}" if instance is not None else uid

    def _due(self) -> Due | None:
        for name in ("DUE", "DTSTART"):
            found = self._value(name)
            if found is None:
                continue
            if name == "DTSTART" and (length := self._value("DURATION")) is not None:
                return self._as_due(found.dt + length.dt)
            return self._as_due(found.dt)
        return None

    def _as_due(self, moment: date | datetime) -> Due:
        if not isinstance(moment, datetime):
            return Due(moment)
        zone = getattr(moment.tzinfo, "key", None)
        if moment.tzinfo is None:
            return Due(moment.date(), moment.time().replace(microsecond=0))
        if zone is None or zone in ("UTC", "Etc/UTC", self._reading.zone.key):
            # An instant, or home: it follows the person.
            moment, zone = moment.astimezone(self._reading.zone), None
        return Due(moment.date(), moment.time().replace(microsecond=0, fold=0), zone)

    def _description(self) -> str:
        parts = [markdown_of(self._text("DESCRIPTION"))]
        for name, label in _IN_THE_DESCRIPTION.items():
            parts += [f"{label}: {text}" for text in map(str, _each(self._component, name)) if text.strip()]
        for name in _LEFT_OUT:
            if name in self._component:
                self._notes.append(Note(name, "It has no place here and is left out."))
        return "\n\n".join(part for part in parts if part)

    def _priority(self) -> Priority | None:
        number = self._value("PRIORITY")
        if number is None or not 1 <= int(number) <= 9:
            return None
        return Priority.HIGH if number < 5 else Priority.MEDIUM if number == 5 else Priority.LOW

    def _tags(self) -> tuple[str, ...]:
        names = [str(name).strip() for each in _each(self._component, "CATEGORIES") for name in each.cats]
        return tuple(dict.fromkeys(name for name in names if name))

    def _parent(self) -> str | None:
        for related in _each(self._component, "RELATED-TO"):
            if _relation(related) == "PARENT":
                return _key(str(related))
            if _relation(related) != "CHILD":
                self._notes.append(Note("RELATED-TO", "Relations besides subtasks are left out."))
        return None

    def _completed_at(self) -> datetime | None:
        status = self._text("STATUS").upper()
        completed = self._instant("COMPLETED")
        if status == "CANCELLED":
            self._notes.append(Note("STATUS", "What was cancelled is closed as skipped."))
        if completed is None and status not in ("COMPLETED", "CANCELLED"):
            return None
        return completed or self._instant("LAST-MODIFIED") or self._reading.now

    def _recurrence(self) -> RecurrenceData | None:
        rule = "\n".join(map(str, _each(self._component, _RULE))) or "\n".join(
            each.to_ical().decode() for each in _each(self._component, "RRULE")
        )
        if not rule:
            return None
        try:
            rule = format_rules(parse_rules(rule))
        except Invalid as error:
            self._notes.append(Note("RRULE", f"“{rule[:120]}” can't be followed. {error.reason}"))
            return None
        anchor = "completion" if self._text(_ANCHOR) == "completion" else "schedule"
        return RecurrenceData.model_validate({"rule": rule, "anchor": anchor, "start": self._start()})

    def _start(self) -> str | None:
        start = self._text(_START)
        try:
            from_key(start)
        except ValueError:
            return None
        return start

    def _reminders(self, due: Due | None) -> Iterator[ReminderRecord]:
        for alarm in self._component.walk("VALARM"):
            try:
                trigger = alarm.get("TRIGGER")
            except (ValueError, KeyError, TypeError):
                trigger = None
            found = self._reminder(trigger, due) if trigger is not None else None
            if found is None:
                self._notes.append(Note("VALARM", "A reminder that can't be read is left out."))
            else:
                yield found

    def _reminder(self, trigger: Any, due: Due | None) -> ReminderRecord | None:
        if isinstance(trigger.dt, datetime):
            moment = trigger.dt if trigger.dt.tzinfo else trigger.dt.replace(tzinfo=self._reading.zone)
            return ReminderRecord(at=moment.astimezone(UTC))
        if not isinstance(trigger.dt, timedelta) or due is None:
            return None
        before = -trigger.dt
        if str(trigger.params.get("RELATED", "START")).upper() == "START":
            before += self._length()
        return (
            ReminderRecord(minutes_before=int(before.total_seconds() // 60))
            if before >= timedelta()
            else None
        )

    def _length(self) -> timedelta:
        """How long after its start a task is due, which alarms count from."""
        start, due = self._value("DTSTART"), self._value("DUE")
        if start is None or due is None or type(start.dt) is not type(due.dt):
            return timedelta()
        try:
            return timedelta(seconds=(due.dt - start.dt).total_seconds())
        except TypeError:
            return timedelta()

    def _instant(self, name: str) -> datetime | None:
        found = self._value(name)
        moment = getattr(found, "dt", None)
        if not isinstance(moment, date):
            return None
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time())
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._reading.zone)).astimezone(UTC)


def _write_status(found: Todo, task: TaskRecord) -> None:
    if task.completed_at is None:
        found.add("status", "NEEDS-ACTION")
        return
    found.add("status", "CANCELLED" if task.skipped else "COMPLETED")
    found.add("completed", task.completed_at)
    if not task.skipped:
        found.add("percent-complete", 100)


def _alarm(task: TaskRecord, reminder: ReminderRecord) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", task.title)
    if reminder.at is not None:
        alarm.add("trigger", reminder.at)
    else:
        offset = vDDDTypes(-timedelta(minutes=reminder.minutes_before or 0))
        offset.params["RELATED"] = "END"
        alarm.add("trigger", offset)
    return alarm


def _standard(rule: Rule, due: Due) -> str:
    """A rule as other programs understand it; the standard has no working days and knows one kind of end."""
    parts: dict[str, Any] = {}
    if rule.workdays and rule.interval == 1:
        parts = {"freq": Frequency.WEEKLY, "by_day": _WORKDAYS}
    if rule.until is not None:
        parts["until"] = _until(rule.until, due)
    parts["workdays"] = False
    fields = {name: getattr(rule, name) for name in Rule.__dataclass_fields__}
    return format_rules([Rule(**{**fields, **parts})])


def _until(until: date | datetime, due: Due) -> date | datetime:
    """The end of a rule, of the kind that the start is of: a day, a wall clock, or else in UTC (§3.3.10)."""
    zone = ZoneInfo(due.timezone) if due.timezone else None
    if due.time is None:
        return until.date() if isinstance(until, datetime) else until
    if not isinstance(until, datetime):
        until = datetime.combine(until, _LAST_SECOND)
    if zone is None:
        return until.replace(tzinfo=None)
    return (until if until.tzinfo else until.replace(tzinfo=zone)).astimezone(UTC)


def _timezone(name: str) -> str:
    return str(Timezone.from_tzid(name).to_ical().decode())
