"""The tool that tells at once how things stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.filter_language import Expression
from todo_app.domain.filter_language.known import KnownNames
from todo_app.domain.identity import Scope
from todo_app.domain.task_query import Kept, TaskQuery
from todo_app.services.lists import matches_of_each, read_filter, today
from todo_app.services.task_document import TaskPage, page
from todo_app.tools.projects import ProjectRow
from todo_app.tools.rows import TaskRow, day_text, rows_of
from todo_app.tools.size import fitting
from todo_app.tools.tool import Answer, Arguments, Tool

DAYS_AHEAD = 7
SHOWN_MAX, NAMES_SHOWN_MAX, COUNTED_MAX = 10, 30, 1_000
_TOKENS_MAX = 4_000
# The filters of an overview name no tags and no projects.
_NO_NAMES = KnownNames({}, {})


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
    stretches = await _stretches(
        uow,
        {
            "overdue": "overdue",
            "due_today": "today & !overdue",
            "next_7_days": f"due after: today & due by: {last}",
        },
    )
    return Overview(
        today=day_text(day),
        timezone=uow.identity.timezone,
        open_tasks=counts.get("all", 0),
        inbox=counts.get("inbox", 0),
        completed=counts.get("completed", 0),
        trash=counts.get("trash", 0),
        overdue=stretches["overdue"],
        due_today=stretches["due_today"],
        next_7_days=stretches["next_7_days"],
        projects=sorted(by_project, key=lambda row: -row.tasks)[:NAMES_SHOWN_MAX],
        tags=sorted(by_tag, key=lambda row: -row.tasks)[:NAMES_SHOWN_MAX],
    )


async def _stretches(uow: UnitOfWork, texts: Mapping[str, str]) -> dict[str, Stretch]:
    """The stretches that filters find, by name; those that are longer than is shown are counted together."""
    filters = {name: read_filter(uow, text) for name, text in texts.items()}
    shown = {name: await _page(uow, found) for name, found in filters.items()}
    longer = {name: found for name, found in filters.items() if shown[name]["next_cursor"] is not None}
    counts = await matches_of_each(uow, longer, _NO_NAMES, at_most=COUNTED_MAX)
    return {name: _stretch(found, counts.get(name)) for name, found in shown.items()}


async def _page(uow: UnitOfWork, found: Expression) -> TaskPage:
    query = TaskQuery(kept=frozenset({Kept.OPEN}), filter=found)
    return await page(uow, query, cursor=None, limit=SHOWN_MAX)


def _stretch(shown: TaskPage, count: int | None) -> Stretch:
    rows = rows_of(shown["items"])
    items = rows[: fitting(rows, tokens=_TOKENS_MAX)]
    return Stretch(count=len(rows) if count is None else count, items=items)


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
