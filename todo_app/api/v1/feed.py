"""``/feed``: the secret address under which calendar programs read the tasks."""

from __future__ import annotations

from fastapi import Response
from typing_extensions import TypedDict

from todo_app.api.bodies import Nothing
from todo_app.api.v1.callers import ADMIN_READER, Look
from todo_app.api.v1.commands import ADMIN_WRITER, Answer, Command, answer_json
from todo_app.api.v1.routers import v1_router
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.services import feeds
from todo_app.services.task_document import instant


class FeedDocument(TypedDict):
    """Since when there is an address; ``url`` only when it was just made, for it is not kept."""

    created_at: str | None
    url: str | None


router = v1_router("calendar feed")


@router.get("/feed", response_model=FeedDocument)
async def read_the_feed_address(look: Look = ADMIN_READER) -> Response:
    async with look.read() as uow:
        found = await uow.feeds.of(uow.user_id)
    return answer_json(FeedDocument(created_at=instant(found.created_at) if found else None, url=None))


@router.post("/feed", status_code=201, response_model=FeedDocument)
async def renew_the_feed_address(_: Nothing | None = None, command: Command = ADMIN_WRITER) -> Response:
    """Make a new address, which ends the one before."""

    async def act(uow: UnitOfWork) -> Answer:
        url = f"{command.app.settings.public_url}/feeds/{await feeds.renew(uow)}.ics"
        return Answer(FeedDocument(created_at=instant(uow.now), url=url), 201)

    return await command.run(act)


@router.delete("/feed", status_code=204)
async def revoke_the_feed_address(command: Command = ADMIN_WRITER) -> Response:
    async def act(uow: UnitOfWork) -> Answer:
        await feeds.revoke(uow)
        return Answer(status=204)

    return await command.run(act)
