"""Copies of events that were published already, sent to the broker once more and out of order."""

from __future__ import annotations

import asyncio
import contextlib
import random

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from psycopg import OperationalError

from tests.distributed.torture.stage import Stage
from todo_app.domain.events import Event
from todo_app.events.catalogue import topics_of
from todo_app.events.envelope import to_cloud_event

_NEWEST = "SELECT envelope FROM outbox ORDER BY occurred_at DESC LIMIT 60"
_EVERY_SECONDS = 0.5


async def publish(stage: Stage, chance: random.Random, *, seconds: float) -> None:
    """Send copies of the newest events for a while, as far as database and broker are there."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while loop.time() < until:
        with contextlib.suppress(KafkaError, OperationalError):
            await _publish_once(stage, chance)
        await asyncio.sleep(_EVERY_SECONDS)


async def _publish_once(stage: Stage, chance: random.Random) -> None:
    rows = await asyncio.to_thread(stage.rows, _NEWEST)
    events = [Event.model_validate_json(str(envelope)) for (envelope,) in rows]
    chance.shuffle(events)
    producer = AIOKafkaProducer(bootstrap_servers=stage.run.addresses.kafka, request_timeout_ms=5000)
    async with asyncio.timeout(10):
        await producer.start()
    try:
        async with asyncio.timeout(10):
            for event in events:
                for topic in topics_of(event.type):
                    key = str(event.aggregate_id).encode()
                    await producer.send_and_wait(topic, to_cloud_event(event).encode(), key=key)
    finally:
        await producer.stop()
