"""The recurrence dialog: presets, a builder and a typed phrase for one rule, and what it comes to."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import reflex as rx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from state.handlers import Handlers, parse_id
from state.list import ListState
from state.repeating import say_day
from todo_app.db.models import Task, TaskRecurrence
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.events import RecurrenceData
from todo_app.domain.recurrence import Anchor, Recurrence, describe, format_rules, occurrences, preview_of
from todo_app.domain.recurrence.series import local_date, resolved
from todo_app.domain.repeat_choices import (
    COUNT_MAX,
    EVERY_MAX,
    Choice,
    Ends,
    On,
    Spoken,
    Unit,
    choice_for,
    choice_of,
    presets,
    read_repeat,
    recurrence_of,
    start_with,
)
from todo_app.domain.series import as_key, from_key, remaining, wall_of
from todo_app.domain.task import Due
from todo_app.services import tasks
from todo_app.services.recurrence import data_of, series_of, with_start
from todo_app.services.task_fields import TaskPatch, due_data
from todo_app.services.tasks import EditTasks

SHOWN = 5
_AT_FIELDS = frozenset({"phrase", "every", "weekdays", "day", "weekday", "month", "until", "count"})


class Draft(BaseModel):
    """What stands in the dialog's fields, as the page sends it; numbers are text, since they are typed.

    ``source`` says which of the three ways counts, ``turn`` which answer belongs to which question.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    turn: int = 0
    source: Literal["builder", "phrase", "kept"] = "builder"
    phrase: str = Field("", max_length=10_000)
    every: str = Field("1", max_length=20)
    unit: Unit = Unit.WEEK
    weekdays: tuple[int, ...] = Field((), max_length=7)
    on: On = On.SAME
    day: str = Field("1", max_length=20)
    nth: int = 1
    weekday: int = 0
    month: int = 1
    anchor: Anchor = Anchor.SCHEDULE
    ends: Ends = Ends.NEVER
    until: str = Field("", max_length=20)
    count: str = Field("10", max_length=20)
    if_overdue: Literal["next", "future"] = "future"


@dataclass(frozen=True)
class Preset:
    """A choice that is often made, in words, and what it puts into the fields."""

    label: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Foreseen:
    """What the fields come to, or what is wrong with one; ``fields`` are those that a phrase fills."""

    turn: int = -1
    words: str = ""
    dates: tuple[str, ...] = ()
    note: str = ""
    is_over: bool = False
    is_custom: bool = False
    fields: dict[str, Any] | None = None
    error: str = ""
    error_field: str = ""


@dataclass(frozen=True)
class _Scene:
    """The task that the dialog is about, and how it repeats so far."""

    task: Task
    series: TaskRecurrence | None
    zone: ZoneInfo
    today: date

    @property
    def day(self) -> date:
        """The day that a new rule counts from."""
        return self.task.due.date if self.task.due else self.today

    def rest(self, user_zone: ZoneInfo) -> Recurrence | None:
        """The rules for this occurrence and those that follow."""
        if self.series is None:
            return None
        series = series_of(self.series, user_zone)
        if not self.task.occurrence:
            return None
        here = from_key(self.task.occurrence)
        return remaining(series, since=here, made=self.series.occurrences_made)


@dataclass(frozen=True)
class _Wanted:
    """What is to be stored: the rule with its start, and when the task is then due."""

    recurrence: Recurrence
    data: RecurrenceData
    due: Due | None


