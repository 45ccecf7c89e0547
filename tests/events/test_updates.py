"""What processes tell each other, so that every page shows what any of them did."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import pytest

from tests.events.scene import Scene
from todo_app.events.notices import Notice, Notices, notices_of
from todo_app.events.updates import CantPublish, Update, UpdatePublisher, announce


class Wire:
    """Where updates are published: to processes that get them as JSON, or to nobody."""

    def __init__(self) -> None:
        self.away = False
        self.sent: list[Update] = []

    async def publish(self, updates: Sequence[Update]) -> Sequence[Update]:
        if self.away:
            return updates
        self.sent += [Update.model_validate_json(update.model_dump_json()) for update in updates]
        return []


@pytest.fixture
def wire() -> Wire:
    return Wire()


async def test_another_process_hears_of_a_change_once(scene: Scene, wire: Wire) -> None:
    await scene.task_with_events(2)
    events = await scene.events()
    publisher, there, heard = UpdatePublisher(wire.publish), Notices(), list[Notice]()
    there.subscribe(heard.append)
    publisher.changed(events[:1])
    publisher.changed(events[1:])

    await publisher.step()
    for update in [*wire.sent, *wire.sent]:
        announce(update, there)

    assert heard == notices_of(events), "one notice per user, however many changes, and none again"


async def test_the_process_that_made_it_has_heard_of_it_already(scene: Scene, wire: Wire) -> None:
    await scene.add()
    events = await scene.events()
    publisher, here, heard = UpdatePublisher(wire.publish), Notices(), list[Notice]()
    here.subscribe(heard.append)
    here.announce(events)
    publisher.changed(events)

    await publisher.step()
    announce(wire.sent[0], here)

    assert heard == notices_of(events)


async def test_history_and_notifications_reach_the_others_once(scene: Scene, wire: Wire) -> None:
    await scene.add()
    events = await scene.events()
    publisher, worker, web = UpdatePublisher(wire.publish), Notices(), Notices()
    worker.tell(publisher)
    web.tell(publisher)
    history, told = list[Notice](), list[object]()
    web.subscribe_activity(history.append)
    web.subscribe_told(told.append)
    worker.announce_activity(events)
    worker.announce_told(scene.person.user_id)

    await publisher.step()
    for update in wire.sent:
        announce(update, web)
    await publisher.step()

    assert (history, told) == (notices_of(events), [scene.person.user_id])
    assert len(wire.sent) == 2, "what comes from elsewhere is not sent on"


async def test_what_could_not_be_published_is_published_later(scene: Scene, wire: Wire) -> None:
    await scene.task_with_events(2)
    events = await scene.events()
    publisher = UpdatePublisher(wire.publish)
    publisher.changed(events[:1])
    wire.away = True
    with pytest.raises(CantPublish):
        await publisher.step()
    publisher.changed(events[1:])
    wire.away = False

    await publisher.step()

    [update] = wire.sent
    assert update.data.event_ids == {event.id for event in events}


async def test_so_many_that_their_ids_are_left_out_are_news_to_everybody(scene: Scene, wire: Wire) -> None:
    await scene.add()
    [event] = await scene.events()
    many = [event.model_copy(update={"id": uuid4()}) for _ in range(501)]
    publisher, there, heard = UpdatePublisher(wire.publish), Notices(), list[Notice]()
    there.subscribe(heard.append)
    publisher.changed(many[:400])
    publisher.changed(many[400:])

    await publisher.step()
    announce(wire.sent[0], there)

    assert [notice.user_id for notice in heard] == [scene.person.user_id]
    assert not wire.sent[0].data.event_ids
