"""Tags and projects: names, colours, merging, deleting."""

from __future__ import annotations

import pytest
from uuid6 import uuid7

from tests.services.conftest import Someone
from todo_app.db.models import Tag
from todo_app.domain.errors import Invalid, NameTaken
from todo_app.domain.views import ListName, View
from todo_app.services import projects, tags, tasks
from todo_app.services.tasks import AddTask


async def test_a_name_is_taken_in_any_case_and_accent(ada: Someone) -> None:
    await ada.does(lambda uow: tags.create(uow, "Büro"))
    for name in ("büro", "BURO", " Büro "):
        with pytest.raises(NameTaken, match="Büro"):
            await ada.does(lambda uow, name=name: tags.create(uow, name))


@pytest.mark.parametrize("name", ["", "  ", "#", "…", 'a"b', "a\x00", "x" * 81])
async def test_a_name_that_can_t_be_is_refused(ada: Someone, name: str) -> None:
    for create in (tags.create, projects.create):
        with pytest.raises(Invalid) as refusal:
            await ada.does(lambda uow, create=create: create(uow, name))
        assert refusal.value.field == "name"


async def test_two_people_may_use_the_same_name(ada: Someone, ben: Someone) -> None:
    for someone in (ada, ben):
        await someone.does(lambda uow: tags.create(uow, "home"))
        await someone.does(lambda uow: projects.create(uow, "Flat"))


async def test_quick_names_find_the_tag_or_make_it(ada: Someone) -> None:
    first = await ada.does(lambda uow: tags.ensure(uow, ["Home", "work"]))
    again = await ada.does(lambda uow: tags.ensure(uow, ["HOME", "work"]))
    assert first == again


async def test_merging_leaves_every_task_with_the_target_once(ada: Someone) -> None:
    a = await ada.does(lambda uow: tags.create(uow, "a"))
    b = await ada.does(lambda uow: tags.create(uow, "b"))
    for tag_ids in ({a.id}, {b.id}, {a.id, b.id}):
        await ada.does(lambda uow, tag_ids=tag_ids: tasks.add(uow, AddTask("x", tag_ids=frozenset(tag_ids))))
    await ada.does(lambda uow: tags.merge(uow, a.id, b.id))
    rows = (await ada.window(View.of(ListName.TAG, b.id))).tasks
    assert [row.tag_ids for row in rows] == [(b.id,)] * 3
    assert (await ada.counts())[f"tag:{b.id}"] == 3
    with pytest.raises(Invalid):
        await ada.does(lambda uow: tags.merge(uow, b.id, b.id))


async def test_a_deleted_tag_s_name_is_free_again_and_then_stays_so(ada: Someone) -> None:
    old = await ada.does(lambda uow: tags.create(uow, "home"))
    await ada.does(lambda uow: tags.delete(uow, old.id))
    await ada.does(lambda uow: tags.create(uow, "home"))
    with pytest.raises(NameTaken):
        await ada.does(lambda uow: tags.restore(uow, old))


async def test_a_thousand_tags_are_the_limit(ada: Someone) -> None:
    async def fill(uow) -> None:
        names = [f"tag {number}" for number in range(tags.TAGS_MAX - 1)]
        uow.session.add_all(
            Tag(
                id=uuid7(),
                user_id=uow.user_id,
                name=name,
                name_folded=name,
                color="red",
                created_at=uow.now,
            )
            for name in names
        )

    await ada.does(fill)
    await ada.does(lambda uow: tags.create(uow, "the thousandth"))
    with pytest.raises(Invalid, match="1,000"):
        await ada.does(lambda uow: tags.create(uow, "one more"))


async def test_a_deleted_project_takes_its_tasks_to_the_trash(ada: Someone) -> None:
    project = await ada.does(lambda uow: projects.create(uow, "Flat"))
    await ada.does(lambda uow: tasks.add(uow, AddTask("Paint", project_id=project.id)))
    await ada.does(lambda uow: projects.delete(uow, project.id))
    assert await ada.sees(ListName.TRASH) == ["Paint"]
    assert await ada.counts() == {"trash": 1}
