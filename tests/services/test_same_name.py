"""Two transactions that need a tag or project of one name at the same moment get the same one."""

from __future__ import annotations

import asyncio

from tests.services.conftest import Someone
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import NameTaken
from todo_app.services import filters, projects, tags

AT_ONCE = 8


async def test_a_new_tag_is_made_once(ada: Someone) -> None:
    async def add(uow: UnitOfWork) -> object:
        return await tags.ensure(uow, ["Home", "Garden"])

    made = await asyncio.gather(*(ada.does(add) for _ in range(AT_ONCE)))

    assert len(set(made)) == 1
    assert len(await ada.does(lambda uow: uow.tags.all())) == 2


async def test_a_filter_is_saved_once(ada: Someone) -> None:
    made = await asyncio.gather(
        *(ada.does(lambda uow: filters.create(uow, "Urgent", "p1")) for _ in range(AT_ONCE)),
        return_exceptions=True,
    )

    assert [type(each) for each in made].count(NameTaken) == AT_ONCE - 1
    assert len(await ada.does(lambda uow: uow.filters.all())) == 1


async def test_a_new_project_is_made_once(ada: Someone) -> None:
    async def add(uow: UnitOfWork) -> object:
        return (await projects.ensure(uow, "Flat")).id

    made = await asyncio.gather(*(ada.does(add) for _ in range(AT_ONCE)))

    assert len(set(made)) == 1
    assert len(await ada.does(lambda uow: uow.projects.all())) == 1
