"""The commands that look after topics, on a real Kafka."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from distributed.local_run import LocalRun
from todo_app.events.topics import PARTITIONS, TOPICS, Topic, ensure, lags
from todo_app.settings import Settings


@pytest.fixture
def settings(servers: LocalRun) -> Settings:
    return Settings(_env_file=None, kafka_brokers=servers.addresses.kafka)


@pytest.fixture
async def administrator(servers: LocalRun) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=servers.addresses.kafka)
    await client.start()
    yield client
    await client.close()


def some_topic() -> Topic:
    return Topic(f"some-{uuid4().hex[:8]}", timedelta(hours=6))


async def settings_of(administrator: AIOKafkaAdminClient, topic: str) -> dict[str, str]:
    [answer] = await administrator.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    return {entry[0]: entry[1] for entry in answer.resources[0][4]}


async def partitions_of(administrator: AIOKafkaAdminClient, topic: str) -> int:
    [description] = await administrator.describe_topics([topic])
    return len(description["partitions"])


def test_the_command_finds_nothing_to_do_the_second_time(servers: LocalRun) -> None:
    """The run has called it once."""
    assert servers.command("events", "topics") == "All topics are as they should be.\n"

    told = json.loads(servers.command("events", "topics", "--json"))
    assert {each["topic"] for each in told} == {topic.name for topic in TOPICS}
    assert not any(each["is_new"] for each in told)


async def test_topics_are_made_as_they_should_be(
    servers: LocalRun, administrator: AIOKafkaAdminClient
) -> None:
    for topic in TOPICS:
        assert await partitions_of(administrator, topic.name) == PARTITIONS
        found = await settings_of(administrator, topic.name)
        assert {name: found[name] for name in topic.settings} == topic.settings


async def test_a_topic_that_was_made_otherwise_is_brought_into_line(
    settings: Settings, administrator: AIOKafkaAdminClient
) -> None:
    topic = some_topic()
    by_hand = {"retention.ms": "1000", "min.cleanable.dirty.ratio": "0.9"}
    await administrator.create_topics([NewTopic(topic.name, 1, 1, topic_configs=by_hand)])

    [change] = await ensure(settings, [topic])

    assert change.more_partitions == (1, PARTITIONS)
    assert change.settings["retention.ms"] == "1000"
    found = await settings_of(administrator, topic.name)
    assert {name: found[name] for name in topic.settings} == topic.settings
    # What is none of our business stays as somebody has set it.
    assert found["min.cleanable.dirty.ratio"] == "0.9"
    [again] = await ensure(settings, [topic])
    assert (again.is_new, again.more_partitions, dict(again.settings)) == (False, None, {})


async def test_partitions_are_never_taken_away(
    settings: Settings, administrator: AIOKafkaAdminClient
) -> None:
    topic = some_topic()
    await administrator.create_topics([NewTopic(topic.name, PARTITIONS + 2, 1)])

    [change] = await ensure(settings, [topic])

    assert change.more_partitions is None
    assert await partitions_of(administrator, topic.name) == PARTITIONS + 2


async def test_several_may_make_topics_at_once(settings: Settings) -> None:
    topics = [some_topic() for _ in range(5)]

    outcomes = await asyncio.gather(*(ensure(settings, topics) for _ in range(4)))

    made = [change.topic for changes in outcomes for change in changes if change.is_new]
    assert sorted(made) == sorted(topic.name for topic in topics)


async def test_lag_counts_what_is_not_acknowledged(settings: Settings, servers: LocalRun) -> None:
    """Of a group that nobody is in meanwhile."""
    servers["notifications-sidecar"].stop()
    before = {(lag.group, lag.topic, lag.partition): lag for lag in await lags(settings)}
    async with AIOKafkaProducer(bootstrap_servers=servers.addresses.kafka) as producer:
        for number in range(5):
            await producer.send_and_wait("reminders", b"{}", partition=number % 2)
    async with AIOKafkaConsumer(
        bootstrap_servers=servers.addresses.kafka, group_id="todo-notifications", enable_auto_commit=False
    ) as consumer:
        first = TopicPartition("reminders", 0)
        consumer.assign([first])
        await consumer.commit({first: before["todo-notifications", "reminders", 0].next_written + 2})

    ours = ("todo-notifications", "reminders")
    after = [lag for lag in await lags(settings) if (lag.group, lag.topic) == ours]

    earlier = sum(before["todo-notifications", "reminders", number].behind for number in (1, 2))
    assert [lag.behind for lag in after if lag.partition == 0] == [1]
    assert sum(lag.behind for lag in after if lag.partition in (1, 2)) == earlier + 2
    servers["notifications-sidecar"].start()
    servers["notifications-sidecar"].wait_until_ready()
