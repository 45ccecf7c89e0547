"""Files that go out and come in, and a life that has something of everything."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from tests.services.conftest import Clock, Someone
from todo_app.domain.events import Event, RecurrenceData, ReminderData
from todo_app.domain.task import Due, Priority
from todo_app.events.consumers import process
from todo_app.services import filters, imports, projects, tags, tasks
from todo_app.services.exports import ExportFormat, export
from todo_app.services.imports import File, Report
from todo_app.services.task_fields import TaskPatch
from todo_app.services.tasks import AddTask, EditTasks
from workers.recurrence import recurrence_consumer

# Of a copy, these are another's: how often it was changed since it was made, and its reminders' ids.
_OF_THE_COPY = ("version",)


async def exported(someone: Someone, kind: ExportFormat = ExportFormat.JSON) -> str:
    """All tasks of a person as text."""
    file = io.StringIO(newline="")
    await export(someone.application.work, someone.identity, kind, file)
    return file.getvalue()


async def told(someone: Someone) -> dict[str, Any]:
    """The JSON export without what no copy has: when it was made, versions, the ids of reminders."""
    document: dict[str, Any] = json.loads(await exported(someone))
    del document["exported_at"]
    for task in document["tasks"]:
        for name in _OF_THE_COPY:
            del task[name]
        for reminder in task["reminders"]:
            del reminder["id"]
        task["reminders"].sort(key=json.dumps)
    return document


async def taken_in(someone: Someone, text: str | bytes, name: str = "", **options: Any) -> Report:
    """Import a text."""
    data = text.encode() if isinstance(text, str) else text
    return await imports.run(
        someone.application.work, someone.identity, File(data, name, options.get("format"))
    )


async def looked_at(someone: Someone, text: str | bytes, name: str = "") -> Report:
    """What importing a text would do."""
    data = text.encode() if isinstance(text, str) else text
    return await imports.preview(someone.application.work, someone.identity, File(data, name))


async def live(someone: Someone, clock: Clock) -> None:
    """Give a person tasks of every kind: subtasks, series with history, reminders, done, skipped, trashed."""
    await _plain_tasks(someone)
    await _series(someone, clock)


async def _plain_tasks(someone: Someone) -> None:
    work = await someone.does(lambda uow: projects.create(uow, "Website, relaunch"))
    home = await someone.does(lambda uow: tags.create(uow, "home", color="teal"))
    phone = await someone.does(lambda uow: tags.create(uow, "on the, phone", color="pink"))
    await someone.does(lambda uow: tags.create(uow, "never used", color="red"))
    await someone.does(lambda uow: filters.create(uow, "This week", "#home & due before: sunday"))
    urgent = await someone.does(lambda uow: filters.create(uow, "At once", 'p1 | overdue | search: "=SUM"'))
    await someone.does(lambda uow: filters.move(uow, urgent.id, after_id=None))
    parent = await someone.does(
        lambda uow: tasks.add(
            uow,
            AddTask(
                "=SUM(A1) “Größe” 🎉",
                "line one\nline two\n\t- indented, with; signs",
                Priority.HIGH,
                Due(date(2026, 12, 1), time(9, 30), "America/New_York"),
                work.id,
                tag_ids=frozenset({home.id, phone.id}),
                reminders=(
                    ReminderData(minutes_before=30),
                    ReminderData(at=datetime(2026, 11, 30, 8, tzinfo=UTC)),
                ),
            ),
        )
    )
    child = await someone.does(lambda uow: tasks.add(uow, AddTask("A step", parent_id=parent.id)))
    await someone.does(lambda uow: tasks.add(uow, AddTask("Below the step", parent_id=child.id)))
    done = await someone.does(lambda uow: tasks.add(uow, AddTask("Done", due=Due(date(2026, 11, 20)))))
    await someone.does(lambda uow: tasks.complete(uow, [done.id]))
    gone = await someone.does(lambda uow: tasks.add(uow, AddTask("Gone", priority=Priority.LOW)))
    await someone.does(lambda uow: tasks.delete(uow, [gone.id]))
    await someone.does(lambda uow: tasks.add(uow, AddTask("Floating", due=Due(date(2026, 11, 25), time(18)))))


async def _series(someone: Someone, clock: Clock) -> None:
    events: list[Event] = []
    stop = someone.application.work.after_commit(events.extend)
    worker = recurrence_consumer()

    async def close(how: Any, task_id: Any) -> Any:
        await someone.does(lambda uow: how(uow, [task_id]))
        heard, events[:] = list(events), []
        await process(
            someone.application.work, worker, [event for event in heard if event.type in worker.types]
        )
        made, events[:] = [event for event in events if event.type == "task.recurred"], []
        return made[0].aggregate_id if made else None

    rules = {
        "Pay rent": RecurrenceData(rule="FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        "Water": RecurrenceData(rule="FREQ=DAILY;INTERVAL=3;COUNT=5", anchor="completion"),
        "Stand-up": RecurrenceData(
            rule="FREQ=DAILY;X-WORKDAYS=TRUE;UNTIL=20270101", if_overdue="next", start="2026-11-23T09:00"
        ),
    }
    for title, rule in rules.items():
        due = Due(date(2026, 11, 23), time(9), "Europe/Berlin") if title == "Stand-up" else None
        first = await someone.does(
            lambda uow, title=title, due=due, rule=rule: tasks.add(
                uow, AddTask(title, due=due, recurrence=rule, reminders=(ReminderData(minutes_before=60),))
            )
        )
        second = await close(tasks.complete, first.id)
        clock.now += timedelta(days=1)
        third = await close(tasks.skip, second)
        patch = TaskPatch(title=f"{title} just once", priority=Priority.MEDIUM)
        await someone.does(
            lambda uow, third=third, patch=patch: tasks.edit(uow, EditTasks([third], patch, only_here=True))
        )
    over = await someone.does(
        lambda uow: tasks.add(uow, AddTask("Twice", recurrence=RecurrenceData(rule="FREQ=DAILY;COUNT=1")))
    )
    await close(tasks.complete, over.id)
    stop()
