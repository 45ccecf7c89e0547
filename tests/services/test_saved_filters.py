"""Saved filters: their names and order, and that they stay true when tags and projects are renamed."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from tests.services.conftest import Someone
from todo_app.domain.errors import Conflict, Invalid, NameTaken, NotFound
from todo_app.domain.filter_language import Unreadable
from todo_app.domain.filter_language.parser import TEXT_MAX
from todo_app.services import filters, projects, tags, undo


async def saved(someone: Someone) -> dict[str, str]:
    """The filters in their order."""
    async with someone.application.work.read(someone.identity) as uow:
        return {each.name: each.query for each in await uow.filters.all()}


async def create(someone: Someone, name: str, query: str):
    return (await someone.does(lambda uow: filters.create(uow, name, query))).id


async def take_back(someone: Someone) -> None:
    command = someone.last_command
    assert command is not None
    await someone.does(lambda uow: undo.undo(uow, command))


async def test_a_filter_is_kept_as_it_was_typed_below_the_others(ada: Someone) -> None:
    await create(ada, "Work", "  HIGH&#Work ")
    await create(ada, "At home", "#home")

    assert list((await saved(ada)).items()) == [("Work", "HIGH&#Work"), ("At home", "#home")]


@pytest.mark.parametrize("query", ["", "  ", "#work &", "x" * 1001])
async def test_one_that_can_t_be_read_is_not_saved(ada: Someone, query: str) -> None:
    filter_id = await create(ada, "Work", "#work")
    with pytest.raises(Unreadable):
        await create(ada, "Other", query)
    with pytest.raises(Unreadable):
        await ada.does(lambda uow: filters.edit(uow, filter_id, query=query))
    assert await saved(ada) == {"Work": "#work"}


async def test_a_name_is_taken_in_any_case_and_free_again_after_deletion(ada: Someone, ben: Someone) -> None:
    filter_id = await create(ada, "Büro", "#work")
    other_id = await create(ada, "Home", "#home")
    for name in ("buro", " BÜRO "):
        with pytest.raises(NameTaken, match="Büro"):
            await create(ada, name, "p1")
        with pytest.raises(NameTaken, match="Büro"):
            await ada.does(lambda uow, name=name: filters.edit(uow, other_id, name=name))
    await create(ben, "Büro", "#work")

    await ada.does(lambda uow: filters.delete(uow, filter_id))
    await create(ada, "Büro", "p2")
    async with ada.application.work.read(ada.identity) as uow:
        gone = await uow.filters.find(filter_id)
    assert gone is not None
    with pytest.raises(NameTaken):
        await ada.does(lambda uow: filters.restore(uow, gone))


async def test_a_hundred_are_the_limit(ada: Someone) -> None:
    async def fill(uow) -> None:
        for number in range(filters.FILTERS_MAX):
            await filters.create(uow, f"filter {number}", "p1")

    await ada.does(fill)
    with pytest.raises(Invalid, match="100"):
        await create(ada, "one more", "p1")


async def test_they_are_put_in_another_order(ada: Someone) -> None:
    a, b, c = [await create(ada, name, "p1") for name in "abc"]

    await ada.does(lambda uow: filters.move(uow, c, after_id=None))
    assert "".join(await saved(ada)) == "cab"
    await ada.does(lambda uow: filters.move(uow, c, after_id=a))
    assert "".join(await saved(ada)) == "acb"
    await ada.does(lambda uow: filters.move(uow, a, after_id=b))
    assert "".join(await saved(ada)) == "cba"
    await take_back(ada)
    assert "".join(await saved(ada)) == "acb"
    with pytest.raises(NotFound):
        await ada.does(lambda uow: filters.move(uow, a, after_id=uuid4()))


async def test_nobody_else_s_filter_is_there(ada: Someone, ben: Someone) -> None:
    filter_id = await create(ada, "Work", "#work")
    for work in (
        lambda uow: filters.edit(uow, filter_id, name="Mine"),
        lambda uow: filters.move(uow, filter_id, after_id=None),
        lambda uow: filters.delete(uow, filter_id),
    ):
        with pytest.raises(NotFound):
            await ben.does(work)
    assert await saved(ada) == {"Work": "#work"}


async def test_a_renamed_tag_or_project_is_renamed_in_them_and_back_again(ada: Someone, ben: Someone) -> None:
    work = await ada.does(lambda uow: tags.create(uow, "work"))
    flat = await ada.does(lambda uow: projects.create(uow, "Flat"))
    before = {"Both": "(#WORK|p1) & !+flat", "Star": "#work* & +f*", "Text": '"work" | +work'}
    for name, query in before.items():
        await create(ada, name, query)
    await create(ben, "Mine", "#work")

    await ada.does(lambda uow: tags.rename(uow, work.id, "the job"))
    assert await saved(ada) == {**before, "Both": '(#"the job"|p1) & !+flat'}
    await ada.does(lambda uow: projects.rename(uow, flat.id, "R&D"))
    assert await saved(ada) == {**before, "Both": '(#"the job"|p1) & !+"R&D"'}
    assert await saved(ben) == {"Mine": "#work"}

    await take_back(ada)
    assert await saved(ada) == {**before, "Both": '(#"the job"|p1) & !+flat'}
    await take_back(ada)
    assert await saved(ada) == {**before, "Both": '(#"the job"|p1) & !+"R&D"'}


async def test_a_merged_tag_is_the_other_one_in_them(ada: Someone) -> None:
    home = await ada.does(lambda uow: tags.create(uow, "home"))
    house = await ada.does(lambda uow: tags.create(uow, "house"))
    await create(ada, "Home", "#home & p1")

    await ada.does(lambda uow: tags.merge(uow, home.id, house.id))
    assert await saved(ada) == {"Home": "#house & p1"}
    await take_back(ada)
    assert await saved(ada) == {"Home": "#home & p1"}
    await take_back(ada)
    assert await saved(ada) == {"Home": "#house & p1"}


async def test_a_filter_changed_since_keeps_its_change_when_the_tag_s_name_is_taken_back(
    ada: Someone,
) -> None:
    home = await ada.does(lambda uow: tags.create(uow, "home"))
    filter_id = await create(ada, "Home", "#home")
    await ada.does(lambda uow: tags.rename(uow, home.id, "house"))
    command = ada.last_command
    await ada.does(lambda uow: filters.edit(uow, filter_id, query="#house & p1"))

    assert command is not None
    with pytest.raises(Conflict):
        await ada.does(lambda uow: undo.undo(uow, command))
    assert await saved(ada) == {"Home": "#house & p1"}


async def test_a_deleted_tag_leaves_them_as_they_are(ada: Someone) -> None:
    home = await ada.does(lambda uow: tags.create(uow, "home"))
    await create(ada, "Home", "#home")

    await ada.does(lambda uow: tags.delete(uow, home.id))

    assert await saved(ada) == {"Home": "#home"}


async def test_a_name_that_would_make_one_too_long_is_refused(ada: Someone) -> None:
    tag = await ada.does(lambda uow: tags.create(uow, "a"))
    query = "|".join(["#a"] * 90)
    await create(ada, "Long", query)

    with pytest.raises(Invalid, match="“Long” would become too long"):
        await ada.does(lambda uow: tags.rename(uow, tag.id, "b" * 40))
    assert await saved(ada) == {"Long": query}
    assert len(query) < TEXT_MAX


async def test_two_names_in_one_filter_are_changed_at_the_same_moment(ada: Someone) -> None:
    made = [await ada.does(lambda uow, name=name: tags.create(uow, name)) for name in ("a", "b", "c", "d")]
    await create(ada, "All", "#a | #b | #c | #d")

    await asyncio.gather(
        *(ada.does(lambda uow, tag=tag: tags.rename(uow, tag.id, tag.name * 2)) for tag in made)
    )

    assert await saved(ada) == {"All": "#aa | #bb | #cc | #dd"}
