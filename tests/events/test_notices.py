"""Open pages hear of every change once, before anybody has acted on it."""

from __future__ import annotations

import pytest

from tests.events.scene import Scene
from todo_app.domain.errors import Invalid
from todo_app.events.notices import Notice, Notices, notices_of
from todo_app.services import tasks


async def test_a_commit_of_this_process_is_announced_at_once(scene: Scene) -> None:
    heard: list[Notice] = []
    scene.application.notices.subscribe(heard.append)
    async with scene.work.write(scene.person) as uow:
        added = [await tasks.add(uow, tasks.AddTask(title=title)) for title in ("one", "two")]
        assert heard == [], "nothing is announced before it is committed"
    assert heard == [
        Notice(
            user_id=scene.person.user_id,
            event_ids=frozenset(event.id for event in uow.events),
            aggregate_ids=frozenset(task.id for task in added),
            types=frozenset({"task.created"}),
            command_ids=frozenset({uow.command_id}),
        )
    ]


async def test_what_is_taken_back_is_not_announced(scene: Scene) -> None:
    heard: list[Notice] = []
    scene.application.notices.subscribe(heard.append)
    with pytest.raises(Invalid):
        await _add_two_of_which_one_is_refused(scene)
    assert heard == []


async def test_an_event_is_announced_once(scene: Scene) -> None:
    await scene.add()
    events = await scene.events()
    notices, heard = Notices(), list[Notice]()
    notices.subscribe(heard.append)
    notices.announce(events)
    notices.announce(events)
    assert len(heard) == 1


async def test_a_listener_that_fails_hinders_neither_the_command_nor_other_listeners(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[Notice] = []

    def fail(notice: Notice) -> None:
        raise RuntimeError("the tab is gone")

    scene.application.notices.subscribe(fail)
    scene.application.notices.subscribe(heard.append)
    await scene.add()
    assert len(heard) == 1
    assert "the tab is gone" in caplog.text


async def test_a_listener_can_leave(scene: Scene) -> None:
    heard: list[Notice] = []
    leave = scene.application.notices.subscribe(heard.append)
    leave()
    await scene.add()
    assert heard == []


async def test_each_user_gets_a_notice_of_their_own(scene: Scene) -> None:
    await scene.add()
    [event] = await scene.events()
    other = event.model_copy(update={"user_id": event.command_id})
    assert [notice.user_id for notice in notices_of([event, other, event])] == [event.user_id, other.user_id]


async def _add_two_of_which_one_is_refused(scene: Scene) -> None:
    async with scene.work.write(scene.person) as uow:
        await tasks.add(uow, tasks.AddTask(title="fine"))
        await tasks.add(uow, tasks.AddTask(title=""))
