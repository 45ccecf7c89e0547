"""How much reaches a person at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.notifications.scene import Recorder, Scene
from todo_app.notifications import flood

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "LIMITS", ((MINUTE, 3), (HOUR, 5)))


async def flooded(scene: Scene, count: int) -> None:
    await scene.notify(
        *[await scene.due_event(None, str(number), reason="digest") for number in range(count)]
    )


async def test_what_is_too_much_for_a_minute_comes_in_the_next(scene: Scene) -> None:
    await scene.add_channel()
    await flooded(scene, 4)
    recorder = Recorder()

    await scene.deliver(recorder)
    assert len(recorder.sent) == 3
    [held] = [each for each in await scene.deliveries() if each.sent_at is None]
    assert (held.next_attempt_at, held.attempts) == (scene.clock() + MINUTE, 0)
    assert "too many" in held.error

    scene.clock.advance(MINUTE)
    await scene.deliver(recorder)
    assert len(recorder.sent) == 4
    assert [each.error for each in await scene.deliveries()] == ["", "", "", ""]


async def test_what_is_too_much_for_an_hour_comes_in_the_next(scene: Scene) -> None:
    await scene.add_channel()
    await flooded(scene, 6)
    recorder = Recorder()

    for _ in range(3):
        await scene.deliver(recorder)
        scene.clock.advance(MINUTE)
    assert len(recorder.sent) == 5

    scene.clock.advance(HOUR)
    await scene.deliver(recorder)
    assert len(recorder.sent) == 6


async def test_being_held_back_never_becomes_a_failure(scene: Scene) -> None:
    await scene.add_channel()
    await flooded(scene, 60)
    recorder = Recorder()

    for _ in range(14):
        for _ in range(2):
            await scene.deliver(recorder)
            scene.clock.advance(MINUTE)
        scene.clock.advance(HOUR)

    assert len(recorder.sent) == 60
    assert "reminder.failed" not in await scene.event_types()


async def test_one_kind_of_channel_does_not_fill_another(scene: Scene) -> None:
    await scene.add_channel("email")
    await scene.add_channel("apprise", "json://example.org")
    await flooded(scene, 3)
    mails, pushes = Recorder(), Recorder()

    await scene.deliver(mails)
    await scene.deliver(pushes, kind="apprise")

    assert (len(mails.sent), len(pushes.sent)) == (3, 3)


async def test_the_bell_shows_everything_at_once(scene: Scene) -> None:
    await scene.add_channel()
    await flooded(scene, 9)
    await scene.deliver(Recorder())

    assert len(await scene.notifications()) == 9
