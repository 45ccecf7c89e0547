"""Undo: whatever a command did is taken back, and what was taken back can be done again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest

from tests.services.conftest import Clock, Someone
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Conflict, Invalid, NotFound
from todo_app.domain.task import Due, Priority
from todo_app.domain.views import ListName, View
from todo_app.services import filters, projects, tags, tasks, undo
from todo_app.services.task_fields import TaskPatch, due_data
from todo_app.services.tasks import AddTask, EditTasks, MoveTask


class Life:
    """Tasks, tags and a project to do things to."""

    def __init__(self, someone: Someone) -> None:
        self.someone = someone

    async def begin(self) -> Life:
        project = await self.someone.does(lambda uow: projects.create(uow, "Flat"))
        home = await self.someone.does(lambda uow: tags.create(uow, "home"))
        work = await self.someone.does(lambda uow: tags.create(uow, "work"))
        self.project, self.home, self.work = project.id, home.id, work.id
        saved = await self.someone.does(lambda uow: filters.create(uow, "Urgent at home", "#home & p1"))
        other = await self.someone.does(lambda uow: filters.create(uow, "The flat", "+Flat | #work"))
        self.filter, self.other_filter = saved.id, other.id
        self.task = await self._add("Pay rent", project_id=project.id, tag_ids=frozenset({home.id}))
        self.subtask = await self._add("Find the IBAN", parent_id=self.task)
        self.other = await self._add("Buy milk", tag_ids=frozenset({home.id, work.id}))
        self.done = await self._add("Call Ben")
        await self.someone.does(lambda uow: tasks.complete(uow, [self.done]))
        self.trashed = await self._add("Old idea")
        await self.someone.does(lambda uow: tasks.delete(uow, [self.trashed]))
        return self

    async def _add(self, title: str, **fields):
        return (await self.someone.does(lambda uow: tasks.add(uow, AddTask(title, **fields)))).id

    async def snapshot(self) -> dict[str, object]:
        """Everything the person can see, without versions."""
        seen: dict[str, object] = {"counts": await self.someone.counts()}
        async with self.someone.application.work.read(self.someone.identity) as uow:
            seen["tags"] = [(tag.name, tag.color) for tag in await uow.tags.all()]
            seen["filters"] = [(saved.name, saved.query) for saved in await uow.filters.all()]
            seen["projects"] = [project.name for project in await uow.projects.all()]
        for name in (ListName.ALL, ListName.COMPLETED, ListName.TRASH):
            window = await self.someone.window(View.of(name))
            seen[name] = [
                (
                    task.title,
                    task.priority,
                    task.due,
                    task.project_id,
                    task.parent_id,
                    set(task.tag_ids),
                    task.subtasks,
                )
                for task in window.tasks
            ]
        return seen


Command = Callable[[Life], Callable[[UnitOfWork], Awaitable[object]]]

COMMANDS: dict[str, Command] = {
    "add": lambda life: lambda uow: tasks.add(uow, AddTask("New", tag_ids=frozenset({life.home}))),
    "edit": lambda life: (
        lambda uow: tasks.edit(
            uow,
            EditTasks(
                [life.task, life.other],
                TaskPatch(
                    title="Same",
                    priority=Priority.HIGH,
                    due=due_data(Due(date(2026, 12, 1))),
                    project_id=None,
                ),
            ),
        )
    ),
    "tag": lambda life: (
        lambda uow: tasks.edit(
            uow,
            EditTasks(
                [life.task],
                TaskPatch(),
                add_tag_ids=frozenset({life.work}),
                remove_tag_ids=frozenset({life.home}),
            ),
        )
    ),
    "move": lambda life: lambda uow: tasks.move(uow, MoveTask(life.other, None, life.task)),
    "complete": lambda life: lambda uow: tasks.complete(uow, [life.task]),
    "reopen": lambda life: lambda uow: tasks.reopen(uow, [life.done]),
    "delete": lambda life: lambda uow: tasks.delete(uow, [life.task, life.other]),
    "restore": lambda life: lambda uow: tasks.restore(uow, [life.trashed]),
    "purge": lambda life: lambda uow: tasks.purge(uow, [life.trashed]),
    "create project": lambda life: lambda uow: projects.create(uow, "Garden"),
    "rename project": lambda life: lambda uow: projects.rename(uow, life.project, "House"),
    "delete project": lambda life: lambda uow: projects.delete(uow, life.project),
    "create tag": lambda life: lambda uow: tags.create(uow, "new"),
    "rename tag": lambda life: lambda uow: tags.rename(uow, life.home, "house"),
    "recolor tag": lambda life: lambda uow: tags.recolor(uow, life.home, "pink"),
    "merge tag": lambda life: lambda uow: tags.merge(uow, life.home, life.work),
    "delete tag": lambda life: lambda uow: tags.delete(uow, life.home),
    "create filter": lambda life: lambda uow: filters.create(uow, "High", "p1"),
    "edit filter": lambda life: lambda uow: filters.edit(uow, life.filter, name="Home", query="#home"),
    "move filter": lambda life: lambda uow: filters.move(uow, life.filter, after_id=life.other_filter),
    "delete filter": lambda life: lambda uow: filters.delete(uow, life.filter),
}


@pytest.fixture
async def life(ada: Someone) -> Life:
    return await Life(ada).begin()


@pytest.mark.parametrize("name", COMMANDS)
async def test_every_command_is_undone_and_done_again(life: Life, ada: Someone, name: str) -> None:
    before = await life.snapshot()
    await ada.does(COMMANDS[name](life))
    command, after = ada.last_command, await life.snapshot()
    if name != "move":
        assert after != before
    assert command is not None
    await ada.does(lambda uow: undo.undo(uow, command))
    undone = ada.last_command
    assert undone is not None
    trash_of_undo = {"add"}  # what was added goes to the trash, so that nothing is ever lost
    if name not in trash_of_undo:
        assert await life.snapshot() == before
    await ada.does(lambda uow: undo.undo(uow, undone))
    assert await life.snapshot() == after


async def test_a_command_is_undone_once(life: Life, ada: Someone) -> None:
    await ada.does(lambda uow: tasks.complete(uow, [life.task]))
    command = ada.last_command
    assert command is not None
    await ada.does(lambda uow: undo.undo(uow, command))
    with pytest.raises(Invalid, match="already"):
        await ada.does(lambda uow: undo.undo(uow, command))


async def test_what_was_changed_again_since_is_a_conflict(life: Life, ada: Someone) -> None:
    await ada.does(lambda uow: tasks.edit(uow, EditTasks([life.task], TaskPatch(title="One"))))
    command = ada.last_command
    await ada.does(lambda uow: tasks.edit(uow, EditTasks([life.task], TaskPatch(title="Two"))))
    assert command is not None
    with pytest.raises(Conflict):
        await ada.does(lambda uow: undo.undo(uow, command))


async def test_after_a_day_it_is_too_late(life: Life, ada: Someone, clock: Clock) -> None:
    await ada.does(lambda uow: tasks.complete(uow, [life.task]))
    command = ada.last_command
    clock.now += timedelta(hours=25)
    assert command is not None
    with pytest.raises(Invalid, match="day ago"):
        await ada.does(lambda uow: undo.undo(uow, command))


async def test_nobody_undoes_another_person_s_command(life: Life, ada: Someone, ben: Someone) -> None:
    await ada.does(lambda uow: tasks.complete(uow, [life.task]))
    command = ada.last_command
    assert command is not None
    with pytest.raises(NotFound):
        await ben.does(lambda uow: undo.undo(uow, command))
