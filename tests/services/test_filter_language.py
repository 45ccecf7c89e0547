"""Filters in words find what a person would pick by hand, on both databases, and nothing of anybody else."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from tests.services.conftest import Clock, Someone
from tests.unit.filter_language.trees import every_date, trees
from todo_app.db.models import ALL_DAY, Task, TaskRecurrence
from todo_app.db.repositories.reading import Reading
from todo_app.db.repositories.task_lists import tag_ids_of_task, uuids_of
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.filter_language import Expression, Name, format_filter, is_about_status
from todo_app.domain.filter_language.spans import Span
from todo_app.domain.filter_language.tree import (
    And,
    Dated,
    HasPriority,
    Holds,
    InProject,
    Is,
    Moment,
    Not,
    Or,
    Relation,
    State,
    Tagged,
)
from todo_app.domain.labels import local_due
from todo_app.domain.task import Due, Priority
from todo_app.domain.text import fold, words_of
from todo_app.domain.views import Filters, ListName, Sort, TagMatch, View
from todo_app.services import lists, projects, quick_add, tags, tasks
from todo_app.services.tasks import AddTask

TODAY = date(2026, 11, 23)
TREES = 150
TITLES = ("Pay the rent", "Renting a car", "Büro aufräumen", "Read the report", "Buy milk")
TAGS = ("work", "workshop", "two words", "5*", "50", "Büro", "gone", "a_b", "axb")
PROJECTS = ("Work", "R&D (new)", "someday")
RULES = ("", "", "", " every day", " every! 3 days")


@dataclass(frozen=True)
class Facts:
    """What a person sees of a task."""

    task: Task
    tags: frozenset[str]
    project: str | None
    repeats: bool


@pytest.fixture
async def life(ada: Someone, ben: Someone, clock: Clock) -> list[Facts]:
    """A made-up life of Ada's, a month long; Ben has the same names, and tasks that bear them."""
    today = clock.now
    clock.now -= timedelta(days=30)
    for someone in (ada, ben):
        await _live(someone, clock, random.Random(7))
    clock.now = today
    async with ada.application.work.read(ada.identity) as uow:
        return await _facts(uow)


async def _live(someone: Someone, clock: Clock, chance: random.Random) -> None:
    tag_ids = [(await someone.does(lambda uow, name=name: tags.create(uow, name))).id for name in TAGS]
    project_ids = [
        (await someone.does(lambda uow, name=name: projects.create(uow, name))).id for name in PROJECTS
    ]
    for _ in range(30):
        clock.now += timedelta(hours=chance.randint(1, 40))
        added = await someone.does(
            lambda uow: tasks.add(uow, _task(chance, tag_ids, [*project_ids, None, None]))
        )
        if chance.random() < 0.3:
            title = chance.choice(TITLES)
            await someone.does(
                lambda uow, parent=added.id, title=title: tasks.add(uow, AddTask(title, parent_id=parent))
            )
        if chance.random() < 0.3:
            await someone.does(lambda uow, done=added.id: tasks.complete(uow, [done]))
        elif chance.random() < 0.1:
            await someone.does(lambda uow, gone=added.id: tasks.delete(uow, [gone]))
        rule = chance.choice(RULES)
        if rule:
            await someone.does(
                lambda uow, rule=rule: quick_add.add(
                    uow, f"{chance.choice(TITLES)}{rule}", view=View.of(ListName.INBOX)
                )
            )
    await someone.does(lambda uow: tags.delete(uow, tag_ids[TAGS.index("gone")]))


def _task(chance: random.Random, tag_ids: list[UUID], project_ids: list[UUID | None]) -> AddTask:
    day = TODAY + timedelta(chance.randint(-9, 9))
    due = chance.choice(
        [
            None,
            Due(day),
            Due(day, time(14)),
            Due(day, time(chance.randint(0, 23)), chance.choice(["Asia/Tokyo", None])),
        ]
    )
    return AddTask(
        chance.choice(TITLES),
        chance.choice(["", "Ask about the rent", "milk"]),
        chance.choice([*Priority, None]),
        due,
        project_id=chance.choice(project_ids),
        tag_ids=frozenset(chance.sample(tag_ids, chance.randint(0, 2))),
    )


