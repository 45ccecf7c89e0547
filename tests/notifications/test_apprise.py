"""Apprise in its own process: it delivers, and it can't be talked into reaching or reading what it must not."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.notifications.scene import Scene
from tests.notifications.servers import Receiver, receiver
from todo_app.domain.errors import Invalid
from todo_app.notifications.apprise_channel import TARGET_MAX, AppriseChannel
from todo_app.notifications.apprise_process import Watch
from todo_app.notifications.channel_desk import PAUSES
from todo_app.notifications.courier import Limits
from todo_app.notifications.port import Message, Refused, TryLater

OPEN, STRICT = AppriseChannel(allow_private=True), AppriseChannel(allow_private=False)
_PYTHON_WITH_A_PUBLIC_ADDRESS = """\
#!{python}
import runpy
import sys

from todo_app.notifications import addresses

is_public = addresses.is_public
addresses.is_public = lambda text: text == {address!r} or is_public(text)
assert sys.argv[1] == "-m"
runpy.run_module(sys.argv[2], run_name="__main__")
"""
DISCORD = "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def message() -> Message:
    from uuid import UUID

    return Message(UUID(int=1), None, "Reminder: Pay rent", "due 09:00", "", "https://todo.example.org/today")


async def test_a_service_gets_the_message(scene: Scene, other_side: Receiver) -> None:
    await scene.add_channel("apprise", f"json://127.0.0.1:{other_side.port}/hook")
    task_id = await scene.remind()

    await scene.deliver(OPEN, kind="apprise")

    [request], [delivery] = other_side.requests, await scene.deliveries()
    said = json.loads(request.body)
    assert said["title"] == "Reminder: Pay rent"
    assert said["message"].endswith(f"https://todo.example.org/all?task={task_id}")
    assert delivery.sent_at == scene.clock()


async def test_a_service_in_trouble_is_tried_again(scene: Scene, other_side: Receiver) -> None:
    await scene.add_channel("apprise", f"json://ada:hunter22@127.0.0.1:{other_side.port}/hook")
    await scene.remind()
    other_side.status = 500

    await scene.deliver(OPEN, kind="apprise")

    [delivery] = await scene.deliveries()
    assert delivery.next_attempt_at == scene.clock() + PAUSES[0]
    assert "error=500" in delivery.error
    assert "hunter22" not in delivery.error


async def test_one_that_hangs_is_ended(scene: Scene, other_side: Receiver) -> None:
    await scene.add_channel("apprise", f"json://127.0.0.1:{other_side.port}/hook?rto=60")
    await scene.remind()
    other_side.answers.clear()

    # Its process has to start first; it would wait for longer by itself.
    await scene.deliver(OPEN, kind="apprise", limits=Limits(deadline=timedelta(seconds=6)))

    [delivery] = await scene.deliveries()
    assert "no answer within 6 seconds" in delivery.error
    assert len(other_side.requests) == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1"])
async def test_private_addresses_are_refused(other_side: Receiver, message: Message, host: str) -> None:
    with pytest.raises(Refused, match="inside this network"):
        await STRICT.send(f"json://{host}:{other_side.port}/hook", message)
    assert other_side.requests == []


class TestARedirect:
    """From an address of the internet into this network: the first half of the way is all that is gone."""

    @pytest.fixture
    def outside(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
        """A server on loopback that the process takes for one of the internet; all else there is real."""
        with receiver("127.0.0.2") as server:
            python = tmp_path / "python"
            python.write_text(
                _PYTHON_WITH_A_PUBLIC_ADDRESS.format(python=sys.executable, address=server.host)
            )
            python.chmod(0o700)
            monkeypatch.setattr(sys, "executable", str(python))
            server.status = 307
            yield server

    async def test_is_followed_where_it_may_lead(
        self, outside: Receiver, other_side: Receiver, message: Message
    ) -> None:
        outside.headers["Location"] = f"{other_side.url}/inside"

        await OPEN.send(f"json://{outside.host}:{outside.port}/hook", message)

        assert [request.path for request in other_side.requests] == ["/inside"]

    @pytest.mark.parametrize("inside", ["127.0.0.1", "localhost"])
    async def test_does_not_lead_into_this_network(
        self, outside: Receiver, other_side: Receiver, message: Message, inside: str
    ) -> None:
        outside.headers["Location"] = f"http://{inside}:{other_side.port}/inside"

        with pytest.raises(Refused, match="inside this network"):
            await STRICT.send(f"json://{outside.host}:{outside.port}/hook", message)

        assert [request.path for request in outside.requests] == ["/hook"]
        assert other_side.requests == []


async def test_files_of_the_server_are_not_read(tmp_path: Path, message: Message) -> None:
    """Templates are files, which a service would be sent."""
    secret = tmp_path / "secret.json"
    secret.write_text('{"content": "the secret"}')

    with pytest.raises(Refused, match="a file of this server"):
        await OPEN.send(f"{DISCORD}?template={secret}", message)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "Give the address"),
        ("ntfy", "begins with a service"),
        ("file:///etc/passwd", "no service that can be used here"),
        ("syslog://", "no service that can be used here"),
        ("carrierpigeon://home", "no service that can be used here"),
        ("tgram://", "Telegram"),
        ("ntfy://a b", "no spaces"),
        ("ntfy://" + "x" * TARGET_MAX, "at most 1,000 characters"),
        ("ntfy://" + "x" * 2_000, "at most 1,000 characters"),
    ],
)
async def test_addresses_that_can_not_work_are_refused_in_words(url: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        await STRICT.check(url)


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("ntfy://topic", "ntfy"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", "Telegram"),
        (DISCORD, "Discord"),
        ("matrixs://user:pass@matrix.example.org/#room", "Matrix"),
    ],
)
async def test_known_ones_are_called_by_their_name(url: str, service: str) -> None:
    assert await STRICT.check(url) == service


async def test_the_servers_environment_stays_outside(
    monkeypatch: pytest.MonkeyPatch, other_side: Receiver, message: Message
) -> None:
    """A proxy would look names up where nobody watches."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    await OPEN.send(f"json://127.0.0.1:{other_side.port}/hook", message)

    assert len(other_side.requests) == 1


