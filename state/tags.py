"""The tag manager."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import reflex as rx
from reflex_base.event import EventSpec

from state.handlers import Handlers, parse_id
from state.list import ListState
from state.toasts import ToastState
from todo_app.db.models import Tag
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid, NameTaken, NotFound
from todo_app.domain.views import ListName
from todo_app.services import tags


@dataclass(frozen=True)
class ManagedTag:
    """A tag in the manager, with how many tasks bear it, whatever their state."""

    id: str
    name: str
    color: str
    tasks: int


_NO_TAG = ManagedTag("", "", "", 0)


class TagsState(Handlers, rx.State):
    """Create, rename, colour, merge and delete tags."""

    is_open: bool = False
    managed: list[ManagedTag] = []
    error: str = ""
    error_id: str = ""
    created: int = 0
    refused: int = 0
    # Tells what was typed, and refused, the last time from what is typed now.
    opened: int = 0
    colors: list[str] = list(tags.COLORS)
    # The tag whose colour is being chosen, that is to go into another, that is to be deleted.
    coloring: ManagedTag = _NO_TAG
    merging: ManagedTag = _NO_TAG
    deleting: ManagedTag = _NO_TAG

    @rx.event
    async def open_manager(self) -> None:
        """Show the tag manager."""
        self.is_open = True
        self.opened += 1
        await self._reload()

    @rx.event
    async def refresh(self) -> None:
        """Show the tags as they are by now."""
        await self._reload()

    @rx.event
    def close_manager(self) -> None:
        """Put the tag manager away."""
        self.is_open, self.error, self.error_id, self.managed = False, "", "", []
        self.coloring = self.merging = self.deleting = _NO_TAG

    @rx.event
    def begin_coloring(self, tag_id: str) -> None:
        """Show the colours for a tag."""
        self.coloring = self._managed_tag(tag_id)

    @rx.event
    def begin_merging(self, tag_id: str) -> None:
        """Ask into which tag another is to go."""
        self.merging = self._managed_tag(tag_id)

    @rx.event
    def begin_deleting(self, tag_id: str) -> None:
        """Ask whether a tag is to be deleted."""
        self.deleting = self._managed_tag(tag_id)

    @rx.event
    def stop(self) -> None:
        """Neither merge nor delete."""
        self.merging = self.deleting = _NO_TAG

    @rx.event
    async def create(self, name: str) -> None:
        """A new tag in the next colour of the palette."""
        try:
            async with self._write() as uow:
                tag = await tags.create(uow, name)
        except (Invalid, NameTaken) as error:
            self.error, self.error_id = str(error), "new"
            self.refused += 1
            return
        self.created += 1
        await self._after(uow, tag, "Created")

    @rx.event
    async def rename(self, tag_id: str, name: str) -> None:
        """Give a tag another name."""
        try:
            async with self._write() as uow:
                tag = await tags.rename(uow, parse_id(tag_id, what="tag"), name)
        except (Invalid, NameTaken) as error:
            self.error, self.error_id = str(error), tag_id
            return
        await self._after(uow, tag, "Renamed to")

    @rx.event
    async def recolor(self, tag_id: str, color: str) -> None:
        """Give a tag another colour."""
        async with self._write() as uow:
            tag = await tags.recolor(uow, parse_id(tag_id, what="tag"), color)
        await self._after(uow, tag, "Coloured")

    @rx.event
    async def merge(self, source_id: str, target_id: str) -> EventSpec | None:
        """Let one tag take the place of another."""
        source = parse_id(source_id, what="tag")
        self.merging = _NO_TAG
        async with self._write() as uow:
            tag = await tags.merge(uow, source, parse_id(target_id, what="tag"))
        return await self._after(uow, tag, "Merged into", gone=source)

    @rx.event
    async def delete(self, tag_id: str) -> EventSpec | None:
        """Delete a tag; its tasks stay."""
        self.deleting = _NO_TAG
        async with self._write() as uow:
            tag = await tags.delete(uow, parse_id(tag_id, what="tag"))
        return await self._after(uow, tag, "Deleted", gone=tag.id)

    async def _after(
        self, uow: UnitOfWork, tag: Tag, verb: str, *, gone: UUID | None = None
    ) -> EventSpec | None:
        self.error = self.error_id = ""
        await self._reload()
        page = await self.get_state(ListState)
        await page._reload()
        if uow.events:
            toasts = await self.get_state(ToastState)
            toasts._say(f"{verb} #{tag.name}", undo_id=uow.command_id)
        shown = page._view.list is ListName.TAG and gone is not None and page._view.id == gone
        return rx.redirect("/today" if tag.id == gone else f"/tag/{tag.id}") if shown else None

    def _managed_tag(self, tag_id: str) -> ManagedTag:
        for tag in self.managed:
            if tag.id == tag_id:
                return tag
        raise NotFound("tag")

    async def _reload(self) -> None:
        async with self._read() as uow:
            counts = await uow.tags.task_counts()
            self.managed = [
                ManagedTag(str(tag.id), tag.name, tag.color, counts.get(tag.id, 0))
                for tag in await uow.tags.all()
            ]
