"""Lists: what each shows, in every order, filtered, window by window."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from tests.services.conftest import Clock, Someone
from todo_app.db.repositories.task_lists import TaskSummary
from todo_app.domain.errors import Invalid
from todo_app.domain.task import Due, Priority, Status
from todo_app.domain.views import (
    CHOSEN_SORTS,
    DueRange,
    Filters,
    ListName,
    Sort,
    TagMatch,
    View,
    view_from_url,
)
from todo_app.services import lists, projects, tags, tasks
from todo_app.services.tasks import AddTask

TODAY = date(2026, 11, 23)
PRIORITIES = [Priority.HIGH, Priority.MEDIUM, Priority.LOW, None]


@pytest.fixture
async def tag_ids(ada: Someone) -> list[UUID]:
    return [
        (await ada.does(lambda uow, name=name: tags.create(uow, name))).id
        for name in ("home", "work", "errand")
    ]


@pytest.fixture
async def life(ada: Someone, tag_ids: list[UUID]) -> list[TaskSummary]:
    """Sixty tasks of all kinds, in the order they were added."""
    chance = random.Random(7)
    project = await ada.does(lambda uow: projects.create(uow, "Flat"))

    async def add_all(uow):
        for number in range(60):
            day = TODAY + timedelta(days=chance.randint(-5, 5))
            due = chance.choice([None, Due(day), Due(day, time(chance.randint(0, 23)))])
            await tasks.add(
                uow,
                AddTask(
                    chance.choice(["Äpfel", "apple", "Banane", "zebra", "Éclair", "eclair"])
                    + f" {number % 7}",
                    priority=chance.choice(PRIORITIES),
                    due=due,
                    project_id=chance.choice([None, project.id]),
                    tag_ids=frozenset(chance.sample(tag_ids, chance.randint(0, 3))),
                ),
            )

    await ada.does(add_all)
    return list((await ada.window(View.of(ListName.ALL).sorted_by(Sort.CREATED, descending=False))).tasks)


async def walk(ada: Someone, view: View, *, limit: int) -> list[TaskSummary]:
    """All tasks of a view, window by window; each starts with the last task of the one before."""
    found: list[TaskSummary] = []
    start = None
    while True:
        window = await ada.window(view, start=start, limit=limit)
        fresh = [task for task in window.tasks if task.id not in {each.id for each in found[-1:]}]
        found += fresh
        assert window.more_before is (start is not None)
        if not window.more_after:
            return found
        start = window.tasks[-1].cursor


@pytest.mark.parametrize("sort", CHOSEN_SORTS)
@pytest.mark.parametrize("descending", [False, True])
async def test_paging_shows_every_task_once_in_order(
    ada: Someone, life: list[TaskSummary], sort: Sort, descending: bool
) -> None:
    view = View.of(ListName.ALL).sorted_by(sort, descending=descending)
    whole = list((await ada.window(view)).tasks)
    assert [task.id for task in await walk(ada, view, limit=8)] == [task.id for task in whole]
    assert {task.id for task in whole} == {task.id for task in life}
    backwards = list((await ada.window(replace(view, descending=not descending))).tasks)
    assert [task.id for task in backwards] == [task.id for task in reversed(whole)]


async def test_orders_are_what_people_expect(ada: Someone, life: list[TaskSummary]) -> None:
    async def order(sort: Sort) -> list[TaskSummary]:
        return list((await ada.window(View.of(ListName.ALL).sorted_by(sort, descending=False))).tasks)

    assert [PRIORITIES.index(task.priority) for task in await order(Sort.PRIORITY)] == sorted(
        PRIORITIES.index(task.priority) for task in life
    )
    titles = [task.title.casefold().replace("ä", "a").replace("é", "e") for task in await order(Sort.TITLE)]
    assert titles == sorted(titles)
    assert [task.id for task in await order(Sort.MANUAL)] == [task.id for task in life]
    days = [task.due.date if task.due else date.max for task in await order(Sort.DUE)]
    assert days == sorted(days)


async def test_going_back_a_page_and_forth_again_ends_where_it_began(
    ada: Someone, life: list[TaskSummary]
) -> None:
    view = View.of(ListName.ALL)
    whole = (await ada.window(view)).tasks
    async with ada.application.work.read(ada.identity) as uow:
        start = await lists.start_of_previous(uow, view, start=whole[40].cursor, rows=25)
        at_top = await lists.start_of_previous(uow, view, start=whole[10].cursor, rows=25)
    assert start == whole[15].cursor
    assert at_top is None


def passes(task: TaskSummary, filters: Filters) -> bool:
    """The filters as a person would read them."""
    borne = set(task.tag_ids) & filters.tag_ids
    tag_rules = {TagMatch.ANY: bool(borne), TagMatch.ALL: borne == filters.tag_ids, TagMatch.NONE: not borne}
    day = task.due.date if task.due else None
    first, last = filters.due_days(TODAY)
    return all(
        (
            not filters.priorities or task.priority in filters.priorities,
            not filters.tag_ids or tag_rules[filters.tag_match],
            filters.due is not DueRange.NONE or day is None,
            first is None or (day is not None and day >= first),
            last is None or (day is not None and day <= last),
        )
    )


async def test_filters_combine_and_agree_with_a_plain_reading(
    ada: Someone, life: list[TaskSummary], tag_ids: list[UUID]
) -> None:
    chance = random.Random(11)
    for _ in range(60):
        due = chance.choice([(None, None), (TODAY, None), (None, TODAY), (TODAY, TODAY + timedelta(2))])
        filters = Filters(
            priorities=frozenset(chance.sample(PRIORITIES, chance.randint(0, 2))),
            tag_ids=frozenset(chance.sample(tag_ids, chance.randint(0, 2))),
            tag_match=chance.choice(list(TagMatch)),
            due_after=due[0],
            due_before=due[1],
            due=chance.choice([*DueRange, None]) if due == (None, None) else None,
        )
        found = (await ada.window(View.of(ListName.ALL).filtered(filters))).tasks
        assert {task.id for task in found} == {task.id for task in life if passes(task, filters)}, filters


async def test_a_bookmark_of_a_named_range_stays_true(ada: Someone, clock: Clock) -> None:
    for days in (-1, 0, 1, 6, 7):
        due = Due(TODAY + timedelta(days))
        await ada.does(lambda uow, due=due: tasks.add(uow, AddTask(f"{due.date:%a %d}", due=due)))

    async def shows(address: str) -> list[str]:
        window = await ada.window(view_from_url(*address.split("?")))
        return [task.title for task in window.tasks]

    assert await shows("/inbox?due=overdue") == ["Sun 22"]
    assert await shows("/inbox?due=today") == ["Mon 23"]
    assert await shows("/inbox?due=week") == ["Mon 23", "Tue 24", "Sun 29"]

    clock.now += timedelta(days=1)

    assert await shows("/inbox?due=overdue") == ["Sun 22", "Mon 23"]
    assert await shows("/inbox?due=today") == ["Tue 24"]
    assert await shows("/inbox?due=week") == ["Tue 24", "Sun 29", "Mon 30"]


async def test_which_day_it_is_depends_on_where_one_lives(ada: Someone, ben: Someone, clock: Clock) -> None:
    view = view_from_url("/inbox", "due=today")
    for someone in (ada, ben):
        await someone.does(lambda uow: tasks.add(uow, AddTask("Monday", due=Due(TODAY))))
    clock.now = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # Tuesday in Tokyo, Monday still in Berlin

    assert len((await ada.window(view)).tasks) == 1
    assert (await ben.window(view)).tasks == ()


async def test_a_project_shows_its_completed_tasks_when_asked(ada: Someone) -> None:
    project = await ada.does(lambda uow: projects.create(uow, "Flat"))
    task = await ada.does(lambda uow: tasks.add(uow, AddTask("Paint", project_id=project.id)))
    await ada.does(lambda uow: tasks.complete(uow, [task.id]))
    view = View.of(ListName.PROJECT, project.id)
    assert (await ada.window(view)).tasks == ()
    assert len((await ada.window(view.filtered(Filters(status=Status.COMPLETED)))).tasks) == 1


@pytest.mark.parametrize("cursor", ["", "nonsense", "WyJ4Il0", "W10", "eyJhIjoxfQ", "é"])
async def test_a_cursor_from_nowhere_is_refused(ada: Someone, cursor: str) -> None:
    with pytest.raises(Invalid):
        await ada.window(View.of(ListName.ALL), start=cursor)


async def test_a_row_tells_what_it_needs_to(ada: Someone, tag_ids: list[UUID]) -> None:
    parent = await ada.does(
        lambda uow: tasks.add(uow, AddTask("Move", description="**soon**", tag_ids=frozenset(tag_ids[:2])))
    )
    for title in ("Pack", "Paint"):
        child = await ada.does(lambda uow, title=title: tasks.add(uow, AddTask(title, parent_id=parent.id)))
    await ada.does(lambda uow: tasks.complete(uow, [child.id]))
    (row,) = (await ada.window(View.of(ListName.INBOX))).tasks
    assert (row.subtasks, row.subtasks_done, row.has_description, set(row.tag_ids)) == (
        2,
        1,
        True,
        set(tag_ids[:2]),
    )
