"""When a country changes its clocks, what was worked out by the old rules is worked out anew."""

from __future__ import annotations

import asyncio
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path

import pytest
from sqlalchemy import delete, event

from tests.services.conftest import Clock, Someone
from tests.services.test_reminders import HALF_AN_HOUR, Reminded
from todo_app.db.models import Setting, Task
from todo_app.domain.events import ReminderData
from todo_app.domain.task import Due
from todo_app.services import tasks
from todo_app.services.tasks import AddTask
from todo_app.services.zone_check import ZoneCheck

SUMMER, WINTER = date(2027, 7, 1), date(2027, 1, 15)
NOON = time(12)
NO_SUMMER_TIME = "Africa/Lagos"
HOUR = timedelta(hours=1)


@pytest.fixture
def change_rules(tmp_path: Path) -> Iterator[Callable[[str, str], None]]:
    """Makes a zone follow the rules of another one from now on, as an update of the zone data does."""
    before = zoneinfo.TZPATH

    def change(name: str, rules: str) -> None:
        file = tmp_path / "zones" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(resources.files("tzdata").joinpath("zoneinfo", *rules.split("/")).read_bytes())
        zoneinfo.reset_tzpath(to=[tmp_path / "zones", *before])

    yield change
    zoneinfo.reset_tzpath(to=before)
    zoneinfo.ZoneInfo.clear_cache()


@pytest.fixture
async def reminded(ada: Someone, clock: Clock) -> Reminded:
    """Ada, who lives in Berlin, once the rules are known."""
    await ZoneCheck(ada.application.work).step()
    return Reminded(ada, clock)


async def _check(reminded: Reminded) -> tuple[list[str], list[str]]:
    """Run the check; the types of the events and the tables that were written."""
    engine, written = reminded.someone.application.engine.sync_engine, []

    def hear(connection, cursor, statement, parameters, context, many) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(next(word for word in statement.split() if word.islower()))

    reminded.told.clear()
    event.listen(engine, "before_cursor_execute", hear)
    await ZoneCheck(reminded.work).step()
    event.remove(engine, "before_cursor_execute", hear)
    return [each.type for each in reminded.told], written


async def _task(someone: Someone, task_id) -> Task:
    async with someone.application.work.read(someone.identity) as uow:
        return await uow.tasks.get(task_id)


async def test_times_and_reminders_of_the_zone_move_and_nothing_else_does(reminded: Reminded, change_rules):
    summer = await reminded.add(HALF_AN_HOUR, due=Due(SUMMER, NOON))
    winter = await reminded.add(HALF_AN_HOUR, due=Due(WINTER, NOON))
    all_day = await reminded.add(HALF_AN_HOUR, due=Due(SUMMER))
    elsewhere = await reminded.add(HALF_AN_HOUR, due=Due(SUMMER, NOON, "Asia/Kolkata"))
    at_an_instant = await reminded.add(ReminderData(at=datetime(2027, 7, 1, 6, tzinfo=UTC)), due=None)
    everything = [summer, winter, all_day, elsewhere, at_an_instant]
    before = {task_id: await _task(reminded.someone, task_id) for task_id in everything}
    moments = {task_id: await reminded.moments(task_id) for task_id in everything}

    change_rules("Europe/Berlin", NO_SUMMER_TIME)
    told, _ = await _check(reminded)

    after = {task_id: await _task(reminded.someone, task_id) for task_id in everything}
    assert after[summer].due_at == before[summer].due_at + HOUR == datetime(2027, 7, 1, 11, tzinfo=UTC)
    # What is due in Kolkata comes an hour earlier on the wall of Berlin.
    assert after[elsewhere].due_sort == before[elsewhere].due_sort - HOUR
    for task_id in everything:
        assert after[task_id].due == before[task_id].due
        assert after[task_id].version == before[task_id].version
        moved = HOUR if task_id in (summer, all_day) else timedelta()
        assert await reminded.moments(task_id) == [moments[task_id][0] + moved]
    assert [after[task_id].due_at for task_id in (winter, all_day, elsewhere)] == [
        before[task_id].due_at for task_id in (winter, all_day, elsewhere)
    ]
    assert told == ["reminder.scheduled"] * 2


async def test_what_is_right_already_is_not_written_again(reminded: Reminded, change_rules):
    await reminded.add(HALF_AN_HOUR, due=Due(SUMMER, NOON))
    assert await _check(reminded) == ([], [])

    change_rules("Europe/Berlin", NO_SUMMER_TIME)
    told, written = await _check(reminded)
    assert (len(told), set(written)) == (1, {"tasks", "reminders", "outbox", "settings"})
    assert await _check(reminded) == ([], [])

    # Other rules that say the same of this task.
    change_rules("Asia/Tokyo", "Asia/Seoul")
    assert await _check(reminded) == ([], ["settings"])


