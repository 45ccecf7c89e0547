"""Web Push: a real endpoint decrypts what comes, checks who signed it, and answers as push services do."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from tests.notifications.scene import Scene
from tests.notifications.servers import Receiver, SubscribedBrowser
from todo_app.domain.errors import Invalid
from todo_app.domain.task import Due
from todo_app.notifications.channel_desk import PAUSES
from todo_app.notifications.push_channel import PushChannel, read_subscription
from todo_app.notifications.push_encryption import (
    PLAIN_MAX,
    RECORD_SIZE,
    BrowserKeys,
    encrypt,
    from_base64url,
    to_base64url,
)
from todo_app.notifications.vapid import vapid_key


@pytest.fixture
def browser(other_side: Receiver) -> SubscribedBrowser:
    return SubscribedBrowser(f"{other_side.url}/push/abc")


@pytest.fixture
def pushes(scene: Scene) -> PushChannel:
    return PushChannel(vapid_key(scene.application.settings), clock=scene.clock, allow_private=True)


def test_encryption_gives_what_the_standard_says() -> None:
    """RFC 8291, section 5 and appendix A."""
    sender = ec.derive_private_key(
        int.from_bytes(from_base64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    keys = BrowserKeys(
        from_base64url(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        from_base64url("BTBZMqHH6r4Tts7J_aSIgg"),
    )

    body = encrypt(
        b"When I grow up, I want to be a watermelon",
        keys,
        sender=sender,
        salt=from_base64url("DGv6ra1nlYgDCS1FRnbzlw"),
    )

    assert to_base64url(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


async def test_only_the_browser_can_read_the_message(
    scene: Scene, browser: SubscribedBrowser, other_side: Receiver, pushes: PushChannel
) -> None:
    await scene.add_channel("push", browser.subscription)
    task_id = await scene.remind("Pay rent", Due(scene.clock().date()))

    await scene.deliver(pushes, kind="push")

    [request], [delivery] = other_side.requests, await scene.deliveries()
    assert browser.read(request.body) == {
        "title": "Reminder: Pay rent",
        "body": "due today",
        "path": f"/all?task={task_id}",
        "tag": str(delivery.id),
    }
    assert b"rent" not in request.body
    assert request.path == "/push/abc"
    assert request.headers["content-encoding"] == "aes128gcm"
    assert int(request.headers["ttl"]) > 0
    assert from_base64url(request.headers["topic"]) == delivery.id.bytes
    assert len(request.headers["topic"]) <= 32


async def test_the_push_service_can_tell_whom_it_is_from(
    scene: Scene, browser: SubscribedBrowser, other_side: Receiver, pushes: PushChannel
) -> None:
    await scene.add_channel("push", browser.subscription)
    await scene.remind()

    await scene.deliver(pushes, kind="push")

    authorization = other_side.requests[0].headers["authorization"]
    assert Vapid02.verify(authorization)
    token, key = authorization.removeprefix("vapid t=").split(",k=")
    claims = json.loads(from_base64url(token.split(".")[1]))
    assert key == vapid_key(scene.application.settings).public
    assert claims["aud"] == other_side.url
    assert claims["sub"] == "mailto:punctual@localhost"
    ahead = claims["exp"] - scene.clock().timestamp()
    assert 0 < ahead <= timedelta(days=1).total_seconds()


@pytest.mark.parametrize("status", [404, 410])
async def test_a_subscription_that_has_ended_switches_the_channel_off(
    scene: Scene, browser: SubscribedBrowser, other_side: Receiver, pushes: PushChannel, status: int
) -> None:
    channel_id = await scene.add_channel("push", browser.subscription)
    await scene.remind()
    other_side.status = status

    await scene.deliver(pushes, kind="push")
    scene.clock.advance(PAUSES[0])
    await scene.deliver(pushes, kind="push")

    channel = await scene.channel(channel_id)
    assert len(other_side.requests) == 1
    assert channel.disabled_at is not None
    assert "ended its subscription" in channel.disabled_because


@pytest.mark.parametrize(
    ("status", "retry_after", "pause"),
    [(500, "", 30), (503, "", 30), (429, "300", 300), (429, "", 30), (429, "nonsense", 30)],
)
async def test_a_push_service_in_trouble_is_asked_again(
    scene: Scene,
    browser: SubscribedBrowser,
    other_side: Receiver,
    pushes: PushChannel,
    status: int,
    retry_after: str,
    pause: int,
) -> None:
    await scene.add_channel("push", browser.subscription)
    await scene.remind()
    other_side.status, other_side.headers = status, {"Retry-After": retry_after} if retry_after else {}

    await scene.deliver(pushes, kind="push")

    [delivery] = await scene.deliveries()
    assert delivery.next_attempt_at == scene.clock() + timedelta(seconds=pause)
    assert delivery.error == f"127.0.0.1 answered {status}."


@pytest.mark.parametrize("status", [302, 307, 400, 403, 413])
async def test_other_answers_are_final_and_no_redirect_is_followed(
    scene: Scene, browser: SubscribedBrowser, other_side: Receiver, pushes: PushChannel, status: int
) -> None:
    channel_id = await scene.add_channel("push", browser.subscription)
    await scene.remind()
    other_side.status, other_side.headers = status, {"Location": f"{other_side.url}/elsewhere"}

    await scene.deliver(pushes, kind="push")

    [delivery] = await scene.deliveries()
    assert len(other_side.requests) == 1
    assert delivery.failed_at is not None
    assert (await scene.channel(channel_id)).disabled_at is None


@pytest.mark.parametrize("letter", ["x", "é", "🦜"])
async def test_a_long_message_fits(
    scene: Scene, browser: SubscribedBrowser, other_side: Receiver, pushes: PushChannel, letter: str
) -> None:
    await scene.add_channel("push", browser.subscription)
    await scene.notify(await scene.due_event(await scene.add_task(), letter * 500))
    async with scene.work.write() as uow:
        [notification] = await scene.notifications()
        notification.body = letter * 5_000
        await uow.session.merge(notification)

    await scene.deliver(pushes, kind="push")

    [request] = other_side.requests
    assert len(request.body) <= RECORD_SIZE
    assert browser.read(request.body)["title"].startswith(f"Reminder: {letter * 100}")


def test_what_is_too_long_is_refused() -> None:
    browser = SubscribedBrowser("https://push.example.org/x")
    keys = read_subscription(browser.subscription, allow_private=False).keys

    assert len(encrypt(b"x" * PLAIN_MAX, keys)) == RECORD_SIZE
    with pytest.raises(ValueError, match="at most"):
        encrypt(b"x" * (PLAIN_MAX + 1), keys)


async def test_without_leave_of_the_operator_nothing_goes_inside_the_network(
    scene: Scene, browser: SubscribedBrowser, other_side: Receiver
) -> None:
    """Though the address was stored when it was allowed."""
    await scene.add_channel("push", browser.subscription)
    await scene.remind()
    strict = PushChannel(vapid_key(scene.application.settings), clock=scene.clock, allow_private=False)

    await scene.deliver(strict, kind="push")

    [delivery] = await scene.deliveries()
    assert other_side.requests == []
    assert delivery.failed_at is not None


async def test_a_push_service_that_does_not_answer_is_asked_again(
    scene: Scene, browser: SubscribedBrowser, other_side: Receiver, pushes: PushChannel
) -> None:
    await scene.add_channel("push", browser.subscription)
    await scene.remind()
    other_side.answers.clear()
    courier = scene.courier(pushes, "push")

    await courier.step()
    await asyncio.sleep(0)
    for task in courier._sending:
        task.cancel()
    await courier.idle()
    [delivery] = await scene.deliveries()
    assert delivery.claimed_until is not None

    other_side.answers.set()
    scene.clock.now = delivery.claimed_until
    await scene.deliver(pushes, kind="push")
    [delivery] = await scene.deliveries()
    assert delivery.sent_at == scene.clock()


class TestSubscriptions:
    def test_one_is_kept_as_it_was_given(self) -> None:
        browser = SubscribedBrowser("https://push.example.org/abc?d=e")

        kept = read_subscription(browser.subscription, allow_private=False).dump()

        assert read_subscription(kept, allow_private=False).endpoint == browser.endpoint

    @pytest.mark.parametrize(
        "endpoint",
        [
            *("http://push.example.org/x", "https://127.0.0.1/x", "https://localhost/x", "https://[::1]/x"),
            *("https://10.0.0.1/x", "https://[::ffff:10.0.0.1]/x", "https://u:p@push.example.org/x"),
            *("https:///x", "ftp://push.example.org", "https://push.example.org:port/", "", "x" * 3_000),
            "https://push.example.org/" + "x" * 2_000,
        ],
    )
    def test_addresses_that_can_not_be_a_push_service_are_refused(self, endpoint: str) -> None:
        with pytest.raises(Invalid):
            read_subscription(SubscribedBrowser(endpoint).subscription, allow_private=False)

    @pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"endpoint": "https://a.b", "keys": {}}', "x"])
    def test_so_is_what_is_no_subscription(self, text: str) -> None:
        with pytest.raises(Invalid):
            read_subscription(text, allow_private=False)

    def test_and_a_key_that_is_no_point(self) -> None:
        data = json.loads(SubscribedBrowser("https://push.example.org").subscription)
        data["keys"]["p256dh"] = to_base64url(b"\x04" + b"\x01" * 64)
        with pytest.raises(Invalid):
            read_subscription(json.dumps(data), allow_private=False)
