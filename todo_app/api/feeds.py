"""``/feeds/{secret}.ics``: a person's open tasks for calendar programs; the address is what shows who may."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from todo_app.bootstrap import Application
from todo_app.domain.errors import TooManyAttempts
from todo_app.services import feeds
from todo_app.state_store.port import StateStoreUnavailable

# Calendar programs ask every few minutes at most.
_WINDOW, _PER_WINDOW = timedelta(minutes=5), 60
_HEADERS = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}


def feeds_router(app: Application) -> APIRouter:
    """The route."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/feeds/{secret}.ics", methods=["GET", "HEAD"])
    async def read_the_feed(secret: str, request: Request) -> Response:
        await _count(app, request)
        known = request.headers.get("if-none-match")
        async with app.work.read() as uow:
            feed = await feeds.read(uow, secret, known=known)
        headers = {**_HEADERS, "ETag": feed.etag}
        if feed.text is None:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(feed.text, media_type="text/calendar; charset=utf-8", headers=headers)

    return router


async def _count(app: Application, request: Request) -> None:
    """Slow down those who ask too often, or guess."""
    address = request.client.host if request.client else "unknown"
    with contextlib.suppress(StateStoreUnavailable):
        if await app.state_store.increment(f"feeds:from:{address}", ttl=_WINDOW) > _PER_WINDOW:
            raise TooManyAttempts(retry_after=int(_WINDOW.total_seconds()))
