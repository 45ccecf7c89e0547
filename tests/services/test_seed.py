"""Sample data is what people could have made: through the services, with its history and its events."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from sqlalchemy import func, select
from sqlmodel import col

from tests.fixtures.passwords import HASH
from tests.services.conftest import MONDAY, Someone
from todo_app.bootstrap import Application
from todo_app.db.models import OutboxEvent, Task, User
from todo_app.db.repositories.accounts import identity_of
from todo_app.domain.views import ListName, View
from todo_app.services import accounts, lists, projects, seed, undo

NOW = MONDAY
TODAY = NOW.date()


async def _seeded(application: Application, count: int) -> User:
    async with application.work.write() as uow:
        user = await accounts.create(uow, "seed@example.org", HASH, "Europe/Berlin", is_operator=False)
    async for _ in seed.seed(application.engine, identity_of(user), count=count, now=NOW):
        pass
    return user


def _as_told(count: int, number: int, today: dt.date) -> list[tuple[object, ...]]:
    plans = seed.plan_life(count, today=today, number=number)
    return [(p.title, p.description, p.priority, p.due, p.tags, p.created, p.completed) for p in plans]


def test_the_same_number_and_day_make_the_same_life():
    assert _as_told(300, 1, TODAY) == _as_told(300, 1, TODAY)
    assert _as_told(300, 1, TODAY) != _as_told(300, 2, TODAY)
    assert _as_told(300, 1, TODAY) != _as_told(300, 1, TODAY + dt.timedelta(days=1))


def test_nothing_is_completed_before_it_was_added_and_nobody_is_left_waiting():
    for plan in seed.plan_life(3000, today=TODAY, number=1):
        assert plan.completed is None or plan.completed <= plan.created
        assert plan.deleted is None or plan.deleted <= plan.created
        assert "{" not in plan.title + plan.description + plan.area.project


async def test_there_are_as_many_tasks_as_asked_for_in_every_list(application: Application):
    user = await _seeded(application, 400)

    async with application.work.read(identity_of(user)) as uow:
        assert await uow.session.scalar(select(func.count()).select_from(Task)) == 400
        for name in (ListName.TODAY, ListName.UPCOMING, ListName.INBOX, ListName.COMPLETED, ListName.TRASH):
            assert (await lists.window(uow, View.of(name))).tasks, name


async def test_counts_search_and_events_are_those_of_the_tasks(application: Application):
    user = await _seeded(application, 400)

    async with application.work.read(identity_of(user)) as uow:
        assert await uow.tasks.counts.wrong() == set()
        assert await uow.search.task_ids("call")
        tasks = (await uow.session.scalars(select(Task))).all()
        events = (await uow.session.scalars(select(OutboxEvent))).all()
    of_aggregate = Counter(event.aggregate_id for event in events)
    assert all(of_aggregate[task.id] == task.version for task in tasks)
    assert {event.published_at for event in events} == {None}


async def test_the_history_lies_in_the_past(application: Application):
    user = await _seeded(application, 200)

    async with application.work.read(identity_of(user)) as uow:
        newest = await uow.session.scalar(
            select(func.max(col(OutboxEvent.occurred_at))).where(col(OutboxEvent.type) != "account.updated")
        )
        oldest = await uow.session.scalar(select(func.min(col(Task.created_at))))
    assert newest is not None
    assert newest <= NOW
    assert oldest is not None
    assert oldest < NOW - dt.timedelta(days=90)


async def test_first_steps_show_today_and_go_with_one_deletion(ada: Someone):
    await ada.does(seed.welcome)
    assert len(await ada.sees(ListName.TODAY)) == 3

    async def delete_all(uow):
        (project,) = await uow.projects.all()
        await projects.delete(uow, project.id)

    await ada.does(delete_all)

    assert await ada.counts() == {"trash": 7}


async def test_first_steps_can_be_undone_as_one(ada: Someone):
    await ada.does(seed.welcome)

    await ada.does(lambda uow: undo.undo(uow, ada.last_command))

    assert await ada.sees(ListName.ALL) == []
