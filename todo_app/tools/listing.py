"""The tools that find tasks: lists with filters, the same in another order, and search."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from todo_app.db.models import ALL_DAY
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.filter_language.tree import all_of
from todo_app.domain.identity import Scope
from todo_app.domain.task import Priority
from todo_app.domain.task_query import Kept, TaskQuery
from todo_app.domain.text import fold, words_of
from todo_app.domain.views import SEARCH_MAX, Sort
from todo_app.services.bodies import Text
from todo_app.services.cursors import cursor_of, number_place
from todo_app.services.lists import read_filter, today
from todo_app.services.task_document import documents, page
from todo_app.services.task_queries import kept_by
from todo_app.tools.moments import wall
from todo_app.tools.rows import TaskRow, day_text, rows_of
from todo_app.tools.size import fitting
from todo_app.tools.tool import Answer, Arguments, Tool

LIMIT, LIMIT_MAX = 50, 100
_CURSOR_MAX, _NAME_MAX, _VALUES_MAX, _MOMENT_MAX = 2_000, 200, 50, 200

SortName = Literal[
    "due", "-due", "created", "-created", "priority", "-priority", "title", "-title", "manual", "-manual"
]
SortBy = Literal["due", "priority", "title", "created", "manual"]
ViewName = Literal["today", "upcoming", "overdue", "inbox", "all", "completed", "trash"]
PriorityOrNone = Literal["high", "medium", "low", "none"]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Paged(Arguments):
    """How many, from which place on."""

    limit: int = Field(LIMIT, ge=1, le=LIMIT_MAX, description="How many at most.")
    cursor: Text | None = Field(
        None, max_length=_CURSOR_MAX, description="The next_cursor of the answer before, to go on."
    )


class Chosen(Paged):
    """Which tasks, from which place on."""

    view: ViewName | None = Field(
        None, description="A list of the app; `today` has what is overdue too. By default all open tasks."
    )
    filter: Text | None = Field(
        None,
        description="The filter language: “#work & (p1 | overdue) & !+someday”, “due before: friday”, "
        "“no date”, “created after: -7 days”, “search: report”.",
    )
    status: Literal["open", "completed", "deleted"] | None = Field(
        None, description="`deleted` is the trash."
    )
    priority: Annotated[list[PriorityOrNone], BeforeValidator(_as_list)] = Field(
        [], max_length=4, description="Any of these."
    )
    tags: Annotated[list[Text], BeforeValidator(_as_list)] = Field(
        [], max_length=_VALUES_MAX, description="Any of these; for all of them use the filter: “#a & #b”."
    )
    project: Text | None = Field(None, max_length=_NAME_MAX, description="Its name; empty for none.")
    due_after: Text | None = Field(
        None, max_length=_MOMENT_MAX, description="Due then or later: “today”, 2026-12-01."
    )
    due_before: Text | None = Field(
        None, max_length=_MOMENT_MAX, description="Due then or earlier: “sunday”, 2026-12-31."
    )


class Listed(Chosen):
    """Which tasks, and in which order."""

    sort: SortName = Field("due", description="`-` reverses.")


class Sorted(Chosen):
    """Which tasks, and in which order."""

    by: SortBy = Field(description="`manual` is the order that the person gave the tasks by hand.")
    descending: bool = Field(default=False, description="The last first.")


class Sought(Paged):
    """Words to look for."""

    query: Text = Field(
        min_length=1, max_length=SEARCH_MAX, description="Words, or beginnings of words; all must be there."
    )


class Rows(Answer):
    """A stretch of tasks; with next_cursor one asks for what follows."""

    today: str
    items: list[TaskRow]
    next_cursor: str | None = None


async def list_tasks(uow: UnitOfWork, asked: Listed) -> Rows:
    """Tasks that pass every filter."""
    query = query_of(uow, asked, asked.sort.removeprefix("-"), descending=asked.sort.startswith("-"))
    return await _rows(uow, query, cursor=asked.cursor, limit=asked.limit)


async def sort_tasks(uow: UnitOfWork, asked: Sorted) -> Rows:
    """The same in an order of one's own."""
    query = query_of(uow, asked, asked.by, descending=asked.descending)
    return await _rows(uow, query, cursor=asked.cursor, limit=asked.limit)


