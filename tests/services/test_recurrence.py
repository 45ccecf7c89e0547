"""Tasks that repeat: closing one makes the next, once, and reopening takes it away again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from tests.fixtures.zones import everywhere
from tests.services.conftest import Clock, Someone
from todo_app.db.models import Task, TaskRecurrence
from todo_app.domain.errors import Invalid
from todo_app.domain.events import Event, RecurrenceData, ReminderData
from todo_app.domain.series import occurrence_id
from todo_app.domain.task import Due
from todo_app.domain.views import ListName, View
from todo_app.events.consumers import Consumer, process
from todo_app.services import tasks, undo
from todo_app.services.task_fields import TaskPatch, due_data
from todo_app.services.tasks import AddTask, EditTasks
from workers.recurrence import recurrence_consumer

DAILY = RecurrenceData(rule="FREQ=DAILY")
TODAY = date(2026, 11, 23)


class Series:
    """A person with tasks that repeat, and the worker that makes the next ones."""

    def __init__(self, someone: Someone, clock: Clock) -> None:
        self.someone = someone
        self.clock = clock
        self.worker: Consumer = recurrence_consumer()
        self.events: list[Event] = []
        someone.application.work.after_commit(self.events.extend)

    async def add(self, title: str = "Water the plants", **fields) -> UUID:
        fields.setdefault("recurrence", DAILY)
        return (await self.someone.does(lambda uow: tasks.add(uow, AddTask(title, **fields)))).id

    async def work(self) -> list[Event]:
        """Let the worker see what happened since the last time; what it made of that."""
        events, self.events[:] = list(self.events), []
        events = [event for event in events if event.type in self.worker.types]
        await process(self.someone.application.work, self.worker, events)
        made, self.events[:] = list(self.events), []
        return made

    async def complete(self, task_id: UUID) -> list[Event]:
        await self.someone.does(lambda uow: tasks.complete(uow, [task_id]))
        return await self.work()

    async def skip(self, task_id: UUID) -> list[Event]:
        await self.someone.does(lambda uow: tasks.skip(uow, [task_id]))
        return await self.work()

    async def edit(self, task_id: UUID, *, only_here: bool = False, following: bool = False, **fields):
        patch = TaskPatch.model_validate(fields)
        command = EditTasks([task_id], patch, only_here=only_here, following=following)
        return await self.someone.does(lambda uow: tasks.edit(uow, command))

    async def open_tasks(self) -> list[Task]:
        window = await self.someone.window(View.of(ListName.ALL))
        async with self.someone.application.work.read(self.someone.identity) as uow:
            return await uow.tasks.many([task.id for task in window.tasks])

    async def the_open_one(self) -> Task:
        (task,) = await self.open_tasks()
        return task

    async def row(self, task: Task) -> TaskRecurrence:
        async with self.someone.application.work.read(self.someone.identity) as uow:
            await uow.recurrences.load([task])
            row = uow.recurrences.of(task)
        assert row is not None
        return row

    async def task(self, task_id: UUID) -> Task:
        async with self.someone.application.work.read(self.someone.identity) as uow:
            return await uow.tasks.get(task_id)


@pytest.fixture
def series(ada: Someone, clock: Clock) -> Series:
    return Series(ada, clock)


@everywhere
async def test_completing_one_makes_the_next_and_keeps_the_old_one(series: Series):
    first = await series.add(due=Due(TODAY))

    made = await series.complete(first)

    task = await series.the_open_one()
    assert task.due == Due(date(2026, 11, 24))
    assert task.id == occurrence_id(task.series_id, "2026-11-24")
    assert [event.type for event in made] == ["task.recurred"]
    assert made[0].actor.name == "recurrence"
    assert await series.someone.sees(ListName.COMPLETED) == ["Water the plants"]
    await series.someone.counts()


async def test_the_row_of_the_series_tells_what_comes_next(series: Series):
    task_id = await series.add(due=Due(TODAY), recurrence=RecurrenceData(rule="FREQ=DAILY;COUNT=3"))

    row = await series.row(await series.task(task_id))
    assert (row.recurrence_type, row.next_due, row.end) == ("daily", "2026-11-24", date(2026, 11, 25))
    assert row.last_created_at is None

    await series.complete(task_id)
    row = await series.row(await series.the_open_one())
    assert row.next_due == "2026-11-25"
    assert row.last_created_at is not None


async def test_the_same_completion_twice_makes_one(series: Series):
    first = await series.add(due=Due(TODAY))
    await series.someone.does(lambda uow: tasks.complete(uow, [first]))
    await series.someone.does(lambda uow: tasks.complete(uow, [first]))
    events = [event for event in series.events if event.type == "task.completed"]

    for _ in range(3):
        await process(series.someone.application.work, series.worker, events)
    other = recurrence_consumer()
    await process(series.someone.application.work, Consumer("another", other.types, other.handle), events)

    assert len(events) == 1
    assert len(await series.open_tasks()) == 1


@everywhere
async def test_missed_ones_do_not_pile_up(series: Series, clock: Clock):
    first = await series.add(due=Due(TODAY))
    clock.now += timedelta(days=5)

    await series.complete(first)

    assert (await series.the_open_one()).due == Due(date(2026, 11, 29))


@everywhere
async def test_or_come_one_after_the_other(series: Series, clock: Clock):
    every_day = RecurrenceData(rule="FREQ=DAILY", if_overdue="next")
    first = await series.add(due=Due(TODAY), recurrence=every_day)
    clock.now += timedelta(days=5)

    await series.complete(first)

    assert (await series.the_open_one()).due == Due(date(2026, 11, 24))


async def test_done_before_it_is_due_it_does_not_come_again(series: Series):
    first = await series.add(due=Due(date(2026, 11, 30)), recurrence=RecurrenceData(rule="FREQ=WEEKLY"))

    await series.complete(first)

    assert (await series.the_open_one()).due == Due(date(2026, 12, 7))


@everywhere
async def test_put_off_beyond_the_next_one_it_skips_that(series: Series, clock: Clock):
    first = await series.add(due=Due(TODAY))
    await series.edit(first, due=due_data(Due(date(2026, 11, 26))))
    clock.now += timedelta(days=3)

    await series.complete(first)

    assert (await series.the_open_one()).due == Due(date(2026, 11, 27))


@everywhere
async def test_from_completion_it_counts_from_the_day_it_was_done(series: Series, clock: Clock):
    rule = RecurrenceData(rule="FREQ=DAILY;INTERVAL=3", anchor="completion")
    first = await series.add(due=Due(TODAY), recurrence=rule)
    clock.now += timedelta(days=2)

    await series.complete(first)

    assert (await series.the_open_one()).due == Due(date(2026, 11, 28))


@everywhere
async def test_from_completion_it_may_fall_on_the_same_day_again(series: Series):
    rule = RecurrenceData(rule="FREQ=DAILY;INTERVAL=3", anchor="completion")
    first = await series.add(due=Due(date(2026, 11, 26)), recurrence=rule)

    await series.complete(first)

    task = await series.the_open_one()
    assert task.id != first
    assert task.due == Due(date(2026, 11, 26))


async def test_from_completion_it_ends_after_so_many(series: Series):
    rule = RecurrenceData(rule="FREQ=DAILY;COUNT=2", anchor="completion")
    await series.complete(await series.add(due=Due(TODAY), recurrence=rule))

    made = await series.complete((await series.the_open_one()).id)

    assert [event.type for event in made] == ["recurrence.ended"]
    assert await series.open_tasks() == []


async def test_another_number_of_times_counts_from_this_one_and_undo_goes_on_with_the_old_one(
    series: Series,
):
    rule = RecurrenceData(rule="FREQ=DAILY;COUNT=4", anchor="completion")
    await series.complete(await series.add(due=Due(TODAY), recurrence=rule))
    second = (await series.the_open_one()).id

    await series.edit(second, recurrence={"rule": "FREQ=DAILY;COUNT=2", "anchor": "completion"})
    changed = series.someone.last_command
    assert (await series.row(await series.task(second))).occurrences_made == 1
    await series.someone.does(lambda uow: undo.undo(uow, changed))
    assert (await series.row(await series.task(second))).occurrences_made == 2
    await series.someone.does(lambda uow: undo.undo(uow, series.someone.last_command))

    await series.complete(second)
    made = await series.complete((await series.the_open_one()).id)
    assert [event.type for event in made] == ["recurrence.ended"]


async def test_moving_the_following_ones_leaves_as_many_as_were_left(series: Series):
    rule = RecurrenceData(rule="FREQ=DAILY;COUNT=3", anchor="completion")
    await series.complete(await series.add(due=Due(TODAY), recurrence=rule))
    second = (await series.the_open_one()).id
    await series.edit(second, due=due_data(Due(date(2026, 11, 26))), following=True)

    await series.complete(second)
    made = await series.complete((await series.the_open_one()).id)

    assert [event.type for event in made] == ["recurrence.ended"]


@everywhere
async def test_the_last_one_ends_the_series_and_reopening_it_takes_that_back(series: Series):
    rule = RecurrenceData(rule="FREQ=DAILY;UNTIL=20261124")
    await series.complete(await series.add(due=Due(TODAY), recurrence=rule))
    last = (await series.the_open_one()).id
    made = await series.complete(last)
    assert [event.type for event in made] == ["recurrence.ended"]

    await series.someone.does(lambda uow: tasks.reopen(uow, [last]))
    assert (await series.row(await series.task(last))).ended_at is None
    assert [event.type for event in await series.complete(last)] == ["recurrence.ended"]


@everywhere
async def test_a_time_keeps_its_wall_clock_through_a_change_of_the_clocks(series: Series, clock: Clock):
    clock.now = datetime(2026, 10, 24, 8, 0, tzinfo=UTC)
    first = await series.add(due=Due(date(2026, 10, 24), time(9, 30), "Europe/Berlin"))

    clock.now = datetime(2026, 10, 24, 10, 0, tzinfo=UTC)
    await series.complete(first)

    task = await series.the_open_one()
    assert task.due == Due(date(2026, 10, 25), time(9, 30), "Europe/Berlin")
    assert task.due_at == datetime(2026, 10, 25, 8, 30, tzinfo=UTC)


@everywhere
async def test_the_31st_comes_back_after_february(series: Series, clock: Clock):
    rule = RecurrenceData(rule="FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1")
    task_id = await series.add(due=Due(date(2027, 1, 31)), recurrence=rule)
    dues = []
    for _ in range(3):
        await series.complete(task_id)
        task = await series.the_open_one()
        task_id = task.id
        dues.append(task.due_date)

    assert dues == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


@everywhere
async def test_without_a_date_it_is_due_on_the_first_day_that_fits(series: Series):
    task_id = await series.add(recurrence=RecurrenceData(rule="FREQ=WEEKLY;BYDAY=WE"))

    assert (await series.task(task_id)).due == Due(date(2026, 11, 25))


@everywhere
async def test_subtasks_and_reminders_come_along(series: Series):
    instant, tomorrow = series.someone.instant, TODAY + timedelta(days=1)
    first = await series.add(
        due=Due(TODAY, time(18)),
        reminders=[
            ReminderData(minutes_before=30),
            ReminderData(at=instant(TODAY, time(12))),
            ReminderData(at=instant(TODAY, time(13)), snooze=True),
        ],
    )
    child = await series.add("Fill the can", parent_id=first, due=Due(TODAY), recurrence=None)
    await series.add("Find the can", parent_id=child, recurrence=None)
    await series.someone.does(lambda uow: tasks.complete(uow, [child]))

    made = await series.complete(first)

    head = await series.the_open_one()
    async with series.someone.application.work.read(series.someone.identity) as uow:
        tree = await uow.tasks.with_descendants([head.id])
        await uow.reminders.load([head.id])
        reminders = [(row.minutes_before, row.at) for row in uow.reminders.of(head)]
    assert {task.title: task.due_date for task in tree} == {
        "Water the plants": date(2026, 11, 24),
        "Fill the can": date(2026, 11, 24),
        "Find the can": None,
    }
    assert not any(task.completed_at for task in tree)
    assert sorted(reminders, key=str) == [
        (30, None),
        (None, instant(tomorrow, time(12))),
    ]
    assert sorted(event.type for event in made) == ["task.created", "task.created", "task.recurred"]


async def test_undoing_a_completion_takes_the_next_one_away(series: Series):
    first = await series.add(due=Due(TODAY))
    await series.complete(first)
    command = series.someone.last_command

    await series.someone.does(lambda uow: undo.undo(uow, command))
    await series.work()

    assert (await series.the_open_one()).id == first
    await series.someone.counts()

    await series.complete(first)
    assert (await series.the_open_one()).due == Due(date(2026, 11, 24))
    await series.someone.counts()


async def test_undoing_before_the_worker_has_looked_leaves_one(series: Series):
    first = await series.add(due=Due(TODAY))
    await series.someone.does(lambda uow: tasks.complete(uow, [first]))
    await series.someone.does(lambda uow: undo.undo(uow, series.someone.last_command))

    await series.work()

    assert (await series.the_open_one()).id == first


async def test_a_next_one_that_was_changed_stays_when_the_old_one_is_reopened(series: Series):
    first = await series.add(due=Due(TODAY))
    await series.complete(first)
    await series.edit((await series.the_open_one()).id, title="Water the roses")

    await series.someone.does(lambda uow: tasks.reopen(uow, [first]))
    assert {task.title for task in await series.open_tasks()} == {"Water the plants", "Water the roses"}

    await series.complete(first)
    assert [task.title for task in await series.open_tasks()] == ["Water the roses"]


@everywhere
async def test_a_skipped_one_is_no_completed_one(series: Series):
    first = await series.add(due=Due(TODAY))

    await series.someone.does(lambda uow: tasks.skip(uow, [first]))
    assert series.events[-1].type == "task.skipped"
    await series.work()

    assert (await series.the_open_one()).due == Due(date(2026, 11, 24))
    assert (await series.task(first)).skipped

    await series.someone.does(lambda uow: tasks.reopen(uow, [first]))
    assert (await series.the_open_one()).id == first
    assert not (await series.task(first)).skipped


async def test_a_task_that_does_not_repeat_can_t_be_skipped(series: Series):
    task_id = await series.add(recurrence=None)

    with pytest.raises(Invalid, match="repeats"):
        await series.skip(task_id)


async def test_a_change_goes_to_the_following_ones(series: Series):
    first = await series.add(due=Due(TODAY))
    await series.edit(first, title="Water the roses", priority="high")

    await series.complete(first)

    task = await series.the_open_one()
    assert (task.title, task.priority) == ("Water the roses", "high")


async def test_a_change_of_one_alone_stays_there(series: Series):
    first = await series.add(due=Due(TODAY), description="Gently")
    await series.edit(first, title="Water the roses", description="Quickly", only_here=True)
    await series.edit(first, title="Water the lilies", only_here=True)
    await series.edit(first, description="Slowly")

    await series.complete(first)

    task = await series.the_open_one()
    assert (task.title, task.description) == ("Water the plants", "Slowly")


async def test_undoing_a_change_of_one_alone_leaves_nothing_apart(series: Series):
    first = await series.add(due=Due(TODAY))
    await series.edit(first, title="Water the roses", only_here=True)

    await series.someone.does(lambda uow: undo.undo(uow, series.someone.last_command))

    assert (await series.task(first)).only_here is None


@everywhere
async def test_another_date_for_this_and_the_following_ones(series: Series):
    rule = RecurrenceData(rule="FREQ=DAILY;INTERVAL=2;COUNT=3")
    first = await series.add(due=Due(TODAY), recurrence=rule)
    await series.complete(first)
    second = await series.the_open_one()
    await series.edit(second.id, due=due_data(Due(date(2026, 11, 26), time(8))), following=True)

    await series.complete(second.id)
    third = await series.the_open_one()
    assert third.due == Due(date(2026, 11, 28), time(8))
    made = await series.complete(third.id)
    assert [event.type for event in made] == ["recurrence.ended"]


async def test_moving_the_following_ones_can_be_undone(series: Series):
    first = await series.add(due=Due(TODAY))
    await series.edit(first, due=due_data(Due(date(2026, 11, 25), time(8))), following=True)

    await series.someone.does(lambda uow: undo.undo(uow, series.someone.last_command))
    await series.complete(first)

    assert (await series.the_open_one()).due == Due(date(2026, 11, 24))


@everywhere
async def test_another_rule_holds_from_this_one_on(series: Series):
    first = await series.add(due=Due(TODAY))
    await series.complete(first)
    second = await series.the_open_one()

    await series.edit(second.id, recurrence={"rule": "FREQ=WEEKLY;BYDAY=MO"})
    assert (await series.task(second.id)).due == Due(date(2026, 11, 30))
    await series.complete(second.id)

    task = await series.the_open_one()
    assert task.due == Due(date(2026, 12, 7))
    assert task.series_id == second.series_id


async def test_taking_the_rule_away_ends_it_and_undo_brings_it_back(series: Series):
    first = await series.add(due=Due(TODAY))
    await series.edit(first, recurrence=None)
    await series.someone.does(lambda uow: undo.undo(uow, series.someone.last_command))

    await series.complete(first)

    assert (await series.the_open_one()).due == Due(date(2026, 11, 24))


async def test_without_its_rule_it_does_not_come_again(series: Series):
    first = await series.add(due=Due(TODAY))
    await series.edit(first, recurrence=None)

    assert await series.complete(first) == []
    assert await series.open_tasks() == []


async def test_deleting_the_open_one_stops_it(series: Series):
    first = await series.add(due=Due(TODAY))
    await series.complete(first)
    second = (await series.the_open_one()).id

    await series.someone.does(lambda uow: tasks.delete(uow, [second]))
    await series.work()

    assert await series.open_tasks() == []


async def test_a_subtask_goes_on_under_its_parent_until_that_is_done(series: Series):
    parent = await series.add("Garden", recurrence=None)
    child = await series.add(parent_id=parent, due=Due(TODAY))
    await series.complete(child)
    async with series.someone.application.work.read(series.someone.identity) as uow:
        tree = await uow.tasks.with_descendants([parent])
    assert sum(task.completed_at is None for task in tree) == 2

    made = await series.complete(parent)

    assert made == []
    assert await series.open_tasks() == []


async def test_a_task_and_its_subtask_can_t_both_have_a_rule(series: Series):
    parent = await series.add("Garden", due=Due(TODAY))
    with pytest.raises(Invalid, match="together"):
        await series.add(parent_id=parent, due=Due(TODAY))

    plain = await series.add("House", recurrence=None)
    await series.add(parent_id=plain, due=Due(TODAY))
    with pytest.raises(Invalid, match="together"):
        await series.edit(plain, recurrence={"rule": "FREQ=DAILY"})


@pytest.mark.parametrize(
    "rule",
    [
        "nonsense",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=YEARLY;" + "BYMONTH=1," * 1_000 + "1",
        "",
    ],
)
async def test_a_rule_that_can_t_be_is_refused_at_the_door(series: Series, rule: str):
    with pytest.raises(Invalid):
        await series.add(due=Due(TODAY), recurrence=RecurrenceData(rule=rule))


async def test_a_start_that_can_t_be_is_refused(series: Series):
    with pytest.raises(Invalid, match="start"):
        await series.add(recurrence=RecurrenceData(rule="FREQ=DAILY", start="soon"))


async def test_only_an_open_task_gets_a_rule(series: Series):
    task_id = await series.add(recurrence=None)
    await series.complete(task_id)

    with pytest.raises(Invalid, match="open"):
        await series.edit(task_id, recurrence={"rule": "FREQ=DAILY"})


async def test_another_person_s_series_can_t_be_touched(series: Series, ben: Someone):
    first = await series.add(due=Due(TODAY))
    task = await series.task(first)

    async with ben.application.work.read(ben.identity) as uow:
        await uow.recurrences.load([task])
        assert uow.recurrences.of(task) is None
