"""Reminders: planned from the task as it is, sent once when their moment has come."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from tests.fixtures.zones import everywhere
from tests.services.conftest import Clock, Someone
from todo_app.db.models import Reminder, User
from todo_app.domain.errors import Invalid
from todo_app.domain.events import Event, RecurrenceData, ReminderData, ReminderDue
from todo_app.domain.task import Due
from todo_app.events.consumers import process
from todo_app.services import accounts, reminders, tasks, undo
from todo_app.services.task_fields import TaskPatch, due_data
from todo_app.services.tasks import AddTask, EditTasks
from workers.recurrence import recurrence_consumer
from workers.reminders import ReminderClock, reminders_consumer

TODAY = date(2026, 11, 23)
# The clock of the tests begins at ten.
AT_TWELVE = Due(TODAY, time(12))
HALF_AN_HOUR = ReminderData(minutes_before=30)


class Reminded:
    """A person with reminders, and the workers that plan and send them."""

    def __init__(self, someone: Someone, clock: Clock) -> None:
        self.someone = someone
        self.work = someone.application.work
        self.clock = clock
        self.consumers = [recurrence_consumer(), reminders_consumer()]
        self.events: list[Event] = []
        self.told: list[Event] = []
        self.work.after_commit(self.events.extend)
        self.work.after_commit(self.told.extend)
        self.half_past_eleven = someone.instant(TODAY, time(11, 30))

    async def add(self, *wanted: ReminderData, **fields) -> UUID:
        fields.setdefault("due", AT_TWELVE)
        command = AddTask("Call Ben", reminders=wanted, **fields)
        task_id = (await self.someone.does(lambda uow: tasks.add(uow, command))).id
        await self.plan()
        return task_id

    async def edit(self, task_id: UUID, **fields) -> None:
        command = EditTasks([task_id], TaskPatch.model_validate(fields))
        await self.someone.does(lambda uow: tasks.edit(uow, command))
        await self.plan()

    async def do(self, what, task_id: UUID) -> None:
        await self.someone.does(lambda uow: what(uow, [task_id]))
        await self.plan()

    async def plan(self) -> None:
        """Let the workers see what happened, until nothing new comes of it."""
        while self.events:
            events, self.events[:] = list(self.events), []
            for consumer in self.consumers:
                wanted = [event for event in events if event.type in consumer.types]
                await process(self.work, consumer, wanted)

    async def rows(self, task_id: UUID) -> list[Reminder]:
        async with self.work.read(self.someone.identity) as uow:
            await uow.reminders.load([task_id])
            return list(uow.reminders.of(await uow.tasks.get(task_id)))

    async def moments(self, task_id: UUID) -> list[datetime | None]:
        return [row.fires_at for row in await self.rows(task_id)]

    async def sent_at(self, moment: datetime) -> list[ReminderDue]:
        """What is sent when the clock shows this moment."""
        self.clock.now = moment
        self.told.clear()
        await ReminderClock(self.work).step()
        return [event.data for event in self.told if isinstance(event.data, ReminderDue)]


@pytest.fixture
def reminded(ada: Someone, clock: Clock) -> Reminded:
    return Reminded(ada, clock)


@everywhere
async def test_it_is_sent_once_when_its_moment_has_come(reminded: Reminded):
    task_id = await reminded.add(HALF_AN_HOUR)

    assert await reminded.sent_at(reminded.half_past_eleven - timedelta(seconds=1)) == []
    (sent,) = await reminded.sent_at(reminded.half_past_eleven)
    assert (sent.task_id, sent.title, sent.is_late) == (task_id, "Call Ben", False)
    assert sent.meant_for == reminded.half_past_eleven
    assert await reminded.sent_at(reminded.half_past_eleven + timedelta(hours=1)) == []
    async with reminded.work.read(reminded.someone.identity) as uow:
        assert (await uow.tasks.get(task_id)).reminder_sent


@everywhere
async def test_after_a_downtime_it_is_sent_once_and_marked_late(reminded: Reminded):
    await reminded.add(HALF_AN_HOUR)

    (sent,) = await reminded.sent_at(reminded.half_past_eleven + timedelta(hours=3))

    assert sent.is_late
    assert sent.meant_for == reminded.half_past_eleven
    assert await reminded.sent_at(reminded.half_past_eleven + timedelta(hours=4)) == []


async def test_what_was_planned_while_the_worker_was_down_is_sent_late(reminded: Reminded):
    command = AddTask("Call Ben", due=AT_TWELVE, reminders=[HALF_AN_HOUR])
    await reminded.someone.does(lambda uow: tasks.add(uow, command))
    reminded.clock.now = reminded.half_past_eleven + timedelta(minutes=10)

    await reminded.plan()

    (sent,) = await reminded.sent_at(reminded.clock.now)
    assert sent.is_late


@everywhere
async def test_a_moment_that_had_passed_when_it_was_set_is_not_sent(reminded: Reminded):
    task_id = await reminded.add(ReminderData(minutes_before=24 * 60))

    assert await reminded.moments(task_id) == [None]
    assert await reminded.sent_at(reminded.half_past_eleven) == []


@pytest.mark.parametrize("what", [tasks.complete, tasks.delete])
async def test_it_is_not_sent_for_a_task_that_is_done_or_deleted(reminded: Reminded, what):
    task_id = await reminded.add(HALF_AN_HOUR)
    await reminded.do(what, task_id)

    assert await reminded.moments(task_id) == [None]
    assert await reminded.sent_at(reminded.half_past_eleven) == []


@pytest.mark.parametrize(("away", "back"), [(tasks.complete, tasks.reopen), (tasks.delete, tasks.restore)])
async def test_it_comes_back_with_the_task(reminded: Reminded, away, back):
    task_id = await reminded.add(HALF_AN_HOUR)
    await reminded.do(away, task_id)
    await reminded.do(back, task_id)

    assert len(await reminded.sent_at(reminded.half_past_eleven)) == 1


async def test_it_is_not_sent_even_when_the_worker_has_not_heard_yet(reminded: Reminded):
    task_id = await reminded.add(HALF_AN_HOUR)
    await reminded.someone.does(lambda uow: tasks.complete(uow, [task_id]))

    assert await reminded.sent_at(reminded.half_past_eleven) == []


@everywhere
async def test_it_moves_with_the_due_date(reminded: Reminded):
    task_id = await reminded.add(HALF_AN_HOUR)
    await reminded.edit(task_id, due=due_data(Due(TODAY, time(15))))

    assert await reminded.sent_at(reminded.half_past_eleven) == []
    assert len(await reminded.sent_at(reminded.half_past_eleven + timedelta(hours=3))) == 1


@everywhere
async def test_moved_after_it_was_sent_it_is_sent_again(reminded: Reminded):
    task_id = await reminded.add(HALF_AN_HOUR)
    await reminded.sent_at(reminded.half_past_eleven)
    await reminded.edit(task_id, due=due_data(Due(TODAY, time(15))))

    async with reminded.work.read(reminded.someone.identity) as uow:
        assert not (await uow.tasks.get(task_id)).reminder_sent
    assert len(await reminded.sent_at(reminded.half_past_eleven + timedelta(hours=3))) == 1


@everywhere
async def test_without_a_date_it_sleeps(reminded: Reminded):
    task_id = await reminded.add(HALF_AN_HOUR, due=None)
    assert await reminded.moments(task_id) == [None]

    await reminded.edit(task_id, due=due_data(AT_TWELVE))
    assert await reminded.moments(task_id) == [reminded.half_past_eleven]

    await reminded.edit(task_id, due=None)
    assert await reminded.moments(task_id) == [None]


@everywhere
async def test_minutes_before_an_all_day_task_count_from_nine(reminded: Reminded):
    task_id = await reminded.add(ReminderData(minutes_before=60), due=Due(date(2026, 11, 24)))

    assert await reminded.moments(task_id) == [reminded.someone.instant(date(2026, 11, 24), time(8))]


@everywhere
async def test_an_instant_holds_whatever_the_due_date(reminded: Reminded):
    at = datetime(2026, 11, 25, 8, tzinfo=UTC)
    task_id = await reminded.add(ReminderData(at=at), due=None)
    await reminded.edit(task_id, due=due_data(AT_TWELVE))

    assert await reminded.moments(task_id) == [at]


@everywhere
async def test_a_floating_time_follows_the_person_to_another_zone(reminded: Reminded):
    task_id = await reminded.add(HALF_AN_HOUR)
    await reminded.someone.does(lambda uow: accounts.change_timezone(uow, "America/New_York"))
    await reminded.plan()

    assert await reminded.moments(task_id) == [datetime(2026, 11, 23, 16, 30, tzinfo=UTC)]


@everywhere
async def test_a_snooze_takes_the_place_of_the_one_before_and_not_along(reminded: Reminded):
    daily = RecurrenceData(rule="FREQ=DAILY")
    task_id = await reminded.add(HALF_AN_HOUR, recurrence=daily)
    await reminded.sent_at(reminded.half_past_eleven)
    for minutes in (10, 20):
        until = reminded.half_past_eleven + timedelta(minutes=minutes)
        await reminded.someone.does(lambda uow, until=until: reminders.snooze(uow, task_id, until))
    await reminded.plan()
    assert len(await reminded.rows(task_id)) == 2

    assert await reminded.sent_at(reminded.half_past_eleven + timedelta(minutes=10)) == []
    assert len(await reminded.sent_at(reminded.half_past_eleven + timedelta(minutes=20))) == 1
    await reminded.do(tasks.complete, task_id)
    assert len(await reminded.sent_at(reminded.half_past_eleven + timedelta(days=1))) == 1
    assert await reminded.sent_at(reminded.half_past_eleven + timedelta(days=1, hours=2)) == []


async def test_a_snooze_into_the_past_or_of_a_done_task_is_refused(reminded: Reminded):
    task_id = await reminded.add(HALF_AN_HOUR)
    with pytest.raises(Invalid, match="passed"):
        await reminded.someone.does(
            lambda uow: reminders.snooze(uow, task_id, uow.now - timedelta(seconds=1))
        )

    await reminded.do(tasks.complete, task_id)
    with pytest.raises(Invalid, match="done"):
        await reminded.someone.does(lambda uow: reminders.snooze(uow, task_id, uow.now + timedelta(hours=1)))


async def test_the_usual_reminder_comes_with_a_time(reminded: Reminded):
    async with reminded.work.write(reminded.someone.identity) as uow:
        user = await uow.session.get(User, uow.user_id)
        user.default_reminder_minutes = 10
    async with reminded.work.read() as uow:
        people = await uow.accounts.workers_for({reminded.someone.identity.user_id}, name="test")
    reminded.someone.identity = people[reminded.someone.identity.user_id]

    timed = await reminded.someone.does(lambda uow: tasks.add(uow, AddTask("A", due=AT_TWELVE)))
    all_day = await reminded.someone.does(lambda uow: tasks.add(uow, AddTask("B", due=Due(TODAY))))
    assert [row.minutes_before for row in await reminded.rows(timed.id)] == [10]
    assert await reminded.rows(all_day.id) == []

    await reminded.edit(all_day.id, due=due_data(AT_TWELVE))
    assert [row.minutes_before for row in await reminded.rows(all_day.id)] == [10]


async def test_undo_brings_removed_reminders_back(reminded: Reminded):
    task_id = await reminded.add(HALF_AN_HOUR, ReminderData(at=reminded.half_past_eleven))
    await reminded.edit(task_id, reminders=[])
    assert await reminded.rows(task_id) == []
    reminded.clock.now = reminded.half_past_eleven + timedelta(hours=1)

    await reminded.someone.does(lambda uow: undo.undo(uow, reminded.someone.last_command))

    assert len(await reminded.rows(task_id)) == 2


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ([ReminderData(minutes_before=minutes) for minutes in range(1_000)], "at most 20"),
        ([ReminderData()], "either"),
        ([ReminderData(minutes_before=5, at=datetime(2026, 11, 24, tzinfo=UTC))], "either"),
        ([ReminderData(minutes_before=-5)], "year"),
        ([ReminderData(minutes_before=10**9)], "year"),
        ([ReminderData(at=datetime(2026, 11, 20, tzinfo=UTC))], "passed"),
        ([ReminderData(at=datetime(9999, 1, 1, tzinfo=UTC))], "fifty"),
    ],
)
async def test_reminders_that_can_t_be_are_refused(reminded: Reminded, wanted, reason):
    with pytest.raises(Invalid, match=reason):
        await reminded.add(*wanted)

    task_id = await reminded.add()
    with pytest.raises(Invalid, match=reason):
        await reminded.edit(task_id, reminders=wanted)


async def test_two_workers_at_once_send_each_reminder_once(reminded: Reminded):
    for _ in range(30):
        await reminded.add(HALF_AN_HOUR)
    reminded.clock.now = reminded.half_past_eleven
    reminded.told.clear()

    await asyncio.gather(*(ReminderClock(reminded.work).step() for _ in range(4)))

    sent = [event.aggregate_id for event in reminded.told if event.type == "reminder.due"]
    assert len(sent) == len(set(sent)) == 30


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1)])
async def test_a_clock_that_is_set_back_sends_nothing_twice(reminded: Reminded, back: timedelta):
    await reminded.add(HALF_AN_HOUR)
    assert len(await reminded.sent_at(reminded.half_past_eleven)) == 1

    assert await reminded.sent_at(reminded.half_past_eleven - back) == []
    assert await reminded.sent_at(reminded.half_past_eleven) == []
