"""Reflex's real event pipeline without a socket: people's tabs send events, and get what would go down the wire.

    async def test_completing_a_task(pipeline: Pipeline, ada: Person) -> None:
        tab = await pipeline.open_tab(cookie=ada.cookie, path="/inbox")

        answer = await tab.send(ListState.complete, task_id)

        assert tab.var(ListState, "groups") == []
        assert answer.toast == "Completed “Pay rent”"

The processor, the middleware, the state manager and the error handler are those of the app; what is
replaced is the socket alone. An update is turned into JSON as the socket would do it, so a test sees the
bytes that a browser gets.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.state import State, StateUpdate
from reflex.utils.format import format_event_handler, json_dumps
from reflex_base.event import Event, EventHandler
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.registry import RegistrationContext

from state.tabs import open_tabs
from state.toasts import ToastState
from todo_app.todo_app import app

_SECONDS = 20
_VAR_SUFFIX = "_rx_state_"


@dataclass
class Answer:
    """Everything that one event sent to its tab, in order."""

    raw: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The bytes, for asserting that something is not among them."""
        return "\n".join(self.raw)

    @property
    def updates(self) -> list[dict[str, Any]]:
        """The updates as the page reads them."""
        return [json.loads(each) for each in self.raw]

    @property
    def changed(self) -> dict[str, Any]:
        """The vars that were sent, the last value of each, by `StateClass.var`."""
        return {
            f"{_class_name(state)}.{name.removesuffix(_VAR_SUFFIX)}": value
            for update in self.updates
            for state, values in (update.get("delta") or {}).items()
            for name, value in values.items()
        }

    @property
    def events(self) -> list[dict[str, Any]]:
        """What the page itself is told to do: `_redirect`, `_call_function`, …"""
        return [event for update in self.updates for event in update.get("events") or []]

    @property
    def redirect(self) -> str:
        """Where the page is sent; empty when it stays."""
        paths = [event["payload"]["path"] for event in self.events if event["name"] == "_redirect"]
        return str(paths[-1]) if paths else ""

    @property
    def toast(self) -> str:
        """The message at the corner; empty when there is none."""
        return str(self.changed.get(f"{ToastState.__name__}.toast", {}).get("text", ""))

    @property
    def logs_out(self) -> bool:
        """Whether the page is sent to the log-in page."""
        return any("/login" in json.dumps(event) for event in self.events)


class BrowserTab:
    """One tab: a client token that the browser chose, the cookies of its socket, the address it shows."""

    def __init__(self, pipeline: Pipeline, *, cookie: str, token: str, path: str) -> None:
        self._pipeline = pipeline
        self.cookie = cookie
        self.token = token
        self.path = path
        self.socket = f"socket-of-{token}"
        self.vars: dict[str, Any] = {}

    async def open(self, path: str | None = None) -> Answer:
        """Load the page, as the socket does when it connects: everything is sent, then the page's own events run."""
        self.path = path or self.path
        return await self.send(State.event_handlers["hydrate_and_load"])

    async def send(self, handler: EventHandler | str, *arguments: object, **named: object) -> Answer:
        """Send an event and wait until it, and all that it led to, is done.

        Args:
            handler: `ListState.complete`, or a full name, which may be one that does not exist.
            arguments: As the page sends them: anything that JSON can say.
            named: Arguments by name, also ones that the handler does not have.
        """
        answer = await self._pipeline.run(self, _event(handler, arguments, named))
        self.vars |= answer.changed
        return answer

    async def begin(self, handler: EventHandler, *arguments: object) -> None:
        """Send an event and wait for nothing; the answer to the next one has also what this one led to."""
        await self._pipeline.begin(self, _event(handler, arguments, {}))

    def var(self, state: type[rx.State], name: str) -> Any:
        """The value that the page shows now."""
        return self.vars[f"{state.__name__}.{name}"]

    @property
    def router_data(self) -> dict[str, Any]:
        """What the socket adds to each event; the headers are the server's own reading of the handshake."""
        url = urlsplit(self.path)
        return {
            "pathname": "/" + (app.router(url.path) or "404").removeprefix("/"),
            "asPath": self.path,
            "origin": "http://localhost:3000",
            "query": dict(parse_qsl(url.query)),
            "token": self.token,
            "sid": self.socket,
            "ip": "127.0.0.1",
            "headers": {"cookie": self.cookie, "origin": "http://localhost:3000", "host": "localhost:3000"},
        }


class Pipeline:
    """The app's event processor, with a state manager of its own."""

    def __init__(self) -> None:
        self.states = StateManagerMemory()
        self._sent: dict[str, list[str]] = {}
        self._processor = BaseStateEventProcessor(
            middleware=app, backend_exception_handler=app.backend_exception_handler
        )
        self._processor.configure(state_manager=self.states, event_namespace=self)  # type: ignore[arg-type]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Pipeline]:
        """Process events while the block lasts."""
        with app.set_contexts():
            async with self._processor:
                yield self
        await self.states.close()
        for tab in [tab for user in open_tabs.users() for tab in open_tabs.of_user(user)]:
            open_tabs.forget(tab.token)

    def tab(self, *, cookie: str = "", token: str = "", path: str = "/today") -> BrowserTab:
        """A tab that has not loaded anything yet; another tab's `token` may be given, as an attacker would."""
        return BrowserTab(self, cookie=cookie, token=token or str(uuid4()), path=path)

    async def open_tab(self, *, cookie: str = "", token: str = "", path: str = "/today") -> BrowserTab:
        """A tab that shows its page."""
        tab = self.tab(cookie=cookie, token=token, path=path)
        await tab.open()
        return tab

    async def run(self, tab: BrowserTab, event: Event) -> Answer:
        """Process one event of a tab to the end; what it sent to other tabs stays with them."""
        self._sent[tab.token] = []
        event.router_data.update(tab.router_data)
        async with asyncio.timeout(_SECONDS):
            future = await self._processor.enqueue(tab.token, event)
            # Reflex logs an unknown event, and its future is never done.
            if event.name in handlers():
                await asyncio.gather(future.wait_all(), return_exceptions=True)
            await self._settle()
        return Answer(self._sent.pop(tab.token))

    async def begin(self, tab: BrowserTab, event: Event) -> None:
        """Have an event of a tab processed."""
        event.router_data.update(tab.router_data)
        await self._processor.enqueue(tab.token, event)

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        """The socket's part: called by Reflex with each update."""
        self._sent.setdefault(token, []).append(json_dumps(update))

    async def _settle(self) -> None:
        """Wait for what an error led to, which hangs on no future."""
        await self._processor.join()
        while self._processor._tasks or self._processor._token_queues:
            tasks = list(self._processor._tasks.values())
            await asyncio.wait(tasks) if tasks else await asyncio.sleep(0)
            await self._processor.join()


def handlers() -> Mapping[str, EventHandler]:
    """Every event handler that a browser can call by its full name, Reflex's own too."""
    registered = RegistrationContext.get().event_handlers
    return {name: each.handler for name, each in registered.items()}


def _event(handler: EventHandler | str, arguments: tuple[object, ...], named: dict[str, object]) -> Event:
    name = handler if isinstance(handler, str) else format_event_handler(handler)
    return Event(name=name, payload=dict(zip(_parameters(handler), arguments, strict=False)) | named)


def _parameters(handler: EventHandler | str) -> list[str]:
    return [] if isinstance(handler, str) else list(handler.get_parameters())[1:]


def _class_name(state: str) -> str:
    classes = {cls.get_full_name(): cls.__name__ for cls in RegistrationContext.get().base_states.values()}
    return classes.get(state, state)