class RecurrenceState(Handlers, rx.State):
    """What is chosen and not saved yet stays in the browser."""

    is_open: bool = False
    opened: int = 0
    title: str = ""
    repeats: bool = False
    presets: list[Preset] = []
    draft: dict[str, Any] = {}
    foreseen: Foreseen = Foreseen()

    _task_id: UUID | None = None

    @rx.event
    async def open(self, task_id: str) -> None:
        """Show how a task repeats."""
        self._task_id = parse_id(task_id)
        async with self._read() as uow:
            scene = await _scene(uow, self._task_id)
            self.presets = _presets(scene)
            draft = _draft(scene, uow.identity.zone)
            self.foreseen = _foresee(uow, scene, draft)
        self.title, self.repeats = scene.task.title, scene.series is not None
        self.draft = draft.model_dump(mode="json")
        self.opened += 1
        self.is_open = True

    @rx.event
    def close(self) -> None:
        """Leave everything as it is."""
        self.is_open = False

    @rx.event
    async def consider(self, draft: dict[str, Any]) -> None:
        """Say what the fields come to."""
        read = _read(draft)
        async with self._read() as uow:
            self.foreseen = _foresee(uow, await _scene(uow, self._open_task()), read)

    @rx.event
    async def save(self, draft: dict[str, Any]) -> None:
        """Make the task repeat so, from this occurrence on."""
        read = _read(draft)
        try:
            async with self._write() as uow:
                scene = await _scene(uow, self._open_task())
                wanted = _wanted(uow, scene, read)
                patch = TaskPatch(recurrence=wanted.data)
                if wanted.due != scene.task.due:
                    patch = TaskPatch(recurrence=wanted.data, due=due_data(wanted.due))
                await tasks.edit(uow, EditTasks([scene.task.id], patch))
        except Invalid as error:
            self.foreseen = _refusal(read.turn, error)
            return
        words = describe(wanted.recurrence, timezone=scene.zone)
        await self._done(uow, f"“{_shortened(scene.task.title)}” repeats {words}")

    @rx.event
    async def remove(self) -> None:
        """Make the task repeat no longer."""
        async with self._write() as uow:
            (task,) = await tasks.edit(uow, EditTasks([self._open_task()], TaskPatch(recurrence=None)))
        await self._done(uow, f"“{_shortened(task.title)}” repeats no longer")

    async def _done(self, uow: UnitOfWork, message: str) -> None:
        self.is_open = False
        page = await self.get_state(ListState)
        await page._show_change(uow, message)

    def _open_task(self) -> UUID:
        # Nothing is open in a tab that was never told so: that looks like a task that is gone.
        return self._task_id or parse_id("")


async def _scene(uow: UnitOfWork, task_id: UUID) -> _Scene:
    task = await uow.tasks.get(task_id)
    await uow.recurrences.load([task])
    series = uow.recurrences.of(task)
    zone = ZoneInfo(task.due_timezone) if task.due_timezone else uow.identity.zone
    is_alive = series is not None and series.ended_at is None
    return _Scene(task, series if is_alive else None, zone, uow.now.astimezone(zone).date())


def _presets(scene: _Scene) -> list[Preset]:
    return [
        Preset(
            _sentence(describe(recurrence_of(choice, scene.day), timezone=scene.zone)),
            _fields_of(choice),
        )
        for choice in presets(scene.day)
    ]


def _draft(scene: _Scene, user_zone: ZoneInfo) -> Draft:
    """The fields for a task as it is."""
    rest = scene.rest(user_zone)
    choice = choice_of(rest, start=scene.day, timezone=scene.zone) if rest else choice_for(scene.day)
    fields = _fields_of(choice or choice_for(scene.day))
    overdue = scene.series.if_overdue if scene.series else "future"
    source = "builder" if choice else "kept"
    return Draft.model_validate({**fields, "if_overdue": overdue, "source": source})


def _read(draft: dict[str, Any]) -> Draft:
    try:
        return Draft.model_validate(draft)
    except ValidationError:
        raise Invalid("form", "The page sent something that the server does not understand.") from None


def _fields_of(choice: Choice) -> dict[str, Any]:
    values = asdict(choice) | {"until": choice.until.isoformat() if choice.until else ""}
    for name in ("every", "day", "count"):
        values[name] = str(values[name])
    return values


def _choice(draft: Draft) -> Choice:
    values = draft.model_dump(include=set(Choice.__dataclass_fields__))
    values |= {
        "every": _number("every", draft.every, EVERY_MAX),
        "day": _number("day", draft.day, 31),
        "count": _number("count", draft.count, COUNT_MAX) if draft.ends is Ends.COUNT else 1,
        "until": _day(draft.until) if draft.ends is Ends.DATE and draft.until else None,
    }
    return Choice(**values)


def _number(field: str, text: str, most: int) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= most:
        raise Invalid(field, f"Give a number from 1 to {most}.")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("until", "There is no such day.") from None


