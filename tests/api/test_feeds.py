"""The calendar feed: what programs read under a secret address, until that is renewed or revoked."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from tests.api.client import BrowserClient
from tests.api.conftest import Open
from tests.state.people import Person, log_in
from todo_app.bootstrap import Application
from todo_app.db.models import CalendarFeed
from todo_app.domain.events import RecurrenceData
from todo_app.domain.task import Due
from todo_app.services import feeds, tasks
from todo_app.services.task_fields import TaskPatch
from todo_app.services.tasks import AddTask, EditTasks


class Reader:
    """Ada's tasks, and a calendar program with the address of her feed."""

    def __init__(self, application: Application, ada: Person, browser: BrowserClient) -> None:
        self.application, self.ada, self.browser = application, ada, browser
        self.path = ""

    async def does(self, work: Any) -> Any:
        async with self.application.work.write(self.ada.identity) as uow:
            return await work(uow)

    async def add(self, title: str, **fields: Any) -> Any:
        return (await self.does(lambda uow: tasks.add(uow, AddTask(title, **fields)))).id

    async def renew(self) -> None:
        self.path = f"/feeds/{await self.does(feeds.renew)}.ics"

    async def get(self, **headers: str) -> Any:
        return await self.browser.get(self.path, headers=headers)

    async def calendar(self) -> Calendar:
        answer = await self.get()
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        found = Calendar.from_ical(answer.text)
        assert isinstance(found, Calendar)
        return found


@pytest.fixture
async def reader(application: Application, open_browser: Open) -> Reader:
    ada = await log_in(application, "ada@example.org", timezone="Europe/Berlin")
    reader = Reader(application, ada, open_browser())
    await reader.renew()
    return reader


async def test_open_tasks_are_told_and_those_with_a_date_are_events_too(reader: Reader) -> None:
    await reader.add("All day", due=Due(date(2099, 12, 1)))
    await reader.add("Floating", due=Due(date(2099, 12, 2), time(9)))
    await reader.add("There", due=Due(date(2099, 12, 3), time(9), "America/Lima"))
    await reader.add("Some time")
    done, gone = await reader.add("Done"), await reader.add("Gone")
    await reader.does(lambda uow: tasks.complete(uow, [done]))
    await reader.does(lambda uow: tasks.delete(uow, [gone]))

    calendar = await reader.calendar()

    assert {str(each["SUMMARY"]) for each in calendar.walk("VTODO")} == {
        "All day",
        "Floating",
        "There",
        "Some time",
    }
    starts = {str(each["SUMMARY"]): each["DTSTART"].dt for each in calendar.walk("VEVENT")}
    assert starts == {
        "All day": date(2099, 12, 1),
        "Floating": datetime(2099, 12, 2, 9),  # noqa: DTZ001  # a wall clock
        "There": datetime(2099, 12, 3, 9, tzinfo=ZoneInfo("America/Lima")),
    }
    assert [str(each["TZID"]) for each in calendar.walk("VTIMEZONE")] == ["America/Lima"]
    assert str(calendar["X-WR-TIMEZONE"]) == "Europe/Berlin"
    (all_day,) = [each for each in calendar.walk("VEVENT") if str(each["SUMMARY"]) == "All day"]
    assert all_day["DTEND"].dt - all_day["DTSTART"].dt == timedelta(days=1)


async def test_a_task_keeps_its_name_and_lines_are_folded(reader: Reader) -> None:
    task_id = await reader.add("Größe 🎉 " * 30, due=Due(date(2099, 12, 1)))
    before = {str(each["UID"]) for each in (await reader.calendar()).walk() if "UID" in each}
    await reader.does(lambda uow: tasks.edit(uow, EditTasks([task_id], TaskPatch(title="Other"))))

    after = {str(each["UID"]) for each in (await reader.calendar()).walk() if "UID" in each}

    assert before == after == {f"{task_id}@punctual", f"{task_id}-event@punctual"}
    assert max(len(line) for line in (await reader.get()).content.split(b"\r\n")) <= 75


async def test_the_rest_of_a_series_repeats_in_the_calendar(reader: Reader) -> None:
    rule = RecurrenceData(rule="FREQ=DAILY;COUNT=5", start="2099-12-01")
    await reader.add("Water", due=Due(date(2099, 12, 3)), recurrence=rule)
    after = RecurrenceData(rule="FREQ=DAILY", anchor="completion")
    await reader.add("Sweep", due=Due(date(2099, 12, 3)), recurrence=after)

    rules = {str(each["SUMMARY"]): each.get("RRULE") for each in (await reader.calendar()).walk("VEVENT")}

    assert rules["Water"].to_ical() == b"FREQ=DAILY;COUNT=3"
    assert rules["Sweep"] is None


async def test_what_has_not_changed_is_not_sent_again(reader: Reader) -> None:
    await reader.add("Pay rent", due=Due(date(2099, 12, 1)))
    first = await reader.get()

    again = await reader.get(**{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "private, no-cache"

    await reader.add("Call Ben")
    changed = await reader.get(**{"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_a_renewed_address_ends_the_old_one_and_a_revoked_one_is_gone(reader: Reader) -> None:
    old = reader.path
    await reader.renew()
    assert (await reader.browser.get(old)).status_code == 404
    assert (await reader.get()).status_code == 200

    await reader.does(feeds.revoke)

    assert (await reader.get()).status_code == 404


async def test_the_secret_is_not_kept(reader: Reader) -> None:
    async with reader.application.work.read(reader.ada.identity) as uow:
        found = await uow.feeds.of(uow.user_id)

    assert isinstance(found, CalendarFeed)
    assert found.secret_digest not in reader.path
    assert reader.path.split("/")[-1].removesuffix(".ics") not in str(found.model_dump())


async def test_who_asks_too_often_has_to_wait(reader: Reader) -> None:
    statuses = [(await reader.get()).status_code for _ in range(61)]

    assert statuses[-2:] == [200, 429]


async def test_the_address_is_made_and_revoked_over_rest(reader: Reader) -> None:
    await reader.does(feeds.revoke)
    reader.browser.cookies.set("punctual_session", reader.ada.secret)
    reader.browser.cookies.set("punctual_csrf", "token")
    headers = {"X-CSRF-Token": "token"}

    made = await reader.browser.post("/api/v1/feed", headers=headers)

    assert made.status_code == 201, made.text
    reader.path = "/feeds/" + made.json()["url"].rsplit("/", 1)[1]
    assert (await reader.get()).status_code == 200
    told = (await reader.browser.get("/api/v1/feed")).json()
    assert told == {"created_at": made.json()["created_at"], "url": None}
    assert (await reader.browser.delete("/api/v1/feed", headers=headers)).status_code == 204
    assert (await reader.get()).status_code == 404
