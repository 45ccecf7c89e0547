"""Live sync: what changed anywhere appears in every open tab of the user, read anew from the database."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Collection
from datetime import timedelta
from uuid import UUID

import reflex as rx
from reflex.state import StateUpdate
from reflex_base.event import Event

from state.activity import ActivityState
from state.details import DetailsState
from state.list import ListState
from state.list_window import WindowKey
from state.shell import load_sidebar
from state.tabs import Tab, Tabs
from todo_app.db.repositories.accounts import digest
from todo_app.db.unit_of_work import Work
from todo_app.events.notices import Notice
from todo_app.services import lists
from todo_app.session_cookie import session_secret

logger = logging.getLogger(__name__)

CLOCK_TICK = timedelta(seconds=20)


class LiveSync:
    """Refreshes the tabs of users whose things changed.

    One refresh per user runs at a time; what changes meanwhile is picked up by the next one, so a burst
    of changes costs two refreshes, not one each. A push may be lost without harm: a tab that connects
    again reads the database.
    """

    def __init__(self, app: rx.App, work: Work, tabs: Tabs) -> None:
        self._app = app
        self._work = work
        self._tabs = tabs
        self._waiting: dict[UUID, set[UUID]] = {}
        self._running: dict[UUID, asyncio.Task[None]] = {}

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[LiveSync]:
        """Keep the clock's words true while the block lasts, and leave no refresh behind."""
        clock = asyncio.create_task(self._tick())
        try:
            yield self
        finally:
            tasks = [clock, *self._running.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def on_notice(self, notice: Notice) -> None:
        """Something of a user changed; returns at once."""
        self.changed(notice.user_id, notice.aggregate_ids)

    def changed(self, user_id: UUID, aggregate_ids: Collection[UUID]) -> None:
        """These things of a user changed; must be called on the event loop, and returns at once."""
        if not self._tabs.of_user(user_id):
            return
        self._waiting.setdefault(user_id, set()).update(aggregate_ids)
        if user_id not in self._running:
            self._running[user_id] = asyncio.create_task(self._refresh_until_quiet(user_id))

    async def _tick(self) -> None:
        """Keep words that depend on the clock true: what is due becomes overdue, today becomes yesterday."""
        while True:
            await asyncio.sleep(CLOCK_TICK.total_seconds())
            for user_id in self._tabs.users():
                self.changed(user_id, ())

    async def _refresh_until_quiet(self, user_id: UUID) -> None:
        try:
            while (aggregate_ids := self._waiting.pop(user_id, None)) is not None:
                await self._refresh(user_id, aggregate_ids)
        except Exception:
            # The tabs stay as they are until the next change or reconnect; the loop must go on.
            logger.exception("Could not refresh the tabs of user %s", user_id)
        finally:
            del self._running[user_id]

    async def _refresh(self, user_id: UUID, aggregate_ids: Collection[UUID]) -> None:
        tabs = await self._connected(user_id)
        if not tabs:
            return
        async with self._work.read(tabs[0].identity) as uow:
            live = await uow.accounts.live_sessions(_session_ids(tabs), now=uow.now)
            sidebar = await load_sidebar(uow)
            windows = {}
            for tab in tabs:
                if tab.identity.session_id not in live:
                    await self._log_out(tab)
                    continue
                key = tab.window
                assert isinstance(key, WindowKey)  # noqa: S101  # the registry only needs it to be hashable
                if key not in windows:
                    windows[key] = await lists.window(uow, key.view, start=key.start, limit=key.limit)
                async with self._app.modify_state(_state_token(tab)) as root:
                    state = await root.get_state(ListState)
                    if state._window_key == key:
                        await state._show(uow, windows[key], sidebar)
                    else:
                        await state._reload()
                    details = await root.get_state(DetailsState)
                    if details._task_id is not None:
                        await details._show(uow)
                    activity = await root.get_state(ActivityState)
                    if activity._is_shown():
                        await activity._show(uow)

    async def _connected(self, user_id: UUID) -> list[Tab]:
        """The user's tabs whose socket is open and was opened with the session that the tab belongs to."""
        connected = []
        for tab in self._tabs.of_user(user_id):
            secret = self._secret_of_socket(tab.token)
            if secret is not None and digest(secret) == tab.session_digest:
                connected.append(tab)
            else:
                self._tabs.forget(tab.token)
        return connected

    def _secret_of_socket(self, token: str) -> str | None:
        namespace, sockets = self._app.event_namespace, self._app.sio
        if namespace is None or sockets is None:
            return None
        sid = namespace.token_to_sid.get(token)
        environ = sockets.get_environ(sid, namespace.namespace) if sid else None
        return session_secret(environ.get("HTTP_COOKIE", "")) if environ else None

    async def _log_out(self, tab: Tab) -> None:
        self._tabs.forget(tab.token)
        async with self._app.modify_state(_state_token(tab)) as root:
            root._get_root_state().reset()  # type: ignore[no-untyped-call]  # Reflex's own
        namespace = self._app.event_namespace
        if namespace is not None:
            leave = Event.from_event_type(rx.redirect("/login"))
            await namespace.emit_update(StateUpdate(events=leave), token=tab.token)


def _state_token(tab: Tab) -> rx.BaseStateToken:
    return rx.BaseStateToken(ident=tab.token, cls=ListState)


def _session_ids(tabs: Collection[Tab]) -> set[UUID]:
    return {tab.identity.session_id for tab in tabs if tab.identity.session_id is not None}
