"""The activity of the whole account: what happened, by day, and what of it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

import reflex as rx

from state.handlers import Handlers
from state.list import ListState
from state.shell import ShellState
from state.tabs import open_tabs
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.activity_text import describe, subject_of
from todo_app.domain.events import Event
from todo_app.domain.labels import day_label
from todo_app.services.undo import undoable

PATH = "/activity"


@dataclass(frozen=True)
class ActivityLine:
    """One thing that happened; ``undo_id`` is empty where it can't be taken back."""

    key: str
    kind: str
    who: str
    what: str
    subject: str
    task_id: str
    time: str
    instant: str
    undo_id: str
    undo_label: str


@dataclass(frozen=True)
class ActivityDay:
    """What happened on one day, newest first."""

    label: str
    date: str
    lines: list[ActivityLine]


class ActivityState(Handlers, rx.State):
    """One page at a time, since Reflex sends a changed var whole."""

    loaded: bool = False
    days: list[ActivityDay] = []
    has_newer: bool = False
    has_older: bool = False

    # Where the pages up to the one that is shown begin, and where the next one does.
    _starts: list[int | None] = [None]
    _next: int | None = None

    @rx.event
    async def open_page(self) -> None:
        """Show the newest."""
        page = await self.get_state(ListState)
        await page._leave_list()
        self._starts = [None]
        open_tabs.note_history(self.router.session.client_token)
        await self._reload()

    @rx.event
    async def older(self) -> None:
        """Show the page before."""
        if self._next is not None:
            self._starts = [*self._starts, self._next]
            await self._reload()

    @rx.event
    async def newer(self) -> None:
        """Show the page after."""
        if len(self._starts) > 1:
            self._starts = self._starts[:-1]
            await self._reload()

    def _is_shown(self) -> bool:
        return bool(self.router.url.path.rstrip("/") == PATH)

    async def _reload(self) -> None:
        async with self._read() as uow:
            await self._show(uow)

    async def _show(self, uow: UnitOfWork) -> None:
        events, self._next = await uow.activity.page(before=self._starts[-1])
        shell = await self.get_state(ShellState)
        days = _days(events, shell._names(), await undoable(uow, events), uow)
        self._assign(
            loaded=True, days=days, has_newer=len(self._starts) > 1, has_older=self._next is not None
        )


def _days(
    events: Sequence[Event], names: dict[str, str], commands: frozenset[UUID], uow: UnitOfWork
) -> list[ActivityDay]:
    zone, today = uow.identity.zone, uow.now.astimezone(uow.identity.zone).date()
    sizes = {
        command_id: sum(1 for each in events if each.command_id == command_id) for command_id in commands
    }
    offered: set[UUID] = set()

    def line(event: Event) -> ActivityLine:
        # One button for a command, at the newest of the things it did.
        offers = event.command_id in commands - offered
        offered.add(event.command_id)
        return _line(event, names, uow, undo=sizes[event.command_id] if offers else 0)

    def on_day(group: Iterable[Event]) -> list[ActivityLine]:
        return [line(event) for event in group]

    return [
        ActivityDay(day_label(day, today=today), day.isoformat(), on_day(group))
        for day, group in groupby(events, key=lambda event: event.occurred_at.astimezone(zone).date())
    ]


def _line(event: Event, names: dict[str, str], uow: UnitOfWork, *, undo: int) -> ActivityLine:
    """An event as a line in the user's zone; ``undo`` is how many lines its command has, or 0."""
    local = event.occurred_at.astimezone(uow.identity.zone)
    what, subject = describe(event, names, uow.identity.zone), subject_of(event)
    return ActivityLine(
        key=str(event.id),
        kind=event.type,
        who="You" if event.actor.name == uow.identity.email else event.actor.name,
        what=what,
        subject=subject,
        task_id=str(event.aggregate_id) if event.type.startswith("task.") else "",
        time=f"{local:%H:%M}",
        instant=local.isoformat(),
        undo_id=str(event.command_id) if undo else "",
        undo_label=f"Undo: {what} {subject}".strip() if undo == 1 else f"Undo all {undo} changes",
    )
