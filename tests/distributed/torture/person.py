"""Somebody who uses the app without a pause, from a process that nobody kills."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.distributed.torture.ledger import Ledger, Place, TaskState
from tests.distributed.torture.open_tab import (
    BELL,
    CHANNELS,
    DETAILS,
    LIST,
    PROJECTS,
    SHELL,
    TAGS,
    TOASTS,
    NoAnswer,
    OpenTab,
)
from tests.distributed.torture.process import POISONED
from tests.fixtures.tab import Tab
from todo_app.api.cookies import CSRF_COOKIE, CSRF_HEADER
from todo_app.api.v1.commands import UNDO_HEADER

PATH = "/all"
_PASSWORD = "correct horse battery"
_ANSWER_SECONDS = 8.0
_THINK_SECONDS = (0.0, 0.3)
# Lines of a list that is pasted.
_MANY = 10
_SIGN_UP_SECONDS = 60.0
# What a handler says that does not know whether it has committed.
_UNCERTAIN = "Something went wrong"


class Refused(Exception):
    """The app understood and said no; nothing has changed."""


class Doubtful(NoAnswer):
    """Nobody knows whether what was asked for has happened."""


@dataclass(frozen=True, slots=True)
class Change:
    """An acknowledged command that can be taken back, and how its tasks were before."""

    command_id: str
    before: Mapping[str, TaskState]


class Person:
    """One client: a tab on each web process, calls of the REST API, and a ledger."""

    def __init__(self, name: str, urls: Mapping[str, str]) -> None:
        self.name = name
        self.email = f"{name}@example.org"
        self.urls = urls
        self.ledger = Ledger()
        self.cookie = ""
        self.tabs: dict[str, OpenTab] = {}
        self._http = httpx.AsyncClient(timeout=_ANSWER_SECONDS)
        self._chance = random.Random(name)
        self._number = 0
        self._last: Change | None = None
        # Titles of tasks that repeat, and those of them of which it is known which occurrence is the open one.
        self._series: set[str] = set()
        self._followed: set[str] = set()
        self._priorities: dict[UUID, str] = {}
        self._keepers: list[asyncio.Task[None]] = []

    async def arrive(self) -> None:
        """Sign up and open the tabs."""
        url = next(iter(self.urls.values()))
        fields = {"email": self.email, "password": _PASSWORD, "timezone": "UTC"}
        answer = await self._http.post(f"{url}/auth/register", json=fields, timeout=_SIGN_UP_SECONDS)
        answer.raise_for_status()
        self.cookie = "; ".join(f"{name}={value}" for name, value in answer.cookies.items())
        self._http.cookies = answer.cookies
        self._http.headers[CSRF_HEADER] = answer.cookies[CSRF_COOKIE]
        self.tabs = {name: OpenTab(url, self.cookie, PATH) for name, url in self.urls.items()}
        self._keepers = [asyncio.create_task(tab.stay_open()) for tab in self.tabs.values()]

    async def leave(self) -> None:
        """Close the tabs."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await self._http.aclose()

    async def work(self, seed: int, until: float, *, evenly: bool = False) -> None:
        """Do one thing after the other until a moment of the event loop's clock, what is rare as often if so wanted."""
        self._chance = random.Random(f"{seed} {self.name}")
        actions, usual = zip(*self._actions().items(), strict=True)
        weights = [1] * len(usual) if evenly else usual
        loop = asyncio.get_running_loop()
        while loop.time() < until:
            [action] = self._chance.choices(actions, weights)
            try:
                await action()
            except Refused:
                self.ledger.refused += 1
            except NoAnswer:
                # Whoever was asked is gone; the next one will answer.
                await asyncio.sleep(self._chance.uniform(0.1, 0.5))
            await asyncio.sleep(self._chance.uniform(*_THINK_SECONDS))

    async def add_poisoned(self) -> None:
        """Add a task whose events some worker can't stand."""
        await self._add(f"{POISONED} {self._new_title()}")

    async def hurry(self) -> None:
        """Change one task several times without a pause."""
        title = self._new_title()
        await self._add(title)
        for _ in range(4):
            await self._prioritise()

    async def prefer_mail(self) -> None:
        """Have reminders sent by mail."""
        async with self._chosen().answered(_has_email, _ANSWER_SECONDS) as tab:
            await tab.send(f"{CHANNELS}.open_channels")
            await tab.send(f"{CHANNELS}.add_email")

    def _actions(self) -> dict[Callable[[], Awaitable[None]], int]:
        return {
            self._add_plain: 8,
            self._add_many: 14,
            self._add_repeating: 5,
            self._add_reminded: 6,
            self._complete: 12,
            self._complete_repeating: 12,
            self._skip: 5,
            self._reopen: 6,
            self._rename: 8,
            self._prioritise: 8,
            self._delete: 8,
            self._restore: 6,
            self._purge: 4,
            self._undo: 8,
            self._snooze: 5,
            self._name_tags: 4,
            self._delete_tag: 4,
            self._name_projects: 6,
            self._name_filters: 5,
        }

    # Adding, by REST.

    async def _add_plain(self) -> None:
        words = self._chance.choice(["", " tomorrow 9am", " p1", " #home", " friday"])
        await self._add(self._new_title(), words)

    async def _add_many(self) -> None:
        answers = await asyncio.gather(*(self._add_plain() for _ in range(_MANY)), return_exceptions=True)
        errors = [answer for answer in answers if answer is not None]
        if errors:
            raise errors[0]

    async def _add_repeating(self) -> None:
        title = self._new_title()
        await self._add(
            title,
            self._chance.choice(
                [" every day", " every monday", " every day until tomorrow", " every day until today"]
            ),
        )
        self._series.add(title)
        self._followed.add(title)

    async def _add_reminded(self) -> None:
        soon = datetime.now(UTC) + timedelta(minutes=1)
        await self._add(self._new_title(), f" !{soon:%H:%M}")

    async def _add(self, title: str, words: str = "") -> None:
        try:
            answer = await self._ask("POST", "/quick-add", {"text": title + words})
        except Doubtful:
            self.ledger.perhaps_added.add(title)
            self.ledger.doubt()
            raise
        task = answer.json()["task"]
        self.ledger.acknowledge(**{task["id"]: TaskState(title)})

    async def _ask(self, method: str, path: str, body: Mapping[str, str] | None = None) -> httpx.Response:
        url = self._chance.choice(list(self.urls.values()))
        try:
            answer = await self._http.request(method, f"{url}/api/v1{path}", json=body)
        except httpx.ConnectError as error:
            raise NoAnswer from error
        except httpx.HTTPError as error:
            raise Doubtful from error
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise Doubtful
        return answer.raise_for_status()

    def _new_title(self) -> str:
        self._number += 1
        return f"Errand {self.name}x{self._number}"

    # Saved filters, by REST.

    async def _name_filters(self) -> None:
        saved = await self._change_filter("POST", "/filters", {"name": f"F{uuid4().hex[:8]}", "query": "p1"})
        path = f"/filters/{saved.json()['id']}"
        await self._change_filter("PATCH", path, {"query": "p1 | overdue"})
        deleted = await self._change_filter("DELETE", path)
        await self._change_filter("POST", f"/undo/{deleted.headers[UNDO_HEADER]}")
        await self._change_filter("DELETE", path)

    async def _change_filter(
        self, method: str, path: str, body: Mapping[str, str] | None = None
    ) -> httpx.Response:
        try:
            answer = await self._ask(method, path, body)
        except Doubtful:
            self.ledger.doubt()
            raise
        self.ledger.acknowledge(answer.headers[UNDO_HEADER])
        return answer

    # Changing, by the page's sockets.

    async def _complete(self) -> None:
        await self._change("complete", self._one(), is_closed=True)

    async def _reopen(self) -> None:
        await self._change("reopen", self._one(is_closed=True), is_closed=False)

    async def _delete(self) -> None:
        await self._change("delete", self._one(), place=Place.TRASH)

    async def _restore(self) -> None:
        await self._change("restore", self._one(place=Place.TRASH), place=Place.LIST)

    async def _purge(self) -> None:
        await self._change("purge", self._one(place=Place.TRASH), place=Place.GONE)

    async def _prioritise(self) -> None:
        task_id = self._one()
        # Another one than it has, for the page says nothing of what changes nothing; new tasks have one of two.
        others = [each for each in ("low", "medium") if each != self._priorities.get(task_id)]
        self._priorities[task_id] = priority = self._chance.choice(others)
        await self._change("set_priority", task_id, priority=priority)
        self._last = None

    async def _complete_repeating(self) -> None:
        await self._close_occurrence("complete")

    async def _skip(self) -> None:
        await self._close_occurrence("skip")

    async def _change(self, name: str, task_id: UUID, *, priority: str = "", **how: Any) -> None:
        before = self.ledger.tasks[task_id]
        after = replace(before, **how)
        more = {"priority": priority} if priority else {}
        await self._command(f"{LIST}.{name}", {str(task_id): after}, task_id=str(task_id), **more)

    async def _close_occurrence(self, name: str) -> None:
        tab = self._chosen().tab
        rows = tab.rows if tab else []
        heads = [
            row
            for row in rows
            if row["title"] in self._followed
            and not row["done"]
            and UUID(row["id"]) not in self.ledger.doubts
            and not self.ledger.tasks.get(UUID(row["id"]), TaskState("")).is_closed
        ]
        if not heads:
            return
        row = self._chance.choice(heads)
        # Whether it is still the open one is known once the app says so.
        closed = {row["id"]: TaskState(row["title"], is_closed=True)}
        try:
            await self._command(f"{LIST}.{name}", closed, task_id=row["id"])
        except NoAnswer:
            self._followed.discard(row["title"])
            raise

    async def _rename(self) -> None:
        task_id = self._one()
        before, title = self.ledger.tasks[task_id], self._new_title()
        chosen = self._chosen()
        async with chosen.answered(lambda tab: lambda: _details(tab).get("id") == str(task_id), 4) as tab:
            await tab.send(f"{LIST}.open_task", task_id=str(task_id))
        try:
            async with chosen.answered(
                lambda tab: lambda: _details(tab).get("title") == title or _is_refused(tab), _ANSWER_SECONDS
            ) as tab:
                await tab.send(f"{DETAILS}.commit_text", field="title", value=title, base=before.title)
        except NoAnswer:
            self.ledger.doubt(**{str(task_id): replace(before, title=title)})
            raise
        if _is_refused(tab):
            raise Refused
        self._last = None
        self.ledger.acknowledge(**{str(task_id): replace(before, title=title)})
        await tab.send(f"{LIST}.open_task", task_id="")

    async def _undo(self) -> None:
        last, self._last = self._last, None
        if last is None:
            return
        try:
            await self._command(f"{LIST}.undo", last.before, command_id=last.command_id)
        except NoAnswer:
            self._followed -= {state.title for state in last.before.values()}
            raise
        self._last = None

    async def _snooze(self) -> None:
        tab = self._chosen().tab
        notes = (tab.vars.get(BELL, {}).get("toasts") or []) if tab else []
        open_ids = {str(task_id) for task_id in self.ledger.usable()}
        notes = [note for note in notes if note["task_id"] in open_ids]
        if notes:
            await self._command(f"{BELL}.snooze", {}, notification_id=notes[0]["id"], how="10min")

    async def _name_tags(self) -> None:
        one, two = await self._new_tag(), await self._new_tag()
        if not one or not two:
            return
        await self._command(f"{TAGS}.merge", {}, source_id=one, target_id=two)
        await self._undo()
        await self._command(f"{TAGS}.rename", {}, tag_id=one, name=f"t{uuid4().hex[:8]}")
        for tag_id in (one, two):
            await self._command(f"{TAGS}.delete", {}, tag_id=tag_id)

    async def _delete_tag(self) -> None:
        tag_id = await self._new_tag()
        if not tag_id:
            return
        await self._command(f"{TAGS}.delete", {}, tag_id=tag_id)
        await self._undo()
        await self._command(f"{TAGS}.delete", {}, tag_id=tag_id)

    async def _new_tag(self) -> str:
        """Its id; empty when no tab shows it yet."""
        said = await self._command(f"{TAGS}.create", {}, name=f"t{uuid4().hex[:8]}")
        ids = {each["name"]: each["id"] for each in self._named("tags")}
        return ids.get(said.removeprefix("Created #"), "")

    async def _name_projects(self) -> None:
        said = await self._command(f"{PROJECTS}.create", {}, name=f"P{uuid4().hex[:8]}")
        ids = {each["name"]: each["id"] for each in self._named("projects")}
        project_id = ids.get(said.removeprefix("Created “").removesuffix("”"))
        if not project_id:
            return
        await self._command(f"{PROJECTS}.rename", {}, project_id=project_id, name=f"P{uuid4().hex[:8]}")
        await self._command(f"{PROJECTS}.delete", {}, project_id=project_id)
        await self._undo()
        await self._command(f"{PROJECTS}.delete", {}, project_id=project_id)

    def _named(self, what: str) -> list[dict[str, str]]:
        tabs = [tab.tab for tab in self.tabs.values() if tab.tab]
        return [each for tab in tabs for each in tab.vars.get(SHELL, {}).get(what) or []]

    async def _command(self, name: str, tasks: Mapping[str, TaskState], /, **payload: Any) -> str:
        """Ask for a change, and enter what came of it into the ledger; what the page says of it.

        Raises:
            Refused: when the app said no.
            NoAnswer: when nobody knows what came of it.
        """
        before = {task_id: self.ledger.tasks.get(UUID(task_id)) for task_id in tasks}
        try:
            async with self._chosen().answered(_has_new_toast, _ANSWER_SECONDS) as tab:
                await tab.send(name, **payload)
            toast = _certain(_toast(tab))
        except NoAnswer:
            self.ledger.doubt(**tasks)
            raise
        if toast["is_error"]:
            raise Refused(toast["text"])
        self.ledger.acknowledge(str(toast["undo_id"]), **tasks)
        open_before = {
            task_id: state or replace(tasks[task_id], is_closed=False) for task_id, state in before.items()
        }
        self._last = Change(str(toast["undo_id"]), open_before)
        return str(toast["text"])

    def _chosen(self) -> OpenTab:
        connected = [tab for tab in self.tabs.values() if tab.tab]
        if not connected:
            raise NoAnswer
        return self._chance.choice(connected)

    def _one(self, *, is_closed: bool = False, place: Place = Place.LIST) -> UUID:
        # The newest are where the page looks, and series go their own way.
        known = [
            task_id
            for task_id in self.ledger.usable(is_closed=is_closed, place=place)[-40:]
            if self.ledger.tasks[task_id].title not in self._series
        ]
        if not known:
            raise NoAnswer
        return self._chance.choice(known)


def _toast(tab: Tab) -> dict[str, Any]:
    toast: dict[str, Any] = tab.vars.get(TOASTS, {}).get("toast") or {}
    return toast


def _certain(toast: dict[str, Any]) -> dict[str, Any]:
    if toast["is_error"] and str(toast["text"]).startswith(_UNCERTAIN):
        raise NoAnswer
    return toast


def _has_new_toast(tab: Tab) -> Callable[[], bool]:
    before = _toast(tab).get("key")
    return lambda: _toast(tab).get("key") not in (before, "")


def _has_email(tab: Tab) -> Callable[[], bool]:
    return lambda: bool(tab.vars.get(CHANNELS, {}).get("has_email"))


def _details(tab: Tab) -> dict[str, Any]:
    task: dict[str, Any] = tab.vars.get(DETAILS, {}).get("task") or {}
    return task


def _is_refused(tab: Tab) -> bool:
    details = tab.vars.get(DETAILS, {})
    return bool(details.get("field_error") or (details.get("conflict") or {}).get("field"))
