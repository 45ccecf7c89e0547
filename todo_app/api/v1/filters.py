"""``/filters``: saved filters."""

from __future__ import annotations

import contextlib
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from todo_app.api.bodies import Body, Text
from todo_app.api.v1.callers import READER, Look
from todo_app.api.v1.commands import WRITER, Answer, Command, answer_json
from todo_app.api.v1.parameters import LIMIT, Cursor, Id, Limit
from todo_app.api.v1.routers import v1_router
from todo_app.api.v1.versions import IfMatch, etag, refuse_stale, versioned, versions_of
from todo_app.db.models import SavedFilter
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.filter_language import Unreadable
from todo_app.domain.filter_language.known import KnownNames
from todo_app.services import filters
from todo_app.services.cursors import cursor_of, text_place
from todo_app.services.lists import read_filter
from todo_app.services.task_document import instant

_NAME_MAX = 200


class FilterDocument(TypedDict):
    """A saved filter; ``unknown`` are the names in it that no tag or project has."""

    id: str
    name: str
    query: str
    unknown: list[str]
    created_at: str
    version: int


class FilterPage(TypedDict):
    """A stretch of the saved filters, in their order."""

    items: list[FilterDocument]
    next_cursor: str | None


class FilterToSave(Body):
    """A filter with a name."""

    name: Text = Field(max_length=_NAME_MAX, examples=["Urgent work"])
    query: Text = Field(description="The filter in words.", examples=["#work & (p1 | overdue)"])


class FilterFields(Body):
    """What can be changed of a saved filter; what is left out stays as it is."""

    name: Text = Field("", max_length=_NAME_MAX)
    query: Text = ""
    after: Id | None = Field(None, description="The filter that it is to stand behind; null: first.")


router = v1_router("filters")


@router.get("/filters", response_model=FilterPage)
async def list_filters(limit: Limit = LIMIT, cursor: Cursor = None, look: Look = READER) -> Response:
    start = text_place(cursor, "filters") or ""
    async with look.read() as uow:
        known = await uow.lists.known_names()
        found = [saved for saved in await uow.filters.all() if saved.rank >= start]
        items = [_document(uow, saved, known) for saved in found[:limit]]
    following = cursor_of("filters", found[limit].rank) if len(found) > limit else None
    return answer_json(FilterPage(items=items, next_cursor=following))


@router.post("/filters", status_code=201, response_model=FilterDocument)
async def save_a_filter(body: FilterToSave, request: Request, command: Command = WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        saved = await filters.create(uow, body.name, body.query)
        found = await _found(uow, saved.id)
        return versioned(found, status=201, location=f"{request.url.path}/{saved.id}")

    return await command.run(act)


@router.get("/filters/{filter_id}", response_model=FilterDocument)
async def read_a_filter(filter_id: UUID, look: Look = READER) -> Response:
    async with look.read() as uow:
        found = await _found(uow, filter_id)
    return answer_json(found, headers={"ETag": etag(found["version"])})


@router.patch("/filters/{filter_id}", response_model=FilterDocument)
async def change_a_filter(
    filter_id: UUID, body: FilterFields, if_match: IfMatch = None, command: Command = WRITER
) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        refuse_stale("filter", await _found(uow, filter_id), versions_of(if_match))
        sent = body.model_fields_set
        await filters.edit(
            uow,
            filter_id,
            name=body.name if "name" in sent else None,
            query=body.query if "query" in sent else None,
        )
        if "after" in sent:
            await filters.move(uow, filter_id, after_id=body.after)
        return versioned(await _found(uow, filter_id))

    return await command.run(act)


@router.delete("/filters/{filter_id}", status_code=204)
async def delete_a_filter(filter_id: UUID, if_match: IfMatch = None, command: Command = WRITER) -> Response:
    """Delete a filter; the tasks that it finds stay."""

    async def act(uow: UnitOfWork) -> Answer:
        refuse_stale("filter", await _found(uow, filter_id), versions_of(if_match))
        await filters.delete(uow, filter_id)
        return Answer(status=204)

    return await command.run(act)


async def _found(uow: UnitOfWork, filter_id: UUID) -> FilterDocument:
    return _document(uow, await uow.filters.get(filter_id), await uow.lists.known_names())


def _document(uow: UnitOfWork, saved: SavedFilter, known: KnownNames) -> FilterDocument:
    unknown: list[str] = []
    with contextlib.suppress(Unreadable):
        unknown = known.unknown_in(read_filter(uow, saved.query))
    return FilterDocument(
        id=str(saved.id),
        name=saved.name,
        query=saved.query,
        unknown=unknown,
        created_at=instant(saved.created_at) or "",
        version=saved.version,
    )