async def test_a_process_that_dies_is_tried_again(monkeypatch: pytest.MonkeyPatch, message: Message) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(TryLater, match="without an answer"):
        await OPEN.send("ntfy://topic", message)


async def test_cancelling_ends_the_process(other_side: Receiver, message: Message) -> None:
    other_side.answers.clear()
    sending = asyncio.create_task(OPEN.send(f"json://127.0.0.1:{other_side.port}/hook", message))
    await asyncio.to_thread(other_side.came.wait, 20)
    before = children()

    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending

    assert len(children()) == len(before) - 1


class TestTheWatch:
    def test_connections_need_an_address_that_is_allowed(self) -> None:
        watch = Watch(allow_private=False)
        watch("socket.connect", (None, ("8.8.8.8", 443)))
        for address in (("127.0.0.1", 1), ("::1", 1, 0, 0), ("example.org", 1), "/run/socket", ("", 1)):
            with pytest.raises(PermissionError):
                watch("socket.connect", (None, address))
        with pytest.raises(PermissionError):
            watch("socket.sendto", (None, ("127.0.0.1", 514)))

    def test_a_name_is_refused_though_private_addresses_are_allowed(self) -> None:
        watch = Watch(allow_private=True)
        watch("socket.connect", (None, ("127.0.0.1", 1)))
        with pytest.raises(PermissionError):
            watch("socket.connect", (None, ("localhost", 1)))

    def test_files_outside_the_libraries_are_closed(self, tmp_path: Path) -> None:
        watch = Watch(allow_private=True)
        watch("open", (json.__file__, "r", os.O_RDONLY))
        (tmp_path / "link").symlink_to("/etc/passwd")
        for path in ("/etc/passwd", tmp_path / "link", "/proc/self/environ", f"{sys.prefix}/../.env"):
            with pytest.raises(PermissionError):
                watch("open", (str(path), "r", os.O_RDONLY))

    def test_nothing_is_written_and_nothing_is_run(self) -> None:
        watch = Watch(allow_private=True)
        with pytest.raises(PermissionError):
            watch("open", (json.__file__, "w", os.O_WRONLY))
        for event in ("subprocess.Popen", "os.system", "os.fork", "os.remove"):
            with pytest.raises(PermissionError):
                watch(event, ())

    def test_the_first_refusal_is_what_is_said(self) -> None:
        watch = Watch(allow_private=False)
        for address in (("10.0.0.1", 1), "/run/socket"):
            with pytest.raises(PermissionError):
                watch("socket.connect", (None, address))
        assert "inside this network" in watch.refused[0]


def children() -> list[str]:
    return [
        pid for pid in Path("/proc/self/task").iterdir() for pid in (pid / "children").read_text().split()
    ]
