"""A tab that stays open: it connects again when its web process is gone, as a browser does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

from websockets.exceptions import WebSocketException

from tests.fixtures.tab import Tab

STATES = "reflex___state____state.state___"
LIST = f"{STATES}list____list_state"
SHELL = f"{STATES}shell____shell_state"
DETAILS = f"{STATES}details____details_state"
TOASTS = f"{STATES}toasts____toast_state"
BELL = f"{STATES}bell____bell_state"
TAGS = f"{STATES}tags____tags_state"
PROJECTS = f"{STATES}projects____projects_state"
CHANNELS = f"{STATES}channels____channels_state"

_CONNECT_SECONDS = 15
_AGAIN_SECONDS = 0.5
_LOST = (OSError, WebSocketException, AssertionError, EOFError)
# What hangs on the data; the selection and the like are a tab's own.
_SHOWN = {
    LIST: ("title", "subtitle", "groups", "more_before", "more_after"),
    SHELL: ("counts", "projects", "tags", "email"),
    BELL: ("unread",),
}


class NoAnswer(Exception):
    """The connection was lost, or nothing came in time."""


def shown(tab: Tab) -> dict[str, Any]:
    """What a tab shows of the data."""
    return {
        f"{state}.{name}": tab.vars.get(state, {}).get(name)
        for state, names in _SHOWN.items()
        for name in names
    }


class OpenTab:
    """A tab on one web process."""

    def __init__(self, url: str, cookie: str, path: str) -> None:
        self._url, self._cookie, self._path = url, cookie, path
        self._token = str(uuid4())
        # While there is a connection.
        self.tab: Tab | None = None
        self.is_connected = asyncio.Event()

    async def stay_open(self) -> None:
        """Connect, again and again, until cancelled."""
        while True:
            tab = Tab(self._url, self._cookie, path=self._path, token=self._token)
            try:
                async with asyncio.timeout(_CONNECT_SECONDS):
                    await tab.__aenter__()
                self.tab = tab
                self.is_connected.set()
                assert tab._reader is not None
                await asyncio.wait([tab._reader])
            except _LOST:
                pass
            finally:
                self.tab = None
                self.is_connected.clear()
                await _close(tab)
            await asyncio.sleep(_AGAIN_SECONDS)

    async def give_up(self) -> None:
        """Begin anew as another tab: what this one has asked may still be answered, which is not to be taken
        for the answer to what is asked next."""
        self._token = str(uuid4())
        if self.tab is not None:
            await _close(self.tab)

    @contextlib.asynccontextmanager
    async def answered(
        self, ready: Callable[[Tab], Callable[[], bool]], seconds: float
    ) -> AsyncIterator[Tab]:
        """Send something within the block; it ends when the tab has the answer.

        Args:
            ready: Makes, before anything is sent, what tells whether the answer is there.
            seconds: How long to wait.

        Raises:
            NoAnswer: when there is none.
        """
        tab = self.tab
        if tab is None or tab._reader is None:
            raise NoAnswer
        is_ready = ready(tab)
        try:
            yield tab
        except _LOST as error:
            await self.give_up()
            raise NoAnswer from error
        wait = asyncio.create_task(tab.until(is_ready, seconds=seconds))
        await asyncio.wait([wait, tab._reader], return_when=asyncio.FIRST_COMPLETED)
        is_lost = not wait.done()
        wait.cancel()
        [outcome] = await asyncio.gather(wait, return_exceptions=True)
        if is_lost or outcome is not None:
            await self.give_up()
            raise NoAnswer


async def fresh(url: str, cookie: str, path: str) -> dict[str, Any]:
    """What a tab shows that is opened now.

    Raises:
        NoAnswer: when it can't be.
    """
    tab = Tab(url, cookie, path=path)
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            await tab.__aenter__()
        return shown(tab)
    except _LOST as error:
        raise NoAnswer from error
    finally:
        await _close(tab)


async def _close(tab: Tab) -> None:
    if tab._reader is not None:
        tab._reader.cancel()
        await asyncio.gather(tab._reader, return_exceptions=True)
    if tab._socket is not None:
        with contextlib.suppress(*_LOST, TimeoutError):
            async with asyncio.timeout(1):
                await tab._socket.close()
