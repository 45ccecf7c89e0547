"""Sample data: the first tasks of a new account, and a made-up life of any size for demos and benchmarks.

There is one way into the database, for ten tasks as for 200,000: the services, with a clock that goes through
the past months. So the counts, the search index and the events are those that people would have made. Many
tasks share a transaction; the relay of the running app publishes their events like all others.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from todo_app.db.unit_of_work import UnitOfWork, Work
from todo_app.domain.identity import Identity
from todo_app.domain.task import Due, Priority
from todo_app.services import projects, tags, tasks
from todo_app.services.sample_life import AREAS, DESCRIPTIONS, FAR_ZONES, SLOTS, STEPS, TAG_COLORS, Area
from todo_app.services.tasks import AddTask

HISTORY_DAYS = 120
# Younger than what the sweeper removes, so that the trash keeps what the seed put there.
TRASH_DAYS = 20
_BATCH = 400


@dataclass(slots=True)
class _Plan:
    """What becomes of one task, in days before today; its subtasks are tasks of their own."""

    title: str
    area: Area
    created: int
    description: str = ""
    priority: Priority | None = None
    due: Due | None = None
    tags: tuple[str, ...] = ()
    parent: _Plan | None = None
    completed: int | None = None
    deleted: int | None = None
    id: UUID | None = None


@dataclass(slots=True)
class _Names:
    """The ids of the tags and projects that the tasks refer to, by name."""

    tags: dict[str, UUID] = field(default_factory=dict)
    projects: dict[str, UUID] = field(default_factory=dict)


async def welcome(uow: UnitOfWork) -> None:
    """A few tasks that teach the app, in a project that can be deleted as one; for a new account.

    Records the same events as if the person had typed them.
    """
    project = await projects.create(uow, "First steps")
    today = uow.now.astimezone(uow.identity.zone).date()
    add = [
        AddTask(
            "Add a task: press Q and type “Call Ben tomorrow 9am #phone p1”",
            "The line understands dates, times, `#tags`, `+projects` and priorities `p1` to `p3`.",
            priority=Priority.HIGH,
            due=Due(today),
        ),
        AddTask("Press ? to see all keys", "Everything here works without a mouse.", due=Due(today)),
        AddTask(
            "Complete this task, then undo it",
            "All you do can be undone: at once in the message at the bottom, later in the *activity* list.",
            priority=Priority.MEDIUM,
            due=Due(today),
        ),
        AddTask("Open this task: it has subtasks", due=Due(today + timedelta(1))),
        AddTask(
            "Delete the project “First steps” when you are done",
            "Its tasks go to the trash together, and can be restored from there.",
            priority=Priority.LOW,
        ),
    ]
    added = [await tasks.add(uow, _in_project(command, project.id)) for command in add]
    for title in ("Read a subtask", "Add one of your own"):
        await tasks.add(uow, AddTask(title, parent_id=added[3].id))


def _in_project(command: AddTask, project_id: UUID) -> AddTask:
    return AddTask(command.title, command.description, command.priority, command.due, project_id)


async def seed(
    engine: AsyncEngine, owner: Identity, *, count: int, now: datetime, number: int = 1
) -> AsyncIterator[int]:
    """Give a person ``count`` tasks, in transactions of a few hundred; yields how many there are so far.

    The same ``number``, day and zone make the same life: titles, dates and all, though not the same ids.

    Raises:
        Invalid: when the person has so many tags already that no more fit.
    """
    clock = _Clock(now)
    work = Work(engine, clock=clock)
    today = now.astimezone(owner.zone).date()
    plans = plan_life(count, today=today, number=number)
    async with work.write(owner) as uow:
        names = await _names(uow, plans)
    added = 0
    for day in _Days(plans):
        for batch in _batches(day.created):
            clock.now = _instant(owner.zone, today, day.ago, time(8), no_later_than=now)
            async with work.write(owner) as uow:
                await _add(uow, batch, names)
            added += len(batch)
            yield added
        for batch in _batches(day.completed):
            clock.now = _instant(owner.zone, today, day.ago, time(17, 30), no_later_than=now)
            async with work.write(owner) as uow:
                await tasks.complete(uow, _ids(batch))
        for batch in _batches(day.deleted):
            clock.now = _instant(owner.zone, today, day.ago, time(21), no_later_than=now)
            async with work.write(owner) as uow:
                await tasks.delete(uow, _ids(batch))


def plan_life(count: int, *, today: date, number: int) -> list[_Plan]:
    """What ``count`` tasks are to be, parents before their subtasks; the same for the same arguments."""
    dice = random.Random(f"{number} {today.isoformat()}")  # noqa: S311  # sample data, no secret
    areas = [_named(area, dice) for area in AREAS]
    plans: list[_Plan] = []
    while len(plans) < count:
        plan = _plan(dice, dice.choice(areas), today)
        plans.append(plan)
        if plan.completed is None and dice.random() < 0.1:
            plans.extend(_steps(dice, plan))
    return plans[:count]


def _plan(dice: random.Random, area: Area, today: date) -> _Plan:
    plan = _Plan(_filled(dice.choice(area.titles), dice), area, created=dice.randrange(HISTORY_DAYS))
    plan.tags = tuple(dice.sample(area.tags, dice.choice((0, 1, 1, 2))))
    plan.priority = dice.choices((Priority.HIGH, Priority.MEDIUM, Priority.LOW, None), (1, 2, 2, 5))[0]
    if dice.random() < 0.35:
        plan.description = _filled(dice.choice(DESCRIPTIONS), dice)
    if dice.random() < 0.45:
        plan.completed = dice.randrange(plan.created + 1)
        plan.due = _due(dice, today - timedelta(plan.completed - dice.randrange(-2, 3)))
    else:
        plan.due = _due_of_open(dice, today)
    if plan.created <= TRASH_DAYS and dice.random() < 0.15:
        plan.completed, plan.deleted = None, dice.randrange(plan.created + 1)
    return plan


def _due_of_open(dice: random.Random, today: date) -> Due | None:
    when = dice.choices(("none", "overdue", "today", "soon", "later"), (30, 10, 10, 40, 10))[0]
    match when:
        case "overdue":
            return _due(dice, today - timedelta(dice.randint(1, 14)))
        case "today":
            return _due(dice, today)
        case "soon":
            return _due(dice, today + timedelta(dice.randint(1, 21)))
        case "later":
            return _due(dice, today + timedelta(dice.randint(22, 150)))
        case _:
            return None


def _due(dice: random.Random, day: date) -> Due:
    kind = dice.choices(("all-day", "floating", "zoned"), (6, 3, 1))[0]
    if kind == "all-day":
        return Due(day)
    clock = time(dice.randint(8, 20), dice.choice((0, 0, 15, 30, 45)))
    return Due(day, clock, dice.choice(FAR_ZONES) if kind == "zoned" else None)


def _steps(dice: random.Random, parent: _Plan) -> list[_Plan]:
    titles = dice.sample(STEPS, dice.randint(2, 5))
    steps = [
        _Plan(_filled(title, dice), parent.area, created=parent.created, parent=parent) for title in titles
    ]
    for step in steps[: dice.randrange(len(steps))]:
        # A parent in the trash takes its steps along.
        if parent.deleted is None:
            step.completed = dice.randrange(parent.created + 1)
    return steps


def _named(area: Area, dice: random.Random) -> Area:
    return Area(_filled(area.project, dice), area.tags, area.titles)


def _filled(text: str, dice: random.Random) -> str:
    """The text with a word in each of its slots, none of them twice."""
    said: list[str] = []

    def word(slot: re.Match[str]) -> str:
        said.append(dice.choice([each for each in SLOTS[slot[1]] if each not in said]))
        return said[-1]

    return re.sub(r"\{(\w+)\}", word, text)


@dataclass(frozen=True, slots=True)
class _Day:
    """What happens on one day of the past."""

    ago: int
    created: Sequence[_Plan]
    completed: Sequence[_Plan]
    deleted: Sequence[_Plan]


class _Days:
    """The past, from the oldest day to today."""

    def __init__(self, plans: Sequence[_Plan]) -> None:
        self._created: dict[int | None, list[_Plan]] = defaultdict(list)
        self._completed: dict[int | None, list[_Plan]] = defaultdict(list)
        self._deleted: dict[int | None, list[_Plan]] = defaultdict(list)
        for plan in plans:
            self._created[plan.created].append(plan)
            self._completed[plan.completed].append(plan)
            self._deleted[plan.deleted].append(plan)

    def __iter__(self) -> Iterator[_Day]:
        for ago in range(HISTORY_DAYS, -1, -1):
            yield _Day(
                ago, self._created.get(ago, []), self._completed.get(ago, []), self._deleted.get(ago, [])
            )


class _Clock:
    """A clock that shows whatever it is set to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def _instant(zone: ZoneInfo, today: date, ago: int, clock: time, *, no_later_than: datetime) -> datetime:
    then = datetime.combine(today - timedelta(ago), clock, tzinfo=zone).astimezone(UTC)
    return min(then, no_later_than)


