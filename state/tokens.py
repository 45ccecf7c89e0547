"""The API tokens in the settings. Their secrets never come here: the form asks the REST API for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import reflex as rx

from state.handlers import Handlers, parse_id
from state.toasts import ToastState
from todo_app.db.models import ApiToken
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.identity import Scope
from todo_app.domain.labels import day_in_sentence, used_label
from todo_app.services import tokens
from todo_app.services.lists import today

_MAY = {
    Scope.READ: "May read",
    Scope.WRITE: "May read and change",
    Scope.ADMIN: "May do everything",
}


@dataclass(frozen=True)
class TokenItem:
    """A token in words."""

    id: str
    name: str
    may: str
    made: str
    used: str
    ends: str
    has_ended: bool


_NO_TOKEN = TokenItem("", "", "", "", "", "", has_ended=False)


class TokensState(Handlers, rx.State):
    """The keys with which programs act for the person."""

    items: list[TokenItem] = []
    # The token of which it is asked whether it is to be revoked.
    revoking: TokenItem = _NO_TOKEN

    @rx.event
    async def open_tokens(self) -> None:
        """Show the tokens as they are by now."""
        self.revoking = _NO_TOKEN
        await self._reload()

    @rx.event
    def begin_revoking(self, token_id: str) -> None:
        """Ask whether a token is to be revoked."""
        self.revoking = next((each for each in self.items if each.id == token_id), _NO_TOKEN)

    @rx.event
    def stop_revoking(self) -> None:
        """Do not revoke it."""
        self.revoking = _NO_TOKEN

    @rx.event
    async def revoke(self, token_id: str) -> None:
        """Make a token useless from now on."""
        self.revoking = _NO_TOKEN
        async with self._write() as uow:
            token = await tokens.revoke(uow, parse_id(token_id, what="token"))
        await self._reload()
        toasts = await self.get_state(ToastState)
        toasts._say(f"Revoked “{token.name}”")

    async def _reload(self) -> None:
        async with self._read() as uow:
            self._assign(items=[_in_words(token, uow) for token in await uow.tokens.all()])


def _in_words(token: ApiToken, uow: UnitOfWork) -> TokenItem:
    has_ended = token.expires_at is not None and token.expires_at <= uow.now
    return TokenItem(
        id=str(token.id),
        name=token.name,
        may=_MAY[Scope(token.scope)],
        made=_day(token.created_at, uow),
        used=used_label(token.last_used_at, now=uow.now) if token.last_used_at else "never used",
        ends=_end(token, uow, has_ended=has_ended),
        has_ended=has_ended,
    )


def _end(token: ApiToken, uow: UnitOfWork, *, has_ended: bool) -> str:
    if token.expires_at is None:
        return "works until it is revoked"
    return f"{'ended' if has_ended else 'ends'} {_day(token.expires_at, uow)}"


def _day(instant: datetime, uow: UnitOfWork) -> str:
    return day_in_sentence(instant.astimezone(uow.identity.zone).date(), today=today(uow))
