"""The settings page and the activity of the whole account."""

from __future__ import annotations

import reflex as rx

from state.details import ActivityItem, activity_item
from state.handlers import Handlers
from state.list import ListState
from state.shell import ShellState
from state.toasts import ToastState
from todo_app.domain.errors import Invalid
from todo_app.services import accounts


class AccountState(Handlers, rx.State):
    """What the owner of an account sees of it. Passwords never come here: their forms post to ``/auth``."""

    sign_up_open: bool = True
    timezone_error: str = ""
    events: list[ActivityItem] = []
    more_events: bool = False

    _before: int | None = None

    @rx.event
    async def open_settings(self) -> None:
        """Show the settings."""
        await self._frame()
        async with self._read() as uow:
            self.sign_up_open = await accounts.sign_up_open(uow)

    @rx.event
    async def change_timezone(self, timezone: str) -> None:
        """Move to another time zone."""
        self.timezone_error = ""
        try:
            async with self._write() as uow:
                await accounts.change_timezone(uow, timezone.strip())
        except Invalid as error:
            self.timezone_error = str(error)
            return
        await self._frame()
        toasts = await self.get_state(ToastState)
        toasts._say(f"Your time zone is {timezone.strip()} now")

    @rx.event
    async def open_sign_up(self, is_open: bool) -> None:
        """Let anybody register, or nobody; the operator's decision."""
        async with self._write() as uow:
            await accounts.open_sign_up(uow, is_open=bool(is_open))
        self.sign_up_open = bool(is_open)

    @rx.event
    async def open_activity(self) -> None:
        """Show what happened in the account, newest first."""
        await self._frame()
        self.events, self._before = [], None
        await self._next_events()

    @rx.event
    async def more_activity(self) -> None:
        """Show older events too."""
        if self.more_events:
            await self._next_events()

    async def _next_events(self) -> None:
        shell = await self.get_state(ShellState)
        async with self._read() as uow:
            events, self._before = await uow.activity.page(before=self._before)
            names = shell._names()
            self.events = [*self.events, *(activity_item(event, names, uow) for event in events)]
        self.more_events = self._before is not None

    async def _frame(self) -> None:
        """The sidebar is the same on every page, and it lives on as pushes come."""
        page = await self.get_state(ListState)
        await page._reload()
