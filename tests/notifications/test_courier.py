"""Couriers send each delivery once, try again what failed, and give up in words."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest

from tests.notifications.scene import Recorder, Scene, work_off
from todo_app.bootstrap import bootstrap
from todo_app.notifications.channel_desk import PAUSES, ChannelDesk
from todo_app.notifications.composer import Composer
from todo_app.notifications.courier import Courier, Limits
from todo_app.notifications.port import Gone, Message, Refused, TryLater

AWAY = "The mail server can't be reached."
QUICK = Limits(deadline=timedelta(milliseconds=50))


class Killed(BaseException):
    """The process ends here."""


async def test_what_was_sent_is_noted_and_not_sent_again(scene: Scene) -> None:
    await scene.add_channel()
    await scene.remind()
    recorder = Recorder()

    await scene.deliver(recorder)
    await scene.deliver(recorder)

    [delivery] = await scene.deliveries()
    assert len(recorder.sent) == 1
    assert delivery.sent_at == scene.clock()
    assert (delivery.next_attempt_at, delivery.claimed_by, delivery.error) == (None, None, "")
    assert await scene.event_types() == ["reminder.due", "reminder.delivered"]


async def test_a_failure_is_tried_again_ever_later_for_a_day(scene: Scene) -> None:
    await scene.add_channel()
    await scene.remind()
    recorder = Recorder(failures=[TryLater(AWAY) for _ in range(len(PAUSES) + 1)])

    for number, pause in enumerate(PAUSES, start=1):
        await scene.deliver(recorder)
        [delivery] = await scene.deliveries()
        assert recorder.attempts == delivery.attempts == number
        assert delivery.next_attempt_at == scene.clock() + pause
        assert delivery.error == AWAY
        scene.clock.advance(pause - timedelta(seconds=1))
        await scene.deliver(recorder)
        assert recorder.attempts == number
        scene.clock.advance(timedelta(seconds=1))

    assert timedelta(hours=20) < sum(PAUSES, timedelta()) < timedelta(days=1)
    await scene.deliver(recorder)
    [delivery] = await scene.deliveries()
    assert (delivery.failed_at, delivery.next_attempt_at) == (scene.clock(), None)
    assert await scene.event_types() == ["reminder.due", "reminder.failed"]
    [_, problem] = await scene.notifications()
    assert (problem.reason, problem.title, problem.body) == ("problem", "“My email” does not work", AWAY)


async def test_after_a_failure_it_can_work(scene: Scene) -> None:
    await scene.add_channel()
    await scene.remind()
    recorder = Recorder(failures=[TryLater(AWAY)])

    await scene.deliver(recorder)
    scene.clock.advance(PAUSES[0])
    await scene.deliver(recorder)

    [delivery] = await scene.deliveries()
    assert (len(recorder.sent), delivery.error) == (1, "")
    assert len(await scene.notifications()) == 1


async def test_the_other_side_may_ask_for_more_time(scene: Scene) -> None:
    await scene.add_channel()
    await scene.remind()

    await scene.deliver(Recorder(failures=[TryLater("Too much.", after=timedelta(minutes=7))]))

    [delivery] = await scene.deliveries()
    assert delivery.next_attempt_at == scene.clock() + timedelta(minutes=7)


async def test_what_is_refused_for_good_is_not_tried_again(scene: Scene) -> None:
    channel_id = await scene.add_channel()
    await scene.remind()

    await scene.deliver(Recorder(failures=[Refused("No such mailbox.")]))

    [delivery] = await scene.deliveries()
    assert (delivery.failed_at, delivery.error) == (scene.clock(), "No such mailbox.")
    assert (await scene.channel(channel_id)).disabled_at is None


async def test_a_target_that_is_gone_switches_the_channel_off(scene: Scene) -> None:
    channel_id = await scene.add_channel()
    await scene.remind("Pay rent")
    await scene.remind("Call Ben")
    recorder = Recorder(failures=[Gone("The subscription has ended.")])

    await scene.deliver(recorder, limits=Limits(at_once=1))

    channel = await scene.channel(channel_id)
    assert (channel.disabled_at, channel.disabled_because) == (scene.clock(), "The subscription has ended.")
    assert recorder.attempts == 1
    assert {each.error for each in await scene.deliveries()} == {
        "The subscription has ended.",
        "Not sent: the channel is switched off.",
    }


async def test_problems_of_a_channel_are_told_once_a_day(scene: Scene) -> None:
    await scene.add_channel()
    for number in range(3):
        await scene.remind(f"Task {number}")

    await scene.deliver(Recorder(failures=[Refused("No.") for _ in range(3)]))

    assert [each.reason for each in await scene.notifications()].count("problem") == 1


async def test_of_a_task_that_is_done_nothing_is_sent(scene: Scene) -> None:
    await scene.add_channel()
    await scene.complete(await scene.remind())
    recorder = Recorder()

    await scene.deliver(recorder)

    [delivery] = await scene.deliveries()
    assert recorder.attempts == 0
    assert (delivery.sent_at, delivery.failed_at, delivery.next_attempt_at) == (None, None, None)
    assert delivery.error == "Not sent: the task was done before."


async def test_a_channel_that_hangs_is_cut_off(scene: Scene) -> None:
    await scene.add_channel()
    await scene.remind()

    class Hanging:
        async def send(self, target: str, message: Message) -> None:
            await asyncio.Event().wait()

    await scene.deliver(Hanging(), limits=QUICK)

    [delivery] = await scene.deliveries()
    assert delivery.next_attempt_at == scene.clock() + PAUSES[0]
    assert "no answer" in delivery.error


async def test_an_error_nobody_foresaw_costs_no_delivery(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    await scene.add_channel()
    await scene.remind()
    recorder = Recorder(failures=[RuntimeError("with a secret in it")])

    await scene.deliver(recorder)
    scene.clock.advance(PAUSES[0])
    [waiting] = await scene.deliveries()
    await scene.deliver(recorder)

    assert "secret" not in waiting.error
    assert "with a secret in it" in caplog.text
    assert len(recorder.sent) == 1


class TestKilledBetweenSendingAndNoting:
    class Dying(Recorder):
        async def send(self, target: str, message: Message) -> None:
            await super().send(target, message)
            raise Killed

    async def test_it_is_sent_once_more_with_the_same_ids(self, scene: Scene) -> None:
        await scene.add_channel()
        await scene.remind()
        dying, recorder = self.Dying(), Recorder()

        dead = scene.courier(dying)
        await dead.step()
        await asyncio.gather(*dead._sending, return_exceptions=True)
        await scene.deliver(recorder)
        assert (len(dying.sent), len(recorder.sent)) == (1, 0), "its lease still runs"

        scene.clock.advance(Limits().lease)
        await scene.deliver(recorder)
        await scene.deliver(recorder)
        assert len(recorder.sent) == 1
        assert recorder.sent == dying.sent

    async def test_who_sends_for_too_long_does_not_undo_what_the_other_has_noted(self, scene: Scene) -> None:
        await scene.add_channel()
        await scene.remind()
        go_on = asyncio.Event()

        class Slow(Recorder):
            async def send(self, target: str, message: Message) -> None:
                await go_on.wait()
                raise TryLater(AWAY)

        slow = scene.courier(Slow())
        await slow.step()
        scene.clock.advance(Limits().lease)
        await scene.deliver(Recorder())
        go_on.set()
        await slow.idle()
        await slow.step()

        [delivery] = await scene.deliveries()
        assert (delivery.sent_at, delivery.next_attempt_at) == (scene.clock(), None)
        assert (await scene.event_types()).count("reminder.delivered") == 1


async def test_two_couriers_never_send_one_delivery_both(scene: Scene) -> None:
    await scene.add_channel()
    task_id = await scene.add_task()
    await scene.notify(*[await scene.due_event(task_id, str(number)) for number in range(40)])
    elsewhere = bootstrap(scene.application.settings, clock=scene.clock)
    composer = Composer("https://todo.example.org", scene.signer)
    recorder = Recorder()
    desk = ChannelDesk("email", recorder, composer=composer, clock=scene.clock, hold=_at_once)

    couriers = [
        Courier(work, desk, limits=Limits(at_once=3))
        for work in (scene.work, elsewhere.work, scene.work, elsewhere.work)
    ]
    await asyncio.gather(*(work_off(courier) for courier in couriers))
    await elsewhere.close()

    counts = Counter(message.title for _, message in recorder.sent)
    assert counts == {f"Reminder: {number}": 1 for number in range(40)}


async def _at_once(user_id: UUID, kind: str) -> timedelta:
    return timedelta()


async def test_no_more_is_sent_at_once_than_allowed(scene: Scene) -> None:
    await scene.add_channel()
    for number in range(6):
        await scene.remind(f"Task {number}")
    now, most, pair = 0, 0, asyncio.Barrier(2)

    class Counting:
        async def send(self, target: str, message: Message) -> None:
            nonlocal now, most
            now += 1
            most = max(most, now)
            await pair.wait()
            now -= 1

    await scene.deliver(Counting(), limits=Limits(at_once=2))

    assert most == 2
    assert all(each.sent_at for each in await scene.deliveries())


async def test_one_kind_does_not_wait_for_another(scene: Scene) -> None:
    await scene.add_channel("email")
    await scene.add_channel("apprise", "json://example.org")
    await scene.remind()
    recorder = Recorder()

    await scene.deliver(recorder, kind="apprise")

    assert [target for target, _ in recorder.sent] == ["json://example.org"]


async def test_what_is_being_sent_when_the_server_stops_is_sent(scene: Scene) -> None:
    await scene.add_channel()
    await scene.remind()
    recorder = Recorder()
    courier = scene.courier(recorder)

    async with courier.running():
        await courier.step()

    [delivery] = await scene.deliveries()
    assert (len(recorder.sent), delivery.sent_at) == (1, scene.clock())


async def test_what_is_sent_while_others_are_noted_is_noted_too(scene: Scene) -> None:
    await scene.add_channel()
    for title in ("Pay rent", "Call Ben", "Buy milk"):
        await scene.remind(title)
    slow = _SlowOnce()
    courier = scene.courier(slow, limits=Limits(at_once=2))

    await courier.step()
    await slow.second_sent.wait()
    # The first is still being sent while the second is noted and the third is claimed.
    await courier.step()
    slow.go_on.set()
    await work_off(courier)

    assert all(delivery.sent_at for delivery in await scene.deliveries())
    assert slow.sent == 3


@dataclass
class _SlowOnce:
    """A channel whose first message waits until it may go on."""

    sent: int = 0
    begun: int = 0
    second_sent: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, target: str, message: Message) -> None:
        self.begun += 1
        if self.begun == 1:
            await self.go_on.wait()
        self.sent += 1
        self.second_sent.set()
