"""Manual order at its edges: windows that go on, lists that share their tasks, equal ranks."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.services.conftest import Someone
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.views import ListName, Sort, View
from todo_app.services import lists, tasks, undo
from todo_app.services.tasks import AddTask, MoveTask

BY_HAND = View(list=ListName.ALL, sort=Sort.MANUAL)


async def added(ada: Someone, *titles: str) -> list[UUID]:
    return [(await ada.does(lambda uow, title=title: tasks.add(uow, AddTask(title)))).id for title in titles]


async def order(ada: Someone, view: View = BY_HAND) -> str:
    async with ada.application.work.read(ada.identity) as uow:
        window = await lists.window(uow, view, start=None, limit=100)
    return "".join(task.title for task in window.tasks)


async def put(ada: Someone, task: UUID, *, after: UUID | None = None, before: UUID | None = None) -> None:
    await ada.does(lambda uow: tasks.move(uow, MoveTask(task, after_id=after, before_id=before)))


async def give_rank(ada: Someone, rank_of: UUID, *others: UUID) -> None:
    """What two moves into the same gap at the same time leave behind."""

    async def work(uow: UnitOfWork) -> None:
        rank = (await uow.tasks.get(rank_of)).rank
        for task in await uow.tasks.many(others):
            task.rank = rank

    await ada.does(work)


async def test_the_first_of_a_window_that_has_more_before_is_not_the_first_of_the_list(ada: Someone) -> None:
    _, _, c, _, e = await added(ada, *"ABCDE")

    await put(ada, e, before=c)

    assert await order(ada) == "ABECD"


async def test_the_last_of_a_window_that_has_more_after_is_not_the_last_of_the_list(ada: Someone) -> None:
    a, _, c, *_ = await added(ada, *"ABCDE")

    await put(ada, a, after=c)

    assert await order(ada) == "BCADE"


async def test_the_true_ends_can_be_reached(ada: Someone) -> None:
    a, b, c = await added(ada, *"ABC")

    await put(ada, c, before=a)
    assert await order(ada) == "CAB"
    await put(ada, c, after=b)
    assert await order(ada) == "ABC"


async def test_a_list_turned_round_is_moved_in_its_own_direction(ada: Someone) -> None:
    a, b, c = await added(ada, *"ABC")
    turned = View(list=ListName.ALL, sort=Sort.MANUAL, descending=True)

    # Seen as C B A: A goes between C and B, so after B and before C in the order of ranks.
    await put(ada, a, after=b, before=c)

    assert await order(ada, turned) == "CAB"


@pytest.mark.parametrize("moved", range(4))
@pytest.mark.parametrize("place", range(4))
async def test_between_equal_ranks_there_is_a_place_too(ada: Someone, moved: int, place: int) -> None:
    ids = await added(ada, *"ABCD")
    await give_rank(ada, ids[0], *ids[1:])
    shown = await order(ada)
    task = ids["ABCD".index(shown[moved])]
    others = shown.replace(shown[moved], "")
    after = ids["ABCD".index(others[place - 1])] if place else None
    before = ids["ABCD".index(others[place])] if place < len(others) else None

    await put(ada, task, after=after, before=before)

    assert await order(ada) == others[:place] + shown[moved] + others[place:]


async def test_a_move_between_equal_ranks_is_undone_as_one(ada: Someone) -> None:
    ids = await added(ada, *"ABCD")
    await give_rank(ada, ids[0], *ids[1:])
    shown = await order(ada)
    first, second, last = (ids["ABCD".index(shown[place])] for place in (0, 1, 3))

    await put(ada, last, after=first, before=second)
    command = ada.last_command
    assert command is not None
    await ada.does(lambda uow: undo.undo(uow, command))

    assert await order(ada) == shown


async def test_neighbours_that_are_not_in_order_any_more_are_refused(ada: Someone) -> None:
    a, b, c = await added(ada, *"ABC")

    with pytest.raises(Invalid, match="reordered in the meantime"):
        await put(ada, c, after=b, before=a)


async def test_many_moves_into_one_gap_keep_the_order(ada: Someone) -> None:
    a, b, *others = await added(ada, *"ABCDEFGHIJ")
    for task in others:
        await put(ada, task, after=a, before=b)
        b = task

    assert await order(ada) == "AJIHGFEDCB"
