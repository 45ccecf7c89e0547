"""What goes out comes in again without loss, in the same account, in another, and in another installation."""

from __future__ import annotations

import json

from sqlalchemy import delete
from sqlmodel import col

from tests.fixtures.zones import everywhere
from tests.services.conftest import Clock, Someone
from tests.services.transfer import exported, live, taken_in, told
from todo_app.db.models import SavedFilter, Tag, Task, TaskRecurrence
from todo_app.services.imports import Outcome


async def _forget_everything(someone: Someone) -> None:
    async with someone.application.work.write() as uow:
        for table in (Task, TaskRecurrence, Tag, SavedFilter):
            await uow.session.execute(
                delete(table).where(col(table.user_id) == someone.identity.user_id)  # type: ignore[attr-defined]
            )


@everywhere
async def test_everything_comes_back_when_it_was_gone(ada: Someone, clock: Clock):
    await live(ada, clock)
    before, file = await told(ada), await exported(ada)
    await _forget_everything(ada)

    report = await taken_in(ada, file)

    assert report.is_done
    assert {note.reason for row in report.rows for note in row.notes} == set()
    assert report.remarks == []
    assert await told(ada) == before


async def test_the_same_file_twice_changes_nothing(ada: Someone, clock: Clock):
    await live(ada, clock)
    before, file = await told(ada), await exported(ada)

    report = await taken_in(ada, file)

    assert {row.outcome for row in report.rows} == {Outcome.SKIP}
    assert report.undo is None
    assert await told(ada) == before


async def test_another_account_of_the_installation_gets_copies(ada: Someone, ben: Someone, clock: Clock):
    await live(ada, clock)
    before = await told(ada)

    await taken_in(ben, await exported(ada))
    again = await taken_in(ben, await exported(ada))

    assert {row.outcome for row in again.rows} == {Outcome.SKIP}
    assert await told(ada) == before
    copies, originals = await told(ben), before
    assert not {task["id"] for task in copies["tasks"]} & {task["id"] for task in originals["tasks"]}
    names = ("title", "description", "status", "priority", "tags", "project", "due", "occurrence", "rank")
    assert _sorted(copies, names) == _sorted(originals, names)


def _sorted(document: dict, names: tuple[str, ...]) -> list[str]:
    return sorted(json.dumps([task[name] for name in names]) for task in document["tasks"])
