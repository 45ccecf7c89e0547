"""The route that a service worker calls by itself when its browser has changed a subscription to pushes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from todo_app.api.bodies import Body, Text
from todo_app.api.cookies import session_of
from todo_app.bootstrap import Application
from todo_app.domain.identity import SessionToken
from todo_app.notifications.push_channel import ENDPOINT_MAX, SUBSCRIPTION_MAX, read_subscription
from todo_app.services import channels


class Renewal(Body):
    """Where the browser was reached, and its new subscription as ``PushSubscription.toJSON()`` gives it."""

    old_endpoint: Text = Field(max_length=ENDPOINT_MAX)
    subscription: Text = Field(max_length=SUBSCRIPTION_MAX)


def push_router(app: Application) -> APIRouter:
    """The routes below ``/push``."""
    router = APIRouter(tags=["notifications"])

    @router.post("/subscription", status_code=204)
    async def renew(body: Renewal, session: Annotated[SessionToken, Depends(session_of)]) -> None:
        subscription = read_subscription(body.subscription, allow_private=app.settings.allow_private_targets)
        async with app.work.write(session) as uow:
            await channels.renew_push(uow, body.old_endpoint, subscription)

    return router
