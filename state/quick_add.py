"""The quick-add line: what is understood while somebody types, and the task when they are done."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import reflex as rx

from state.handlers import Handlers
from state.list import ListState
from state.shell import ShellState
from state.toasts import ToastState
from todo_app.bootstrap import current
from todo_app.domain.errors import Invalid, NameTaken
from todo_app.domain.labels import PRIORITY_NAMES, due_label
from todo_app.domain.quick_add import QuickAdd, Token, TokenKind
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
                task = await quick_add.add(uow, text, view=page._view, ignored=ignored)
        except (Invalid, NameTaken) as error:
            self.error = str(error)
            self.refused += 1
            return
        self._clear()
        self.added += 1
        await page._reload()
        toasts = await self.get_state(ToastState)
        hidden = str(task.id) not in page._shown_ids()
        toasts._say("Added, but not part of this list" if hidden else "Added", undo_id=uow.command_id)

    @rx.event
    def cancel(self) -> None:
        """Forget what was understood."""
        self._clear()

    def _clear(self) -> None:
        self.chips, self.understood_text, self.error, self._ignored = [], "", "", []

    async def _understand(self, text: str) -> None:
        shell = await self.get_state(ShellState)
        zone = _zone(shell.timezone)
        now = current().work.clock()
        try:
            said = quick_add.read(text, now=now, zone=zone, ignored=self._ignored)
        except Invalid as error:
            self.error, self.chips = str(error), []
            return
        self.chips = [
            Chip(
                token.kind,
                token.start,
                token.end,
                _label(token, said, due_label(said.due, now=now, zone=zone) if said.due else ""),
            )
            for token in said.tokens
        ]
        self.understood_text = text


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(check_timezone(name or "UTC"))


def _label(token: Token, said: QuickAdd, due: str) -> str:
    match token.kind:
        case TokenKind.DUE:
            return due
        case TokenKind.PRIORITY:
            return PRIORITY_NAMES[said.priority]
        case _:
            return token.text.lstrip("#+").strip('"')
