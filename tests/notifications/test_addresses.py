"""Where users may let the server connect to: only to addresses of the open internet, whatever a name says."""

from __future__ import annotations

import asyncio
from typing import Any

import httpcore
import pytest

from tests.notifications.servers import Receiver
from todo_app.notifications.addresses import is_public
from todo_app.notifications.guarded_http import PrivateAddress, post

PRIVATE = [
    *("127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.127.255.255", "224.0.0.1", "239.1.1.1", "240.0.0.1"),
    *("255.255.255.255", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "64:ff9b::7f00:1"),
    *("2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    *("localhost", "example.org", "", "1.2.3", "0x7f.1", "2130706433", "127.0.0.1.", " 8.8.8.8"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_these_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_these_are(address: str) -> None:
    assert is_public(address)


class Names:
    """A name server: each look-up of a name takes the next answer."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int, **_: Any) -> list[Any]:
        self.asked += 1
        addresses = self.answers.pop(0)
        return [(2, 1, 6, "", (address, port)) for address in addresses]


async def ask(monkeypatch: pytest.MonkeyPatch, names: Names, *, allow_private: bool = False) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", names, raising=False)
    await post("http://example.org:9/x", headers={}, content=b"", allow_private=allow_private)


async def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PrivateAddress, match="inside this network"):
        await ask(monkeypatch, Names(["127.0.0.1"]))


async def test_a_name_that_changes_its_mind_is_asked_once(
    monkeypatch: pytest.MonkeyPatch, other_side: Receiver
) -> None:
    """DNS rebinding: the first answer is public, the next one is not. What was checked is connected to."""
    connected: list[str] = []

    async def connect(_: object, host: str, *__: object, **___: object) -> None:
        connected.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)
    names = Names(["93.184.216.34"], ["127.0.0.1"])

    with pytest.raises(httpcore.ConnectError):
        await ask(monkeypatch, names)

    assert (connected, names.asked) == (["93.184.216.34"], 1)


async def test_of_several_addresses_only_the_public_ones_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[str] = []

    async def connect(_: object, host: str, *__: object, **___: object) -> None:
        connected.append(host)
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.AnyIOBackend, "connect_tcp", connect)

    with pytest.raises(httpcore.ConnectError):
        await ask(monkeypatch, Names(["10.0.0.1", "93.184.216.34", "::1", "2606:4700::1111"]))

    assert connected == ["93.184.216.34", "2606:4700::1111"]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/"]
)
async def test_the_real_thing_is_refused_unless_the_operator_allows(other_side: Receiver, url: str) -> None:
    with pytest.raises(PrivateAddress):
        await post(url.format(port=other_side.port), headers={}, content=b"", allow_private=False)
    assert other_side.requests == []


async def test_with_leave_it_works(other_side: Receiver) -> None:
    answer = await post(
        f"http://localhost:{other_side.port}/", headers={"X-A": "b"}, content=b"hello", allow_private=True
    )

    assert answer.status == 201
    assert other_side.requests[0].body == b"hello"
