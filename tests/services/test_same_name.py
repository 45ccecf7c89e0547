"""Two transactions that need a tag or project of one name at the same moment get the same one."""

from __future__ import annotations

import asyncio

from tests.services.conftest import Someone
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.services import projects, tags

AT_ONCE = 8


async def test_a_new_tag_is_made_once(ada: Someone) -> None:
    async def add(uow: UnitOfWork) -> object:
        return await tags.ensure(uow, ["Home", "Garden"])

    made = await asyncio.gather(*(ada.does(add) for _ in range(AT_ONCE)))

    assert len(set(made)) == 1
    assert len(await ada.does(lambda uow: uow.tags.all())) == 2


async def test_a_new_project_is_made_once(ada: Someone) -> None:
    async def add(uow: UnitOfWork) -> object:
        return (await projects.ensure(uow, "Flat")).id

    made = await asyncio.gather(*(ada.does(add) for _ in range(AT_ONCE)))

    assert len(set(made)) == 1
    assert len(await ada.does(lambda uow: uow.projects.all())) == 1
