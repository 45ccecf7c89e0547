"""An application on each kind of database, a person in it, and a clock that tests set."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from tests.fixtures.zones import HOME
from tests.state.people import log_in
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.repositories.task_lists import Window
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.identity import Identity
from todo_app.domain.views import ListName, View
from todo_app.services import lists
from todo_app.settings import Settings

Result = TypeVar("Result")

# Ten o'clock in Berlin.
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """The time of the test; it moves by itself so that no two transactions are at one instant."""

    now: datetime

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@dataclass
class Someone:
    """A person, and transactions in their name."""

    application: Application
    identity: Identity
    last_command: UUID | None = None

    def instant(self, day: date, clock: time) -> datetime:
        """The instant at which clocks where the person lives show this."""
        return datetime.combine(day, clock, tzinfo=self.identity.zone).astimezone(UTC)

    async def does(self, work: Callable[[UnitOfWork], Awaitable[Result]]) -> Result:
        """Run one command and commit it."""
        async with self.application.work.write(self.identity) as uow:
            result = await work(uow)
        self.last_command = uow.command_id
        return result

    async def sees(self, list_name: ListName, list_id: UUID | None = None) -> list[str]:
        """The titles of a list in its default order."""
        return [task.title for task in (await self.window(View.of(list_name, list_id))).tasks]

    async def window(self, view: View, *, start: str | None = None, limit: int = 100) -> Window:
        """A window of a view."""
        async with self.application.work.read(self.identity) as uow:
            return await lists.window(uow, view, start=start, limit=limit)

    async def counts(self) -> dict[str, int]:
        """The sidebar's numbers, without zeros and without today's."""
        async with self.application.work.read(self.identity) as uow:
            counts = await uow.tasks.counts.all()
            recount = await uow.tasks.counts.recount()
        kept = {key: tasks for key, tasks in counts.items() if tasks}
        assert kept == {key: tasks for key, tasks in recount.items() if tasks}
        return kept


@pytest.fixture
def zone(request: pytest.FixtureRequest) -> ZoneInfo:
    """Where Ada lives; see ``everywhere``."""
    return ZoneInfo(getattr(request, "param", HOME))


@pytest.fixture
def clock(zone: ZoneInfo) -> Clock:
    """It is ten o'clock on Monday where Ada lives."""
    return Clock(MONDAY.astimezone(ZoneInfo(HOME)).replace(tzinfo=zone).astimezone(UTC))


@pytest.fixture
async def application(settings: Settings, clock: Clock) -> AsyncIterator[Application]:
    application = bootstrap(settings, clock=clock)
    yield application
    await application.close()


@pytest.fixture
async def ada(application: Application, zone: ZoneInfo) -> Someone:
    return Someone(application, (await log_in(application, "ada@example.org", timezone=zone.key)).identity)


@pytest.fixture
async def ben(application: Application) -> Someone:
    return Someone(
        application, (await log_in(application, "ben@example.org", timezone="Asia/Tokyo")).identity
    )
