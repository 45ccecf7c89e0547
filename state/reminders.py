"""The reminders of a task: what they come to, adding one, taking one away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import reflex as rx

from state.handlers import Handlers, parse_id
from state.list import ListState
from state.reminder_lines import ReminderLine, key_of, lines_of
from todo_app.domain.errors import Invalid
from todo_app.domain.events import ReminderData
from todo_app.domain.reminder_words import TYPED_MAX, read_reminder, say_reminder
from todo_app.services import tasks
from todo_app.services.task_fields import TaskPatch
from todo_app.services.task_reminders import reminders_of
from todo_app.services.tasks import EditTasks

_Change = Callable[[list[ReminderData]], list[ReminderData]]


@dataclass(frozen=True)
class ReadReminder:
    """What a typed line means; ``text`` is that line, so that an answer that comes late is known as such."""

    text: str = ""
    label: str = ""
    error: str = ""


class RemindersState(Handlers, rx.State):
    """What is typed and not added yet stays in the browser."""

    opened: int = 0
    added: int = 0
    lines: list[ReminderLine] = []
    understood: ReadReminder = ReadReminder()
    error: str = ""

    _task_id: UUID | None = None

    @rx.event
    async def open(self, task_id: str) -> None:
        """Show the reminders of a task."""
        self._task_id, self.lines = parse_id(task_id), []
        self.error, self.understood = "", ReadReminder()
        await self._reload()
        self.opened += 1

    @rx.event
    async def understand(self, text: str) -> None:
        """Say what a typed line means."""
        text = text[:TYPED_MAX]
        self.error = ""
        if not text.strip():
            self.understood = ReadReminder()
            return
        async with self._read() as uow:
            try:
                found = read_reminder(text, now=uow.now, zone=uow.identity.zone)
            except Invalid as error:
                self.understood = ReadReminder(text, error=str(error))
                return
            label = say_reminder(found, now=uow.now, zone=uow.identity.zone)
        self.understood = ReadReminder(text, label)

    @rx.event
    async def add_text(self, text: str) -> None:
        """Add the reminder that a typed line means."""
        try:
            async with self._read() as uow:
                found = read_reminder(text[:TYPED_MAX], now=uow.now, zone=uow.identity.zone)
        except Invalid as error:
            self.error = str(error)
            return
        await self._add(found)

    @rx.event
    async def add_before(self, minutes: int) -> None:
        """Add a reminder so many minutes before the task is due."""
        await self._add(ReminderData(minutes_before=minutes))

    @rx.event
    async def remove(self, key: str) -> None:
        """Take a reminder away."""
        await self._change(lambda known: [data for data in known if key_of(data) != key])

    async def _add(self, found: ReminderData) -> None:
        if await self._change(lambda known: [*known, found] if found not in known else known):
            self.added += 1

    async def _change(self, change: _Change) -> bool:
        page, task_id = await self.get_state(ListState), self._open_task()
        only_here = await page._only_here(task_id)
        try:
            async with self._write() as uow:
                task = await uow.tasks.get(task_id)
                await uow.reminders.load([task_id])
                wanted = change(reminders_of(uow, task))
                patch = TaskPatch(reminders=tuple(wanted))
                await tasks.edit(uow, EditTasks([task_id], patch, only_here=only_here))
        except Invalid as error:
            self.error = str(error)
            return False
        self.error, self.understood = "", ReadReminder()
        await self._reload()
        await page._after_tagging(uow, [task], "Changed the reminders of")
        return True

    async def _reload(self) -> None:
        async with self._read() as uow:
            task = await uow.tasks.get(self._open_task())
            self.lines = list(await lines_of(uow, task))

    def _open_task(self) -> UUID:
        # Nothing is open in a tab that was never told so: that looks like a task that is gone.
        return self._task_id or parse_id("")
