"""Hundreds of random commands, refused ones among them: what is kept besides the tasks stays true."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from tests.services.conftest import Someone
from todo_app.db.models import OutboxEvent, SavedFilter, Task, TaskSearch
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import DomainError
from todo_app.domain.task import Due, Priority
from todo_app.services import filters, projects, tags, tasks, undo
from todo_app.services.task_fields import TaskPatch, due_data
from todo_app.services.tasks import AddTask, EditTasks, MoveTask

COMMANDS = 300


class RandomLife:
    """Makes up commands on ids that it has seen, some of which are gone by now."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.tasks: list[UUID] = [uuid4()]
        self.tags: list[UUID] = [uuid4()]
        self.projects: list[UUID] = [uuid4()]
        self.filters: list[UUID] = [uuid4()]
        self.commands: list[UUID] = [uuid4()]

    def command(self) -> Callable[[UnitOfWork], Awaitable[object]]:
        pick, some = self._chance.choice, self._some
        day = date(2026, 11, self._chance.randint(1, 30))
        patch = TaskPatch.model_validate(
            pick(
                [
                    {"title": f"task {self._chance.random()}"},
                    {"priority": pick([*Priority, None])},
                    {"due": pick([None, due_data(Due(day))])},
                    {"project_id": pick([None, pick(self.projects)])},
                ]
            )
        )
        return pick(
            [
                self._add,
                self._add,
                self._add,
                lambda uow: tasks.edit(uow, EditTasks(some(self.tasks), patch)),
                lambda uow: tasks.edit(
                    uow, EditTasks(some(self.tasks), TaskPatch(), add_tag_ids=frozenset(some(self.tags)))
                ),
                lambda uow: tasks.complete(uow, some(self.tasks)),
                lambda uow: tasks.reopen(uow, some(self.tasks)),
                lambda uow: tasks.delete(uow, some(self.tasks)),
                lambda uow: tasks.restore(uow, some(self.tasks)),
                lambda uow: tasks.purge(uow, some(self.tasks)),
                lambda uow: tasks.move(uow, MoveTask(pick(self.tasks), pick(self.tasks), None)),
                self._create_tag,
                lambda uow: tags.merge(uow, pick(self.tags), pick(self.tags)),
                lambda uow: tags.delete(uow, pick(self.tags)),
                self._create_project,
                lambda uow: projects.delete(uow, pick(self.projects)),
                self._create_filter,
                lambda uow: filters.edit(uow, pick(self.filters), query=pick(["p1", "#a", "+b"])),
                lambda uow: filters.move(uow, pick(self.filters), after_id=pick([None, *self.filters])),
                lambda uow: filters.delete(uow, pick(self.filters)),
                lambda uow: tags.rename(uow, pick(self.tags), pick(["a", "b", "c"])),
                lambda uow: projects.rename(uow, pick(self.projects), pick(["a", "b", "c"])),
                lambda uow: undo.undo(uow, pick(self.commands[-12:])),
                lambda uow: undo.undo(uow, pick(self.commands[-4:])),
            ]
        )

    def _some(self, ids: list[UUID]) -> list[UUID]:
        return self._chance.sample(ids, min(len(ids), self._chance.randint(1, 3)))

    async def _add(self, uow: UnitOfWork) -> None:
        parent = self._chance.choice([None, None, self._chance.choice(self.tasks)])
        task = await tasks.add(
            uow,
            AddTask(
                "New",
                parent_id=parent,
                project_id=self._chance.choice([None, self._chance.choice(self.projects)]),
                tag_ids=frozenset(self._chance.choice([[], self._some(self.tags)])),
            ),
        )
        self.tasks.append(task.id)

    async def _create_tag(self, uow: UnitOfWork) -> None:
        self.tags.append((await tags.create(uow, f"tag {self._chance.random()}")).id)

    async def _create_project(self, uow: UnitOfWork) -> None:
        self.projects.append((await projects.create(uow, f"project {self._chance.random()}")).id)

    async def _create_filter(self, uow: UnitOfWork) -> None:
        query = self._chance.choice(["#a & +b", "#b | !#c", "+a"])
        self.filters.append((await filters.create(uow, f"filter {self._chance.random()}", query)).id)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_whatever_happens_counts_events_and_index_agree_with_the_tasks(ada: Someone, seed: int) -> None:
    life, done = RandomLife(seed), 0
    for _ in range(COMMANDS):
        try:
            await ada.does(life.command())
        except DomainError:
            continue
        done += 1
        assert ada.last_command is not None
        life.commands.append(ada.last_command)
    assert done > COMMANDS / 4
    await ada.counts()
    async with ada.application.work.read(ada.identity) as uow:
        versions = dict((await uow.session.execute(select(col(Task.id), col(Task.version)))).all())
        saved = dict((await uow.session.execute(select(col(SavedFilter.id), col(SavedFilter.version)))).all())
        indexed = await uow.session.scalar(select(func.count()).select_from(TaskSearch))
        findable = set(
            await uow.session.scalars(select(col(TaskSearch.task_id)).where(col(TaskSearch.owner) != ""))
        )
        untrashed = set(await uow.session.scalars(select(col(Task.id)).where(col(Task.deleted_at).is_(None))))
        rows = await uow.session.execute(select(col(OutboxEvent.aggregate_id), col(OutboxEvent.seq)))
    sequences: dict[UUID, list[int]] = defaultdict(list)
    for aggregate_id, seq in rows:
        sequences[aggregate_id].append(seq)
    assert indexed == len(versions)
    assert findable == untrashed
    for each_id, version in (versions | saved).items():
        assert sorted(sequences[each_id]) == list(range(1, version + 1))
