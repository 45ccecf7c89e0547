"""The settings page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import reflex as rx

from state.handlers import Handlers, parse_id
from state.list import ListState
from state.toasts import ToastState
from todo_app.bootstrap import current
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.labels import day_in_sentence, used_label
from todo_app.services import accounts, sessions
from todo_app.services.lists import today
from todo_app.services.sessions import LogIn


@dataclass(frozen=True)
class Browser:
    """A browser in which the person is logged in, in words."""

    id: str
    is_this: bool
    began: str
    used: str
    ends: str


class AccountState(Handlers, rx.State):
    """What the owner of an account sees of it. Passwords never come here: their forms post to ``/auth``."""

    sign_up_open: bool = True
    timezone_error: str = ""
    browsers: list[Browser] = []
    # The instant since when there is an address for calendar programs; empty when there is none.
    feed_since: str = ""

    @rx.event
    async def open_settings(self) -> None:
        """Show the settings."""
        self.timezone_error = ""
        await self._frame()
        async with self._read() as uow:
            self.sign_up_open = await accounts.sign_up_open(uow)
            await self._show_browsers(uow)
            feed = await uow.feeds.of(uow.user_id)
        self.feed_since = feed.created_at.isoformat() if feed else ""

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
        async with self._read() as uow:
            await self._show_browsers(uow)
        toasts = await self.get_state(ToastState)
        toasts._say(f"Your time zone is {timezone} now")

    @rx.event
    async def log_out_elsewhere(self, session_id: str) -> None:
        """Log the person out in another browser."""
        async with self._write() as uow:
            await sessions.log_out(uow, parse_id(session_id, what="log-in"))
        async with self._read() as uow:
            await self._show_browsers(uow)
        toasts = await self.get_state(ToastState)
        toasts._say("Logged out in the other browser")

    @rx.event
    async def open_sign_up(self, is_open: bool) -> None:
        """Let anybody register, or nobody; the operator's decision."""
        async with self._write() as uow:
            await accounts.open_sign_up(uow, is_open=is_open)
        self.sign_up_open = is_open

    async def _show_browsers(self, uow: UnitOfWork) -> None:
        life = timedelta(days=current().settings.session_days)
        self.browsers = [_in_words(each, uow) for each in await sessions.log_ins(uow, life=life)]

    async def _frame(self) -> None:
        """The sidebar is the same on every page, and it lives on as pushes come."""
        page = await self.get_state(ListState)
        await page._leave_list()


def _in_words(log_in: LogIn, uow: UnitOfWork) -> Browser:
    def day(instant: datetime) -> str:
        return day_in_sentence(instant.astimezone(uow.identity.zone).date(), today=today(uow))

    began = log_in.began_at.astimezone(uow.identity.zone)
    return Browser(
        id=str(log_in.id),
        is_this=log_in.is_this,
        began=f"{day(log_in.began_at)} {began:%H:%M}",
        used=used_label(log_in.used_at, now=uow.now),
        ends=day(log_in.ends_at),
    )
