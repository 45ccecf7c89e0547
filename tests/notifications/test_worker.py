"""What is due becomes a notification once, and a delivery for each channel, when it may disturb."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.notifications.scene import Recorder, Scene
from todo_app.domain.task import Due
from todo_app.services import notification_preferences
from todo_app.services.notification_preferences import Preferences


async def test_a_reminder_is_told_once_however_often_it_is_delivered(scene: Scene) -> None:
    await scene.add_channel()
    event = await scene.due_event(await scene.add_task())

    await scene.notify(event)
    await scene.notify(event)

    assert [(each.reason, each.title) for each in await scene.notifications()] == [("reminder", "Pay rent")]
    assert len(await scene.deliveries()) == 1


async def test_two_events_for_one_moment_are_one_notification(scene: Scene) -> None:
    await scene.add_channel()
    first = await scene.due_event(await scene.add_task())
    async with scene.work.write(scene.person.identity) as uow:
        second = uow.record(first.aggregate_id, 2, first.data)

    await scene.notify(first, second)

    assert len(await scene.notifications()) == 1
    assert len(await scene.deliveries()) == 1


async def test_each_channel_that_is_on_gets_it(scene: Scene) -> None:
    await scene.add_channel("email")
    await scene.add_channel("apprise", "json://example.org")
    off = await scene.add_channel("push")
    async with scene.work.write(scene.person.identity) as uow:
        (await uow.channels.get(off)).disabled_at = uow.now

    await scene.remind()

    assert sorted(each.kind for each in await scene.deliveries()) == ["apprise", "email"]


async def test_of_a_task_that_was_done_meanwhile_nothing_is_told(scene: Scene) -> None:
    task_id = await scene.add_task()
    event = await scene.due_event(task_id)
    await scene.complete(task_id)

    await scene.notify(event)

    assert await scene.notifications() == []


async def test_in_quiet_hours_deliveries_wait_for_their_end(scene: Scene) -> None:
    await scene.add_channel()
    async with scene.work.write(scene.person.identity) as uow:
        await notification_preferences.change(uow, Preferences(quiet_from=time(8), quiet_until=time(10, 30)))
    recorder = Recorder()

    await scene.remind()
    await scene.deliver(recorder)
    [delivery] = await scene.deliveries()
    assert delivery.next_attempt_at == datetime(2026, 7, 15, 8, 30, tzinfo=UTC)  # 10:30 in Berlin
    assert len(await scene.notifications()) == 1
    assert recorder.sent == []

    scene.clock.advance(timedelta(hours=1, minutes=30))
    await scene.deliver(recorder)
    assert len(recorder.sent) == 1


async def test_a_digest_lists_what_is_due(scene: Scene) -> None:
    today = scene.clock().date()
    await scene.add_task("Pay rent", Due(today, time(18)))
    await scene.add_task("Call Ben", Due(today - timedelta(days=1)))
    await scene.add_task("Far away", Due(today + timedelta(days=1)))

    await scene.notify(await scene.due_event(None, "2 tasks for today", reason="digest"))

    [digest] = await scene.notifications()
    assert digest.body == "• Call Ben (Yesterday)\n• Pay rent (Today 18:00)"


@pytest.mark.parametrize("is_late", [False, True])
async def test_a_late_one_is_marked(scene: Scene, is_late: bool) -> None:
    await scene.notify(await scene.due_event(await scene.add_task(), is_late=is_late))

    assert [each.is_late for each in await scene.notifications()] == [is_late]
