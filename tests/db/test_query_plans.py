"""Every list is read along an index in its own order: no full scan, and nothing sorted but the window itself."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, get_args
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, insert, text
from uuid6 import uuid7

from tests.fixtures.postgresql import TEMPLATE
from todo_app.bootstrap import Application, bootstrap
from todo_app.db.models import (
    ALL_DAY,
    NO_DUE,
    AuditContent,
    IdempotencyKey,
    Notification,
    OutboxEvent,
    Project,
    Tag,
    Task,
    TaskSearch,
    TaskTag,
    User,
    Webhook,
    WebhookDelivery,
)
from todo_app.db.repositories.accounts import identity_of
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.filter_language import parse_filter
from todo_app.domain.identity import Identity, SessionToken
from todo_app.domain.task import Priority
from todo_app.domain.task_query import Kept, TaskQuery
from todo_app.domain.views import CHOSEN_SORTS, Filters, ListName, Sort, TagMatch, View
from todo_app.migrations import migrate
from todo_app.services import accounts, lists, webhooks
from todo_app.services.retention import BATCH, forget_answers, forget_notifications
from todo_app.services.task_document import page
from todo_app.settings import Settings
from todo_app.tools.catalogue import TOOLS, ToolCaller, call
from todo_app.tools.listing import SortBy, ViewName

NOW = dt.datetime(2026, 6, 15, 12, tzinfo=dt.UTC)
TASKS = 4000
# How often the tasks of somebody else are there besides, so that reading everything never pays.
BALLAST = 10
# What grows with the tasks of everybody.
BIG = (
    *("tasks", "task_search", "task_tags", "outbox", "audit_contents", "notifications", "idempotency_keys"),
    "webhook_deliveries",
)

Look = Callable[[UnitOfWork], Awaitable[object]]


@dataclass(frozen=True)
class Filled:
    """Where the tasks are, and what is needed to ask for them."""

    settings: Settings
    contents: tuple[Any, ...]


@dataclass(frozen=True)
class Library:
    """The application on a database in which two people have thousands of tasks."""

    application: Application
    ada: Identity
    project_id: UUID
    tag_id: UUID
    rare_tag_id: UUID
    command_id: UUID
    task_id: UUID

    @property
    def dialect(self) -> str:
        return self.application.engine.dialect.name

    async def plans(self, look: Look, *, caller: Identity | SessionToken | None = None) -> list[Plan]:
        """How the database would run each statement of a look."""
        with _heard(self.application) as statements:
            async with self.application.work.read(caller or self.ada) as uow:
                await look(uow)
        return [await self._plan(*statement) for statement in statements]

    async def plans_of_tool(self, name: str, arguments: dict[str, Any]) -> list[Plan]:
        """How the database would run each statement of an agent's look."""
        with _heard(self.application) as statements:
            await call(name, arguments, ToolCaller(self.application.work, self.ada))
        return [await self._plan(*statement) for statement in statements]

    async def plans_of_job(self, job: Look) -> list[Plan]:
        """How the database would run each statement of a job that writes, but finds nothing to change here."""
        with _heard(self.application) as statements:
            async with self.application.work.write() as uow:
                await job(uow)
        return [await self._plan(*statement) for statement in statements]

    async def _plan(self, statement: str, parameters: Any) -> Plan:
        explain = "EXPLAIN (FORMAT JSON) " if self.dialect == "postgresql" else "EXPLAIN QUERY PLAN "
        async with self.application.engine.connect() as connection:
            rows = (await connection.exec_driver_sql(explain + statement, parameters)).all()
        return PostgresqlPlan(rows[0][0][0]["Plan"]) if self.dialect == "postgresql" else SqlitePlan(rows)


class SqlitePlan:
    def __init__(self, rows) -> None:
        self._rows = rows

    def __str__(self) -> str:
        return "\n".join(detail for *_, detail in self._rows)

    @property
    def full_scans(self) -> list[str]:
        return [
            detail for *_, detail in self._rows if any(detail.split()[:2] == ["SCAN", table] for table in BIG)
        ]

    @property
    def sorts_what_it_pages_through(self) -> bool:
        pages = {row[0] for row in self._rows if row[3] in ("MATERIALIZE page", "CO-ROUTINE page")}
        assert pages, str(self)
        return any(row[1] in pages and "TEMP B-TREE FOR" in row[3] for row in self._rows)

    @property
    def sorts_a_walk(self) -> bool:
        """Whether more is sorted than what two walks bring."""
        steps = {row[0]: row for row in self._rows}
        sorts = [row for row in self._rows if "TEMP B-TREE FOR ORDER BY" in row[3]]
        siblings = [[each[3] for each in steps.values() if each[1] == row[1]] for row in sorts]
        return any(
            "USING INDEX" in each and "tasks" in each
            for group in siblings
            for each in group
            if not any("page" in other or "walks" in other for other in group)
        )


