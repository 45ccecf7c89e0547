"""The tag manager."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from state.handlers import Handlers, parse_id
from state.list import ListState
from state.toasts import ToastState
from todo_app.db.models import Tag
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid, NameTaken
from todo_app.services import tags


@dataclass(frozen=True)
class ManagedTag:
    """A tag in the manager, with how many tasks bear it, whatever their state."""

    id: str
    name: str
    color: str
    tasks: int


class TagsState(Handlers, rx.State):
    """Create, rename, colour, merge and delete tags."""

    is_open: bool = False
    managed: list[ManagedTag] = []
    error: str = ""
    error_id: str = ""
    created: int = 0

    @rx.event
    async def open_manager(self) -> None:
        """Show the tag manager."""
        self.is_open = True
        await self._reload()

    @rx.event
    def close_manager(self) -> None:
        """Put the tag manager away."""
        self.is_open, self.error, self.error_id, self.managed = False, "", "", []

    @rx.event
    async def create(self, name: str) -> None:
        """A new tag in the next colour of the palette."""
        try:
            async with self._write() as uow:
                tag = await tags.create(uow, name)
        except (Invalid, NameTaken) as error:
            self.error, self.error_id = str(error), "new"
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
    async def merge(self, source_id: str, target_id: str) -> None:
        """Let one tag take the place of another."""
        async with self._write() as uow:
            tag = await tags.merge(uow, parse_id(source_id, what="tag"), parse_id(target_id, what="tag"))
        await self._after(uow, tag, "Merged into")

    @rx.event
    async def delete(self, tag_id: str) -> None:
        """Delete a tag; its tasks stay."""
        async with self._write() as uow:
            tag = await tags.delete(uow, parse_id(tag_id, what="tag"))
        await self._after(uow, tag, "Deleted")

    async def _after(self, uow: UnitOfWork, tag: Tag, verb: str) -> None:
        self.error = self.error_id = ""
        await self._reload()
        page = await self.get_state(ListState)
        await page._reload()
        if uow.events:
            toasts = await self.get_state(ToastState)
            toasts._say(f"{verb} #{tag.name}", undo_id=uow.command_id)

    async def _reload(self) -> None:
        async with self._read() as uow:
            counts = await uow.tags.task_counts()
            self.managed = [
                ManagedTag(str(tag.id), tag.name, tag.color, counts.get(tag.id, 0))
                for tag in await uow.tags.all()
            ]
