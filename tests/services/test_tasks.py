"""Tasks: adding, editing, completing, deleting, restoring, purging, reordering."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest

from tests.services.conftest import Someone
from todo_app.db.models import Task
from todo_app.domain.errors import Conflict, Invalid, NotFound
from todo_app.domain.task import Due, Priority
from todo_app.domain.views import ListName, Sort, View
from todo_app.services import lists, projects, tags, tasks
from todo_app.services.task_fields import TaskPatch, due_data
from todo_app.services.task_tree import DEPTH_MAX
from todo_app.services.tasks import AddTask, EditTasks, MoveTask

TODAY = date(2026, 11, 23)


async def add(someone: Someone, title: str, **fields: object) -> Task:
    return await someone.does(lambda uow: tasks.add(uow, AddTask(title, **fields)))  # type: ignore[arg-type]


async def edit(someone: Someone, *task_ids: UUID, base: TaskPatch | None = None, **values: object) -> None:
    command = EditTasks(list(task_ids), TaskPatch.model_validate(values), base)
    await someone.does(lambda uow: tasks.edit(uow, command))


async def test_a_new_task_stands_in_the_inbox(ada: Someone) -> None:
    await add(ada, "  Buy\tmilk ")
    assert await ada.sees(ListName.INBOX) == ["Buy milk"]
    assert await ada.counts() == {"inbox": 1, "all": 1}


async def test_its_event_is_committed_with_it(ada: Someone) -> None:
    task = await add(ada, "Buy milk", priority=Priority.HIGH)
    async with ada.application.work.read(ada.identity) as uow:
        assert ada.last_command is not None
        (event,), _ = await uow.activity.of_command(ada.last_command)
    assert (event.type, event.aggregate_id, event.seq) == ("task.created", task.id, 1)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("", "title"),
        (" \n\t ", "title"),
        ("x" * 10_000, "10,000"),
        ("a\x00b", "control"),
        ("a\ud800b", "control"),
    ],
)
async def test_a_title_that_can_t_be_is_refused_with_a_reason(ada: Someone, title: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason) as refusal:
        await add(ada, title)
    assert refusal.value.field == "title"
    assert await ada.sees(ListName.ALL) == []


@pytest.mark.parametrize(
    "title", ["שלום עולם", "👩‍👩‍👧‍👦 Familie 🇩🇪", "'; DROP TABLE tasks; --", "<script>alert(1)</script>"]
)
async def test_any_writing_is_kept_as_it_is(ada: Someone, title: str) -> None:
    await add(ada, title)
    assert await ada.sees(ListName.ALL) == [title]


@pytest.mark.parametrize(
    ("due", "field"),
    [
        (Due(date(9999, 1, 1)), "due"),
        (Due(date(1, 1, 1)), "due"),
        (Due(TODAY, time(9), "Mars/Olympus"), "timezone"),
        (Due(TODAY, time(9), "../../etc/passwd"), "timezone"),
        (Due(TODAY, None, "Europe/Berlin"), "due"),
    ],
)
async def test_a_due_date_that_can_t_be_is_refused(ada: Someone, due: Due, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await add(ada, "Buy milk", due=due)
    assert refusal.value.field == field


async def test_all_kinds_of_due_dates_sort_by_the_clock_of_the_user(ada: Someone) -> None:
    await add(ada, "all day", due=Due(TODAY))
    await add(ada, "noon here", due=Due(TODAY, time(12)))
    await add(ada, "noon in Tokyo", due=Due(TODAY, time(12), "Asia/Tokyo"))
    await add(ada, "no date")
    assert await ada.sees(ListName.TODAY) == ["noon in Tokyo", "noon here", "all day"]
    assert await ada.sees(ListName.ALL) == ["noon in Tokyo", "noon here", "all day", "no date"]


async def test_an_edit_changes_only_what_it_names(ada: Someone) -> None:
    task = await add(ada, "Buy milk", description="two litres", priority=Priority.LOW)
    await edit(ada, task.id, title="Buy oat milk")
    async with ada.application.work.read(ada.identity) as uow:
        stored = await uow.tasks.get(task.id)
    assert (stored.title, stored.description, stored.priority, stored.version) == (
        "Buy oat milk",
        "two litres",
        Priority.LOW,
        2,
    )


async def test_an_edit_that_changes_nothing_leaves_no_event(ada: Someone) -> None:
    task = await add(ada, "Buy milk")
    await edit(ada, task.id, title="Buy milk", priority=None)
    async with ada.application.work.read(ada.identity) as uow:
        assert ada.last_command is not None
        assert await uow.activity.of_command(ada.last_command) == ([], False)


async def test_two_people_s_edits_of_one_field_are_a_conflict_with_both_values(ada: Someone) -> None:
    task = await add(ada, "Draft")
    seen = TaskPatch(title="Draft")
    await edit(ada, task.id, title="First", base=seen)
    with pytest.raises(Conflict) as conflict:
        await edit(ada, task.id, title="Second", base=seen)
    assert (conflict.value.theirs, conflict.value.mine) == ("First", "Second")


async def test_edits_of_different_fields_do_not_disturb_each_other(ada: Someone) -> None:
    task = await add(ada, "Draft")
    await edit(ada, task.id, title="Final", base=TaskPatch(title="Draft"))
    await edit(ada, task.id, description="Text", base=TaskPatch(description=""))
    assert await ada.sees(ListName.ALL) == ["Final"]


async def test_completing_takes_the_subtasks_along_and_twice_is_once(ada: Someone) -> None:
    parent = await add(ada, "Move house")
    await add(ada, "Pack", parent_id=parent.id)
    for _ in range(2):
        await ada.does(lambda uow: tasks.complete(uow, [parent.id]))
    assert await ada.sees(ListName.ALL) == []
    assert set(await ada.sees(ListName.COMPLETED)) == {"Move house", "Pack"}
    assert await ada.counts() == {"completed": 2}


async def test_what_was_deleted_together_comes_back_together(ada: Someone) -> None:
    parent = await add(ada, "Move house")
    pack = await add(ada, "Pack", parent_id=parent.id)
    paint = await add(ada, "Paint", parent_id=parent.id)
    await ada.does(lambda uow: tasks.delete(uow, [paint.id]))
    await ada.does(lambda uow: tasks.delete(uow, [parent.id]))
    assert await ada.counts() == {"trash": 3}
    await ada.does(lambda uow: tasks.restore(uow, [parent.id]))
    assert await ada.sees(ListName.TRASH) == ["Paint"]
    async with ada.application.work.read(ada.identity) as uow:
        assert [task.id for task in await uow.lists.subtasks(parent.id)] == [pack.id]


async def test_a_subtask_whose_parent_is_gone_comes_back_on_its_own(ada: Someone) -> None:
    parent = await add(ada, "Move house")
    pack = await add(ada, "Pack", parent_id=parent.id)
    await ada.does(lambda uow: tasks.delete(uow, [parent.id]))
    await ada.does(lambda uow: tasks.restore(uow, [pack.id]))
    assert await ada.sees(ListName.INBOX) == ["Pack"]


async def test_only_what_lies_in_the_trash_can_be_purged(ada: Someone) -> None:
    task = await add(ada, "Buy milk")
    with pytest.raises(Invalid):
        await ada.does(lambda uow: tasks.purge(uow, [task.id]))
    await ada.does(lambda uow: tasks.delete(uow, [task.id]))
    await ada.does(lambda uow: tasks.purge(uow, [task.id]))
    assert await ada.sees(ListName.TRASH) == []
    with pytest.raises(NotFound):
        await ada.does(lambda uow: tasks.restore(uow, [task.id]))


async def test_subtasks_can_be_nested_but_not_without_end(ada: Someone) -> None:
    task = await add(ada, "1")
    for depth in range(2, DEPTH_MAX + 1):
        task = await add(ada, str(depth), parent_id=task.id)
    with pytest.raises(Invalid):
        await add(ada, "too deep", parent_id=task.id)


async def test_a_task_moves_between_two_others_and_the_order_lasts(ada: Someone) -> None:
    ids = [(await add(ada, title)).id for title in "abcd"]
    by_hand = View.of(ListName.ALL).sorted_by(Sort.MANUAL, descending=False)
    await ada.does(lambda uow: tasks.move(uow, MoveTask(ids[3], after_id=ids[0], before_id=ids[1])))
    assert "".join(task.title for task in (await ada.window(by_hand)).tasks) == "adbc"
    await ada.does(lambda uow: tasks.move(uow, MoveTask(ids[2], after_id=None, before_id=ids[0])))
    assert "".join(task.title for task in (await ada.window(by_hand)).tasks) == "cadb"


async def test_several_tasks_change_in_one_command_or_none_does(ada: Someone) -> None:
    ids = [(await add(ada, title)).id for title in ("a", "b", "c")]
    await edit(ada, *ids, due=due_data(Due(TODAY)))
    assert len(await ada.sees(ListName.TODAY)) == 3
    with pytest.raises(NotFound):
        await edit(ada, *ids, uuid4(), priority="high")
    assert all(task.priority is None for task in (await ada.window(View.of(ListName.ALL))).tasks)


@pytest.mark.parametrize("count", [0, tasks.SELECTION_MAX + 1])
async def test_a_selection_is_neither_empty_nor_endless(ada: Someone, count: int) -> None:
    with pytest.raises(Invalid):
        await ada.does(lambda uow: tasks.complete(uow, [uuid4() for _ in range(count)]))


async def test_nobody_reaches_another_person_s_task(ada: Someone, ben: Someone) -> None:
    task = await add(ada, "Secret")
    project = await ada.does(lambda uow: projects.create(uow, "Plans"))
    tag = await ada.does(lambda uow: tags.create(uow, "private"))
    attempts = [
        lambda uow: tasks.complete(uow, [task.id]),
        lambda uow: tasks.delete(uow, [task.id]),
        lambda uow: tasks.edit(uow, EditTasks([task.id], TaskPatch(title="Mine"))),
        lambda uow: tasks.add(uow, AddTask("x", parent_id=task.id)),
        lambda uow: tasks.add(uow, AddTask("x", project_id=project.id)),
        lambda uow: tasks.add(uow, AddTask("x", tag_ids=frozenset({tag.id}))),
        lambda uow: tasks.move(uow, MoveTask(task.id, None, None)),
        lambda uow: tags.rename(uow, tag.id, "mine"),
        lambda uow: projects.delete(uow, project.id),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            await ben.does(attempt)
    assert await ada.sees(ListName.ALL) == ["Secret"]
    assert await ben.sees(ListName.ALL) == []


async def test_moving_to_another_zone_keeps_floating_clocks_and_zoned_instants(ada: Someone) -> None:
    from todo_app.services import accounts

    await add(ada, "floating", due=Due(TODAY, time(9)))
    zoned = await add(ada, "zoned", due=Due(TODAY, time(9), "Europe/Berlin"))
    await ada.does(lambda uow: accounts.change_timezone(uow, "America/New_York"))
    async with ada.application.work.read(ada.identity) as uow:
        after = {task.title: task for task in (await lists.window(uow, View.of(ListName.ALL))).tasks}
    assert after["zoned"].due_at == zoned.due_at
    assert zoned.due_at is not None
    assert after["floating"].due_at == zoned.due_at + timedelta(hours=6)
