"""What the sidecar brings: deliveries of topics, and effects that workers ask the web app for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from todo_app.domain.events import Event
from todo_app.events.envelope import CloudEvent, event_of
from todo_app.events.lanes import Unreachable
from todo_app.events.notices import Notices
from todo_app.events.updates import Update, announce
from todo_app.invocation.port import EffectFailed, Invocation

logger = logging.getLogger(__name__)

# Less than the sidecar waits for an answer; what takes longer is delivered again.
_PATIENCE_SECONDS = 10.0


class Status(StrEnum):
    """What the sidecar is to do with a message.

    Not "drop": in a batch of a subscription with several routes, Dapr 1.18 mistakes which one was meant.
    """

    SUCCESS = "SUCCESS"
    RETRY = "RETRY"


class Entry(BaseModel):
    """One message of a delivery."""

    model_config = ConfigDict(extra="ignore")

    entryId: str  # noqa: N815  # Dapr's name
    event: JsonValue


class Delivery(BaseModel):
    """Messages that were subscribed to in bulk, in order."""

    model_config = ConfigDict(extra="ignore")

    entries: list[Entry]


class EntryStatus(BaseModel):
    """What has become of one message."""

    entryId: str  # noqa: N815
    status: Status


class Statuses(BaseModel):
    """The answer to a delivery."""

    statuses: list[EntryStatus]


Receive = Callable[[list[Event]], Awaitable[None]]
# Takes the topic and a message of it that can't be read; whether it is in safe keeping now.
Refuse = Callable[[str, JsonValue], Awaitable[bool]]


def events_router(receive: Receive, refuse: Refuse) -> APIRouter:
    """``/events/topics/{topic}`` of workers: domain events, handed on to ``receive``.

    What can't be read is handed to ``refuse``, and comes again when that fails.
    """
    router = APIRouter()

    @router.post("/topics/{topic}")
    async def deliver(topic: str, delivery: Delivery) -> Statuses:
        readable: list[Event] = []
        left: set[str] = set()
        for entry in delivery.entries:
            try:
                readable.append(event_of(CloudEvent.model_validate(entry.event)))
            except ValidationError as error:
                logger.warning("A message of topic %s can't be read: %s", topic, error)
                if not await refuse(topic, entry.event):
                    left.add(entry.entryId)
        status = await _received(receive, readable)
        return _statuses(delivery, lambda entry: Status.RETRY if entry.entryId in left else status)

    @router.post("/ignored")
    async def ignore(delivery: Delivery) -> Statuses:
        """Types that the subscription does not route anywhere else."""
        return _statuses(delivery, lambda _: Status.SUCCESS)

    return router


def updates_router(notices: Notices) -> APIRouter:
    """``/events/topics/task-updates`` of the web app."""
    router = APIRouter()

    @router.post("/topics/task-updates")
    async def deliver(delivery: Delivery) -> Statuses:
        return _statuses(delivery, _announce)

    def _announce(entry: Entry) -> Status:
        try:
            update = Update.model_validate(entry.event)
        except ValidationError as error:
            # The pages read anew by themselves in a while.
            logger.warning("An update can't be read: %s", error)
        else:
            announce(update, notices)
        return Status.SUCCESS

    return router


def effects_router(invocation: Invocation) -> APIRouter:
    """``/events/effects/{consumer}`` of the web app: makes the effects that workers ask for."""
    router = APIRouter()

    @router.post("/effects/{consumer}")
    async def execute(consumer: str, documents: Annotated[list[CloudEvent], Body()]) -> Response:
        try:
            judgement = await invocation.execute(consumer, [event_of(each) for each in documents])
        except KeyError:
            return _refusal(HTTPStatus.NOT_FOUND, f"There is no consumer {consumer}.")
        except EffectFailed as error:
            logger.warning("The effect of an event at %s failed", consumer, exc_info=error)
            return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        except Unreachable as error:
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
        return JSONResponse(
            {
                "ready": [str(event.id) for event in judgement.ready],
                "early": [str(event.id) for event in judgement.early],
                "over": [str(event.id) for event in judgement.over],
            }
        )

    return router


async def _received(receive: Receive, events: list[Event]) -> Status:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await receive(events)
    except TimeoutError:
        return Status.RETRY
    return Status.SUCCESS


def _statuses(delivery: Delivery, status_of: Callable[[Entry], Status]) -> Statuses:
    return Statuses(
        statuses=[EntryStatus(entryId=entry.entryId, status=status_of(entry)) for entry in delivery.entries]
    )


def _refusal(status: HTTPStatus, message: str) -> JSONResponse:
    # In the form that the SDK reads.
    return JSONResponse({"errorCode": status.name, "message": message}, status_code=status)
