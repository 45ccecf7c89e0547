"""The tags of one task or of the selected ones: which they have, putting them on, taking them off."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import reflex as rx

from state.handlers import Handlers, parse_id
from state.list import ListState
from todo_app.domain.errors import DomainError, Invalid
from todo_app.services import tags, tasks
from todo_app.services.task_fields import TaskPatch
from todo_app.services.tasks import EditTasks


class TagMenuState(Handlers, rx.State):
    """``checked`` are on all of the tasks, ``mixed`` on some of them."""

    checked: list[str] = []
    mixed: list[str] = []
    error: str = ""

    _task_ids: list[UUID] = []
    _target: str = ""

    @rx.event
    async def open(self, task_id: str) -> None:
        """Show the tags of a task, or of the selected ones."""
        page = await self.get_state(ListState)
        self._task_ids, self.checked, self.mixed = page._targets(task_id), [], []
        self._target = task_id
        await self._reload()

    @rx.event
    async def toggle(self, tag_id: str) -> None:
        """Put a tag on all the tasks, or take it off them when all have it."""
        tag = frozenset({parse_id(tag_id, what="tag")})
        is_on = tag_id in self.checked
        command = EditTasks(
            self._task_ids,
            TaskPatch(),
            add_tag_ids=frozenset() if is_on else tag,
            remove_tag_ids=tag if is_on else frozenset(),
            only_here=await self._only_here(),
        )
        try:
            async with self._write() as uow:
                done = await tasks.edit(uow, command)
        except Invalid as error:
            self.error = str(error)
            return
        await self._reload()
        page = await self.get_state(ListState)
        await page._after_tagging(uow, done, "Untagged" if is_on else "Tagged")

    @rx.event
    async def make(self, name: str) -> None:
        """Put the tag with this name on the tasks; it is created when there is none, as one change."""
        only_here = await self._only_here()
        try:
            async with self._write() as uow:
                tag_ids = await tags.ensure(uow, [str(name).removeprefix("#")])
                command = EditTasks(self._task_ids, TaskPatch(), add_tag_ids=tag_ids, only_here=only_here)
                done = await tasks.edit(uow, command)
        except DomainError as error:
            self.error = str(error)
            return
        await self._reload()
        page = await self.get_state(ListState)
        await page._after_tagging(uow, done, "Tagged")

    async def _only_here(self) -> bool:
        page = await self.get_state(ListState)
        return await page._only_here(self._target)

    async def _reload(self) -> None:
        self.error = ""
        async with self._read() as uow:
            found = await uow.tasks.many(self._task_ids)
            worn = Counter(tag_id for task in found for tag_id in uow.tasks.tag_ids(task))
        self.checked = sorted(str(tag_id) for tag_id, count in worn.items() if count == len(found))
        self.mixed = sorted(str(tag_id) for tag_id, count in worn.items() if count < len(found))