async def search_tasks(uow: UnitOfWork, asked: Sought) -> Rows:
    """The best matches of some words."""
    if not words_of(asked.query):
        raise Invalid("query", "Name at least one word with a letter or digit.")
    question = f"search {asked.query}"
    begin = number_place(asked.cursor, question) or 0
    found = (await uow.search.task_ids(asked.query))[begin:]
    rows = rows_of(await documents(uow, found[: asked.limit]))
    rows = rows[: fitting(rows)]
    following = cursor_of(question, begin + len(rows)) if len(found) > len(rows) else None
    return Rows(today=day_text(today(uow)), items=rows, next_cursor=following)


def query_of(uow: UnitOfWork, asked: Chosen, sort: str, *, descending: bool) -> TaskQuery:
    """What is asked for.

    Raises:
        Invalid: when a moment is none.
        Unreadable: when the filter is none.
    """
    own = read_filter(uow, asked.filter) if asked.filter is not None else None
    said = [own] if own else []
    kept = _kept(asked) or (kept_by(own) if own else frozenset({Kept.OPEN}))
    due_from = wall(uow, asked.due_after, field="due_after", of_day=time.min)
    projects = frozenset({fold(asked.project) or None} if asked.project is not None else ())
    match asked.view:
        case "today":
            said.append(read_filter(uow, "overdue | today"))
        case "overdue":
            said.append(read_filter(uow, "overdue"))
        case "upcoming":
            said.append(read_filter(uow, "due from: today"))
        case "inbox":
            said.append(read_filter(uow, "no project"))
    return TaskQuery(
        kept=kept,
        priorities=frozenset(None if each == "none" else Priority(each) for each in asked.priority),
        tags=frozenset(fold(name) for name in asked.tags),
        projects=projects,
        due_from=due_from,
        due_until=wall(uow, asked.due_before, field="due_before", of_day=ALL_DAY),
        filter=all_of(said) if said else None,
        sort=Sort(sort),
        descending=descending,
    )


async def _rows(uow: UnitOfWork, query: TaskQuery, *, cursor: str | None, limit: int) -> Rows:
    found = await page(uow, query, cursor=cursor, limit=limit)
    rows = rows_of(found["items"])
    fit = fitting(rows)
    if fit < len(rows):
        return await _rows(uow, query, cursor=cursor, limit=fit)
    return Rows(today=day_text(today(uow)), items=rows, next_cursor=found["next_cursor"])


def _kept(asked: Chosen) -> frozenset[Kept]:
    if asked.status is not None:
        return frozenset({Kept(asked.status)})
    match asked.view:
        case "completed":
            return frozenset({Kept.COMPLETED})
        case "trash":
            return frozenset({Kept.DELETED})
        case None:
            return frozenset()
        case _:
            return frozenset({Kept.OPEN})


LISTING = (
    Tool(
        name="list_tasks",
        title="List tasks",
        description="Tasks that pass every filter given, by default open ones by due date. Answers short "
        "rows; fields that a task has none of are left out.",
        arguments=Listed,
        answer=Rows,
        scope=Scope.READ,
        does=list_tasks,
    ),
    Tool(
        name="search_tasks",
        title="Search tasks",
        description="Tasks whose title or description holds words, the best matches first, at most 100.",
        arguments=Sought,
        answer=Rows,
        scope=Scope.READ,
        does=search_tasks,
    ),
    Tool(
        name="sort_tasks",
        title="Sort tasks",
        description="Tasks in a chosen order: by due date, priority, title, creation, or as the person put "
        "them by hand. Takes the filters of list_tasks; changes nothing.",
        arguments=Sorted,
        answer=Rows,
        scope=Scope.READ,
        does=sort_tasks,
    ),
)
