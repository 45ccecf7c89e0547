"""The bell: what the person was told, and the reminders that show at the corner of an open page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import reflex as rx
from reflex_base.event import EventSpec

from state.assistant import AssistantState
from state.handlers import Handlers, parse_id
from state.list import ListState
from state.pictures import COUNT_SHOWN_MAX
from state.tabs import open_tabs
from todo_app.bootstrap import current
from todo_app.db.repositories.notifications import Cursor, Noted
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.labels import day_label
from todo_app.domain.notification_text import headline, when
from todo_app.services import notifications, reminders, tasks
from todo_app.services.notifications import Snooze

# At once at the corner; the bell has the others.
TOASTS_MAX = 3


@dataclass(frozen=True)
class Note:
    """A notification in words; ``task_id`` is empty when there is nothing to open, ``acts`` when to do."""

    id: str
    reason: str
    title: str
    when: str
    body: str
    came: str
    instant: str
    task_id: str
    acts: bool
    unread: bool


@dataclass(frozen=True, eq=False)
class BellPicture:
    """What every tab of a user shows of the bell; compared by identity."""

    unread: str
    fresh: tuple[Note, ...]


class BellState(Handlers, rx.State):
    """One page of the list at a time, since Reflex sends a changed var whole."""

    unread: str = ""
    loaded: bool = False
    notes: list[Note] = []
    has_newer: bool = False
    has_older: bool = False
    # The notification of which it is being chosen for how long it is put off.
    snoozing: str = ""

    toasts: list[Note] = []
    more_toasts: int = 0

    # Where the pages up to the one that is shown begin, and where the next one does.
    _starts: list[Cursor | None] = [None]
    _next: Cursor | None = None
    # What this tab has shown at the corner, or found when it was opened; the socket it is connected by.
    _known: frozenset[str] = frozenset()
    _socket: str = ""

    @rx.event
    async def arrive(self) -> None:
        """Runs on every page load and navigation: the first page, the next one, or the same one once more."""
        socket = self.router.session.session_id
        async with self._read() as uow:
            picture = await picture_bell(uow)
        if socket != self._socket:
            # Loaded anew: nothing shows twice. A tab that is new begins with what comes from now on.
            self._drop_toasts()
            await (await self.get_state(AssistantState))._catch_up()
            is_new, self._socket = not self._socket, socket
            if is_new:
                self._known = frozenset(note.id for note in picture.fresh)
        await self._show(picture)

    @rx.event
    async def open_bell(self, target: str) -> None:
        """Show the newest; ``target`` is what the panel is opened for, which is nothing."""
        self._starts, self.snoozing = [None], ""
        self._drop_toasts()
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

    @rx.event
    async def read(self, notification_id: str) -> None:
        """Mark one as read."""
        async with self._write() as uow:
            await notifications.mark_read(uow, parse_id(notification_id, what="notification"))
        await self._after(uow, notification_id)

    @rx.event
    async def read_all(self) -> None:
        """Mark all as read."""
        async with self._write() as uow:
            await notifications.mark_all_read(uow)
        self._drop_toasts()
        await self._after(uow)

    @rx.event
    async def go_to(self, notification_id: str) -> EventSpec | None:
        """Show the task of a notification, or today's list, and mark it as read."""
        async with self._write() as uow:
            noted = await notifications.mark_read(uow, parse_id(notification_id, what="notification"))
        await self._after(uow, notification_id)
        if noted.notification.task_id is None:
            problem = noted.notification.reason == "problem"
            return rx.redirect("/settings" if problem else "/today")
        task_id = str(noted.notification.task_id)
        page = await self.get_state(ListState)
        if not page.list_name:
            return rx.redirect(f"/all?task={task_id}")
        return await page._go_to_task(task_id)

    @rx.event
    async def complete(self, notification_id: str) -> None:
        """Complete the task of a notification."""
        async with self._write() as uow:
            task_id = await notifications.task_of(uow, parse_id(notification_id, what="notification"))
            [done] = await tasks.complete(uow, [task_id])
        page = await self.get_state(ListState)
        await page._show_change(uow, f"Completed “{done.title}”")
        await self._after_task(uow, task_id)

    @rx.event
    def begin_snooze(self, notification_id: str) -> None:
        """Let it be chosen for how long one is put off; once more, and it is not."""
        self.snoozing = "" if self.snoozing == notification_id else notification_id

    @rx.event
    async def snooze(self, notification_id: str, how: str) -> None:
        """Be reminded of the task of a notification again: ``10min``, ``1h`` or ``tomorrow``."""
        chosen = _snooze(how)
        async with self._write() as uow:
            task_id = await notifications.task_of(uow, parse_id(notification_id, what="notification"))
            until = notifications.snoozed_until(uow, chosen)
            task = await reminders.snooze(uow, task_id, until)
        self.snoozing = ""
        local, today = until.astimezone(uow.identity.zone), uow.now.astimezone(uow.identity.zone).date()
        day = "" if local.date() == today else f"{day_label(local.date(), today=today).lower()} "
        page = await self.get_state(ListState)
        await page._show_change(uow, f"You will be reminded of “{task.title}” {day}at {local:%H:%M}")
        await self._after_task(uow, task_id)

    @rx.event
    def dismiss(self, notification_id: str) -> None:
        """Put a reminder away from the corner; it stays unread behind the bell."""
        self._drop_toasts(notification_id)

    @rx.event
    def dismiss_all(self) -> None:
        """Put every reminder away from the corner."""
        self._drop_toasts()

    async def _show(self, picture: BellPicture) -> None:
        """Show what is new at the corner; bring the list up to date if it has been opened."""
        fresh = {note.id: note for note in picture.fresh}
        kept = [fresh[note.id] for note in self.toasts if note.id in fresh]
        came = [note for note in picture.fresh if note.id not in self._known]
        shown = [*came, *kept]
        overflow = self.more_toasts if kept or came else 0
        self._ring(picture.unread)
        self._assign(
            toasts=shown[:TOASTS_MAX],
            more_toasts=overflow + max(0, len(shown) - TOASTS_MAX),
        )
        self._known = (self._known & fresh.keys()) | fresh.keys()
        if self.loaded:
            await self._reload()

    async def _reload(self) -> None:
        async with self._read() as uow:
            page = await notifications.page(uow, before=self._starts[-1])
            unread = _count(await notifications.count_unread(uow))
            notes = _notes(page.notes, uow)
        self._next = page.following
        self._ring(unread)
        self._assign(
            loaded=True,
            notes=notes,
            has_newer=len(self._starts) > 1,
            has_older=page.following is not None,
        )

    def _ring(self, unread: str) -> None:
        self._assign(unread=unread)
        open_tabs.note_bell(self.router.session.client_token, rings=bool(unread))

    async def _after(self, uow: UnitOfWork, notification_id: str = "") -> None:
        if notification_id:
            self._drop_toasts(notification_id)
        await self._reload()
        current().notices.announce_told(uow.user_id)

    async def _after_task(self, uow: UnitOfWork, task_id: UUID) -> None:
        for note in self.toasts:
            if note.task_id == str(task_id):
                self._drop_toasts(note.id)
        await self._after(uow)

    def _drop_toasts(self, notification_id: str = "") -> None:
        left = [note for note in self.toasts if notification_id and note.id != notification_id]
        self._assign(toasts=left, more_toasts=self.more_toasts if left else 0)