class PostgresqlPlan:
    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root

    def __str__(self) -> str:
        return "\n".join(_line(node) for node in _nodes(self._root))

    @property
    def full_scans(self) -> list[str]:
        return [
            _line(node)
            for node in _nodes(self._root)
            if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG
        ]

    @property
    def sorts_what_it_pages_through(self) -> bool:
        (page,) = [node for node in _nodes(self._root) if node["Node Type"] == "Limit"]
        return any("Sort" in node["Node Type"] for node in _nodes(page))

    @property
    def sorts_a_walk(self) -> bool:
        """Whether more is sorted than what two walks bring."""
        walks = [node for node in _nodes(self._root) if node.get("Relation Name") == "tasks"]
        return any(
            "Sort" in node["Node Type"] and any(each in walks for each in node.get("Plans", []))
            for node in _nodes(self._root)
        )


Plan = SqlitePlan | PostgresqlPlan


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _line(node: dict[str, Any]) -> str:
    return " ".join(
        str(node[key]) for key in ("Node Type", "Index Name", "Relation Name", "Alias") if key in node
    )


@contextmanager
def _heard(application: Application) -> Iterator[list[tuple[str, Any]]]:
    statements: list[tuple[str, Any]] = []

    def hear(connection, cursor, statement, parameters, context, many) -> None:
        if not statement.startswith("BEGIN"):
            statements.append((statement, parameters))

    event.listen(application.engine.sync_engine, "before_cursor_execute", hear)
    yield statements
    event.remove(application.engine.sync_engine, "before_cursor_execute", hear)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """A database in which Ada has thousands of tasks and Ben tens of thousands."""
    with _new_database(request, tmp_path_factory.mktemp("plans")) as settings:
        yield asyncio.run(_fill_both(settings))


@contextmanager
def _new_database(request: pytest.FixtureRequest, folder: Path) -> Iterator[Settings]:
    if request.param == "sqlite":
        settings = Settings(_env_file=None, data_dir=folder)
        migrate(settings)
        yield settings
        return
    server = request.getfixturevalue("postgresql_server")
    administrator = request.getfixturevalue("postgresql_template")
    name = f"plans_{uuid4().hex}"
    administrator.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield Settings(_env_file=None, database_url=server.get_uri(name), data_dir=folder)
    administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def library(filled: Filled) -> AsyncIterator[Library]:
    application = bootstrap(filled.settings, clock=lambda: NOW)
    yield Library(application, *filled.contents)
    await application.close()


async def _fill_both(settings: Settings) -> Filled:
    application = bootstrap(settings, clock=lambda: NOW)
    await _fill(application, "ben@example.org")
    await _multiply(application)
    contents = await _fill(application, "ada@example.org")
    async with application.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("ANALYZE"))
    await application.close()
    return Filled(settings, contents)


async def _multiply(application: Application) -> None:
    new_id = "gen_random_uuid()"
    if application.engine.dialect.name == "sqlite":
        new_id = "lower(hex(randomblob(16)))"
    times = " UNION ALL ".join(["SELECT 1"] * BALLAST)
    kept = ", ".join(column.name for column in Task.__table__.columns if column.name != "id")
    words = "owner, title, description"
    async with application.work.write() as uow:
        await uow.session.execute(
            text(f"INSERT INTO tasks (id, {kept}) SELECT {new_id}, {kept} FROM tasks, ({times}) AS times")
        )
        await uow.session.execute(
            text(
                f"INSERT INTO task_search (task_id, {words}) SELECT id, replace(CAST(user_id AS text), '-', ''),"
                " title_sort, '' FROM tasks WHERE id NOT IN (SELECT task_id FROM task_search)"
            )
        )
        await uow.session.execute(
            text(
                "INSERT INTO task_tags (task_id, tag_id, command_id) SELECT tasks.id, tags.id, tags.id"
                " FROM tasks, tags WHERE tags.name = 't' AND tasks.id NOT IN (SELECT task_id FROM task_tags)"
            )
        )


