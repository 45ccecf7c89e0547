"""Live sync: what changed anywhere appears in every open tab of the user, read anew from the database."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import reflex as rx
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event

from state.activity import ActivityState
from state.assistant import AssistantState, cards_of
from state.bell import BellPicture, BellState, picture_bell
from state.channels import ChannelsState
from state.details import DetailsState
from state.list import ListState
from state.pictures import picture_list, picture_sidebar
from state.push import Push, cookies_of, hang_up
from state.session_guard import belongs_to
from state.tabs import Tab, Tabs
from state.webhooks import WebhooksState
from todo_app.db.repositories.accounts import digest
from todo_app.db.unit_of_work import Work
from todo_app.domain.identity import Identity
from todo_app.events.notices import Notice
from todo_app.session_cookie import session_secret

logger = logging.getLogger(__name__)

CLOCK_TICK = timedelta(seconds=20)
# What could not be shown is tried again this soon, so often; then it waits for the clock.
_AGAIN_SECONDS = 0.5
_TRIES_MAX = 60
# For one user, before the clock goes on to the next.
_PATIENCE_SECONDS = 2.0
# What was told of a task that is done is no news any more; of one that is to be done again, it is.
_CLOSING = frozenset({"task.completed", "task.deleted", "task.skipped"})
_OPENING = frozenset({"task.reopened", "task.restored"})


class LiveSync:
    """Refreshes the tabs of users whose things changed.

    One refresh per user runs at a time; what changes meanwhile is picked up by the next one, so a burst
    of changes costs two refreshes, not one each. What can't be shown, because the database or Redis is
    away, is tried again until it can. A tab that connects again reads the database.
    """

    def __init__(self, app: rx.App, work: Work, tabs: Tabs) -> None:
        self._app = app
        self._work = work
        self._tabs = tabs
        # Whose tabs wait to be refreshed, and whether only what they show of the past has to be.
        self._waiting: dict[UUID, bool] = {}
        # Which tasks on the assistant's cards have changed.
        self._changed: dict[UUID, set[UUID]] = {}
        # Whose bells wait.
        self._told: set[UUID] = set()
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._failing: set[UUID] = set()

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
        """Something of a user changed; called on the event loop, returns at once."""
        self._tabs.notices += 1
        if on_cards := notice.aggregate_ids & self._tabs.on_cards(notice.user_id):
            self._changed.setdefault(notice.user_id, set()).update(on_cards)
        self._refresh_soon(notice.user_id, history_only=False)
        if notice.types & _OPENING or (notice.types & _CLOSING and self._tabs.rings(notice.user_id)):
            self.on_told(notice.user_id)

    def on_history(self, notice: Notice) -> None:
        """What happened to something of a user has reached its history; returns at once."""
        self._refresh_soon(notice.user_id, history_only=True)

    def on_told(self, user_id: UUID) -> None:
        """The notifications of a user are other ones now; returns at once."""
        if self._tabs.of_user(user_id):
            self._told.add(user_id)
            self._start(user_id)

    def _refresh_soon(self, user_id: UUID, *, history_only: bool) -> None:
        if not self._tabs.of_user(user_id):
            return
        self._waiting[user_id] = self._waiting.get(user_id, True) and history_only
        self._start(user_id)

    def _start(self, user_id: UUID) -> None:
        if user_id not in self._running:
            self._running[user_id] = asyncio.create_task(self._refresh_until_quiet(user_id))

    async def _tick(self) -> None:
        """Keep words that depend on the clock true: what is due becomes overdue, today becomes yesterday."""
        while True:
            await asyncio.sleep(CLOCK_TICK.total_seconds())
            # One after the other: refreshing hundreds of users at once would keep every command waiting.
            for user_id in self._tabs.users():
                self._refresh_soon(user_id, history_only=False)
                self.on_told(user_id)
                if refresh := self._running.get(user_id):
                    await asyncio.wait([refresh], timeout=_PATIENCE_SECONDS)

    async def _refresh_until_quiet(self, user_id: UUID) -> None:
        failures = 0
        try:
            while (user_id in self._waiting or user_id in self._told) and failures < _TRIES_MAX:
                is_told, history_only = user_id in self._told, self._waiting.pop(user_id, None)
                self._told.discard(user_id)
                if await self._could_refresh(user_id, is_told=is_told, history_only=history_only):
                    self._failing.discard(user_id)
                    continue
                failures += 1
                await asyncio.sleep(_AGAIN_SECONDS)
                if is_told:
                    self._told.add(user_id)
                if history_only is not None:
                    self._waiting[user_id] = self._waiting.get(user_id, True) and history_only
        finally:
            del self._running[user_id]

    async def _could_refresh(self, user_id: UUID, *, is_told: bool, history_only: bool | None) -> bool:
        """Refresh bells, lists or both; whether every tab has what it should show."""
        try:
            tabs, identity = await self._logged_in(self._connected(user_id))
            if identity is None:
                return True
            bells = not is_told or await self._refresh_bells(tabs, identity)
            if history_only:
                tabs = [tab for tab in tabs if self._tabs.shows_history(tab)]
            lists = history_only is None or not tabs or await self._refresh(tabs, identity)
        except Exception:  # noqa: BLE001  # the database is away, perhaps; the loop must go on
            self._note_failure(user_id)
            return False
        return bells and lists

    def _note_failure(self, user_id: UUID) -> None:
        # With its trace once: as long as something is away, each try fails in the same way.
        is_new = user_id not in self._failing
        logger.warning("Could not refresh the tabs of user %s, trying again", user_id, exc_info=is_new)
        self._failing.add(user_id)

    async def _refresh(self, tabs: list[Tab], identity: Identity) -> bool:
        changed = self._changed.pop(identity.user_id, set())
        is_shown = False
        try:
            async with self._work.read(identity) as uow:
                sidebar = await picture_sidebar(uow)
                pictures = {
                    key: await picture_list(uow, key, sidebar) for key in {tab.window for tab in tabs}
                }
                cards = await cards_of(uow, changed) if changed else {}

            async def show(tab: Tab, root: BaseState) -> None:
                page = await root.get_state(ListState)
                # The tab may have gone on to another window while this one was read.
                is_there = page._window_key == tab.window
                await (page._show(pictures[tab.window], sidebar) if is_there else page._reload())
                if cards:
                    (await root.get_state(AssistantState))._redraw(cards)
                if self._tabs.shows_history(tab):
                    await _reload_history(root)

            is_shown = await self._push(tabs, show)
        finally:
            if changed and not is_shown:
                self._changed.setdefault(identity.user_id, set()).update(changed)
        return is_shown

    async def _refresh_bells(self, tabs: list[Tab], identity: Identity) -> bool:
        async with self._work.read(identity) as uow:
            picture = await picture_bell(uow)

        async def show(_: Tab, root: BaseState) -> None:
            await _show_told(root, picture)

        return await self._push(tabs, show)

    async def _push(self, tabs: list[Tab], show: Callable[[Tab, BaseState], Awaitable[None]]) -> bool:
        """Let each tab show something and send it there; whether that was possible for all of them."""
        push, failed = Push(self._app), False
        with self._app.set_contexts():
            for tab in tabs:
                try:
                    async with self._app.modify_state(_state_token(tab)) as root:
                        is_known = await belongs_to(root, tab.session_digest)
                        if is_known:
                            await show(tab, root)
                            await push.send(root, tab.token)
                    if not is_known:
                        # Redis has lost what the page shows: the page connects again, and begins anew.
                        await hang_up(self._app, tab.token)
                except Exception:  # noqa: BLE001  # Redis is away, perhaps; the other tabs go on
                    self._note_failure(tab.user_id)
                    failed = True
                # The sockets' turn, and everybody else's.
                await asyncio.sleep(0)
        return not failed

    async def _logged_in(self, tabs: list[Tab]) -> tuple[list[Tab], Identity | None]:
        """Those of one user's tabs whose session goes on, and whose they are; the others are logged out."""
        if not tabs:
            return [], None
        async with self._work.read() as uow:
            identities = await uow.accounts.identities({tab.session_id for tab in tabs}, now=uow.now)
        for tab in tabs:
            if tab.session_id not in identities:
                await self._log_out(tab)
        live = [tab for tab in tabs if tab.session_id in identities]
        return live, identities[live[0].session_id] if live else None

    def _connected(self, user_id: UUID) -> list[Tab]:
        """The user's tabs whose socket is open and was opened with the session that the tab belongs to."""
        # The tabs of one browser carry the same cookies.
        digest_in = functools.cache(_digest_in)
        connected = []
        for tab in self._tabs.of_user(user_id):
            cookies = cookies_of(self._app, tab.token)
            if cookies is not None and digest_in(cookies) == tab.session_digest:
                connected.append(tab)
            else:
                self._tabs.forget(tab.token)
        return connected

    async def _log_out(self, tab: Tab) -> None:
        self._tabs.forget(tab.token)
        async with self._app.modify_state(_state_token(tab)) as root:
            root._get_root_state().reset()  # type: ignore[no-untyped-call]  # Reflex's own
        namespace = self._app.event_namespace
        if namespace is not None:
            leave = Event.from_event_type(rx.redirect("/login"))
            await namespace.emit_update(StateUpdate(events=leave), token=tab.token)


async def _show_told(root: BaseState, picture: BellPicture) -> None:
    bell = await root.get_state(BellState)
    await bell._show(picture)
    channels = await root.get_state(ChannelsState)
    if channels._is_shown():
        await channels._reload()
    webhooks = await root.get_state(WebhooksState)
    if webhooks._is_shown():
        await webhooks._reload()


async def _reload_history(root: BaseState) -> None:
    details = await root.get_state(DetailsState)
    if details._task_id is not None:
        await details._reload()
    activity = await root.get_state(ActivityState)
    if activity._is_shown():
        await activity._reload()


def _digest_in(cookies: str) -> str | None:
    secret = session_secret(cookies)
    return None if secret is None else digest(secret)


def _state_token(tab: Tab) -> rx.BaseStateToken:
    return rx.BaseStateToken(ident=tab.token, cls=ListState)
