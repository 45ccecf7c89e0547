"""An action of the page costs a bounded number of SQL statements, whatever it touches; writes are one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from io import StringIO
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event

from tests.fixtures.passwords import HASH
from todo_app.assistant.answers import Done, Failed
from todo_app.assistant.conversation import converse
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.events import DueData
from todo_app.domain.filter_language.tree import HasPriority, Holds, Is, Not, State, all_of
from todo_app.domain.identity import SessionToken
from todo_app.domain.task import Due, Priority
from todo_app.domain.task_query import Kept, TaskQuery
from todo_app.domain.views import Filters, ListName, Sort, View
from todo_app.services import (
    accounts,
    feeds,
    imports,
    lists,
    named_tasks,
    projects,
    quick_add,
    tags,
    tasks,
    undo,
)
from todo_app.services.exports import ExportFormat, export
from todo_app.services.imports import File, Outcome
from todo_app.services.named_tasks import NewTask
from todo_app.services.task_document import document, page
from todo_app.services.task_fields import TaskPatch
from todo_app.services.tasks import AddTask, EditTasks, MoveTask
from todo_app.settings import Settings
from todo_app.tools.catalogue import ToolCaller, call
from todo_app.tools.overview import SHOWN_MAX

# One of them finds out whose session it is.
LIST_MAX, WRITE_MAX = 2, 6
# A restored task looks for its project, and search shows it again.
RESTORE_MAX = 7
# A tag and a project are looked up each by a statement of its own.
WRITE_WITH_TAG_AND_PROJECT_MAX = 8
# Three stretches, all that is counted, and the names and numbers of the sidebar.
OVERVIEW_MAX = 8

Action = Callable[[UnitOfWork], Awaitable[object]]


@dataclass
class Statements:
    """What one connection was told between BEGIN and COMMIT."""

    said: list[str] = field(default_factory=list)
    commits: int = 0

    def __len__(self) -> int:
        return len(self.said)


@dataclass
class Person:
    """Somebody with a few things, and the secret of their browser."""

    application: Application
    token: SessionToken
    task_ids: list[UUID]
    project_id: UUID
    tag_id: UUID

    async def statements_of(self, action: Action) -> Statements:
        with Listening(self.application) as statements:
            async with self.application.work.write(self.token) as uow:
                await action(uow)
        return statements

    async def statements_of_look(self, action: Action) -> Statements:
        with Listening(self.application) as statements:
            async with self.application.work.read(self.token) as uow:
                await action(uow)
        return statements


class Listening:
    def __init__(self, application: Application) -> None:
        self._engine = application.engine.sync_engine
        self._statements = Statements()

    def __enter__(self) -> Statements:
        event.listen(self._engine, "before_cursor_execute", self._hear)
        event.listen(self._engine, "commit", self._count)
        return self._statements

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._hear)
        event.remove(self._engine, "commit", self._count)

    def _hear(self, connection, cursor, statement, *_) -> None:
        if not statement.startswith("BEGIN"):
            self._statements.said.append(statement)

    def _count(self, _) -> None:
        self._statements.commits += 1


@pytest.fixture
async def person(settings: Settings) -> AsyncIterator[Person]:
    application = bootstrap(settings)
    async with application.work.write() as uow:
        user = await accounts.register(uow, "ada@example.org", HASH, "Europe/Berlin")
        secret = accounts.start_session(uow, user, days=30).secret
        project = await projects.create(uow, "Flat")
        tag = await tags.create(uow, "home")
        added = [
            await tasks.add(
                uow, AddTask(f"Task {number}", tag_ids=frozenset({tag.id}), project_id=project.id)
            )
            for number in range(120)
        ]
    in_order = [task.id for task in sorted(added, key=lambda task: task.rank)]
    yield Person(application, SessionToken(secret), in_order, project.id, tag.id)
    await application.close()


def _first(person: Person) -> UUID:
    return person.task_ids[0]


WRITES: dict[str, Callable[[Person], Action]] = {
    "add": lambda person: (
        lambda uow: tasks.add(uow, AddTask("Call Ben", "Now", Priority.HIGH, Due(dt.date(2026, 12, 1))))
    ),
    "add in a project": lambda person: (
        lambda uow: tasks.add(uow, AddTask("Call Ben", project_id=person.project_id))
    ),
    "add a subtask": lambda person: lambda uow: tasks.add(uow, AddTask("Call Ben", parent_id=_first(person))),
    "quick add": lambda person: (
        lambda uow: quick_add.add(uow, "Call Ben tomorrow 9am p1", view=View.of(ListName.TODAY))
    ),
    "complete": lambda person: lambda uow: tasks.complete(uow, [_first(person)]),
    "complete 100": lambda person: lambda uow: tasks.complete(uow, person.task_ids[:100]),
    "reopen": lambda person: lambda uow: tasks.reopen(uow, [_first(person)]),
    "delete": lambda person: lambda uow: tasks.delete(uow, [_first(person)]),
    "delete 100": lambda person: lambda uow: tasks.delete(uow, person.task_ids[:100]),
    "restore": lambda person: lambda uow: tasks.restore(uow, [_first(person)]),
    "rename": lambda person: (
        lambda uow: tasks.edit(
            uow, EditTasks([_first(person)], TaskPatch(title="Other", description="words"))
        )
    ),
    "reschedule 100": lambda person: (
        lambda uow: tasks.edit(
            uow, EditTasks(person.task_ids[:100], TaskPatch(due=DueData(date=dt.date(2026, 12, 1))))
        )
    ),
    "prioritise": lambda person: (
        lambda uow: tasks.edit(uow, EditTasks([_first(person)], TaskPatch(priority=Priority.HIGH)))
    ),
    "move to the inbox": lambda person: (
        lambda uow: tasks.edit(uow, EditTasks([_first(person)], TaskPatch(project_id=None)))
    ),
    "untag 100": lambda person: (
        lambda uow: tasks.edit(
            uow,
            EditTasks(person.task_ids[:100], TaskPatch(), remove_tag_ids=frozenset({person.tag_id})),
        )
    ),
    "reorder": lambda person: (
        lambda uow: tasks.move(uow, MoveTask(_first(person), person.task_ids[4], person.task_ids[5]))
    ),
    "create a tag": lambda person: lambda uow: tags.create(uow, "errand"),
    "rename a tag": lambda person: lambda uow: tags.rename(uow, person.tag_id, "house"),
    "rename a project": lambda person: lambda uow: projects.rename(uow, person.project_id, "House"),
}


@pytest.mark.parametrize("action", WRITES)
async def test_a_write_takes_few_statements_in_one_transaction(person: Person, action: str):
    if action == "restore":
        await person.statements_of(lambda uow: tasks.delete(uow, [_first(person)]))
    if action == "reopen":
        await person.statements_of(lambda uow: tasks.complete(uow, [_first(person)]))

    statements = await person.statements_of(WRITES[action](person))

    at_most = RESTORE_MAX if action == "restore" else WRITE_MAX
    assert len(statements) <= at_most, "\n".join(statements.said)
    assert any("outbox" in statement for statement in statements.said)
    assert statements.commits == 1


async def test_a_line_with_tag_and_project_takes_two_more(person: Person):
    line = "Call Ben tomorrow 9am p1 #home +Flat"

    statements = await person.statements_of(
        lambda uow: quick_add.add(uow, line, view=View.of(ListName.TODAY))
    )

    assert len(statements) <= WRITE_WITH_TAG_AND_PROJECT_MAX, "\n".join(statements.said)
    assert statements.commits == 1


async def test_undo_of_a_change_to_100_tasks_takes_no_more_than_of_one(person: Person):
    one = await person.statements_of(lambda uow: tasks.complete(uow, [_first(person)]))
    assert len(one) <= WRITE_MAX
    async with person.application.work.write(person.token) as uow:
        await tasks.complete(uow, person.task_ids[1:101])

    statements = await person.statements_of(lambda again: undo.undo(again, uow.command_id))

    assert len(statements) <= WRITE_WITH_TAG_AND_PROJECT_MAX, "\n".join(statements.said)
    assert statements.commits == 1


VIEWS = {
    **{name: View.of(ListName(name)) for name in ("today", "upcoming", "inbox", "all", "completed", "trash")},
    "filtered": View.of(ListName.ALL).filtered(Filters(priorities=frozenset({Priority.HIGH, None}))),
    "filtered in words": View.of(ListName.ALL).filtered(
        Filters(query='(p1 | "task") & !no tags & (completed | created after: -7 days)')
    ),
    "by title": View.of(ListName.ALL).sorted_by(Sort.TITLE, descending=True),
}


@pytest.mark.parametrize("name", VIEWS)
async def test_a_list_takes_two_statements(person: Person, name: str):
    statements = await person.statements_of_look(lambda uow: lists.window(uow, VIEWS[name], limit=50))

    assert len(statements) <= LIST_MAX, "\n".join(statements.said)


async def test_the_list_of_a_project_takes_two_statements(person: Person):
    view = View.of(ListName.PROJECT, person.project_id)

    statements = await person.statements_of_look(lambda uow: lists.window(uow, view, limit=50))

    assert len(statements) <= LIST_MAX, "\n".join(statements.said)


async def test_the_list_of_a_tag_takes_one_more(person: Person):
    view = View.of(ListName.TAG, person.tag_id)

    statements = await person.statements_of_look(lambda uow: lists.window(uow, view, limit=50))

    assert len(statements) <= LIST_MAX + 1, "\n".join(statements.said)


async def test_a_filter_that_names_tags_and_projects_takes_one_more(person: Person):
    view = View.of(ListName.ALL).filtered(Filters(query="!#home | #h* & !+Flat | +nobody"))

    statements = await person.statements_of_look(lambda uow: lists.window(uow, view, limit=50))

    assert len(statements) <= LIST_MAX + 1, "\n".join(statements.said)


async def test_the_next_window_of_a_list_takes_no_more(person: Person):
    async with person.application.work.read(person.token) as uow:
        first = await lists.window(uow, View.of(ListName.ALL), limit=50)

    statements = await person.statements_of_look(
        lambda uow: lists.window(uow, View.of(ListName.ALL), start=first.tasks[-1].cursor, limit=50)
    )

    assert len(statements) <= LIST_MAX, "\n".join(statements.said)


async def test_a_search_takes_one_more(person: Person):
    view = View(list=ListName.SEARCH, search="task", sort=Sort.RELEVANCE)

    statements = await person.statements_of_look(lambda uow: lists.window(uow, view, limit=50))

    assert len(statements) <= LIST_MAX + 1, "\n".join(statements.said)


QUERIES = {
    "everything": TaskQuery(),
    "by filter": TaskQuery(filter=all_of([HasPriority(None), Not(Is(State.NO_TAGS)), Holds("task")])),
    "open": TaskQuery(kept=frozenset({Kept.OPEN}), sort=Sort.PRIORITY),
    "by tag": TaskQuery(tags=frozenset({"home"})),
    "by project": TaskQuery(projects=frozenset({"flat"})),
    "by all": TaskQuery(
        words="task",
        priorities=frozenset({None}),
        tags=frozenset({"home"}),
        projects=frozenset({"flat"}),
        due_until=dt.datetime.combine(dt.date(2026, 12, 1), dt.time()),
        sort=Sort.TITLE,
        descending=True,
    ),
}


@pytest.mark.parametrize("name", QUERIES)
async def test_a_page_for_programs_takes_two_statements(person: Person, name: str):
    statements = await person.statements_of_look(lambda uow: page(uow, QUERIES[name], cursor=None, limit=50))

    assert len(statements) <= LIST_MAX, "\n".join(statements.said)


async def test_the_next_page_takes_no_more(person: Person):
    async with person.application.work.read(person.token) as uow:
        cursor = (await page(uow, TaskQuery(), cursor=None, limit=50))["next_cursor"]

    statements = await person.statements_of_look(lambda uow: page(uow, TaskQuery(), cursor=cursor, limit=50))

    assert cursor is not None
    assert len(statements) <= LIST_MAX, "\n".join(statements.said)


async def test_one_task_for_programs_takes_two_statements(person: Person):
    statements = await person.statements_of_look(lambda uow: document(uow, _first(person)))

    assert len(statements) <= LIST_MAX, "\n".join(statements.said)


async def test_a_task_with_names_takes_one_statement_for_each_kind_of_name(person: Person):
    new = NewTask("Call Ben", tags=("home", "Home"), project="flat")

    statements = await person.statements_of(lambda uow: named_tasks.add(uow, new))

    assert len(statements) <= WRITE_WITH_TAG_AND_PROJECT_MAX, "\n".join(statements.said)
    assert statements.commits == 1


TOOLS: dict[str, tuple[dict[str, Any], int]] = {
    "list_tasks": ({"view": "all", "tags": ["home"]}, 2),
    "sort_tasks": ({"by": "title"}, 2),
    "search_tasks": ({"query": "task"}, 3),
    "list_tags": ({}, 3),
    "list_projects": ({}, 3),
}


@pytest.mark.parametrize("name", TOOLS)
async def test_a_tool_that_looks_takes_few_statements(person: Person, name: str):
    arguments, at_most = TOOLS[name]
    with Listening(person.application) as statements:
        await call(name, arguments, ToolCaller(person.application.work, person.token))

    assert len(statements) <= at_most, "\n".join(statements.said)


async def test_an_overview_of_more_than_it_shows_takes_no_more_statements_for_each_number(person: Person):
    async with person.application.work.write(person.token) as uow:
        for days, number in product((-1, 0, 3), range(SHOWN_MAX + 2)):
            await tasks.add(uow, AddTask(f"Due {number}", due=Due(lists.today(uow) + dt.timedelta(days))))

    with Listening(person.application) as statements:
        answer = await call("overview", {}, ToolCaller(person.application.work, person.token))

    document = answer.document()
    counts = [document[stretch]["count"] for stretch in ("overdue", "due_today", "next_7_days")]
    assert counts == [SHOWN_MAX + 2] * 3
    assert len(statements) <= OVERVIEW_MAX, "\n".join(statements.said)


TURNS = {"add call Ben tomorrow": 13, "what's due this week": 7, "complete call Ben": 14}


async def test_a_turn_of_the_assistant_takes_few_statements(person: Person):
    for text, at_most in TURNS.items():
        with Listening(person.application) as statements:
            said = [piece async for piece in converse(person.application, person.token, text)]
        assert isinstance(said[-1], Done)
        assert not any(isinstance(piece, Failed) for piece in said)
        assert len(statements) <= at_most, f"{text}: {len(statements)}\n" + "\n".join(statements.said)


async def test_each_row_of_an_import_takes_no_statements_of_its_own(person: Person):
    async def taken(rows: int) -> Statements:
        lines = [f"Row {number} of {rows},high,2026-12-01,home" for number in range(rows)]
        file = File("\r\n".join(["title,priority,due_date,tags", *lines]).encode())
        with Listening(person.application) as statements:
            report = await imports.run(person.application.work, person.token, file)
        assert report.count(Outcome.CREATE) == rows
        return statements

    few, many = await taken(10), await taken(100)

    assert len(few) == len(many), "\n".join(many.said)


@pytest.mark.parametrize("kind", ExportFormat)
async def test_an_export_takes_no_more_statements_for_100_more_tasks(person: Person, kind: ExportFormat):
    async def written() -> Statements:
        with Listening(person.application) as statements:
            await export(person.application.work, person.token, kind, StringIO())
        return statements

    before = await written()
    await _add_100(person)

    assert len(await written()) == len(before), "\n".join(before.said)


async def test_the_calendar_feed_takes_no_more_statements_for_100_more_tasks(person: Person):
    async with person.application.work.write(person.token) as uow:
        secret = await feeds.renew(uow)

    async def read() -> Statements:
        with Listening(person.application) as statements:
            async with person.application.work.read() as uow:
                assert (await feeds.read(uow, secret)).text
        return statements

    before = await read()
    await _add_100(person)

    assert len(await read()) == len(before), "\n".join(before.said)


async def _add_100(person: Person) -> None:
    async with person.application.work.write(person.token) as uow:
        for number in range(100):
            await tasks.add(uow, AddTask(f"More {number}", due=Due(dt.date(2026, 12, 1))))