async def _fill(application: Application, email: str) -> tuple[Any, ...]:
    user = User(id=uuid7(), email=email, email_folded=email, password_hash="", timezone="UTC", created_at=NOW)
    project = Project(id=uuid7(), user_id=user.id, name="P", name_folded="p", created_at=NOW)
    tag, rare = (
        Tag(id=uuid7(), user_id=user.id, name=name, name_folded=name, color="red", created_at=NOW)
        for name in ("t", "rare")
    )
    tasks = [_task(user, project, number) for number in range(TASKS)]
    command_id = uuid7()
    async with application.work.write() as uow:
        uow.session.add(user)
        await uow.session.flush()
        uow.session.add_all([project, tag, rare])
        await uow.session.flush()
        await uow.session.execute(insert(Task.__table__), tasks)
        ids = [task["id"] for task in tasks]
        words = [_words(user, number, ids) for number in range(TASKS)]
        await uow.session.execute(insert(TaskSearch.__table__), words)
        borne = [(task_id, tag.id) for task_id in ids[::3]] + [(task_id, rare.id) for task_id in ids[5:8]]
        await uow.session.execute(
            insert(TaskTag.__table__),
            [{"task_id": task_id, "tag_id": tag_id, "command_id": command_id} for task_id, tag_id in borne],
        )
        events = [_event(user, task_id, number, command_id) for number, task_id in enumerate(ids)]
        await uow.session.execute(insert(OutboxEvent.__table__), events)
        contents = [_content(event, position) for position, event in enumerate(events, start=1)]
        await uow.session.execute(insert(AuditContent.__table__), contents)
        told = [_notification(user, number) for number in range(TASKS)]
        await uow.session.execute(insert(Notification.__table__), told)
        await uow.session.execute(
            insert(IdempotencyKey.__table__), [_answer(user, number) for number in range(TASKS)]
        )
        webhook = Webhook(id=uuid7(), user_id=user.id, name="W", url="", secret="", created_at=NOW)
        uow.session.add(webhook)
        await uow.session.flush()
        sent = [_delivery(webhook, number) for number in range(TASKS)]
        await uow.session.execute(insert(WebhookDelivery.__table__), sent)
    return identity_of(user), project.id, tag.id, rare.id, command_id, ids[0]


def _task(user: User, project: Project, number: int) -> dict[str, Any]:
    due = NOW.date() + dt.timedelta(days=number % 90 - 15)
    return {
        "id": uuid7(),
        "user_id": user.id,
        "project_id": project.id if number % 2 else None,
        "parent_id": None,
        "title": f"Task {number}",
        "title_sort": f"task {number * 7919 % 10007}",
        "description": "",
        "priority": (Priority.HIGH, Priority.MEDIUM, Priority.LOW, None)[number % 4],
        "due_date": due if number % 5 else None,
        "due_sort": dt.datetime.combine(due, ALL_DAY) if number % 5 else NO_DUE,
        "rank": f"h{number * 104729 % 99991:08d}V",
        "created_at": NOW - dt.timedelta(minutes=number),
        "updated_at": NOW,
        "completed_at": NOW - dt.timedelta(minutes=number) if number % 10 in (3, 4, 5) else None,
        "deleted_at": NOW - dt.timedelta(minutes=number) if number % 10 == 7 else None,
        "version": 1,
    }


def _words(user: User, number: int, ids: list[UUID]) -> dict[str, Any]:
    title = f"task {'call' if number % 50 == 0 else 'write'} {number}"
    return {"task_id": ids[number], "owner": user.id.hex, "title": title, "description": ""}


def _event(user: User, task_id: UUID, number: int, command_id: UUID) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "user_id": user.id,
        "aggregate_id": task_id,
        "seq": 1,
        "type": "task.created",
        "command_id": command_id if number < 3 else uuid7(),
        "undoes": None,
        "occurred_at": NOW,
        "envelope": "{}",
        "published_at": NOW,
        "settled_at": NOW,
    }


def _content(event: dict[str, Any], position: int) -> dict[str, Any]:
    kept = ("user_id", "aggregate_id", "command_id", "type", "occurred_at", "envelope")
    return {**{key: event[key] for key in kept}, "position": position, "salt": ""}


