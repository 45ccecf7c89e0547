"""One change of many tasks: all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.filter_language import Expression
from todo_app.domain.task import Status
from todo_app.services import lists, tasks
from todo_app.services.named_tasks import TaskChange, edit_of
from todo_app.services.occurrences import load_with_next
from todo_app.services.tasks import SELECTION_MAX


@dataclass(frozen=True, slots=True)
class Bulk:
    """New values for fields of some tasks, and what else is to become of them; ``None``: nothing.

    The tasks are those with the ids, or else those that the filter finds.
    """

    task_ids: Sequence[UUID]
    change: TaskChange
    filter: Expression | None = None
    status: Status | None = None
    # With the status “completed”: closed without having been done, which only what repeats can be.
    skipped: bool = False
    deleted: bool | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task."""

    id: UUID
    title: str
    changed: bool


async def change_many(uow: UnitOfWork, bulk: Bulk) -> list[Outcome]:
    """Change tasks, and say of each whether it is another one now.

    Raises:
        Invalid: when nothing is selected or too much, nothing is to change, or a value can't be so.
        NotFound: when a task does not exist.
    """
    _check(bulk)
    task_ids = await _chosen(uow, bulk)
    if not task_ids:
        return []
    command = await edit_of(uow, task_ids, bulk.change)
    await _load(uow, bulk, task_ids)
    found = await tasks.edit(uow, command)
    if bulk.status is Status.COMPLETED:
        await (tasks.skip if bulk.skipped else tasks.complete)(uow, task_ids)
    elif bulk.status is Status.OPEN:
        await tasks.reopen(uow, task_ids)
    if bulk.deleted is not None:
        await (tasks.delete if bulk.deleted else tasks.restore)(uow, task_ids)
    changed = {event.aggregate_id for event in uow.events}
    return [Outcome(task.id, task.title, task.id in changed) for task in found]


def _check(bulk: Bulk) -> None:
    if not bulk.task_ids and bulk.filter is None:
        raise Invalid("ids", "Name at least one task: none never means all.")
    if len(bulk.task_ids) > SELECTION_MAX:
        raise Invalid("ids", f"At most {SELECTION_MAX} tasks can be changed at once.")
    if not bulk.change.model_fields_set and bulk.status is None and bulk.deleted is None:
        raise Invalid("change", "Say what is to change.")


async def _chosen(uow: UnitOfWork, bulk: Bulk) -> list[UUID]:
    if bulk.filter is None:
        return list(dict.fromkeys(bulk.task_ids))
    found = await lists.passing(uow, bulk.filter, at_most=SELECTION_MAX + 1)
    if len(found) > SELECTION_MAX:
        raise Invalid(
            "filter", f"This finds more than {SELECTION_MAX} tasks; at most so many are changed at once."
        )
    return list(found)


async def _load(uow: UnitOfWork, bulk: Bulk, task_ids: Sequence[UUID]) -> None:
    # All that the parts of the change need at once, or two such changes could wait for each other.
    if "parent_id" in bulk.change.model_fields_set:
        await tasks.load_to_move(uow, task_ids, [bulk.change.parent_id])
    elif bulk.status is Status.OPEN:
        await load_with_next(uow, task_ids)
    elif bulk.status is not None or bulk.deleted is not None:
        await uow.tasks.with_descendants(task_ids)