async def _facts(uow: UnitOfWork) -> list[Facts]:
    names = {tag.id: tag.name for tag in await uow.tags.all()}
    named = {project.id: project.name for project in await uow.projects.all()}
    mine = select(Task, tag_ids_of_task()).where(col(Task.user_id) == uow.user_id)
    series = {each.id for each in await uow.session.scalars(select(TaskRecurrence)) if each.ended_at is None}
    return [
        Facts(
            task,
            frozenset(names[tag_id] for tag_id in uuids_of(joined)),
            named.get(task.project_id) if task.project_id else None,
            task.series_id in series,
        )
        for task, joined in (await uow.session.execute(mine)).all()
    ]


def shown(facts: Facts, expression: Expression, ada: Someone) -> bool:
    """Whether a filter's list shows a task, by a plain reading."""
    if facts.task.deleted_at:
        return False
    if facts.task.completed_at and not is_about_status(expression):
        return False
    return passes(facts, expression, ada)


def passes(facts: Facts, expression: Expression, ada: Someone) -> bool:
    task = facts.task
    match expression:
        case And(operands):
            return all(passes(facts, each, ada) for each in operands)
        case Or(operands):
            return any(passes(facts, each, ada) for each in operands)
        case Not(operand):
            return not passes(facts, operand, ada)
        case Tagged(name):
            return any(_fits(name, tag) for tag in facts.tags)
        case InProject(name):
            return facts.project is not None and _fits(name, facts.project)
        case HasPriority(priority):
            return task.priority == priority
        case Holds(words):
            held = words_of(task.title) + words_of(task.description)
            return all(any(word.startswith(begun) for word in held) for begun in words_of(words))
        case Dated(moment, relation, _, span):
            clock = _clock(facts, moment, ada)
            return clock is not None and _lies(clock, relation, span)
        case Is(state):
            due = _clock(facts, Moment.DUE, ada)
            return {
                State.OVERDUE: due is not None and due.date() < TODAY,
                State.TODAY: due is not None and due.date() == TODAY,
                State.TOMORROW: due is not None and due.date() == TODAY + timedelta(1),
                State.NO_DATE: due is None,
                State.NO_TIME: task.due is None or task.due.time is None,
                State.RECURRING: facts.repeats,
                State.NO_TAGS: not facts.tags,
                State.NO_PROJECT: facts.project is None,
                State.SUBTASK: task.parent_id is not None,
                State.OPEN: task.completed_at is None,
                State.COMPLETED: task.completed_at is not None,
            }[state]


def _fits(name: Name, other: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, name.folded)), fold(other)) is not None


def _clock(facts: Facts, moment: Moment, ada: Someone) -> datetime | None:
    task, zone = facts.task, ada.identity.zone
    if moment is Moment.DUE:
        local = local_due(task.due, zone) if task.due else None
        return datetime.combine(local.date, local.time or ALL_DAY) if local else None
    instant = task.created_at if moment is Moment.CREATED else task.completed_at
    return instant.astimezone(zone).replace(tzinfo=None) if instant else None


def _lies(clock: datetime, relation: Relation, span: Span) -> bool:
    return {
        Relation.ON: span.start <= clock < span.end,
        Relation.BEFORE: clock < span.start,
        Relation.AFTER: clock >= span.end,
        Relation.FROM: clock >= span.start,
        Relation.BY: clock < span.end,
    }[relation]


def _names(*names: str) -> st.SearchStrategy[Name]:
    wild = (Name.read(text) for text in ("work*", "*", "*o*", "5*", "a_*", "%"))
    return st.sampled_from([*map(Name.of, names), *wild, Name.of("nobody has this")])