def _answer(user: User, number: int) -> dict[str, Any]:
    digests = {"key_digest": str(number), "request_digest": str(number)}
    return {"user_id": user.id, **digests, "created_at": NOW, "answer": ""}


def _delivery(webhook: Webhook, number: int) -> dict[str, Any]:
    then = NOW - dt.timedelta(minutes=number)
    is_over = number % 100 > 0
    ids = {"id": uuid7(), "user_id": webhook.user_id, "webhook_id": webhook.id}
    told = {"type": "task.created", "created_at": then, "attempts": 1, "error": "", "answer": ""}
    return {**ids, **told, "next_attempt_at": None if is_over else then}


def _notification(user: User, number: int) -> dict[str, Any]:
    then = NOW - dt.timedelta(minutes=number)
    return {
        "id": uuid7(),
        "user_id": user.id,
        "reason": "reminder",
        "title": f"Task {number}",
        "body": "",
        "meant_for": then,
        "is_late": False,
        "created_at": then,
    }


def _views(library: Library) -> dict[str, View]:
    """Every list in every order that an index keeps."""
    views = {}
    for name, list_id in {
        ListName.INBOX: None,
        ListName.ALL: None,
        ListName.PROJECT: library.project_id,
    }.items():
        for sort in CHOSEN_SORTS:
            for descending in (False, True):
                view = View.of(name, list_id).sorted_by(sort, descending=descending)
                views[f"{name} by {sort}{' backwards' * descending}"] = view
    for name, sort in {
        ListName.TODAY: Sort.DUE,
        ListName.UPCOMING: Sort.DUE,
        ListName.COMPLETED: Sort.COMPLETED,
        ListName.TRASH: Sort.DELETED,
    }.items():
        for descending in (False, True):
            view = View.of(name).sorted_by(sort, descending=descending)
            views[f"{name} by {sort}{' backwards' * descending}"] = view
    return views


async def test_each_list_is_read_along_the_index_of_its_order(library: Library):
    wrong = {}
    for name, view in _views(library).items():
        (plan,) = await library.plans(lambda uow, view=view: lists.window(uow, view, limit=50))
        if plan.full_scans or plan.sorts_what_it_pages_through:
            wrong[name] = str(plan)

    assert wrong == {}


async def test_a_later_window_is_read_from_its_cursor_on(library: Library):
    wrong = {}
    for name, view in _views(library).items():
        async with library.application.work.read(library.ada) as uow:
            start = (await lists.window(uow, view, limit=50)).tasks[-1].cursor
        (plan,) = await library.plans(
            lambda uow, view=view, start=start: lists.window(uow, view, start=start)
        )
        if plan.full_scans:
            wrong[name] = str(plan)

    assert wrong == {}


async def test_other_orders_and_filters_sort_what_the_list_holds_and_scan_nothing_else(library: Library):
    today, everything = View.of(ListName.TODAY), View.of(ListName.ALL)
    looks = {
        "today by title": today.sorted_by(Sort.TITLE, descending=False),
        "upcoming by priority": View.of(ListName.UPCOMING).sorted_by(Sort.PRIORITY, descending=True),
        "trash by due": View.of(ListName.TRASH).sorted_by(Sort.DUE, descending=False),
        "tag": View.of(ListName.TAG, library.tag_id),
        "rare tag": View.of(ListName.TAG, library.rare_tag_id),
        "high": everything.filtered(Filters(priorities=frozenset({Priority.HIGH}))),
        "without a tag": everything.filtered(
            Filters(tag_ids=frozenset({library.tag_id}), tag_match=TagMatch.NONE)
        ),
        "this week": everything.filtered(
            Filters(due_after=NOW.date(), due_before=NOW.date() + dt.timedelta(days=7))
        ),
    }
    wrong = {}
    for name, view in looks.items():
        for plan in await library.plans(lambda uow, view=view: lists.window(uow, view, limit=50)):
            if plan.full_scans:
                wrong[name] = str(plan)

    assert wrong == {}


FILTERS = (
    "#t",
    "#rare & p1",
    "#t | #rare",
    "#r* & !p4",
    "!#t",
    "no tags",
    "+P & overdue",
    "no project & recurring",
    "due before: friday",
    "created after: -7 days & no time",
    '"call"',
    '!"call" & p1',
    "completed",
    "open | completed after: -7 days",
    "#t & completed",
    '("call" | #rare) & (completed | p1)',
)


