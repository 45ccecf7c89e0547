"""Webhooks are told of events once, signed, tried again for a day, and switched off when it is no use."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpcore
import pytest
from sqlalchemy import func, select, update
from sqlmodel import col
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from tests.notifications.scene import Clock, Scene, work_off
from tests.notifications.servers import Receiver, receiver
from tests.state.people import Person, log_in
from todo_app.bootstrap import bootstrap
from todo_app.db.models import InboxEntry, OutboxEvent, Webhook, WebhookDelivery
from todo_app.db.repositories.webhook_deliveries import AT_ONCE_OF_ONE
from todo_app.domain.errors import Invalid, NotFound
from todo_app.domain.events import Event
from todo_app.events.consumers import process
from todo_app.events.sweeper import Sweeper
from todo_app.notifications import webhook_desk
from todo_app.notifications.courier import Courier, Limits
from todo_app.notifications.flood import hold_back
from todo_app.notifications.webhook_desk import PATIENCE, PAUSES, WebhookDesk
from todo_app.services import accounts, tags, webhooks
from todo_app.services.webhooks import Choice, Target, WebhookPatch, read_target, webhook_box
from workers.couriers import make_couriers
from workers.notifications import NAME, notifications_consumer, tell_webhooks
from workers.roster import consumers

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clock() -> Clock:
    # Those who verify signatures compare the time with theirs.
    return Clock(datetime.now(UTC).replace(microsecond=0))


@dataclass(frozen=True)
class Hook:
    """A webhook of somebody, and what is done with it."""

    scene: Scene
    id: UUID
    secret: str

    async def row(self) -> Webhook:
        async with self.scene.work.read(self.scene.person.identity) as uow:
            return await uow.webhooks.get(self.id)

    async def log(self) -> Sequence[WebhookDelivery]:
        async with self.scene.work.read(self.scene.person.identity) as uow:
            return await uow.webhooks.deliveries(self.id, limit=500)

    async def edit(self, **changes: Any) -> None:
        async with self.scene.work.write(self.scene.person.identity) as uow:
            await webhooks.edit(uow, self.id, WebhookPatch(**changes))


async def hook(scene: Scene, url: str, types: Sequence[str] | None = None) -> Hook:
    target = read_target(url, allow_private=True)
    async with scene.work.write(scene.person.identity) as uow:
        made = await webhooks.create(
            uow, "Team chat", target, types, box=webhook_box(scene.application.settings)
        )
    return Hook(scene, made.webhook.id, made.secret)


async def events(scene: Scene) -> list[Event]:
    async with scene.work.read() as uow:
        rows = await uow.session.scalars(select(OutboxEvent).order_by(col(OutboxEvent.id)))
        return [Event.model_validate_json(row.envelope) for row in rows]


async def hear(scene: Scene) -> None:
    """Let the notifications worker take in whatever happened so far."""
    consumer = notifications_consumer()
    await process(scene.work, consumer, [each for each in await events(scene) if each.type in consumer.types])


def courier(scene: Scene) -> Courier[Any]:
    return make_couriers(scene.application)[-1]


async def deliver(scene: Scene) -> None:
    await hear(scene)
    await work_off(courier(scene))


async def test_an_event_is_told_and_the_signature_verifies(scene: Scene, other_side: Receiver) -> None:
    here = await hook(scene, f"{other_side.url}/hook?key=1")
    task_id = await scene.add_task("Pay rent")
    other_side.answer = b"thank you"

    await deliver(scene)

    [request] = other_side.requests
    told = Verifier(here.secret).verify(request.body, request.headers)
    [event] = [each for each in await events(scene) if each.type == "task.created"]
    assert request.path == "/hook?key=1"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == told["id"] == str(event.id)
    assert (told["type"], told["subject"], told["seq"]) == ("task.created", str(task_id), 1)
    assert told["actor"] == {"kind": "person", "name": "ada@example.org"}
    assert told["data"]["title"] == "Pay rent"
    assert set(told) == {"id", "type", "time", "subject", "seq", "actor", "data"}
    [line] = await here.log()
    assert (webhooks.outcome(line), line.status_code, line.answer) == ("sent", 201, "thank you")
    assert line.duration_ms is not None


async def test_the_documented_check_works(scene: Scene, other_side: Receiver) -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(text.partition("```python\n")[2].partition("```")[0], names)  # our own
    here = await hook(scene, other_side.url)
    await scene.add_task()
    await deliver(scene)

    [request] = other_side.requests
    assert names["is_genuine"](here.secret, request.headers, request.body)
    assert not names["is_genuine"](here.secret, request.headers, request.body + b" ")


async def test_another_secret_does_not_verify(scene: Scene, other_side: Receiver) -> None:
    await hook(scene, other_side.url)
    other = await hook(scene, "https://example.org")
    await scene.add_task()
    async with scene.work.write(scene.person.identity) as uow:
        await webhooks.edit(uow, other.id, WebhookPatch(on=False))

    await deliver(scene)

    [request] = other_side.requests
    with pytest.raises(WebhookVerificationError):
        Verifier(other.secret).verify(request.body, request.headers)


async def test_a_webhook_hears_of_what_it_asked_for(scene: Scene, other_side: Receiver) -> None:
    here = await hook(scene, other_side.url, ["task.completed", "tag.created"])
    await scene.complete(await scene.add_task())
    async with scene.work.write(scene.person.identity) as uow:
        await tags.create(uow, "home")
    await deliver(scene)
    assert {line.type for line in await here.log()} == {"task.completed", "tag.created"}

    await here.edit(choice=Choice(None))
    await scene.add_task()
    await deliver(scene)
    assert len(other_side.requests) == 3


async def test_nothing_of_before_it_was_there_or_while_it_was_off(scene: Scene, other_side: Receiver) -> None:
    # Somebody who has one already, so that the event is heard of at all.
    await hook(scene, other_side.url, ["tag.created"])
    await scene.add_task()
    scene.clock.advance(timedelta(seconds=1))
    here = await hook(scene, other_side.url)
    await hear(scene)
    await here.edit(on=False)
    await scene.add_task()
    await hear(scene)
    await here.edit(on=True)

    await deliver(scene)

    assert other_side.requests == []


async def test_nothing_about_the_account_is_told(scene: Scene, other_side: Receiver) -> None:
    await hook(scene, other_side.url)
    async with scene.work.write(scene.person.identity) as uow:
        await accounts.change_timezone(uow, "Europe/Paris")
    await deliver(scene)

    assert other_side.requests == []


async def test_one_event_that_comes_twice_is_told_once(scene: Scene, other_side: Receiver) -> None:
    here = await hook(scene, other_side.url)
    await scene.add_task()
    elsewhere = bootstrap(scene.application.settings, clock=scene.clock)
    happened = [each for each in await events(scene) if each.type == "task.created"]
    await asyncio.gather(
        *(process(work, notifications_consumer(), happened) for work in (scene.work, elsewhere.work) * 2)
    )
    # As when an operator replays events.
    async with scene.work.write() as uow:
        await tell_webhooks(uow, happened)
    couriers = [make_couriers(each)[-1] for each in (scene.application, elsewhere) * 2]
    await asyncio.gather(*(work_off(each) for each in couriers))
    await elsewhere.close()

    assert len(other_side.requests) == len(await here.log()) == 1


async def test_of_people_without_webhooks_nothing_is_written_and_nothing_waits(
    scene: Scene, other_side: Receiver
) -> None:
    await scene.add_task("Before")
    await hear(scene)
    assert await _inbox(scene) == 0
    scene.clock.advance(timedelta(seconds=1))
    await hook(scene, other_side.url)
    await scene.add_task("After")
    everybody = list(consumers(scene.application, on_told=lambda _: None).values())
    for consumer in everybody:
        if consumer.name != NAME:
            heard = [each for each in await events(scene) if each.type in consumer.types]
            await process(scene.work, consumer, heard)
    async with scene.work.write() as uow:
        await uow.session.execute(update(OutboxEvent).values(published_at=uow.now))
    sweeper = Sweeper(scene.work, everybody, wake_relay=lambda: None, consumers_are_here=True)

    # What happened before there was a webhook is over, what happened since is not.
    await sweeper.settle()
    async with scene.work.read() as uow:
        waiting = await uow.session.scalars(select(OutboxEvent).where(col(OutboxEvent.settled_at).is_(None)))
        assert [each.type for each in waiting] == ["task.created"]
    await hear(scene)
    assert await _inbox(scene) == 1
    assert await sweeper.settle() == 1


class TestFailures:
    async def test_one_is_tried_again_ever_later_for_a_day(self, scene: Scene, other_side: Receiver) -> None:
        here = await hook(scene, other_side.url)
        await scene.add_task()
        other_side.status, other_side.answer = 500, b"x" * 100_000
        await hear(scene)

        began = scene.clock()
        for number, pause in enumerate(PAUSES, start=1):
            await work_off(courier(scene))
            [line] = await here.log()
            assert len(other_side.requests) == line.attempts == number
            assert line.next_attempt_at is not None
            assert pause <= line.next_attempt_at - scene.clock() <= pause * 1.2
            assert (line.error, line.status_code, len(line.answer)) == ("It answered 500.", 500, 1000)
            scene.clock.now = line.next_attempt_at
        await work_off(courier(scene))

        [line] = await here.log()
        assert webhooks.outcome(line) == "failed"
        assert timedelta(hours=24) < scene.clock() - began < timedelta(hours=30)
        assert len({request.headers["webhook-id"] for request in other_side.requests}) == 1
        assert len({request.headers["webhook-timestamp"] for request in other_side.requests}) > 1

    async def test_after_a_day_of_nothing_else_it_is_switched_off(
        self, scene: Scene, other_side: Receiver
    ) -> None:
        here = await hook(scene, other_side.url)
        await scene.add_task("First")
        other_side.status = 503
        await deliver(scene)
        scene.clock.advance(PATIENCE - timedelta(seconds=1))
        await scene.add_task("Second")
        await deliver(scene)
        assert (await here.row()).disabled_at is None

        scene.clock.advance(timedelta(minutes=1))
        await deliver(scene)

        row = await here.row()
        assert (row.disabled_at, row.disabled_because) == (scene.clock(), "It answered 503.")
        [problem] = await scene.notifications()
        assert (problem.reason, problem.body) == ("problem", "It answered 503.")
        assert problem.title == "The webhook “Team chat” is switched off"
        asked = len(other_side.requests)
        scene.clock.advance(timedelta(days=1))
        await deliver(scene)
        assert len(other_side.requests) == asked
        assert {webhooks.outcome(line) for line in await here.log()} <= {"dropped", "failed"}

        other_side.status = 200
        await here.edit(on=True)
        await scene.add_task("Third")
        await deliver(scene)
        assert len(other_side.requests) == asked + 1
        assert (await here.row()).failing_since is None

    async def test_one_success_in_between_keeps_it_on(self, scene: Scene, other_side: Receiver) -> None:
        here = await hook(scene, other_side.url)
        await scene.add_task()
        other_side.status = 500
        await deliver(scene)
        assert (await here.row()).failing_since == scene.clock()
        scene.clock.advance(timedelta(hours=1))
        other_side.status = 200
        await deliver(scene)
        assert (await here.row()).failing_since is None

        scene.clock.advance(PATIENCE)
        other_side.status = 500
        await scene.add_task()
        await deliver(scene)

        assert (await here.row()).disabled_at is None

    async def test_410_switches_it_off_at_once(self, scene: Scene, other_side: Receiver) -> None:
        here = await hook(scene, other_side.url)
        for title in ("Pay rent", "Buy milk"):
            await scene.add_task(title)
        other_side.status = 410
        await hear(scene)
        await work_off(courier(scene))

        row = await here.row()
        assert "410" in row.disabled_because
        assert [each.reason for each in await scene.notifications()] == ["problem"]
        await scene.add_task("Another")
        asked = len(other_side.requests)
        await deliver(scene)
        assert len(other_side.requests) == asked <= 2

    async def test_the_other_side_may_ask_for_more_time(self, scene: Scene, other_side: Receiver) -> None:
        here = await hook(scene, other_side.url)
        await scene.add_task()
        other_side.status, other_side.headers = 429, {"Retry-After": "3600"}

        await deliver(scene)

        [line] = await here.log()
        assert line.next_attempt_at == scene.clock() + timedelta(hours=1)

    async def test_one_that_does_not_answer_is_given_up_in_time(
        self, scene: Scene, other_side: Receiver
    ) -> None:
        here = await hook(scene, other_side.url)
        await scene.add_task()
        await hear(scene)
        other_side.answers.clear()
        desk = _desk(scene)
        await work_off(Courier(scene.work, desk, limits=Limits(deadline=timedelta(milliseconds=200))))

        [line] = await here.log()
        assert webhooks.outcome(line) == "retrying"
        assert "no answer within" in line.error
        assert line.status_code is None

    async def test_one_that_can_not_be_reached_says_so(self, scene: Scene) -> None:
        with receiver() as gone:
            url = gone.url
        here = await hook(scene, url)
        await scene.add_task()

        await deliver(scene)

        [line] = await here.log()
        assert (webhooks.outcome(line), line.error) == ("retrying", "It can't be reached.")


class TestOthers:
    async def test_endpoints_that_hang_leave_room_for_other_peoples(
        self, scene: Scene, other_side: Receiver
    ) -> None:
        await hook(scene, other_side.url)
        for number in range(AT_ONCE_OF_ONE + 3):
            await scene.add_task(f"Task {number}")
        bens = replace(scene, person=await log_in(scene.application, "ben@example.org"))
        other_side.answers.clear()
        with receiver() as quick:
            await hook(bens, quick.url)
            scene.clock.advance(timedelta(seconds=1))
            await bens.add_task("Call Ada")
            await hear(scene)
            carrier = courier(scene)
            async with asyncio.timeout(10), carrier.running():
                while not quick.requests:
                    await carrier.step()
                    await asyncio.sleep(0)
                assert len(other_side.requests) <= AT_ONCE_OF_ONE
                other_side.answers.set()
                await carrier.idle()
            await work_off(carrier)
            assert len(quick.requests) == 1
        assert len(other_side.requests) == AT_ONCE_OF_ONE + 3

    async def test_who_waits_for_their_turn_does_not_keep_the_courier_busy(
        self, scene: Scene, other_side: Receiver
    ) -> None:
        await hook(scene, other_side.url)
        for number in range(AT_ONCE_OF_ONE + 1):
            await scene.add_task(f"Task {number}")
        await hear(scene)
        other_side.answers.clear()
        carrier = courier(scene)
        async with carrier.running():
            await carrier.step()
            assert await carrier.step() > 0
            other_side.answers.set()
            await carrier.idle()

    async def test_one_of_somebody_else_is_not_found(self, scene: Scene, other_side: Receiver) -> None:
        here = await hook(scene, other_side.url)
        ben = await log_in(scene.application, "ben@example.org")

        async with scene.work.read(ben.identity) as uow:
            assert await uow.webhooks.all() == []
            assert await uow.webhooks.deliveries(here.id, limit=10) == []
            for act in (webhooks.try_out, webhooks.remove):
                with pytest.raises(NotFound):
                    await act(uow, here.id)

    async def test_what_others_do_is_not_told(self, scene: Scene, other_side: Receiver) -> None:
        await hook(scene, other_side.url)
        bens = replace(scene, person=await log_in(scene.application, "ben@example.org"))
        await bens.add_task("Secret")

        await deliver(scene)

        assert other_side.requests == []

    async def test_somebody_who_leaves_takes_everything_along(
        self, scene: Scene, other_side: Receiver
    ) -> None:
        await hook(scene, other_side.url)
        await scene.add_task()
        await hear(scene)
        await _leave(scene.person)

        await work_off(courier(scene))

        assert other_side.requests == []
        async with scene.work.read() as uow:
            for table in (Webhook, WebhookDelivery):
                assert await uow.session.scalar(select(func.count()).select_from(table)) == 0


class TestAgain:
    async def test_a_failed_delivery_is_sent_again_with_the_same_id(
        self, scene: Scene, other_side: Receiver
    ) -> None:
        here = await hook(scene, other_side.url)
        await scene.add_task()
        other_side.status = 500
        await deliver(scene)
        other_side.status = 204
        [line] = await here.log()

        async with scene.work.write(scene.person.identity) as uow:
            await webhooks.redeliver(uow, here.id, line.id)
        await work_off(courier(scene))

        [line] = await here.log()
        assert (webhooks.outcome(line), line.status_code, line.attempts) == ("sent", 204, 1)
        first, second = other_side.requests
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert Verifier(here.secret).verify(second.body, second.headers)["type"] == "task.created"

    async def test_not_while_it_is_being_sent_and_not_when_it_is_off(
        self, scene: Scene, other_side: Receiver
    ) -> None:
        here = await hook(scene, other_side.url)
        await scene.add_task()
        await hear(scene)
        other_side.answers.clear()
        carrier = courier(scene)
        await carrier.step()
        [line] = await here.log()
        async with scene.work.write(scene.person.identity) as uow:
            with pytest.raises(Invalid, match="at this moment"):
                await webhooks.redeliver(uow, here.id, line.id)
        other_side.answers.set()
        await work_off(carrier)
        await here.edit(on=False)
        async with scene.work.write(scene.person.identity) as uow:
            with pytest.raises(Invalid, match="switched off"):
                await webhooks.redeliver(uow, here.id, line.id)

    async def test_a_test_is_sent_once_and_does_not_count_as_a_failure(
        self, scene: Scene, other_side: Receiver
    ) -> None:
        here = await hook(scene, other_side.url)
        other_side.status = 500

        async with scene.work.write(scene.person.identity) as uow:
            await webhooks.try_out(uow, here.id)
        await deliver(scene)
        scene.clock.advance(timedelta(hours=1))
        await deliver(scene)

        [request] = other_side.requests
        assert b'"type":"webhook.test"' in request.body
        [line] = await here.log()
        assert webhooks.outcome(line) == "failed"
        assert (await here.row()).failing_since is None

    async def test_for_a_day_a_new_secret_signs_beside_the_old_one(
        self, scene: Scene, other_side: Receiver
    ) -> None:
        here = await hook(scene, other_side.url)
        async with scene.work.write(scene.person.identity) as uow:
            rotated = await webhooks.rotate(uow, here.id, box=webhook_box(scene.application.settings))
        await scene.add_task()
        await deliver(scene)
        scene.clock.advance(timedelta(days=1))
        await scene.add_task()
        await deliver(scene)

        both, new = other_side.requests
        assert rotated.secret != here.secret
        for secret in (here.secret, rotated.secret):
            Verifier(secret).verify(both.body, both.headers)
        assert len(new.headers["webhook-signature"].split()) == 1

    async def test_the_log_is_forgotten_but_not_what_is_still_to_be_sent(
        self, scene: Scene, other_side: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(webhooks, "DELIVERIES_OF_ONE", 3)
        here = await hook(scene, other_side.url)
        for number in range(5):
            await scene.add_task(f"Task {number}")
            await deliver(scene)
            scene.clock.advance(timedelta(seconds=1))
        await scene.add_task("To come")
        await hear(scene)

        async with scene.work.write() as uow:
            assert await webhooks.forget_crowds(uow, limit=2) == 2
            assert await webhooks.forget_crowds(uow, limit=2) == 1
            assert await webhooks.forget_old(uow, limit=100) == 0
        assert [webhooks.outcome(line) for line in await here.log()] == ["sending", "sent", "sent"]
        scene.clock.advance(timedelta(days=31))
        async with scene.work.write() as uow:
            assert await webhooks.forget_old(uow, limit=100) == 2
        assert len(await here.log()) == 1


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "",
            "example.org",
            "http://example.org/",
            "ftp://example.org/",
            "https://",
            "https://ada:secret@example.org/",
            "https://ada@example.org/",
            "https://example.org:99999/",
            "https://example.org/a b",
            "https://exämple.org/",
            "https://example.org/\nx",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://169.254.169.254/latest",
            "https://10.0.0.1:8080/",
            "https://printer.local/",
            "https://example.org/" + "x" * 2_000,
        ],
    )
    def test_these_are_refused(self, url: str) -> None:
        with pytest.raises(Invalid):
            read_target(url, allow_private=False)

    def test_with_leave_of_the_operator_these_are_not(self) -> None:
        for url in ("http://localhost:5678/hook", "https://10.0.0.1/", "https://example.org/"):
            assert read_target(url, allow_private=True) == Target(url)

    async def test_a_name_that_leads_inside_is_found_when_it_is_connected_to(
        self, scene: Scene, other_side: Receiver
    ) -> None:
        # Stored while it was allowed, or a name that leads elsewhere by now.
        here = await hook(scene, other_side.url)
        await scene.add_task()
        await hear(scene)

        await work_off(Courier(scene.work, _desk(scene, allow_private=False)))

        [line] = await here.log()
        assert other_side.requests == []
        assert webhooks.outcome(line) == "failed"
        assert "inside this network" in line.error

    async def test_a_name_that_changes_its_mind_is_asked_once(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answers, connected = [["93.184.216.34"], ["127.0.0.1"]], list[str]()

        async def look_up(host: str, port: int, **_: Any) -> list[Any]:
            return [(2, 1, 6, "", (address, port)) for address in answers.pop(0)]

        async def connect(_: object, host: str, *__: object, **___: object) -> None:
            connected.append(host)
            raise httpcore.ConnectError

        await hook(scene, "https://hooks.example.org/")
        await scene.add_task()
        await hear(scene)
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up, raising=False)
        monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)

        await work_off(Courier(scene.work, _desk(scene, allow_private=False)))

        assert (connected, len(answers)) == (["93.184.216.34"], 1)

    async def test_no_redirect_is_followed(self, scene: Scene, other_side: Receiver) -> None:
        with receiver() as elsewhere:
            here = await hook(scene, other_side.url)
            await scene.add_task()
            other_side.status, other_side.headers = 307, {"Location": elsewhere.url}

            await deliver(scene)

            [line] = await here.log()
            assert elsewhere.requests == []
            assert line.error == "It answered 307, and redirects are not followed."


class TestLimits:
    async def test_there_can_be_twenty(self, scene: Scene) -> None:
        for _ in range(webhooks.WEBHOOKS_MAX):
            await hook(scene, "https://example.org/")

        with pytest.raises(Invalid, match="20 webhooks"):
            await hook(scene, "https://example.org/")

    @pytest.mark.parametrize("types", [[], ["task.eaten"], ["account.updated"], ["reminder.due"]])
    async def test_there_are_only_so_many_types(self, scene: Scene, types: list[str]) -> None:
        with pytest.raises(Invalid):
            await hook(scene, "https://example.org/", types)

    async def test_the_secret_is_not_in_the_database(self, scene: Scene) -> None:
        here = await hook(scene, "https://example.org/")

        row = await here.row()
        assert here.secret.startswith("whsec_")
        assert here.secret.removeprefix("whsec_") not in row.secret

    async def test_a_flood_waits_for_its_turn(
        self, scene: Scene, other_side: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here = await hook(scene, other_side.url)
        for number in range(3):
            await scene.add_task(f"Task {number}")
        await hear(scene)
        desk = _desk(scene, flood=((timedelta(minutes=1), 2),))
        await work_off(Courier(scene.work, desk))
        assert len(other_side.requests) == 2
        [held] = [line for line in await here.log() if line.sent_at is None]
        assert (held.attempts, held.next_attempt_at) == (0, scene.clock() + timedelta(minutes=1))

        scene.clock.advance(timedelta(minutes=1))
        await work_off(Courier(scene.work, desk))
        assert len(other_side.requests) == 3
        assert (await here.row()).failing_since is None


def _desk(
    scene: Scene,
    *,
    allow_private: bool = True,
    flood: tuple[tuple[timedelta, int], ...] = webhook_desk.FLOOD,
) -> WebhookDesk:
    async def hold(user_id: UUID, kind: str) -> timedelta:
        return await hold_back(scene.application.state_store, user_id, kind, limits=flood)

    box = webhook_box(scene.application.settings)
    return WebhookDesk(box, clock=scene.clock, hold=hold, allow_private=allow_private)


async def _inbox(scene: Scene) -> int:
    """How many events the notifications worker has noted."""
    async with scene.work.read() as uow:
        count = select(func.count()).select_from(InboxEntry).where(col(InboxEntry.consumer) == NAME)
        return int(await uow.session.scalar(count) or 0)


async def _leave(person: Person) -> None:
    async with person.application.work.write() as uow:
        user = await uow.accounts.by_id(person.identity.user_id)
        assert user is not None
        await uow.accounts.delete(user)


def test_the_worker_that_tells_people_tells_webhooks() -> None:
    assert notifications_consumer().name == NAME == "notifications"
    assert {
        "task.created",
        "tag.merged",
        "project.deleted",
        "task.recurred",
    } <= notifications_consumer().types