async def test_two_processes_that_start_together_write_it_once(reminded: Reminded, change_rules):
    for _ in range(10):
        await reminded.add(HALF_AN_HOUR, due=Due(SUMMER, NOON))
    async with reminded.work.write() as uow:
        await uow.session.execute(delete(Setting))
    reminded.told.clear()

    change_rules("Europe/Berlin", NO_SUMMER_TIME)
    await asyncio.gather(*(ZoneCheck(reminded.work).step() for _ in range(2)))

    assert [each.type for each in reminded.told] == ["reminder.scheduled"] * 10


async def test_a_task_bound_to_the_zone_moves_for_people_elsewhere(ben: Someone, reminded, change_rules):
    command = AddTask("Call Ada", due=Due(SUMMER, NOON, "Europe/Berlin"))
    task_id = (await ben.does(lambda uow: tasks.add(uow, command))).id

    change_rules("Europe/Berlin", NO_SUMMER_TIME)
    await _check(reminded)

    task = await _task(ben, task_id)
    assert task.due_at == datetime(2027, 7, 1, 11, tzinfo=UTC)
    assert task.due_sort == datetime.combine(SUMMER, time(20))


async def test_a_reminder_that_should_have_gone_off_does_so_late_and_one_that_did_does_not_again(
    reminded: Reminded, change_rules, clock: Clock
):
    change_rules("Europe/Berlin", NO_SUMMER_TIME)
    await _check(reminded)
    missed = await reminded.add(
        ReminderData(minutes_before=10), ReminderData(minutes_before=90), due=Due(SUMMER, NOON)
    )
    (_,) = await reminded.sent_at(datetime(2027, 7, 1, 9, 45, tzinfo=UTC))

    # With summer time it is due at ten o'clock UTC, now minus five minutes.
    change_rules("Europe/Berlin", "Europe/Paris")
    clock.now = datetime(2027, 7, 1, 10, 5, tzinfo=UTC)
    await _check(reminded)

    (late,) = await reminded.sent_at(clock.now)
    assert (late.task_id, late.is_late) == (missed, True)
    assert late.meant_for == datetime(2027, 7, 1, 9, 50, tzinfo=UTC)


async def test_a_closed_task_follows_the_rules_when_it_comes_back(reminded: Reminded, change_rules):
    done = await reminded.add(HALF_AN_HOUR, due=Due(SUMMER, NOON))
    deleted = await reminded.add(HALF_AN_HOUR, due=Due(SUMMER, NOON))
    await reminded.do(tasks.complete, done)
    await reminded.do(tasks.delete, deleted)

    change_rules("Europe/Berlin", NO_SUMMER_TIME)
    await _check(reminded)
    await reminded.do(tasks.reopen, done)
    await reminded.do(tasks.restore, deleted)

    for task_id in (done, deleted):
        assert (await _task(reminded.someone, task_id)).due_at == datetime(2027, 7, 1, 11, tzinfo=UTC)
        assert await reminded.moments(task_id) == [datetime(2027, 7, 1, 10, 30, tzinfo=UTC)]


async def test_a_zone_that_is_gone_stops_nobody_else(ben: Someone, reminded: Reminded, change_rules):
    task_id = await reminded.add(HALF_AN_HOUR, due=Due(SUMMER, NOON))
    odd = await reminded.add(HALF_AN_HOUR, due=Due(SUMMER, NOON, "Asia/Kolkata"))
    lost = (await ben.does(lambda uow: tasks.add(uow, AddTask("Tea", due=Due(SUMMER, NOON))))).id
    async with reminded.work.write(reminded.someone.identity) as uow:
        (await uow.tasks.get(odd)).due_timezone = "Mars/Olympus"
        user = await uow.accounts.by_id(ben.identity.user_id)
        assert user is not None
        user.timezone = "Mars/Olympus"

    change_rules("Europe/Berlin", NO_SUMMER_TIME)
    await _check(reminded)

    assert (await _task(reminded.someone, task_id)).due_at == datetime(2027, 7, 1, 11, tzinfo=UTC)
    assert (await _task(reminded.someone, odd)).due_at == datetime(2027, 7, 1, 6, 30, tzinfo=UTC)
    assert (await _task(ben, lost)).due_at == datetime(2027, 7, 1, 3, tzinfo=UTC)


async def test_more_tasks_than_fit_a_transaction_are_all_read(reminded: Reminded, change_rules, monkeypatch):
    monkeypatch.setattr("todo_app.services.zone_check.BATCH", 2)
    task_ids = [await reminded.add(due=Due(SUMMER, NOON)) for _ in range(5)]

    change_rules("Europe/Berlin", NO_SUMMER_TIME)
    await _check(reminded)

    assert {(await _task(reminded.someone, task_id)).due_at.hour for task_id in task_ids} == {11}