@pytest.mark.parametrize("filled", ["postgresql"], indirect=True)
async def test_no_new_words_wait_where_every_search_has_to_read_them(library: Library):
    async with library.application.engine.begin() as connection:
        pages = (
            await connection.execute(text("SELECT gin_clean_pending_list('ix_task_search_words')"))
        ).scalar()
    assert pages == 0


async def test_a_filter_in_words_scans_no_big_table(library: Library):
    wrong = {}
    for query in FILTERS:
        view = View.of(ListName.ALL).filtered(Filters(query=query))
        for plan in await library.plans(lambda uow, view=view: lists.window(uow, view, limit=50)):
            if plan.full_scans:
                wrong[query] = str(plan)

    assert wrong == {}


@pytest.mark.parametrize("query", ["p1", "!p4 | overdue", "!#t & p1", "no project"])
async def test_a_filter_that_many_tasks_pass_is_read_along_the_order(library: Library, query: str):
    view = View.of(ListName.ALL).filtered(Filters(query=query))

    *_, plan = await library.plans(lambda uow: lists.window(uow, view, limit=50))

    assert not plan.sorts_what_it_pages_through, str(plan)


@pytest.mark.parametrize("query", ["#rare", "(#rare | #nobody) & !p4"])
async def test_a_rare_tag_in_a_filter_is_not_looked_for_along_the_whole_list(library: Library, query: str):
    view = View.of(ListName.ALL).filtered(Filters(query=query))

    *_, plan = await library.plans(lambda uow: lists.window(uow, view, limit=50))

    assert "ix_tasks_open" not in str(plan)


async def test_a_rare_tag_is_not_looked_for_along_the_whole_list(library: Library):
    view = View.of(ListName.TAG, library.rare_tag_id)

    *_, plan = await library.plans(lambda uow: lists.window(uow, view, limit=50))

    assert "ix_tasks_open" not in str(plan)


def _queries() -> dict[str, TaskQuery]:
    """What programs ask for along an index."""
    queries = {}
    for sort in CHOSEN_SORTS:
        for kept in ({Kept.OPEN}, {Kept.COMPLETED}, {Kept.OPEN, Kept.COMPLETED}):
            for descending in (False, True):
                query = TaskQuery(kept=frozenset(kept), sort=sort, descending=descending)
                queries[f"{'-' * descending}{sort} of {' and '.join(sorted(kept))}"] = query
        queries[f"{sort} of a project"] = TaskQuery(
            kept=frozenset({Kept.OPEN}), projects=frozenset({"p"}), sort=sort
        )
    return queries


async def test_each_page_for_programs_is_read_along_the_index_of_its_order(library: Library):
    wrong = {}
    for name, query in _queries().items():
        async with library.application.work.read(library.ada) as uow:
            cursor = (await page(uow, query, cursor=None, limit=50))["next_cursor"]
        for start in (None, cursor):
            (plan,) = await library.plans(
                lambda uow, query=query, start=start: page(uow, query, cursor=start, limit=50)
            )
            if plan.full_scans or plan.sorts_a_walk:
                wrong[name, start] = str(plan)

    assert wrong == {}


async def test_filters_of_programs_scan_nothing(library: Library):
    queries = {
        "frequent tag": TaskQuery(tags=frozenset({"t"})),
        "rare tag": TaskQuery(tags=frozenset({"rare"})),
        "words": TaskQuery(words="call", sort=Sort.CREATED, descending=True),
        "high": TaskQuery(priorities=frozenset({Priority.HIGH})),
        "projects": TaskQuery(projects=frozenset({"p", None})),
        "trash": TaskQuery(kept=frozenset({Kept.DELETED})),
        "due": TaskQuery(due_from=NOW.replace(tzinfo=None), due_until=NO_DUE.replace(year=2026)),
    }
    expressions = {text: parse_filter(text, now=NOW, timezone=ZoneInfo("UTC")) for text in FILTERS}
    queries |= {f"filter {text}": TaskQuery(filter=tree) for text, tree in expressions.items()}
    wrong = {}
    for name, query in queries.items():
        *_, plan = await library.plans(lambda uow, query=query: page(uow, query, cursor=None, limit=50))
        if plan.full_scans:
            wrong[name] = str(plan)

    assert wrong == {}