async def picture_bell(uow: UnitOfWork) -> BellPicture:
    """Read what all tabs of the user show."""
    unread = await notifications.count_unread(uow)
    fresh = await notifications.fresh(uow) if unread else []
    return BellPicture(_count(unread), tuple(_notes(fresh, uow)))


def _notes(noted: Sequence[Noted], uow: UnitOfWork) -> list[Note]:
    return [_note(each, uow) for each in noted]


def _note(noted: Noted, uow: UnitOfWork) -> Note:
    zone, today = uow.identity.zone, uow.now.astimezone(uow.identity.zone).date()
    notification, task = noted.notification, noted.task
    told = notifications.told(noted)
    came = notification.created_at.astimezone(zone)
    is_open = task is not None and task.completed_at is None and task.deleted_at is None
    day = day_label(came.date(), today=today)
    return Note(
        id=str(notification.id),
        reason=notification.reason,
        title=headline(told),
        when=when(told, now=uow.now, zone=zone) if is_open else _closed(noted),
        body=notification.body,
        came=f"{came:%H:%M}" if came.date() == today else day,
        instant=came.isoformat(),
        task_id=str(notification.task_id or ""),
        acts=is_open,
        unread=notification.read_at is None and (is_open or task is None),
    )


def _closed(noted: Noted) -> str:
    if noted.task is None:
        return ""
    return "in the trash" if noted.task.deleted_at is not None else "done"


def _count(unread: int) -> str:
    if unread == 0:
        return ""
    return str(unread) if unread <= COUNT_SHOWN_MAX else f"{COUNT_SHOWN_MAX}+"


def _snooze(text: str) -> Snooze:
    try:
        return Snooze(text)
    except ValueError:
        raise Invalid("snooze", f"A reminder is put off for one of {', '.join(Snooze)}.") from None
