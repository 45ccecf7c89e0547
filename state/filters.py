"""Saving filters: what is typed, what it would find, and what is done to those that are saved."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from state.handlers import Handlers, parse_id
from state.list import ListState
from state.toasts import ToastState
from todo_app.db.models import SavedFilter
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid, NameTaken
from todo_app.domain.filter_language import Unreadable
from todo_app.domain.views import ListName
from todo_app.services import filters


@dataclass(frozen=True)
class FilterDraft:
    """What the dialog opens with; a new filter has no id."""

    id: str = ""
    name: str = ""
    query: str = ""


@dataclass(frozen=True)
class FilterForeseen:
    """What has been found out of a filter that is being typed, or what is wrong with it."""

    query: str = ""
    error: str = ""
    found: str = ""
    note: str = ""


class FiltersState(Handlers, rx.State):
    """The dialog, and the menu of a saved filter."""

    is_open: bool = False
    # Tells what was typed the last time from what is typed now.
    opened: int = 0
    draft: FilterDraft = FilterDraft()
    foreseen: FilterForeseen = FilterForeseen()
    name_error: str = ""
    refused: int = 0

    @rx.event
    async def begin_new(self) -> None:
        """Show the dialog for a new filter."""
        await self._open(FilterDraft())

    @rx.event
    async def begin_saving(self) -> None:
        """Show the dialog for a new filter that finds what the list shows."""
        page = await self.get_state(ListState)
        view = (await page._wanted()).view
        async with self._read() as uow:
            query = await filters.describe(uow, view)
        await self._open(FilterDraft(query=query))

    @rx.event
    async def begin_editing(self, filter_id: str) -> None:
        """Show the dialog for a saved filter."""
        async with self._read() as uow:
            saved = await uow.filters.get(parse_id(filter_id, what="filter"))
        await self._open(FilterDraft(str(saved.id), saved.name, saved.query))

    @rx.event
    def close(self) -> None:
        """Put the dialog away."""
        self.is_open, self.draft, self.foreseen, self.name_error = False, FilterDraft(), FilterForeseen(), ""

    @rx.event
    async def consider(self, query: str) -> None:
        """Find out what a filter would find."""
        await self._foresee(str(query))

    @rx.event
    async def save(self, form: dict[str, str]) -> EventSpec | None:
        """Save the filter of the dialog; a new one is then shown."""
        name, query, filter_id = (str(form.get(field, "")) for field in ("name", "query", "id"))
        try:
            async with self._write() as uow:
                saved = await (
                    filters.edit(uow, parse_id(filter_id, what="filter"), name=name, query=query)
                    if filter_id
                    else filters.create(uow, name, query)
                )
        except Unreadable as error:
            self.foreseen, self.name_error = FilterForeseen(query, str(error)), ""
            self.refused += 1
            return None
        except (Invalid, NameTaken) as error:
            self.name_error = str(error)
            self.refused += 1
            return None
        self.is_open, self.name_error = False, ""
        await self._after(uow, saved, "Changed" if filter_id else "Saved")
        return None if filter_id else rx.redirect(f"/filter/{saved.id}")

    @rx.event
    async def move_up(self, filter_id: str) -> None:
        """Put a filter before the one above it."""
        await self._move(filter_id, places=-1)

    @rx.event
    async def move_down(self, filter_id: str) -> None:
        """Put a filter behind the one below it."""
        await self._move(filter_id, places=1)

    @rx.event
    async def delete(self, filter_id: str) -> EventSpec | None:
        """Delete a filter; its tasks stay."""
        async with self._write() as uow:
            saved = await filters.delete(uow, parse_id(filter_id, what="filter"))
        page = await self.get_state(ListState)
        await self._after(uow, saved, "Deleted")
        shown = page._view.list is ListName.FILTER and page._view.id == saved.id
        return rx.redirect("/today") if shown else None

    async def _move(self, filter_id: str, *, places: int) -> None:
        async with self._write() as uow:
            saved = await filters.shift(uow, parse_id(filter_id, what="filter"), places=places)
        await self._after(uow, saved, "Moved")

    async def _open(self, draft: FilterDraft) -> None:
        self.draft, self.name_error, self.is_open = draft, "", True
        self.opened += 1
        await self._foresee(draft.query)

    async def _foresee(self, query: str) -> None:
        if not query.strip():
            self.foreseen = FilterForeseen(query)
            return
        try:
            async with self._read() as uow:
                found = await filters.foresee(uow, query)
        except Unreadable as error:
            self.foreseen = FilterForeseen(query, str(error))
            return
        note = f"Nothing is called {' or '.join(found.unknown)}." if found.unknown else ""
        self.foreseen = FilterForeseen(query, found=_tasks(found.matches), note=note)

    async def _after(self, uow: UnitOfWork, saved: SavedFilter, verb: str) -> None:
        page = await self.get_state(ListState)
        await page._reload()
        if uow.events:
            toasts = await self.get_state(ToastState)
            toasts._say(f"{verb} “{saved.name}”", undo_id=uow.command_id)


def _tasks(matches: int) -> str:
    if matches >= filters.MATCHES_MAX:
        return f"Finds {filters.MATCHES_MAX:,} tasks or more"
    return {0: "Finds no task now", 1: "Finds 1 task"}.get(matches, f"Finds {matches} tasks")
