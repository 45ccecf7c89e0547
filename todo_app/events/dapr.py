"""The bus between processes: Dapr pub/sub, by way of this process's sidecar."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import uuid4

import grpc
from dapr.clients.exceptions import DaprInternalError
from dapr.clients.grpc._request import BulkPublishEntry
from pydantic import JsonValue

from todo_app.db.unit_of_work import Work
from todo_app.domain.events import Event
from todo_app.events.catalogue import TASK_AUDIT, TASK_UPDATES, dead_letter_topic, topics_of
from todo_app.events.consumers import Consumer
from todo_app.events.envelope import CONTENT_TYPE, to_cloud_event
from todo_app.events.lanes import Execute, Lane, Limits, Retries
from todo_app.events.sealed import Sealed
from todo_app.events.supervisor import Loop
from todo_app.events.updates import Update
from todo_app.sidecar import Sidecar, SidecarUnavailable

logger = logging.getLogger(__name__)

PUBSUB = "kafka-pubsub"
# A component of its own, since every web process is to get every update.
PUBSUB_UPDATES = "kafka-pubsub-updates"
# Less than a relay's lease, so that nobody else takes a batch over meanwhile.
DEADLINE = timedelta(seconds=4)
# A sidecar takes requests of up to 4 MiB.
_CHUNK_BYTES = 1 << 20
# Larger batches than inside one process: PostgreSQL has many writers, so that nobody waits for these.
_LIMITS = Limits(batch=200)
_JSON = "application/json"

# What is no domain event, and so has no place in the outbox.
_Document = TypeVar("_Document", Update, Sealed)


@dataclass(frozen=True, slots=True)
class _Message:
    """One document on its way; those with one key stay in order."""

    id: str
    key: str
    document: str


class DaprBus:
    """Implements `Bus`: publishes in bulk, and hands what the sidecar delivers to the consumers' lanes."""

    def __init__(
        self, work: Work, sidecar: Sidecar, *, retries: Retries | None = None, limits: Limits | None = None
    ) -> None:
        self._work = work
        self._sidecar = sidecar
        self._retries = retries
        self._limits = limits or _LIMITS
        self._lanes: list[Lane] = []

    def subscribe(self, consumer: Consumer, execute: Execute | None = None) -> None:
        """Deliver every event of the consumer's types to it, from now on."""
        self._lanes.append(
            Lane(
                self._work,
                consumer,
                execute,
                retries=self._retries,
                limits=self._limits,
                on_buried=self.publish_dead,
            )
        )

    async def publish(self, events: Sequence[Event]) -> list[Event]:
        """Hand over a batch, topic by topic; return those that could not be, to be tried again."""
        of_topic: dict[str, list[Event]] = {}
        for event in events:
            for topic in topics_of(event.type):
                of_topic.setdefault(topic, []).append(event)
        failed = await asyncio.gather(
            *(self._publish(PUBSUB, topic, map(_message_of, own)) for topic, own in of_topic.items())
        )
        failed_ids = frozenset[str]().union(*failed)
        return [event for event in events if str(event.id) in failed_ids]

    async def publish_updates(self, updates: Sequence[Update]) -> list[Update]:
        """Hand over notices for the web processes; return those that could not be."""
        return await self._publish_documents(PUBSUB_UPDATES, TASK_UPDATES, updates)

    async def publish_sealed(self, records: Sequence[Sealed]) -> list[Sealed]:
        """Hand over sealed audit records; return those that could not be."""
        return await self._publish_documents(PUBSUB, TASK_AUDIT, records)

    async def publish_dead(self, event: Event) -> None:
        """Let outside systems know of an event that was given up; the table of dead letters is the judge."""
        for topic in topics_of(event.type):
            if await self._publish(PUBSUB, dead_letter_topic(topic), [_message_of(event)]):
                logger.warning("Event %s could not be published to %s", event.id, dead_letter_topic(topic))

    async def publish_unreadable(self, topic: str, message: JsonValue) -> bool:
        """Put what can't be read among the dead letters of its topic; whether that was possible."""
        unreadable = _Message(str(uuid4()), topic, json.dumps(message))
        return not await self._publish(PUBSUB, dead_letter_topic(topic), [unreadable], content_type=_JSON)

    async def receive(self, events: Sequence[Event]) -> None:
        """Hand delivered events to the consumers that want them; returns when a broker may forget them."""
        await asyncio.gather(
            *(lane.deliver([event for event in events if lane.wants(event)]) for lane in self._lanes)
        )

    def loops(self) -> list[Loop]:
        """What must run so that consumers get their events."""
        return [lane.loop for lane in self._lanes]

    async def _publish_documents(
        self, pubsub: str, topic: str, documents: Sequence[_Document]
    ) -> list[_Document]:
        messages = (_Message(str(each.id), str(each.subject), each.model_dump_json()) for each in documents)
        failed = await self._publish(pubsub, topic, messages)
        return [each for each in documents if str(each.id) in failed]

    async def _publish(
        self, pubsub: str, topic: str, messages: Iterable[_Message], *, content_type: str = CONTENT_TYPE
    ) -> frozenset[str]:
        """Publish in order; the ids of those that were not taken, and of all after a call that failed."""
        failed: set[str] = set()
        chunks = list(_chunks(messages))
        for number, chunk in enumerate(chunks):
            try:
                failed |= await self._publish_chunk(pubsub, topic, chunk, content_type)
            except (SidecarUnavailable, DaprInternalError, grpc.RpcError) as error:
                logger.warning("Could not publish to %s: %s", topic, error)
                failed.update(message.id for left in chunks[number:] for message in left)
                break
        return frozenset(failed)

    async def _publish_chunk(
        self, pubsub: str, topic: str, chunk: Sequence[_Message], content_type: str
    ) -> set[str]:
        entries = [_entry(message, content_type) for message in chunk]
        async with self._sidecar.calling(DEADLINE) as client:
            answer = await client.publish_events(pubsub, topic, entries, data_content_type=content_type)
        return {entry.entry_id for entry in answer.failed_entries}


def _message_of(event: Event) -> _Message:
    return _Message(str(event.id), str(event.aggregate_id), to_cloud_event(event))


def _entry(message: _Message, content_type: str) -> BulkPublishEntry:
    return BulkPublishEntry(
        message.document,
        metadata={"partitionKey": message.key},
        content_type=content_type,
        entry_id=message.id,
    )


def _chunks(messages: Iterable[_Message]) -> Iterator[list[_Message]]:
    chunk: list[_Message] = []
    size = 0
    for message in messages:
        length = len(message.document.encode())
        if chunk and size + length > _CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
        chunk.append(message)
        size += length
    if chunk:
        yield chunk
