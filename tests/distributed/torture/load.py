"""The load: twenty people, and visitors who delete their accounts again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Mapping
from uuid import uuid4

import httpx

from tests.distributed.torture.ledger import Ledger
from tests.distributed.torture.person import Person
from todo_app.api.cookies import CSRF_COOKIE, CSRF_HEADER

PEOPLE = 20
_PASSWORD = "correct horse battery"
_PATIENCE_SECONDS = 30.0


class Load:
    """People at work."""

    def __init__(self, people: list[Person], urls: Mapping[str, str]) -> None:
        self.people = people
        self._urls = urls

    @property
    def acknowledged(self) -> int:
        """How many commands have succeeded for certain."""
        return sum(person.ledger.acknowledged for person in self.people)

    @property
    def ledgers(self) -> list[Ledger]:
        """What everybody was told."""
        return [person.ledger for person in self.people]

    async def work(self, seed: int, seconds: float, *, evenly: bool = False) -> None:
        """Let everybody do what the seed says for a while; returns when the last answer is there.

        Args:
            seed: Decides what is done.
            seconds: For how long.
            evenly: Whether what people do rarely is done as often as what they do all the time.
        """
        until = asyncio.get_running_loop().time() + seconds
        async with asyncio.TaskGroup() as group:
            for person in self.people:
                group.create_task(person.work(seed, until, evenly=evenly))

    async def visit(self) -> None:
        """Sign up, and delete the account again; nothing is made of an answer that does not come."""
        [url, *_] = self._urls.values()
        with contextlib.suppress(httpx.HTTPError, KeyError):
            async with httpx.AsyncClient(base_url=url, timeout=10) as client:
                email = f"{uuid4().hex[:12]}@example.org"
                fields = {"email": email, "password": _PASSWORD, "timezone": "UTC"}
                answer = await client.post("/auth/register", json=fields)
                headers = {CSRF_HEADER: answer.cookies[CSRF_COOKIE]}
                await client.post("/auth/delete-account", json={"password": _PASSWORD}, headers=headers)


@contextlib.asynccontextmanager
async def people_of(
    urls: Mapping[str, str], *, mailed: Collection[str] = (), count: int = PEOPLE, prefix: str = "p"
) -> AsyncIterator[Load]:
    """People with their tabs open on every web process while the block lasts.

    Args:
        urls: The web processes by name.
        count: How many.
        prefix: Of their names, which end with a number.
        mailed: The names of people who want their reminders by mail.
    """
    people = [Person(f"{prefix}{number:02}", urls) for number in range(count)]
    try:
        await asyncio.gather(*(person.arrive() for person in people))
        async with asyncio.timeout(_PATIENCE_SECONDS):
            for tab in (tab for person in people for tab in person.tabs.values()):
                await tab.is_connected.wait()
        for person in people:
            if person.name in mailed:
                await person.prefer_mail()
        yield Load(people, urls)
    finally:
        await asyncio.gather(*(person.leave() for person in people))