def _simple_trees(ada: Someone, now: datetime) -> list[Expression]:
    dates = every_date(now=now, zone=ada.identity.zone)
    return [each for found in (*dates, *map(Is, State)) for each in (found, Not(found))]


def _random_trees(ada: Someone, now: datetime) -> list[Expression]:
    found: list[Expression] = []

    @settings(max_examples=TREES, deadline=None, database=None)
    @given(
        trees(
            now=now,
            zone=ada.identity.zone,
            tags=_names(*TAGS),
            projects=_names(*PROJECTS),
            words=st.sampled_from(["rent", "the re", "buro", "milk rent", "nothing"]),
        )
    )
    def collect(tree: Expression) -> None:
        found.append(tree)

    collect()
    return found


async def test_a_filter_finds_what_a_plain_reading_finds(
    ada: Someone, life: list[Facts], clock: Clock
) -> None:
    wrong = []
    view = View.of(ListName.FILTER, uuid4())
    async with ada.application.work.read(ada.identity) as uow:
        for tree in _simple_trees(ada, uow.now) + _random_trees(ada, uow.now):
            window = await uow.lists.window(
                view, Reading(lists.today(uow), ada.identity.zone, tree), start=None, limit=100
            )
            expected = {facts.task.id for facts in life if shown(facts, tree, ada)}
            assert len(expected) <= 100
            if {task.id for task in window.tasks} != expected:
                wrong.append(format_filter(tree))

    assert sorted(wrong, key=len)[:3] == []


@pytest.mark.parametrize(
    "text",
    [
        "#work & (high | overdue) & !+someday",
        "#work*",
        r"#5\*",
        '+"R&D (new)" | "rent"',
        "completed after: -7 days",
        "!open",
        "due before: today 15:00 & !no date",
        "recurring | no time",
    ],
)
async def test_a_filter_as_typed(ada: Someone, life: list[Facts], text: str) -> None:
    async with ada.application.work.read(ada.identity) as uow:
        tree = lists.read_filter(uow, text)
        window = await lists.window(uow, View.of(ListName.ALL).filtered(Filters(query=text)))

    expected = {facts.task.id for facts in life if shown(facts, tree, ada) and facts.task.parent_id is None}
    assert expected
    assert {task.id for task in window.tasks} == expected


async def test_a_name_that_nothing_has_finds_nothing_and_its_opposite_everything(
    ada: Someone, life: list[Facts]
) -> None:
    async def found(text: str) -> int:
        return len((await ada.window(View.of(ListName.ALL).filtered(Filters(query=text)))).tasks)

    assert await found("#nobody") == await found("+nobody") == await found("#gone") == 0
    assert await found("!#nobody") == len((await ada.window(View.of(ListName.ALL))).tasks) > 0


async def test_it_narrows_every_list_and_goes_with_the_rest_of_the_panel(ada: Someone) -> None:
    work = await ada.does(lambda uow: tags.create(uow, "work"))
    for title, tag_ids, due in (
        ("Report", {work.id}, Due(TODAY)),
        ("Milk", set(), Due(TODAY)),
        ("Plan", {work.id}, None),
    ):
        command = AddTask(title, due=due, tag_ids=frozenset(tag_ids))
        await ada.does(lambda uow, command=command: tasks.add(uow, command))

    async def titles(view: View, **filters: object) -> list[str]:
        window = await ada.window(view.filtered(Filters(query="#work", **filters)))  # type: ignore[arg-type]
        return sorted(task.title for task in window.tasks)

    assert await titles(View.of(ListName.TODAY)) == ["Report"]
    assert await titles(View.of(ListName.INBOX)) == ["Plan", "Report"]
    assert await titles(View.of(ListName.INBOX), priorities=frozenset({Priority.HIGH})) == []
    assert await titles(View.of(ListName.INBOX), tag_ids=frozenset({work.id}), tag_match=TagMatch.NONE) == []
    assert await titles(View(list=ListName.SEARCH, search="re", sort=Sort.RELEVANCE)) == ["Report"]
