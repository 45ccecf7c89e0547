"""The topics on the broker: made and kept as they should be, and how far behind consumers are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    GroupCoordinatorNotAvailableError,
    KafkaConnectionError,
    KafkaError,
    TopicAlreadyExistsError,
    for_code,
)

from todo_app.domain.errors import DomainError
from todo_app.events.catalogue import (
    REMINDERS,
    TASK_AUDIT,
    TASK_EVENTS,
    TASK_RECURRENCE,
    TASK_UPDATES,
    dead_letter_topic,
)
from todo_app.settings import Settings
from todo_app.tls import trusted

PARTITIONS: Final = 3
# Copies of each topic, on a broker for each; on a smaller cluster as many as there are.
COPIES: Final = 3
# Which topics each group of consumers reads. Web processes have no group: each reads all notices by itself.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "todo-audit": (TASK_EVENTS, REMINDERS, TASK_RECURRENCE),
    "todo-notifications": (TASK_EVENTS, REMINDERS, TASK_RECURRENCE),
    "todo-recurrence": (TASK_EVENTS,),
    "todo-reminders": (TASK_EVENTS, TASK_RECURRENCE),
}

_REQUEST_MS = 10_000
_RETRY_SECONDS = 0.2
_EVENT_BYTES_MAX = 1 << 20
# The broker's number for a setting that somebody made for this topic alone (KIP-226).
_SET_FOR_TOPIC = 1


class BrokerUnavailable(DomainError):
    """There is no broker, it does not answer, or it refuses what it is asked."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it should be."""

    name: str
    retention: timedelta

    @property
    def settings(self) -> dict[str, str]:
        """The topic's settings, in Kafka's words."""
        # Only whole segments are removed, and never the one that is written to.
        segment = min(self.retention / 6, timedelta(days=1))
        return {
            "cleanup.policy": "delete",
            "retention.ms": str(_milliseconds(self.retention)),
            "segment.ms": str(_milliseconds(segment)),
            "max.message.bytes": str(_EVENT_BYTES_MAX),
        }


_RETENTION = timedelta(days=7)
# Notices are of use to tabs that are open now.
_RETENTION_OF_NOTICES = timedelta(hours=1)
_RETENTION_OF_DEAD = timedelta(days=30)

_LIVING: Final = (
    Topic(TASK_EVENTS, _RETENTION),
    Topic(REMINDERS, _RETENTION),
    Topic(TASK_UPDATES, _RETENTION_OF_NOTICES),
    Topic(TASK_RECURRENCE, _RETENTION),
    Topic(TASK_AUDIT, _RETENTION),
)
TOPICS: Final = (*_LIVING, *(Topic(dead_letter_topic(topic.name), _RETENTION_OF_DEAD) for topic in _LIVING))


@dataclass(frozen=True, slots=True)
class Change:
    """What was done about one topic; nothing, when it was as it should be."""

    topic: str
    is_new: bool = False
    # From how many there were.
    more_partitions: tuple[int, int] | None = None
    # Their values before.
    settings: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lag:
    """How far a group of consumers is in one partition; numbers count events."""

    group: str
    topic: str
    partition: int
    # What comes next for the group, ``None`` when it never said; and for whoever writes.
    next_read: int | None
    next_written: int
    first_kept: int

    @property
    def behind(self) -> int:
        """How many events it has not acknowledged yet."""
        return max(0, self.next_written - max(self.next_read or 0, self.first_kept))


async def ensure(settings: Settings, topics: Iterable[Topic] = TOPICS) -> list[Change]:
    """Make the topics that are not there, and bring the others to how they should be.

    Settings that somebody made besides ours are kept, and partitions are never taken away.

    Returns:
        What was done, a change for each topic.

    Raises:
        BrokerUnavailable: when no broker answers, or it refuses.
    """
    async with _administrator(settings) as administrator:
        known = {each["topic"]: each for each in await administrator.describe_topics()}
        brokers = len((await administrator.describe_cluster())["brokers"])
        return [
            await _adjust(administrator, topic, len(known[topic.name]["partitions"]))
            if topic.name in known
            else await _make(administrator, topic, copies=min(COPIES, brokers))
            for topic in topics
        ]


async def missing(settings: Settings) -> list[str]:
    """The names of topics that are not there.

    Raises:
        BrokerUnavailable: when no broker answers, or it refuses.
    """
    async with _administrator(settings) as administrator:
        known = set(await administrator.list_topics())
    return [topic.name for topic in TOPICS if topic.name not in known]


async def lags(settings: Settings) -> list[Lag]:
    """How far each group of consumers is, partition by partition.

    Raises:
        BrokerUnavailable: when no broker answers, or it refuses.
    """
    async with _administrator(settings) as administrator, _consumer(settings) as consumer:
        return [
            lag
            for group, topics in GROUPS.items()
            for lag in await _lags_of(administrator, consumer, group, topics)
        ]


