"""Emptying the trash: whole, however full it is, in transactions that others need not wait long for."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col
from uuid6 import uuid7

from tests.services.conftest import Clock, Someone
from todo_app.db.models import OutboxEvent
from todo_app.domain.views import ListName
from todo_app.services import tasks, undo
from todo_app.services.tasks import AddTask, EmptyTrash


@pytest.fixture(autouse=True)
def batches_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "SELECTION_MAX", 3)


def now(clock: Clock) -> EmptyTrash:
    """The command, given now."""
    return EmptyTrash(clock(), uuid7())


async def discard(someone: Someone, title: str, *, parent_id: UUID | None = None) -> UUID:
    task = await someone.does(lambda uow: tasks.add(uow, AddTask(title, parent_id=parent_id)))
    if parent_id is None:
        await someone.does(lambda uow: tasks.delete(uow, [task.id]))
    return task.id


async def empty(someone: Someone, command: EmptyTrash) -> list[int]:
    """How many went with each transaction."""
    removed = []
    while batch := await someone.does(lambda uow: tasks.empty_trash(uow, command)):
        removed.append(batch)
    return removed


async def test_takes_a_few_at_a_time_until_nothing_is_left(ada: Someone, clock: Clock) -> None:
    for number in range(8):
        await discard(ada, f"Task {number}")

    assert await empty(ada, now(clock)) == [3, 3, 2]

    assert await ada.sees(ListName.TRASH) == []
    assert await ada.counts() == {}


async def test_counts_a_subtask_once_though_it_goes_with_its_parent(ada: Someone, clock: Clock) -> None:
    parent = await ada.does(lambda uow: tasks.add(uow, AddTask("Move house")))
    for number in range(5):
        await discard(ada, f"Step {number}", parent_id=parent.id)
    await ada.does(lambda uow: tasks.delete(uow, [parent.id]))

    assert sum(await empty(ada, now(clock))) == 6


async def test_each_transaction_has_the_events_of_its_tasks_and_all_share_the_command(
    ada: Someone, clock: Clock
) -> None:
    task_ids = {await discard(ada, f"Task {number}") for number in range(7)}
    command = now(clock)

    await empty(ada, command)

    async with ada.application.work.read() as uow:
        query = select(OutboxEvent).where(col(OutboxEvent.command_id) == command.command_id)
        events = (await uow.session.scalars(query)).all()
    assert {event.aggregate_id for event in events} == task_ids
    assert sorted(Counter(event.occurred_at for event in events).values()) == [1, 3, 3]


async def test_one_undo_brings_all_of_it_back(ada: Someone, clock: Clock) -> None:
    for number in range(7):
        await discard(ada, f"Task {number}")
    before = await ada.sees(ListName.TRASH)
    command = now(clock)
    await empty(ada, command)

    await ada.does(lambda uow: undo.undo(uow, command.command_id))

    assert await ada.sees(ListName.TRASH) == before


async def test_what_is_thrown_away_meanwhile_stays(ada: Someone, clock: Clock) -> None:
    await discard(ada, "Old")
    command = now(clock)
    await discard(ada, "Young")

    await empty(ada, command)

    assert await ada.sees(ListName.TRASH) == ["Young"]


async def test_an_undo_in_between_ends_it(ada: Someone, clock: Clock) -> None:
    for number in range(7):
        await discard(ada, f"Task {number}")
    command = now(clock)
    await ada.does(lambda uow: tasks.empty_trash(uow, command))
    await ada.does(lambda uow: undo.undo(uow, command.command_id))

    assert await empty(ada, command) == []

    assert len(await ada.sees(ListName.TRASH)) == 7


async def test_the_trash_of_others_is_left_alone(ada: Someone, ben: Someone, clock: Clock) -> None:
    await discard(ada, "Hers")

    assert await empty(ben, now(clock)) == []

    assert await ada.sees(ListName.TRASH) == ["Hers"]
