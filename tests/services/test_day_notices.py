"""Overdue tasks and the day's tasks are told to those who want it, once."""

from __future__ import annotations

from datetime import date, time

import pytest

from tests.fixtures.zones import everywhere
from tests.services.conftest import Clock, Someone
from todo_app.db.models import NotificationPreferences
from todo_app.domain.events import Event, ReminderDue
from todo_app.domain.task import Due
from todo_app.services import tasks
from todo_app.services.tasks import AddTask
from workers.reminders import DayClock

pytestmark = everywhere
# The clock of the tests begins at ten.
TODAY = date(2026, 11, 23)


class Days:
    """A person and the worker that tells them things."""

    def __init__(self, someone: Someone, clock: Clock) -> None:
        self.someone = someone
        self.work = someone.application.work
        self.clock = clock
        self.events: list[Event] = []
        self.work.after_commit(self.events.extend)

    async def prefer(self, **wishes) -> None:
        async with self.work.write(self.someone.identity) as uow:
            await uow.session.merge(NotificationPreferences(user_id=uow.user_id, **wishes))

    async def add(self, title: str, due: Due) -> None:
        await self.someone.does(lambda uow: tasks.add(uow, AddTask(title, due=due)))

    async def told_at(self, hour: int, minute: int = 0, *, day: int = 23) -> list[tuple[str, str]]:
        """What is told when clocks show this in November."""
        self.clock.now = self.someone.instant(date(2026, 11, day), time(hour, minute))
        self.events.clear()
        await DayClock(self.work).step()
        return [
            (event.data.reason, event.data.title)
            for event in self.events
            if isinstance(event.data, ReminderDue)
        ]


@pytest.fixture
def days(ada: Someone, clock: Clock) -> Days:
    return Days(ada, clock)


async def test_nothing_is_told_to_those_who_did_not_ask(days: Days) -> None:
    await days.add("Call Ben", Due(TODAY, time(11)))

    assert await days.told_at(15) == []


async def test_what_becomes_overdue_is_told_once(days: Days) -> None:
    await days.add("Old", Due(date(2026, 11, 20)))
    await days.prefer(overdue_notice=True)
    assert await days.told_at(10, 1) == []
    await days.add("Call Ben", Due(TODAY, time(11)))
    await days.add("Tidy up", Due(TODAY))

    assert await days.told_at(11, 29) == []
    assert await days.told_at(11, 31) == [("overdue", "Call Ben")]
    assert await days.told_at(12) == []
    assert await days.told_at(10) == [], "the clock was set back"
    assert await days.told_at(11, 40) == []
    assert await days.told_at(0, 30, day=24) == [("overdue", "Tidy up")]


async def test_what_is_done_is_not_overdue(days: Days) -> None:
    await days.prefer(overdue_notice=True)
    await days.told_at(10, 1)
    task = await days.someone.does(lambda uow: tasks.add(uow, AddTask("Call Ben", due=Due(TODAY, time(11)))))
    await days.someone.does(lambda uow: tasks.complete(uow, [task.id]))

    assert await days.told_at(12) == []


async def test_the_day_is_told_at_its_hour_once(days: Days) -> None:
    await days.prefer(digest_at=time(11))

    assert await days.told_at(10, 59) == []
    assert await days.told_at(11) == [("digest", "Your Monday")]
    assert await days.told_at(11, 1) == []
    assert await days.told_at(10, 30) == []
    assert await days.told_at(11, 2) == []
    assert await days.told_at(13, 0, day=24) == [("digest", "Your Tuesday")]
    assert days.events[-1].data.is_late
