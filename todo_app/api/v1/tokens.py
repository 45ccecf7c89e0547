"""``/tokens``: the keys with which programs act for somebody."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from todo_app.api.bodies import Body, Text
from todo_app.api.v1.callers import ADMIN_READER, Look
from todo_app.api.v1.commands import ADMIN_WRITER, Answer, Command, answer_json
from todo_app.api.v1.routers import v1_router
from todo_app.db.models import ApiToken
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import NotFound
from todo_app.domain.identity import Scope
from todo_app.services import tokens
from todo_app.services.task_document import instant

_NAME_MAX = 200


class TokenDocument(TypedDict):
    """A token, without its secret."""

    id: str
    name: str
    scope: str
    created_at: str
    expires_at: str | None
    last_used_at: str | None


class NewTokenDocument(TokenDocument):
    """A token that was just made; the secret is never answered again."""

    secret: str


class TokenPage(TypedDict):
    """All tokens that were not revoked, the newest first."""

    items: list[TokenDocument]
    next_cursor: None


class TokenToAdd(Body):
    """A new token: what for, what it may do, and for how many days; without days until it is revoked."""

    name: Text = Field(max_length=_NAME_MAX, examples=["Backup script"])
    scope: Scope = Field(Scope.READ, strict=False)
    days: int | None = Field(None, examples=[90])


router = v1_router("tokens")


@router.get("/tokens", response_model=TokenPage)
async def list_tokens(look: Look = ADMIN_READER) -> Response:
    async with look.read() as uow:
        items = [_document(token) for token in await uow.tokens.all()]
    return answer_json(TokenPage(items=items, next_cursor=None))


@router.post("/tokens", status_code=201, response_model=NewTokenDocument)
async def add_a_token(body: TokenToAdd, request: Request, command: Command = ADMIN_WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        made = await tokens.create(uow, body.name, body.scope, days=body.days)
        found = NewTokenDocument(**_document(made.token), secret=made.secret)
        return Answer(found, 201, {"Location": f"{request.url.path}/{made.token.id}"})

    return await command.run(act)


@router.get("/tokens/{token_id}", response_model=TokenDocument)
async def read_a_token(token_id: UUID, look: Look = ADMIN_READER) -> Response:
    async with look.read() as uow:
        token = await uow.tokens.get(token_id)
    if token.revoked_at is not None:
        raise NotFound("token")
    return answer_json(_document(token))


@router.delete("/tokens/{token_id}", status_code=204)
async def revoke_a_token(token_id: UUID, command: Command = ADMIN_WRITER) -> Response:
    """Make a token useless at once."""

    async def act(uow: UnitOfWork) -> Answer:
        await tokens.revoke(uow, token_id)
        return Answer(status=204)

    return await command.run(act)


def _document(token: ApiToken) -> TokenDocument:
    return TokenDocument(
        id=str(token.id),
        name=token.name,
        scope=token.scope,
        created_at=instant(token.created_at) or "",
        expires_at=instant(token.expires_at),
        last_used_at=instant(token.last_used_at),
    )
