"""What the pages for logging in must know of this server."""

from __future__ import annotations

import reflex as rx

from state.handlers import Handlers
from todo_app.bootstrap import current
from todo_app.services import accounts


class SignInState(Handlers, rx.State):
    """The same for everybody, so it is the one state that is read without a session."""

    known: bool = False
    sign_up_open: bool = True
    sends_mail: bool = True

    @rx.event
    async def open_page(self) -> None:
        """Show what this server offers."""
        async with current().work.read() as uow:
            self.sign_up_open = await accounts.sign_up_open(uow)
        self.sends_mail = current().settings.smtp_url is not None
        self.known = True