def _looks_of_agents(library: Library) -> list[tuple[str, dict[str, Any]]]:
    """Every tool that only looks, in every way that makes it ask otherwise."""
    chosen: list[dict[str, Any]] = [
        *({"view": view} for view in get_args(ViewName)),
        *({"filter": text} for text in FILTERS),
        *({"status": status} for status in ("open", "completed", "deleted")),
        {"priority": ["high", "none"]},
        {"tags": ["t", "rare"]},
        {"project": "P"},
        {"project": ""},
        {"due_after": "today", "due_before": "sunday"},
    ]
    return [
        ("overview", {}),
        *(("list_tasks", arguments) for arguments in chosen),
        *(
            ("sort_tasks", {"by": by, **arguments})
            for by in get_args(SortBy)
            for arguments in ({}, *chosen[:7])
        ),
        ("search_tasks", {"query": "call"}),
        ("get_task", {"id": str(library.task_id)}),
        ("list_projects", {}),
        ("list_tags", {}),
    ]


async def test_what_agents_look_at_scans_no_big_table(library: Library):
    wrong = {}
    for name, arguments in _looks_of_agents(library):
        for plan in await library.plans_of_tool(name, arguments):
            if plan.full_scans:
                wrong[name, str(arguments)] = str(plan)

    assert wrong == {}
    looked_at = {name for name, _ in _looks_of_agents(library)}
    assert looked_at == {tool.name for tool in TOOLS if tool.is_read_only}


async def test_a_rare_tag_is_not_looked_for_along_the_order_either(library: Library):
    query = TaskQuery(kept=frozenset({Kept.OPEN}), tags=frozenset({"rare"}))

    (plan,) = await library.plans(lambda uow: page(uow, query, cursor=None, limit=50))

    # One walk for when it is frequent, and the tasks themselves for when it is not.
    assert str(plan).count("ix_tasks_open") == 1
    assert plan.full_scans == []


async def test_old_answers_to_programs_are_found_by_their_age(library: Library):
    (plan,) = await library.plans_of_job(forget_answers)

    assert "ix_idempotency_keys_created" in str(plan)


async def test_everything_else_that_the_page_asks_for_scans_no_big_table(library: Library):
    async with library.application.work.write() as uow:
        user = await uow.accounts.by_email("ada@example.org")
        assert user is not None
        token = SessionToken(accounts.start_session(uow, user, days=1).secret)
    looks: dict[str, Look] = {
        "counts": lists.counts,
        "subtasks": lambda uow: uow.lists.subtasks(library.task_id),
        "activity": lambda uow: uow.activity.page(),
        "activity of a task": lambda uow: uow.activity.page(aggregate_id=library.task_id),
        "what to undo": lambda uow: uow.activity.of_command(library.command_id),
        "tags": lambda uow: uow.tags.all(),
        "projects": lambda uow: uow.projects.all(),
        "filters": lambda uow: uow.filters.all(),
        "search": lambda uow: lists.window(
            uow, View(list=ListName.SEARCH, search="call", sort=Sort.RELEVANCE)
        ),
    }
    wrong = {}
    for name, look in looks.items():
        for plan in await library.plans(_ignoring_content(look), caller=token):
            if plan.full_scans:
                wrong[name] = str(plan)

    assert wrong == {}


async def test_what_is_too_old_is_found_by_its_age(library: Library):
    (plan,) = await library.plans_of_job(forget_notifications)

    assert plan.full_scans == []
    assert "ix_notifications_created" in str(plan)


async def test_what_webhooks_were_and_are_to_be_told_is_found_without_looking_at_the_rest(
    library: Library,
):
    async with library.application.work.read(library.ada) as uow:
        [webhook] = await uow.webhooks.all()
    jobs: dict[str, Look] = {
        "log": lambda uow: uow.part(library.ada).webhooks.deliveries(webhook.id, limit=10),
        "next": lambda uow: uow.webhook_deliveries.next_at(now=NOW),
        "claim": lambda uow: uow.webhook_deliveries.claim(owner="me", now=NOW, until=NOW, limit=5),
        "old": partial(webhooks.forget_old, limit=BATCH),
    }
    plans = {name: await library.plans_of_job(job) for name, job in jobs.items()}

    assert all(plans.values())
    assert [str(plan) for each in plans.values() for plan in each if plan.full_scans] == []


def _ignoring_content(look: Look) -> Look:
    async def run(uow: UnitOfWork) -> None:
        # The events of this library are empty: they are found, but can't be read.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("todo_app.domain.events.Event.model_validate_json", lambda *_: None)
            await look(uow)

    return run
