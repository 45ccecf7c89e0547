"""The quick-add line: what is understood while somebody types, and the task when they are done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import reflex as rx

from state.handlers import Handlers
from state.list import ListState
from state.shell import ShellState
from state.toasts import ToastState
from todo_app.bootstrap import current
from todo_app.db.models import Task
from todo_app.domain.errors import Invalid, NameTaken
from todo_app.domain.labels import PRIORITY_NAMES, due_label
from todo_app.domain.quick_add import QuickAdd, Token, TokenKind
from todo_app.domain.recurrence import describe
from todo_app.domain.reminder_words import read_reminder, say_reminder
from todo_app.services import quick_add
from todo_app.services.task_fields import check_timezone


@dataclass(frozen=True)
class Chip:
    """A token as the page shows it: where it stands in the line, and what it means."""

    kind: str
    start: int
    end: int
    label: str


class QuickAddState(Handlers, rx.State):
    """The text itself stays in the browser, so that a slow network never disturbs typing."""

    chips: list[Chip] = []
    understood_text: str = ""
    error: str = ""
    lines: int = 0
    added: int = 0
    refused: int = 0

    _ignored: list[tuple[int, int]] = []

    @rx.event
    async def understand(self, text: str) -> None:
        """Find the tokens of what has been typed so far."""
        self.error = ""
        self._ignored = [span for span in self._ignored if text.startswith(self.understood_text[: span[1]])]
        await self._understand(text)

    @rx.event
    async def leave_as_text(self, start: int, end: int) -> None:
        """Take a chip away: its words stay in the title."""
        self._ignored = [*self._ignored, (int(start), int(end))]
        await self._understand(self.understood_text)

    @rx.event
    async def add(self, text: str) -> None:
        """Add the task."""
        page = await self.get_state(ListState)
        ignored = self._ignored if text == self.understood_text else []
        try:
            async with self._write() as uow:
                added = await quick_add.add(uow, text, view=page._view, ignored=ignored)
        except (Invalid, NameTaken) as error:
            self.error = str(error)
            self.refused += 1
            return
        self._clear()
        self.added += 1
        await page._reload()
        toasts = await self.get_state(ToastState)
        toasts._say(_message(added, shown=set(page._shown_ids())), undo_id=uow.command_id)

    @rx.event
    def cancel(self) -> None:
        """Forget what was understood."""
        self._clear()

    def _clear(self) -> None:
        self.chips, self.understood_text, self.error, self._ignored = [], "", "", []
        self.lines = 0

    async def _understand(self, text: str) -> None:
        shell = await self.get_state(ShellState)
        zone = _zone(shell.timezone)
        now = current().work.clock()
        try:
            lines = quick_add.lines_of(text)
        except Invalid as error:
            self.error, self.chips, self.lines = str(error), [], 0
            return
        self.chips = []
        for line in lines:
            said = quick_add.read(line, now=now, zone=zone, ignored=self._ignored)
            self.chips += _chips(said, offset=line.start, now=now, zone=zone)
        self.lines = len(lines)
        self.understood_text = text


def _message(added: list[Task], *, shown: set[str]) -> str:
    # A subtask is shown with its parent.
    tops = [task for task in added if task.parent_id is None]
    what = "Added" if len(added) == 1 else f"Added {len(added)} tasks"
    return what if any(str(task.id) in shown for task in tops) else f"{what}, but not part of this list"


def _chips(said: QuickAdd, *, offset: int, now: datetime, zone: ZoneInfo) -> list[Chip]:
    due = due_label(said.due, now=now, zone=zone) if said.due else ""
    return [
        Chip(token.kind, offset + token.start, offset + token.end, _label(token, said, due, now, zone))
        for token in said.tokens
    ]


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(check_timezone(name or "UTC"))


def _reminder(token: Token, now: datetime, zone: ZoneInfo) -> str:
    try:
        return say_reminder(read_reminder(token.text, now=now, zone=zone), now=now, zone=zone)
    except Invalid:
        return token.text.removeprefix("!")


def _label(token: Token, said: QuickAdd, due: str, now: datetime, zone: ZoneInfo) -> str:
    match token.kind:
        case TokenKind.RECURRENCE if said.recurrence:
            # The rule does not hold the time of day, which the first date has; several times it names itself.
            words = describe(said.recurrence, timezone=zone)
            clock = said.due.time if said.due else None
            return f"{words} · {clock:%H:%M}" if clock and " at " not in words else words
        case TokenKind.REMINDER:
            return _reminder(token, now, zone)
        case TokenKind.DUE:
            return due
        case TokenKind.PRIORITY:
            return PRIORITY_NAMES[said.priority]
        case _:
            return token.text.lstrip("#+").strip('"')
