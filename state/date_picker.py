"""The date picker: what a typed date means, and setting the date of the task it was opened for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import reflex as rx

from state.handlers import Handlers, parse_id
from state.list import ListState
from state.repeating import repeating, words
from todo_app.db.models import Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.date_choices import date_shortcuts, read_due, read_time, say_due
from todo_app.domain.errors import Invalid
from todo_app.domain.task import Due
from todo_app.services.task_fields import check_due, check_timezone

TYPED_MAX = 200


@dataclass(frozen=True)
class Shortcut:
    """A day that can be chosen at once."""

    name: str
    label: str
    day: str
    hint: str


@dataclass(frozen=True)
class Understood:
    """What a typed line means; ``text`` is that line, so that an answer that comes late is known as such."""

    text: str = ""
    day: str = ""
    time: str = ""
    label: str = ""
    error: str = ""


class DatePickerState(Handlers, rx.State):
    """What is typed and not set yet stays in the browser."""

    opened: int = 0
    accepted: int = 0
    day: str = ""
    time: str = ""
    timezone: str = ""
    own_timezone: str = ""
    repeats: str = ""
    several: bool = False
    today: str = ""
    shortcuts: list[Shortcut] = []
    # The task that all of this is about; "selected" is all selected ones.
    target: str = ""
    understood: Understood = Understood()
    error: str = ""
    error_field: str = ""

    @rx.event
    async def open(self, task_id: str) -> None:
        """Show the date of a task; several selected ones have none in common."""
        self._forget()
        self.several = task_id == "selected"
        self.target = "selected" if task_id == "selected" else str(parse_id(task_id))
        async with self._read() as uow:
            chosen = await uow.tasks.many((await self.get_state(ListState))._targets(task_id))
            due = None if task_id == "selected" else (await uow.tasks.get(parse_id(task_id))).due
            self.repeats = await _repeats(uow, chosen)
            zone, now = uow.identity.zone, uow.now
            self.own_timezone = uow.identity.timezone
        self.today = now.astimezone(zone).date().isoformat()
        self.shortcuts = [
            Shortcut(each.name, each.label, each.date.isoformat(), each.hint)
            for each in date_shortcuts(now, zone)
        ]
        self.day = due.date.isoformat() if due else ""
        self.time = f"{due.time:%H:%M}" if due and due.time else ""
        self.timezone = due.timezone or "" if due else ""
        self.opened += 1

    @rx.event
    async def understand(self, text: str) -> None:
        """Say what a typed line means."""
        text = str(text)[:TYPED_MAX]
        self.error = self.error_field = ""
        if not text.strip():
            self.understood = Understood()
            return
        now, zone = await self._moment()
        try:
            due = _checked(read_due(text, now=now, zone=zone))
        except Invalid as error:
            self.understood = Understood(text=text, error=str(error))
            return
        self.understood = Understood(
            text=text,
            day=due.date.isoformat(),
            time=f"{due.time:%H:%M}" if due.time else "",
            label=say_due(due, today=now.astimezone(zone).date()),
        )

    @rx.event
    async def choose_text(self, text: str, timezone: str, following: bool = False) -> None:
        """Set the date that a typed line means; those that follow may count from it."""
        now, zone = await self._moment()
        try:
            due = read_due(str(text)[:TYPED_MAX], now=now, zone=zone)
            due = _checked(Due(due.date, due.time, _zone_name(timezone) if due.time else None))
        except Invalid as error:
            self._refuse(error, field="text")
            return
        await self._set(due, following=following)

    @rx.event
    async def choose(self, day: str, time: str, timezone: str, following: bool = False) -> None:
        """Set a date from the fields; all of them empty takes the date away."""
        now, zone = await self._moment()
        try:
            due = _from_fields(str(day), str(time), str(timezone), now=now, zone=zone)
        except Invalid as error:
            self._refuse(error, field=error.field)
            return
        await self._set(due, following=following)

    async def _set(self, due: Due | None, *, following: bool) -> None:
        page = await self.get_state(ListState)
        await page._set_due(self.target, due, following=following)
        self._forget()
        self.accepted += 1

    def _refuse(self, error: Invalid, *, field: str) -> None:
        self.error, self.error_field = str(error), "day" if field == "due" else field

    def _forget(self) -> None:
        self.error = self.error_field = ""
        self.understood = Understood()

    async def _moment(self) -> tuple[datetime, ZoneInfo]:
        async with self._read() as uow:
            return uow.now, uow.identity.zone


async def _repeats(uow: UnitOfWork, tasks: list[Task]) -> str:
    """How the tasks repeat, in words; of several that do, that they do."""
    found = await repeating(uow, tasks)
    if len(tasks) > 1:
        return f"{len(found)} of {len(tasks)} tasks repeat" if found else ""
    series = uow.recurrences.of(found[0]) if found else None
    return words(series.rule, series.anchor, uow.identity.zone) if series else ""


def _from_fields(day: str, time: str, timezone: str, *, now: datetime, zone: ZoneInfo) -> Due | None:
    clock = read_time(time, now=now, zone=zone)
    name = _zone_name(timezone)
    if clock is None and name is not None and day:
        raise Invalid("time", "A time zone needs a time of day.")
    if day:
        return _checked(Due(_day(day), clock, name))
    if clock is None:
        return None
    # A time alone is its next one, as when it is typed.
    day_of_clock = read_due(time, now=now, zone=ZoneInfo(name) if name else zone).date
    return Due(day_of_clock, clock, name)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("day", f"There is no such day as “{text[:20]}”.") from None


def _zone_name(text: str) -> str | None:
    return check_timezone(str(text)) if text else None


def _checked(due: Due) -> Due:
    check_due(due)
    return due