async def _make(administrator: AIOKafkaAdminClient, topic: Topic, *, copies: int) -> Change:
    wanted = NewTopic(topic.name, PARTITIONS, copies, topic_configs=topic.settings)
    answer = await administrator.create_topics([wanted])
    try:
        _check(answer.topic_errors)
    except TopicAlreadyExistsError:  # somebody else made it at the same moment
        return Change(topic.name)
    return Change(topic.name, is_new=True)


async def _adjust(administrator: AIOKafkaAdminClient, topic: Topic, partitions: int) -> Change:
    more = (partitions, PARTITIONS) if partitions < PARTITIONS else None
    if more:
        await administrator.create_partitions({topic.name: NewPartitions(PARTITIONS)})
    found, made_by_hand = await _settings_of(administrator, topic.name)
    wrong = {name: found.get(name) for name, value in topic.settings.items() if found.get(name) != value}
    if wrong:
        # What is not named goes back to the broker's default.
        wanted = {**made_by_hand, **topic.settings}
        answers = await administrator.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=wanted)]
        )
        _check((name, code, message) for each in answers for code, message, _, name in each.resources)
    return Change(topic.name, more_partitions=more, settings=wrong)


async def _settings_of(
    administrator: AIOKafkaAdminClient, topic: str
) -> tuple[dict[str, str], dict[str, str]]:
    """All settings of a topic, and those of them that were made for it."""
    [answer] = await administrator.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    [(code, message, _, name, entries)] = answer.resources
    _check([(name, code, message)])
    return (
        {entry[0]: entry[1] for entry in entries},
        {entry[0]: entry[1] for entry in entries if entry[3] == _SET_FOR_TOPIC},
    )


async def _lags_of(
    administrator: AIOKafkaAdminClient, consumer: AIOKafkaConsumer, group: str, topics: Iterable[str]
) -> list[Lag]:
    found = await administrator.describe_topics(list(topics))
    partitions = [
        TopicPartition(each["topic"], part["partition"]) for each in found for part in each["partitions"]
    ]
    read = await administrator.list_consumer_group_offsets(
        group, await _coordinator(administrator, group), partitions
    )
    first, end = await asyncio.gather(
        consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
    )
    return [
        Lag(
            group,
            each.topic,
            each.partition,
            next_read=read[each].offset if each in read and read[each].offset >= 0 else None,
            next_written=end[each],
            first_kept=first[each],
        )
        for each in sorted(partitions)
    ]


async def _coordinator(administrator: AIOKafkaAdminClient, group: str) -> int:
    """The broker that looks after a group; a new cluster takes a moment to find one."""
    async with asyncio.timeout(_REQUEST_MS / 1000):
        while True:
            try:
                return int(await administrator.find_coordinator(group))
            except GroupCoordinatorNotAvailableError:
                await asyncio.sleep(_RETRY_SECONDS)


@asynccontextmanager
async def _administrator(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(**_connection(settings))
    async with _started(client.start, client.close, settings):
        yield client


@asynccontextmanager
async def _consumer(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    client = AIOKafkaConsumer(**_connection(settings))
    async with _started(client.start, client.stop, settings):
        yield client


@asynccontextmanager
async def _started(
    start: Callable[[], Awaitable[None]], stop: Callable[[], Awaitable[None]], settings: Settings
) -> AsyncIterator[None]:
    try:
        await start()
        yield
    except KafkaConnectionError:
        raise BrokerUnavailable(
            f"No Kafka broker answers at {settings.kafka_brokers}. Start it, or correct TODO_KAFKA_BROKERS."
        ) from None
    except (KafkaError, TimeoutError) as error:
        raise BrokerUnavailable(f"The Kafka broker refuses: {error or type(error).__name__}") from error
    finally:
        await stop()


def _connection(settings: Settings) -> dict[str, Any]:
    if not settings.kafka_brokers:
        raise BrokerUnavailable("No Kafka broker is named. Set TODO_KAFKA_BROKERS to its host:port.")
    connection: dict[str, Any] = {
        "bootstrap_servers": settings.kafka_brokers,
        "request_timeout_ms": _REQUEST_MS,
        "security_protocol": "SSL" if settings.kafka_tls else "PLAINTEXT",
        "ssl_context": trusted() if settings.kafka_tls else None,
    }
    if settings.kafka_username is None or settings.kafka_password is None:
        return connection
    return connection | {
        "security_protocol": "SASL_SSL" if settings.kafka_tls else "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-256",
        "sasl_plain_username": settings.kafka_username,
        "sasl_plain_password": settings.kafka_password.get_secret_value(),
    }


def _check(outcomes: Iterable[tuple[str, int, str | None]]) -> None:
    """Raise what the broker complains of; each outcome is a topic, Kafka's error code, and its words."""
    for topic, code, message in outcomes:
        if code:
            raise for_code(code)(f"{topic}: {message}")


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
