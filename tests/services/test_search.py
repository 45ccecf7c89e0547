"""Search: by the beginnings of words, whatever their case and accents; operators have no power."""

from __future__ import annotations

import pytest

from tests.services.conftest import Someone
from todo_app.db.repositories import search
from todo_app.domain.views import ListName, View
from todo_app.services import tasks, undo
from todo_app.services.task_fields import TaskPatch
from todo_app.services.tasks import AddTask, EditTasks


async def add(someone: Someone, title: str, description: str = "") -> None:
    await someone.does(lambda uow: tasks.add(uow, AddTask(title, description=description)))


async def found(someone: Someone, query: str) -> list[str]:
    return [task.title for task in (await someone.window(View(ListName.SEARCH, search=query))).tasks]


@pytest.mark.parametrize(
    "query",
    ["rent", "RENT", "ren", "pay ren", "rent pay", "miete", "Büro", "buro", "BÜRO mie", "straße", "strasse"],
)
async def test_words_are_found_by_their_beginnings(ada: Someone, query: str) -> None:
    await add(ada, "Pay rent", "Miete fürs Büro in der Parkstraße, Straße 7")
    assert await found(ada, query) == ["Pay rent"]


@pytest.mark.parametrize("query", ["ent", "park straße pay x", "", "   ", "…", "--"])
async def test_what_no_word_begins_with_is_not_found(ada: Someone, query: str) -> None:
    await add(ada, "Pay rent", "Parkstraße")
    assert await found(ada, query) == []


@pytest.mark.parametrize(
    "query",
    [
        '"',
        '"rent',
        "rent*",
        "*",
        "NEAR",
        "NEAR(pay rent)",
        "-rent",
        "rent OR",
        "AND",
        "title:rent",
        "(",
        ")",
        "rent'",
        "a:b:*",
        "\\",
        "%",
        "_",
        "rent & !pay",
        "<->",
        "u" * 200,
        "rent\x00pay",
        "{x} : y",
        "^rent",
        "👍 rent",
    ],
)
async def test_operators_are_text(ada: Someone, query: str) -> None:
    await add(ada, "Pay rent")
    assert await found(ada, query) in ([], ["Pay rent"])


async def test_how_the_index_marks_its_owner_is_not_found(ada: Someone) -> None:
    await add(ada, "Pay rent")
    for query in (
        "u",
        f"u{ada.identity.user_id.hex}",
        f"_{ada.identity.user_id.hex}",
        ada.identity.user_id.hex[:4],
    ):
        assert await found(ada, query) == []


async def test_a_word_that_looks_like_an_operator_is_found(ada: Someone) -> None:
    await add(ada, "NEAR the station AND the park")
    assert await found(ada, "near and") == ["NEAR the station AND the park"]


async def test_titles_weigh_more_than_descriptions_and_open_more_than_completed(ada: Someone) -> None:
    await add(ada, "Groceries", "buy milk")
    await add(ada, "Milk the cow")
    done = await ada.does(lambda uow: tasks.add(uow, AddTask("Milk jug")))
    await ada.does(lambda uow: tasks.complete(uow, [done.id]))
    assert await found(ada, "milk") == ["Milk the cow", "Groceries", "Milk jug"]


async def test_the_index_follows_edits_and_deletion(ada: Someone) -> None:
    task = await ada.does(lambda uow: tasks.add(uow, AddTask("Milk")))
    await ada.does(lambda uow: tasks.edit(uow, EditTasks([task.id], TaskPatch(title="Bread"))))
    assert await found(ada, "milk") == []
    assert await found(ada, "bread") == ["Bread"]
    await ada.does(lambda uow: tasks.delete(uow, [task.id]))
    assert await found(ada, "bread") == []


async def test_what_is_restored_is_found_again(ada: Someone) -> None:
    task = await ada.does(lambda uow: tasks.add(uow, AddTask("Milk")))
    await ada.does(lambda uow: tasks.delete(uow, [task.id]))
    await ada.does(lambda uow: tasks.restore(uow, [task.id]))
    assert await found(ada, "milk") == ["Milk"]
    await ada.does(lambda uow: tasks.delete(uow, [task.id]))
    await ada.does(lambda uow: undo.undo(uow, ada.last_command))
    assert await found(ada, "milk") == ["Milk"]


async def test_a_full_trash_hides_nothing(ada: Someone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 3)
    await add(ada, "Milk to keep")
    thrown = [await ada.does(lambda uow: tasks.add(uow, AddTask("Milk"))) for _ in range(4)]
    await ada.does(lambda uow: tasks.delete(uow, [task.id for task in thrown]))

    assert await found(ada, "milk") == ["Milk to keep"]


async def test_nobody_finds_another_person_s_tasks(ada: Someone, ben: Someone) -> None:
    await add(ada, "Secret plan")
    assert await found(ben, "secret") == []
    assert await found(ben, ada.identity.user_id.hex) == []
