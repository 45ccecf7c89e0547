"""The tool that tells at once how things stand."""

from __future__ import annotations

from datetime import timedelta

from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.identity import Scope
from todo_app.domain.task_query import Kept, TaskQuery
from todo_app.services.lists import matches, read_filter, today
from todo_app.services.task_document import page
from todo_app.tools.projects import ProjectRow
from todo_app.tools.rows import TaskRow, day_text, rows_of
from todo_app.tools.size import fitting
from todo_app.tools.tool import Answer, Arguments, Tool

DAYS_AHEAD = 7
SHOWN_MAX, NAMES_SHOWN_MAX, COUNTED_MAX = 10, 30, 1_000
_TOKENS_MAX = 4_000


class Nothing(Arguments):
    """There is nothing to say."""


class Stretch(Answer):
    """The first tasks of a list, and how many there are, up to 1,000."""

    count: int
    items: list[TaskRow]


class TagCount(Answer):
    """A tag, and how many open tasks bear it."""

    name: str
    tasks: int


class Overview(Answer):
    """How things stand."""

    today: str
    timezone: str
    open_tasks: int
    inbox: int
    completed: int
    trash: int
    overdue: Stretch
    due_today: Stretch
    next_7_days: Stretch
    # Those with the most open tasks.
    projects: list[ProjectRow]
    tags: list[TagCount]


async def overview(uow: UnitOfWork, _: Nothing) -> Overview:
    """How things stand."""
    counts = await uow.tasks.counts.all()
    projects, tags = await uow.projects.all(), await uow.tags.all()
    day = today(uow)
    last = (day + timedelta(DAYS_AHEAD)).isoformat()
    by_project = [
        ProjectRow(id=str(each.id), name=each.name, tasks=counts.get(f"project:{each.id}", 0))
        for each in projects
    ]
    by_tag = [TagCount(name=each.name, tasks=counts.get(f"tag:{each.id}", 0)) for each in tags]
    return Overview(
        today=day_text(day),
        timezone=uow.identity.timezone,
        open_tasks=counts.get("all", 0),
        inbox=counts.get("inbox", 0),
        completed=counts.get("completed", 0),
        trash=counts.get("trash", 0),
        overdue=await _stretch(uow, "overdue"),
        due_today=await _stretch(uow, "today & !overdue"),
        next_7_days=await _stretch(uow, f"due after: today & due by: {last}"),
        projects=sorted(by_project, key=lambda row: -row.tasks)[:NAMES_SHOWN_MAX],
        tags=sorted(by_tag, key=lambda row: -row.tasks)[:NAMES_SHOWN_MAX],
    )


async def _stretch(uow: UnitOfWork, text: str) -> Stretch:
    found = read_filter(uow, text)
    shown = await page(
        uow, TaskQuery(kept=frozenset({Kept.OPEN}), filter=found), cursor=None, limit=SHOWN_MAX
    )
    rows = rows_of(shown["items"])
    rows = rows[: fitting(rows, tokens=_TOKENS_MAX)]
    if shown["next_cursor"] is None:
        return Stretch(count=len(shown["items"]), items=rows)
    count = await matches(uow, found, await uow.lists.known_names(), at_most=COUNTED_MAX)
    return Stretch(count=count, items=rows)


OVERVIEW = (
    Tool(
        name="overview",
        title="Overview",
        description="How things stand: the day and time zone of the person, counts, what is overdue, due "
        "today and in the next 7 days, projects and tags. Begin with this.",
        arguments=Nothing,
        answer=Overview,
        scope=Scope.READ,
        does=overview,
    ),
)
