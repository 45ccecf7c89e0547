"""Replaying a time range to one consumer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.events.scene import Scene, deliver_everything
from tests.events.test_commands import Shell, shell  # noqa: F401  # a fixture
from tests.events.witness import Witness
from todo_app.db.repositories.outbox import Subscription
from todo_app.domain.errors import Invalid
from todo_app.events.embedded import EmbeddedBus
from todo_app.events.notices import Notices
from todo_app.events.relay import Relay
from todo_app.events.sweeper import Sweeper
from todo_app.services.replay import replay

AN_HOUR = timedelta(hours=1)


async def test_one_consumer_sees_a_range_again_and_the_others_do_not(scene: Scene) -> None:
    mended, content = Witness("mended"), Witness("content")
    bus = EmbeddedBus(scene.work)
    for each in (mended, content):
        bus.subscribe(each.consumer)
    both = [mended.consumer, content.consumer]
    relay = Relay(scene.work, bus, Notices().announce, consumers=both)
    before = await scene.add("before")
    scene.clock.advance(AN_HOUR)
    start = scene.clock.now
    within = await scene.task_with_events(2)
    scene.clock.advance(AN_HOUR)
    end = scene.clock.now
    after = await scene.add("after")
    await deliver_everything(bus, relay)
    await Sweeper(scene.work, both, wake_relay=relay.wake, consumers_are_here=True).settle()

    async with scene.work.write() as uow:
        sent = await replay(uow, mended.consumer.subscription, start=start, end=end)
    await deliver_everything(bus, relay)

    assert sent == 2
    assert await mended.seen(scene.work) == {before: [1], within: [1, 2, 1, 2], after: [1]}
    assert await content.seen(scene.work) == {before: [1], within: [1, 2], after: [1]}


async def test_the_audit_log_is_not_written_twice(scene: Scene) -> None:
    with pytest.raises(Invalid, match="never written twice"):
        async with scene.work.write() as uow:
            await replay(uow, Subscription("audit", []), start=scene.clock.now, end=scene.clock.now + AN_HOUR)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--from", "2026-07-15", "--to", "2026-07-15", "--consumer", "reminders"), "range is empty"),
        (("--from", "2026-07-15", "--to", "2026-07-16", "--consumer", "nobody"), "no consumer 'nobody'"),
        (("--from", "yesterday", "--to", "2026-07-16", "--consumer", "reminders"), "Invalid value"),
    ],
)
async def test_wrong_use_is_explained(
    shell: Shell,  # noqa: F811
    arguments: tuple[str, ...],
    says: str,
) -> None:
    result = await shell.run("events", "replay", *arguments)

    assert result.exit_code != 0
    assert says in result.output + str(result.exception)


async def test_the_command_says_how_many_were_sent(shell: Shell) -> None:  # noqa: F811
    result = await shell.run(
        "events", "replay", "--from", "2026-07-15", "--to", "2026-07-16", "--consumer", "reminders"
    )

    assert result.output == "1 event sent out again.\n", result.exception
