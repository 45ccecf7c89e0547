"""The parameters of ``GET /tasks``, and the query that they mean."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from todo_app.api.bodies import without_null
from todo_app.api.v1.parameters import LIMIT, Cursor, Limit
from todo_app.db.models import ALL_DAY
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.task import Priority
from todo_app.domain.task_query import Kept, TaskQuery
from todo_app.domain.text import fold
from todo_app.domain.views import SEARCH_MAX, Sort
from todo_app.services.lists import read_filter
from todo_app.services.task_queries import kept_by, wall

_VALUES_MAX, _NAME_MAX, _MOMENT_MAX = 50, 200, 40

Text = Annotated[str, AfterValidator(without_null)]
Name = Annotated[Text, Field(max_length=_NAME_MAX)]
SortName = Literal[
    "due",
    "-due",
    "created",
    "-created",
    "priority",
    "-priority",
    "title",
    "-title",
    "manual",
    "-manual",
]


class TaskParameters(BaseModel):
    """Which tasks are asked for; of a parameter that is given several times any value will do."""

    q: Text | None = Field(
        None, max_length=SEARCH_MAX, description="Words, or beginnings of words, of the title or description."
    )
    status: list[Kept] = Field(
        [], max_length=3, description="By default open and completed; `deleted` is the trash."
    )
    priority: list[Literal["high", "medium", "low", "none"]] = Field([], max_length=4)
    tag: list[Name] = Field([], max_length=_VALUES_MAX, description="The name of a tag.")
    project: list[Name] = Field(
        [], max_length=_VALUES_MAX, description="The name of a project; empty: without one."
    )
    due_after: Text | None = Field(
        None,
        max_length=_MOMENT_MAX,
        description="Due on this day or at this time, or later.",
        examples=["2026-12-01"],
    )
    due_before: Text | None = Field(
        None,
        max_length=_MOMENT_MAX,
        description="Due on this day or at this time, or earlier.",
        examples=["2026-12-31"],
    )
    filter: Text | None = Field(
        None,
        description="A filter in words. Unless it or `status` says otherwise, it finds open tasks.",
        examples=["#work & (p1 | overdue) & !+someday"],
    )
    sort: SortName | None = Field(
        None, description="By default `due`, and `-created` of what was searched for."
    )
    limit: Limit = LIMIT
    cursor: Cursor = None

    def query(self, uow: UnitOfWork) -> TaskQuery:
        """What is asked for.

        Raises:
            Invalid: when a moment is none.
            Unreadable: when the filter is none.
        """
        found = read_filter(uow, self.filter) if self.filter is not None else None
        sort = self.sort or ("due" if self.q is None else "-created")
        return TaskQuery(
            kept=frozenset(self.status) or kept_by(found),
            words=self.q,
            priorities=frozenset(None if each == "none" else Priority(each) for each in self.priority),
            tags=frozenset(fold(name) for name in self.tag),
            projects=frozenset(fold(name) if name else None for name in self.project),
            due_from=wall(uow, self.due_after, field="due_after", of_day=time.min),
            due_until=wall(uow, self.due_before, field="due_before", of_day=ALL_DAY),
            filter=found,
            sort=Sort(sort.removeprefix("-")),
            descending=sort.startswith("-"),
        )
