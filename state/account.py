"""The settings page."""

from __future__ import annotations

import reflex as rx

from state.handlers import Handlers
from state.list import ListState
from state.toasts import ToastState
from todo_app.domain.errors import Invalid
from todo_app.services import accounts


class AccountState(Handlers, rx.State):
    """What the owner of an account sees of it. Passwords never come here: their forms post to ``/auth``."""

    sign_up_open: bool = True
    timezone_error: str = ""

    @rx.event
    async def open_settings(self) -> None:
        """Show the settings."""
        self.timezone_error = ""
        await self._frame()
        async with self._read() as uow:
            self.sign_up_open = await accounts.sign_up_open(uow)

    @rx.event
    async def change_timezone(self, form: dict[str, str]) -> None:
        """Move to the ``timezone`` of the form."""
        self.timezone_error = ""
        timezone = form.get("timezone", "").strip()
        try:
            async with self._write() as uow:
                await accounts.change_timezone(uow, timezone)
        except Invalid as error:
            self.timezone_error = str(error)
            return
        await self._frame()
        toasts = await self.get_state(ToastState)
        toasts._say(f"Your time zone is {timezone} now")

    @rx.event
    async def open_sign_up(self, is_open: bool) -> None:
        """Let anybody register, or nobody; the operator's decision."""
        async with self._write() as uow:
            await accounts.open_sign_up(uow, is_open=is_open)
        self.sign_up_open = is_open

    async def _frame(self) -> None:
        """The sidebar is the same on every page, and it lives on as pushes come."""
        page = await self.get_state(ListState)
        await page._leave_list()