def _spoken(uow: UnitOfWork, scene: _Scene, draft: Draft) -> Spoken:
    """What the fields say, by whichever way counts."""
    if draft.source == "phrase":
        return read_repeat(draft.phrase, due=scene.task.due, now=uow.now, zone=scene.zone)
    rest = scene.rest(uow.identity.zone)
    if draft.source == "kept" and rest is not None:
        return Spoken(rest)
    choice = _choice(draft)
    if choice.until is not None and choice.until < scene.day:
        raise Invalid("until", "This is before the task is due.")
    return Spoken(recurrence_of(choice, scene.day))


def _wanted(uow: UnitOfWork, scene: _Scene, draft: Draft) -> _Wanted:
    spoken = _spoken(uow, scene, draft)
    recurrence, rest = spoken.recurrence, scene.rest(uow.identity.zone)
    is_same = rest is not None and _by_day(recurrence, scene.zone) == _by_day(rest, scene.zone)
    if scene.series is not None and spoken.start is None and is_same:
        # The same rule goes on counting from where it began.
        data = data_of(scene.series).model_copy(update={"if_overdue": draft.if_overdue})
        if recurrence.anchor is Anchor.COMPLETION:
            return _Wanted(recurrence, data, scene.task.due)
        series = series_of(scene.series, uow.identity.zone)
        return _Wanted(series.recurrence, data, scene.task.due)
    due = start_with(spoken.start, scene.task.due) if spoken.start else scene.task.due
    data = RecurrenceData(
        rule=format_rules(recurrence.rules), anchor=recurrence.anchor.value, if_overdue=draft.if_overdue
    )
    return _Wanted(recurrence, *with_start(uow, data, due))


def _by_day(recurrence: Recurrence, zone: ZoneInfo) -> Recurrence:
    """The recurrence with its end as a day, as the fields show it."""
    rules = (replace(rule, until=rule.until and local_date(rule.until, zone)) for rule in recurrence.rules)
    return replace(recurrence, rules=tuple(rules))


def _foresee(uow: UnitOfWork, scene: _Scene, draft: Draft) -> Foreseen:
    try:
        wanted = _wanted(uow, scene, draft)
        coming = _coming(scene, wanted)
    except Invalid as error:
        return _refusal(draft.turn, error)
    rest = scene.rest(uow.identity.zone)
    shown = rest if draft.source == "kept" and rest else wanted.recurrence
    choice = choice_of(shown, start=scene.day, timezone=scene.zone)
    zone, today = uow.identity.zone, uow.now.astimezone(uow.identity.zone).date()
    return Foreseen(
        turn=draft.turn,
        words=describe(shown, timezone=scene.zone),
        dates=tuple(say_day(_as_due(each), today=today, zone=zone) for each in coming[:SHOWN]),
        note=_note(scene, wanted, today=today, zone=zone),
        is_over=len(coming) <= SHOWN,
        is_custom=choice is None,
        fields=_fields_of(choice) if draft.source == "phrase" and choice else None,
    )


def _coming(scene: _Scene, wanted: _Wanted) -> list[date | datetime]:
    """The occurrences from the one that the task then is, and one more than is shown."""
    start = from_key(wanted.data.start or as_key(scene.day))
    due = wanted.due or Due(scene.day)
    if wanted.recurrence.anchor is Anchor.COMPLETION:
        here = wall_of(due)
        return list(
            preview_of(wanted.recurrence, start=here, timezone=scene.zone, count=SHOWN + 1).occurrences
        )
    here = wall_of(due)
    since = resolved(here, scene.zone) if isinstance(here, datetime) else here
    moments = occurrences(wanted.recurrence, start=start, timezone=scene.zone, since=since)
    return list(islice(moments, SHOWN + 1))


def _as_due(moment: date | datetime) -> Due:
    if isinstance(moment, datetime):
        return Due(moment.date(), moment.time().replace(tzinfo=None), str(moment.tzinfo))
    return Due(moment)


def _note(scene: _Scene, wanted: _Wanted, *, today: date, zone: ZoneInfo) -> str:
    if wanted.due is None or wanted.due == scene.task.due:
        return ""
    words = say_day(wanted.due, today=today, zone=zone)
    return f"Due moves to {words}" if scene.task.due else f"Due from {words}"


def _refusal(turn: int, error: Invalid) -> Foreseen:
    field = error.field if error.field in _AT_FIELDS else "form"
    return Foreseen(turn=turn, error=str(error), error_field=field)


def _shortened(title: str) -> str:
    return title if len(title) <= 40 else f"{title[:39]}…"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
