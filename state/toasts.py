"""The short message at the corner of the page, with Undo where something can be taken back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from uuid import uuid4

import reflex as rx
from reflex_base.event import EventSpec

from state.handlers import Handlers
from todo_app.domain.errors import DomainError, Unauthenticated

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Toast:
    """One message; ``key`` tells two equal ones apart."""

    key: str = ""
    text: str = ""
    undo_id: str = ""
    is_error: bool = False


class ToastState(Handlers, rx.State):
    """Shows at most one message."""

    toast: Toast = Toast()

    def _say(self, text: str, *, undo_id: object = "") -> None:
        self.toast = Toast(key=uuid4().hex[:8], text=text, undo_id=str(undo_id))

    def _say_error(self, text: str) -> None:
        self.toast = Toast(key=uuid4().hex[:8], text=text, is_error=True)

    @rx.event
    def dismiss_toast(self) -> None:
        """Put the message away."""
        self.toast = Toast()

    @rx.event
    def show_error(self, text: str) -> None:
        """Show an error to this very tab."""
        self._say_error(text[:500])


def explain(exception: Exception) -> EventSpec:
    """What a tab is told when a handler fails: the one place where errors become words on the page."""
    if isinstance(exception, Unauthenticated):
        # assets/client/session.js loads the log-in page anew, and remembers where the person was.
        return rx.redirect("/login")
    if isinstance(exception, DomainError):
        return error_toast(str(exception))
    reference = uuid4().hex[:8]
    logger.error("A handler failed (reference %s)", reference, exc_info=exception)
    return error_toast(f"Something went wrong; nothing was changed. Reference: {reference}")


def error_toast(text: str) -> EventSpec:
    """What shows an error to the tab that an event came from."""
    # On the class, Reflex turns a handler into what makes its events; the type checker sees the method.
    make: Callable[[str], EventSpec] = cast("Callable[[str], EventSpec]", ToastState.show_error)
    return make(text)