async def _names(uow: UnitOfWork, plans: Sequence[_Plan]) -> _Names:
    names = _Names()
    known = await uow.tags.named(TAG_COLORS)
    for name, color in TAG_COLORS.items():
        tag = known.get(name) or await tags.create(uow, name, color=color)
        names.tags[name] = tag.id
    for name in sorted({plan.area.project for plan in plans if plan.area.project}):
        names.projects[name] = (await projects.ensure(uow, name)).id
    return names


async def _add(uow: UnitOfWork, batch: Sequence[_Plan], names: _Names) -> None:
    # Asked for before there is anything to write, so that all of the batch is written at once.
    await uow.tags.existing(names.tags.values())
    for project_id in names.projects.values():
        await uow.projects.get(project_id)
    for plan in batch:
        command = AddTask(
            plan.title,
            plan.description,
            plan.priority,
            plan.due,
            names.projects.get(plan.area.project),
            plan.parent.id if plan.parent else None,
            frozenset(names.tags[name] for name in plan.tags),
        )
        task = await tasks.add(uow, command)
        plan.id = task.id


def _batches(plans: Sequence[_Plan]) -> Iterator[Sequence[_Plan]]:
    for start in range(0, len(plans), _BATCH):
        yield plans[start : start + _BATCH]


def _ids(batch: Sequence[_Plan]) -> list[UUID]:
    return [plan.id for plan in batch if plan.id]
