"""The list in the middle of the page: which view, which window of it, what is selected in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import reflex as rx
from reflex_base.event import EventSpec

from state.address import Address
from state.details import DetailsState
from state.handlers import parse_id, parse_ids
from state.list_window import ListWindow
from state.repeating import with_next, with_repeating
from state.toasts import ToastState
from todo_app.db.models import Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.filter_language import Unreadable
from todo_app.domain.filter_words import FilterKind, without
from todo_app.domain.task import Due, Priority, Status
from todo_app.domain.views import (
    CHOSEN_SORTS,
    SEARCH_MAX,
    DueRange,
    Filters,
    ListName,
    Sort,
    TagMatch,
    view_from_url,
    within,
)
from todo_app.services import lists, tasks, undo
from todo_app.services.catching_up import catch_up
from todo_app.services.task_fields import TaskPatch, due_data, parse_due
from todo_app.services.tasks import EditTasks, EmptyTrash, MoveTask

# More than anybody clicks before an answer; a page that never says where it is must not fill the memory.
_COMING_MAX = 20


class ListState(ListWindow, rx.State):
    """What people do to the list and to the tasks in it."""

    emptying: bool = False

    # Where the page was sent and has not said yet that it is there, the latest last.
    _coming: tuple[Address, ...] = ()

    @rx.event
    async def open_page(self) -> None:
        """Show the view and the task that the address names; runs on every page load and navigation."""
        url = self.router.url
        here = Address(view_from_url(url.path, url.query), url.query_parameters.get("task", ""))
        socket = self.router.session.session_id
        is_new = socket != self._socket
        if is_new:
            self._coming = ()
        elif self._is_passing(here):
            return
        if here.view != self._opened or not self.list_name:
            await self._open(here.view)
        elif is_new:
            # Connected again: what changed meanwhile was told to nobody.
            await self._reload()
        self._socket = socket
        details = await self.get_state(DetailsState)
        await details._open(here.task_id)

    @rx.event
    async def open_task(self, task_id: str) -> EventSpec | None:
        """Show a task in the panel; an empty id closes it."""
        if not task_id and not (await self._wanted()).task_id:
            return None
        return await self._go_to_task(task_id)

    @rx.event
    async def load_more(self) -> None:
        """Show the tasks below the window."""
        await self._slide_down()

    @rx.event
    async def load_previous(self) -> None:
        """Show the tasks above the window."""
        await self._slide_up()

    # What is done to one task, or to all selected ones when it is one of them.

    @rx.event
    async def complete(self, task_id: str) -> None:
        """Complete tasks."""
        async with self._write() as uow:
            done = await tasks.complete(uow, self._targets(task_id))
            message = await with_next(uow, done, _message(done, "Completed"))
        await self._after(uow, message)

    @rx.event
    async def skip(self, task_id: str) -> None:
        """Close occurrences of series without having done them."""
        async with self._write() as uow:
            done = await tasks.skip(uow, self._targets(task_id))
            message = await with_next(uow, done, _message(done, "Skipped"))
        await self._after(uow, message)

    @rx.event
    async def reopen(self, task_id: str) -> None:
        """Make completed tasks open again."""
        async with self._write() as uow:
            done = await tasks.reopen(uow, self._targets(task_id))
        await self._after(uow, _message(done, "Reopened"))

    @rx.event
    async def delete(self, task_id: str) -> None:
        """Put tasks into the trash."""
        async with self._write() as uow:
            done = await tasks.delete(uow, self._targets(task_id))
        await self._after(uow, _message(done, "Moved to trash:"))

    @rx.event
    async def restore(self, task_id: str) -> None:
        """Bring tasks back from the trash."""
        async with self._write() as uow:
            done = await tasks.restore(uow, self._targets(task_id))
        await self._after(uow, _message(done, "Restored"))

    @rx.event
    async def purge(self, task_id: str) -> None:
        """Remove tasks from the trash for good."""
        async with self._write() as uow:
            removed = await tasks.purge(uow, self._targets(task_id))
        await self._after(uow, f"Removed {_count(removed)} for good")

    @rx.event
    async def empty_trash(self) -> AsyncIterator[None]:
        """Remove everything in the trash for good; a full one takes several transactions."""
        async with self._read() as uow:
            command, removed = EmptyTrash(uow.now, uow.command_id), 0
        self.emptying = True
        yield
        try:
            while batch := await self._empty_trash(command):
                removed += batch
                await self._reload()
                yield
        finally:
            self.emptying = False
        self.selected = []
        await self._reload_all()
        if removed:
            await self._say(f"Removed {_count(removed)} for good", command.command_id)

    async def _empty_trash(self, command: EmptyTrash) -> int:
        async with self._write() as uow:
            return await tasks.empty_trash(uow, command)

    @rx.event
    async def set_priority(self, task_id: str, priority: str) -> None:
        """Give tasks a priority, or none."""
        patch = TaskPatch(priority=_priority(priority))
        only_here = await self._only_here(task_id)
        async with self._write() as uow:
            done = await tasks.edit(uow, EditTasks(self._targets(task_id), patch, only_here=only_here))
        await self._after(uow, _message(done, "Changed the priority of"))

    @rx.event
    async def set_due(self, task_id: str, day: str, time: str, timezone: str) -> None:
        """Give tasks a due date; an empty day takes it away."""
        await self._set_due(task_id, parse_due(str(day), str(time), str(timezone)))

    async def _set_due(self, task_id: str, due: Due | None, *, following: bool = False) -> None:
        command = EditTasks(self._targets(task_id), TaskPatch(due=due_data(due)), following=following)
        async with self._write() as uow:
            done = await tasks.edit(uow, command)
            message = await with_repeating(uow, done, _message(done, "Rescheduled"))
        await self._after(uow, message)

    @rx.event
    async def reschedule_overdue(self) -> None:
        """Make what was due before today due today, at its own time of day; a window of tasks at once."""
        async with self._write() as uow:
            late = await catch_up(uow)
        await self._after(uow, _message(late, "Rescheduled") if late else "")

    @rx.event
    async def set_project(self, task_id: str, project_id: str) -> None:
        """Move tasks to a project; an empty id is the inbox."""
        patch = TaskPatch(project_id=parse_id(project_id, what="project") if project_id else None)
        only_here = await self._only_here(task_id)
        async with self._write() as uow:
            done = await tasks.edit(uow, EditTasks(self._targets(task_id), patch, only_here=only_here))
        await self._after(uow, _message(done, "Moved"))

    @rx.event
    async def add_tag(self, task_id: str, tag_id: str) -> None:
        """Put a tag on tasks."""
        tag_ids = frozenset({parse_id(tag_id, what="tag")})
        only_here = await self._only_here(task_id)
        command = EditTasks(self._targets(task_id), TaskPatch(), add_tag_ids=tag_ids, only_here=only_here)
        async with self._write() as uow:
            done = await tasks.edit(uow, command)
        await self._after(uow, _message(done, "Tagged"))

    @rx.event
    async def remove_tag(self, task_id: str, tag_id: str) -> None:
        """Take a tag off tasks."""
        tag_ids = frozenset({parse_id(tag_id, what="tag")})
        only_here = await self._only_here(task_id)
        command = EditTasks(self._targets(task_id), TaskPatch(), remove_tag_ids=tag_ids, only_here=only_here)
        async with self._write() as uow:
            done = await tasks.edit(uow, command)
        await self._after(uow, _message(done, "Untagged"))

    @rx.event
    async def move(self, form: dict[str, str]) -> None:
        """Put ``task_id`` between ``after_id`` and ``before_id``; an empty one is the edge of the list."""
        after_id, before_id = str(form.get("after_id", "")), str(form.get("before_id", ""))
        command = MoveTask(
            parse_id(form.get("task_id", "")),
            after_id=parse_id(after_id) if after_id else None,
            before_id=parse_id(before_id) if before_id else None,
        )
        async with self._write() as uow:
            moved = await tasks.move(uow, command)
        await self._after(uow, _message([moved], "Moved"))

    @rx.event
    async def undo(self, command_id: str) -> None:
        """Take back a command."""
        async with self._write() as uow:
            await undo.undo(uow, parse_id(command_id, what="change"))
        await self._after(uow, "Undone")

    # The selection.

    @rx.event
    def toggle_selected(self, task_id: str) -> None:
        """Select a task, or no longer."""
        chosen = [each for each in self.selected if each != task_id]
        self.selected = chosen if len(chosen) < len(self.selected) else [*chosen, str(parse_id(task_id))]

    @rx.event
    def select_range(self, form: dict[str, str]) -> None:
        """Select the tasks of a stretch, ids separated by spaces, besides those that are."""
        shown = set(self._shown_ids())
        new = [
            str(task_id)
            for task_id in parse_ids(str(form.get("task_ids", "")).split())
            if str(task_id) in shown
        ]
        self.selected = list(dict.fromkeys([*self.selected, *new]))

    @rx.event
    def select_all(self) -> None:
        """Select every task of the window."""
        self.selected = self._shown_ids()

    @rx.event
    def clear_selection(self) -> None:
        """Select nothing."""
        self.selected = []

    # The view. Each of these goes to the address of the new view, which then is opened.

    @rx.event
    async def search(self, text: str) -> EventSpec | None:
        """Search all tasks; an empty text goes back to where the search began."""
        words = " ".join(str(text).replace("\0", " ").split())[:SEARCH_MAX]
        if not words:
            return await self._leave_search()
        wanted = (await self._wanted()).view
        view = replace(wanted, list=ListName.SEARCH, id=None, search=words)
        # Every further letter takes the place of the last address, so that Back leaves the search.
        is_searching = wanted.list is ListName.SEARCH or self._before_search != ""
        if wanted.list is not ListName.SEARCH:
            self._before_search = wanted.url
            view = replace(view, filters=Filters(), sort=Sort.RELEVANCE, descending=False)
        return self._go_to(Address(view), in_place=is_searching)

    @rx.event
    async def leave_search(self) -> EventSpec | None:
        """Go back to the list in which the search began."""
        return await self._leave_search()

    @rx.event
    async def sort_by(self, sort: str) -> EventSpec:
        """Sort the list; the order it is shown in already is turned round."""
        chosen = _sort(sort)
        descending = not self._view.descending if chosen is self._view.sort else False
        wanted = await self._wanted()
        return self._go_to(replace(wanted, view=wanted.view.sorted_by(chosen, descending=descending)))

    @rx.event
    async def filter_status(self, status: str) -> EventSpec:
        """Show tasks of one status; an empty one shows what the list usually does."""
        return await self._filter(replace(await self._filters(), status=_status(status)))

    @rx.event
    async def filter_priority(self, priority: str) -> EventSpec:
        """Show tasks of a priority too, or no longer."""
        filters = await self._filters()
        return await self._filter(replace(filters, priorities=filters.priorities ^ {_priority(priority)}))

    @rx.event
    async def filter_tag(self, tag_id: str) -> EventSpec:
        """Filter by a tag too, or no longer."""
        filters = await self._filters()
        return await self._filter(replace(filters, tag_ids=filters.tag_ids ^ {parse_id(tag_id, what="tag")}))

    @rx.event
    async def filter_tag_match(self, match: str) -> EventSpec:
        """How several tags work together: any, all, none."""
        return await self._filter(replace(await self._filters(), tag_match=_tag_match(match)))

    @rx.event
    async def filter_due_after(self, day: str) -> EventSpec | None:
        """Show tasks due on a day or later; an empty one leaves that open."""
        return await self._filter_due(lambda filters: replace(filters, due_after=_day(day)))

    @rx.event
    async def filter_due_before(self, day: str) -> EventSpec | None:
        """Show tasks due on a day or earlier; an empty one leaves that open."""
        return await self._filter_due(lambda filters: replace(filters, due_before=_day(day)))

    @rx.event
    async def filter_due_range(self, name: str) -> EventSpec:
        """Show tasks of a due range that has a name, or no longer."""
        chosen, filters = _due_range(name), await self._filters()
        is_set = chosen == self.due_range
        return await self._filter(without(filters, FilterKind.DUE) if is_set else within(filters, chosen))

    @rx.event
    async def filter_query(self, query: str) -> EventSpec | None:
        """Filter by a filter in words; an empty one filters by none."""
        query = str(query).strip()
        try:
            if query:
                async with self._read() as uow:
                    lists.read_filter(uow, query)
        except Unreadable as error:
            self.query_refused = str(error)
            return None
        return await self._filter(replace(await self._filters(), query=query))

    @rx.event
    async def remove_filter(self, kind: str) -> EventSpec:
        """Filter by one kind no longer."""
        return await self._filter(without(await self._filters(), _filter_kind(kind)))

    @rx.event
    async def clear_filters(self) -> EventSpec:
        """Show the list unfiltered."""
        return await self._filter(Filters())

    async def _filter_due(self, bound: Callable[[Filters], Filters]) -> EventSpec | None:
        self.filter_error = ""
        try:
            filters = bound(replace(self._refused or await self._filters(), due=None))
        except Invalid as error:
            self.filter_error = str(error)
            return None
        if filters.due_after and filters.due_before and filters.due_after > filters.due_before:
            # Both stay in the fields, so that either can be mended.
            self._describe_days(filters, refused=True)
            self.filter_error = "The first day is after the last one."
            return None
        return await self._filter(filters)

    async def _filters(self) -> Filters:
        return (await self._wanted()).view.filters

    async def _filter(self, filters: Filters) -> EventSpec:
        self.filter_error = self.query_refused = ""
        if self._refused:
            self._describe_days(filters)
        wanted = await self._wanted()
        return self._go_to(replace(wanted, view=wanted.view.filtered(filters)))

    async def _leave_search(self) -> EventSpec | None:
        wanted = (await self._wanted()).view
        if wanted.list is not ListName.SEARCH and not self._before_search:
            return None
        path, _, query = (self._before_search or "/today").partition("?")
        return self._go_to(Address(view_from_url(path, query)), in_place=True)

    # The address follows what people choose, and the list follows the address. Until the page says that it is
    # there, what is chosen next adds to where it is going, not to what it still shows.

    async def _wanted(self) -> Address:
        """Where the tab is, or is going."""
        if self._coming:
            return self._coming[-1]
        details = await self.get_state(DetailsState)
        return Address(self.get_value("_view"), str(details._task_id or ""))

    async def _go_to_task(self, task_id: str) -> EventSpec:
        """Open a task beside the list; an empty id closes it. It is shown at once; the address follows."""
        beside = replace(await self._wanted(), task_id=str(parse_id(task_id)) if task_id else "")
        details = await self.get_state(DetailsState)
        await details._open(task_id)
        return self._go_to(beside)

    def _go_to(self, address: Address, *, in_place: bool = False) -> EventSpec:
        self._coming = (*self._coming, address)[-_COMING_MAX:]
        return rx.redirect(address.url, replace=in_place)

    def _is_passing(self, here: Address) -> bool:
        """Whether the page was sent on from where it is now; if it went elsewhere, it was sent nowhere."""
        urls = [address.url for address in self._coming]
        past = len(urls) - urls[::-1].index(here.url) if here.url in urls else len(urls)
        self._coming = self._coming[past:]
        return bool(self._coming)

    async def _only_here(self, task_id: str | UUID) -> bool:
        """Whether changes of this task are to be kept out of its following occurrences: the panel says."""
        details = await self.get_state(DetailsState)
        return details.only_here and details._task_id is not None and str(task_id) == str(details._task_id)

    def _targets(self, task_id: str) -> list[UUID]:
        if task_id == "selected" or task_id in self.selected:
            return parse_ids(list(self.selected))
        return [parse_id(task_id)]

    async def _after(self, uow: UnitOfWork, message: str) -> None:
        self.selected = []
        await self._show_change(uow, message)

    async def _after_tagging(self, uow: UnitOfWork, done: list[Task], verb: str) -> None:
        """Tags are often changed several at a time, so the selection stays."""
        await self._show_change(uow, _message(done, verb))

    async def _show_change(self, uow: UnitOfWork, message: str) -> None:
        await self._reload_all()
        if message and uow.events:
            await self._say(message, uow.command_id)

    async def _reload_all(self) -> None:
        """The list, and the panel beside it."""
        await self._reload()
        details = await self.get_state(DetailsState)
        if details._task_id is not None:
            await details._reload()

    async def _say(self, message: str, command_id: UUID) -> None:
        toasts = await self.get_state(ToastState)
        toasts._say(message, undo_id=command_id)


def _message(done: list[Task], verb: str) -> str:
    return f"{verb} “{_shortened(done[0].title)}”" if len(done) == 1 else f"{verb} {_count(len(done))}"


def _shortened(title: str) -> str:
    return title if len(title) <= 40 else f"{title[:39]}…"


def _count(number: int) -> str:
    return "1 task" if number == 1 else f"{number:,} tasks"


def _priority(text: str) -> Priority | None:
    try:
        return None if text in ("", "none") else Priority(text)
    except ValueError:
        raise Invalid("priority", "A priority is high, medium, low or none.") from None


def _day(text: str) -> date | None:
    due = parse_due(str(text), "", "")
    return due.date if due else None


def _status(text: str) -> Status | None:
    try:
        return Status(text) if text else None
    except ValueError:
        raise Invalid("status", "A status is open or completed.") from None


def _tag_match(text: str) -> TagMatch:
    try:
        return TagMatch(text)
    except ValueError:
        raise Invalid("tags", "Tags match any, all or none.") from None


def _due_range(text: str) -> DueRange:
    try:
        return DueRange(text)
    except ValueError:
        raise Invalid("due", f"A due range is one of {', '.join(DueRange)}.") from None


def _filter_kind(text: str) -> FilterKind:
    try:
        return FilterKind(text)
    except ValueError:
        raise Invalid("filter", f"A filter is one of {', '.join(FilterKind)}.") from None


def _sort(text: str) -> Sort:
    if text not in CHOSEN_SORTS:
        raise Invalid("sort", f"A list can be sorted by {', '.join(CHOSEN_SORTS)}.")
    return Sort(text)
