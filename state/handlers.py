"""What every state class shares: who asks, and transactions in their name."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from uuid import UUID

import reflex as rx

from todo_app.bootstrap import current
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid, NotFound, Unauthenticated
from todo_app.domain.identity import SessionToken
from todo_app.session_cookie import session_secret


class Handlers(rx.State, mixin=True):
    """Every public method of a state is remotely callable, so helpers begin with an underscore.

    Nothing about the person comes from an argument or a var: each transaction looks up the session
    that the socket's own handshake carried.
    """

    def _caller(self) -> SessionToken:
        headers = self.router_data.get("headers", {})
        secret = session_secret(str(headers.get("cookie", "")))
        if secret is None:
            raise Unauthenticated
        return SessionToken(secret)

    def _assign(self, **values: object) -> None:
        """Set those vars that differ: assigning marks a var as changed, and a changed var is sent whole."""
        for name, value in values.items():
            if getattr(self, name) != value:
                setattr(self, name, value)

    def _write(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return current().work.write(self._caller())

    def _read(self) -> AbstractAsyncContextManager[UnitOfWork]:
        return current().work.read(self._caller())


def parse_id(text: object, *, what: str = "task") -> UUID:
    """An id from an event's argument.

    Raises:
        NotFound: when it is none, which looks the same as an unknown one.
    """
    try:
        return UUID(str(text))
    except ValueError:
        raise NotFound(what) from None


def parse_ids(texts: object, *, what: str = "task") -> list[UUID]:
    """Ids from an event's argument, each once.

    Raises:
        Invalid: when the argument is no list.
        NotFound: when one of them is no id.
    """
    if not isinstance(texts, list):
        raise Invalid(what, "This is not a list of ids.")
    return [parse_id(text, what=what) for text in dict.fromkeys(map(str, texts))]
