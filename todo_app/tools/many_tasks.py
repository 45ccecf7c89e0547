"""The tools that change many tasks at once; a large change is rehearsed first, and confirmed by its count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from pydantic import Field

from todo_app.db.models import Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.identity import Scope
from todo_app.domain.task import Due as DueDate
from todo_app.domain.task import Status
from todo_app.services import lists
from todo_app.services.bodies import Id, Text
from todo_app.services.bulk import Bulk, Outcome, change_many
from todo_app.services.lists import read_filter
from todo_app.services.named_tasks import TaskChange
from todo_app.services.occurrences import Foreseen, successor
from todo_app.services.task_bodies import PriorityName, TaskFields
from todo_app.services.task_document import due_document
from todo_app.services.task_fields import TAGS_PER_TASK_MAX, due_data
from todo_app.services.tasks import SELECTION_MAX
from todo_app.tools.fields import DUE, DueText, sent
from todo_app.tools.moments import due_of
from todo_app.tools.rows import Due, shortened
from todo_app.tools.size import tokens_at_most
from todo_app.tools.tool import Answer, Arguments, Tool, Written

# So many tasks by their ids are changed without being asked for the count.
UNASKED_MAX = 5
# Of so many it is answered what follows them, and titles as long as there is room beside the ids.
FOLLOWED_MAX = 20
_TITLES_TOKENS_MAX = 2_500
_NAME_MAX = 200


class Confirmed(Arguments):
    """The agent has seen how many tasks it is about."""

    confirm: bool = Field(default=False, description="Do it, after a call without this has told the count.")
    expected_count: int | None = Field(None, description="With `confirm`: the `matched` of that call.")


class ByIds(Confirmed):
    """Some tasks."""

    ids: list[Id] = Field(description=f"1 to {SELECTION_MAX} ids.")


class ByIdsOrFilter(Confirmed):
    """Some tasks, or those that a filter finds."""

    ids: list[Id] | None = Field(None, description=f"1 to {SELECTION_MAX} ids.")
    filter: Text | None = Field(
        None,
        description="Instead of ids: the filter language, as in list_tasks; finds open tasks by default.",
    )


class ChangeOfMany(ByIdsOrFilter):
    """What is to become of some tasks."""

    priority: PriorityName | None = Field(None, description="null for none.")
    add_tags: list[Text] = Field([], max_length=TAGS_PER_TASK_MAX, description="Created when there are none.")
    remove_tags: list[Text] = Field([], max_length=TAGS_PER_TASK_MAX, description="The others stay.")
    project: Text | None = Field(
        None, max_length=_NAME_MAX, description="Its name; created when there is none. null for no project."
    )
    due: DueText | None = Field(None, description=f"{DUE} null for no date.")


class Completing(ByIdsOrFilter):
    """Which tasks are done, or passed over."""

    skip: bool = Field(
        default=False, description="Close these occurrences of repeating tasks without having done them."
    )


class Rescheduling(ByIdsOrFilter):
    """Which tasks are put off, and until when."""

    due: DueText | None = Field(
        description=f"{DUE} A day alone keeps each task's time of day. null for no date."
    )


class Next(Answer):
    """The occurrence that follows a closed one; pending until it has been made."""

    id: str
    due: Due
    pending: bool | None = None


class Item(Answer):
    """What became of one task."""

    id: str
    title: str | None = None
    changed: bool
    next: Next | None = None


class Many(Written):
    """What became of the chosen tasks, or would become of them."""

    dry_run: bool
    matched: int
    changed: int
    message: str
    # Beyond the first ones without their titles.
    items: list[Item]

    @property
    def is_rehearsal(self) -> bool:
        """Whether nothing may be kept."""
        return self.dry_run


async def update_tasks(uow: UnitOfWork, asked: ChangeOfMany) -> Many:
    """Change fields of tasks."""
    change = sent(uow, asked).change(uow) if asked.model_fields_set & _FIELDS else TaskChange()
    tags = asked.model_fields_set & {"add_tags", "remove_tags"}
    change = TaskChange(
        **{name: getattr(change, name) for name in change.model_fields_set},
        **{name: tuple(getattr(asked, name)) for name in tags},
    )
    if not change.model_fields_set:
        raise Invalid(
            "priority", "Name at least one field that is to change; what is left out stays as it is."
        )
    return await _run(uow, asked, [Bulk(task_ids=await _chosen(uow, asked), change=change)])


async def complete_tasks(uow: UnitOfWork, asked: Completing) -> Many:
    """Complete tasks, or skip occurrences."""
    task_ids = await _chosen(uow, asked)
    bulk = Bulk(task_ids=task_ids, change=TaskChange(), status=Status.COMPLETED, skipped=asked.skip)
    return await _run(uow, asked, [bulk])


async def reopen_tasks(uow: UnitOfWork, asked: ByIdsOrFilter) -> Many:
    """Open tasks again."""
    bulk = Bulk(task_ids=await _chosen(uow, asked), change=TaskChange(), status=Status.OPEN)
    return await _run(uow, asked, [bulk])


async def reschedule_tasks(uow: UnitOfWork, asked: Rescheduling) -> Many:
    """Put tasks off."""
    task_ids = await _chosen(uow, asked)
    wanted = due_of(uow, asked.due) if isinstance(asked.due, str) else asked.due.due() if asked.due else None
    # All at once; each part finds its own in this transaction.
    tasks = await uow.tasks.many(task_ids)
    found = {task.id for task in tasks}
    parts: dict[DueDate | None, list[UUID]] = {wanted: [each for each in task_ids if each not in found]}
    for task in tasks:
        parts.setdefault(_at_its_time(wanted, task), []).append(task.id)
    return await _run(
        uow,
        asked,
        [Bulk(task_ids=ids, change=TaskChange(due=due_data(due))) for due, ids in parts.items() if ids],
    )


async def delete_tasks(uow: UnitOfWork, asked: ByIdsOrFilter) -> Many:
    """Put tasks into the trash."""
    bulk = Bulk(task_ids=await _chosen(uow, asked), change=TaskChange(), deleted=True)
    return await _run(uow, asked, [bulk])


async def restore_tasks(uow: UnitOfWork, asked: ByIds) -> Many:
    """Take tasks out of the trash."""
    bulk = Bulk(task_ids=await _chosen(uow, asked), change=TaskChange(), deleted=False)
    return await _run(uow, asked, [bulk])


_FIELDS = ChangeOfMany.model_fields.keys() & TaskFields.model_fields.keys()


async def _chosen(uow: UnitOfWork, asked: ByIds | ByIdsOrFilter) -> list[UUID]:
    """The tasks that are meant.

    Raises:
        Invalid: when nothing is selected, or too much, or in two ways.
        Unreadable: when the filter is none.
    """
    text = asked.filter if isinstance(asked, ByIdsOrFilter) else None
    if (asked.ids is None) == (text is None):
        raise Invalid("ids", "Name the tasks either by “ids” or by a “filter”.")
    if text is None:
        chosen = list(dict.fromkeys(asked.ids or []))
        if not chosen:
            raise Invalid("ids", "Name at least one task: none never means all.")
        if len(chosen) > SELECTION_MAX:
            raise Invalid("ids", f"At most {SELECTION_MAX} tasks can be changed at once.")
        return chosen
    found = await lists.passing(uow, read_filter(uow, text), at_most=SELECTION_MAX + 1)
    if len(found) > SELECTION_MAX:
        raise Invalid(
            "filter", f"This finds more than {SELECTION_MAX} tasks. Narrow it; do one part at a time."
        )
    return list(found)


async def _run(uow: UnitOfWork, asked: ByIds | ByIdsOrFilter, parts: Sequence[Bulk]) -> Many:
    matched = sum(len(part.task_ids) for part in parts)
    if not matched:
        return Many(
            dry_run=False,
            matched=0,
            changed=0,
            message="The filter finds no task: nothing changed.",
            items=[],
        )
    is_asked = matched > UNASKED_MAX or asked.ids is None
    if is_asked and asked.confirm:
        refuse_other_count(asked.expected_count, matched)
    outcomes = [outcome for part in parts for outcome in await change_many(uow, part)]
    return await _answer(uow, outcomes, is_rehearsal=is_asked and not asked.confirm)


def refuse_other_count(expected: int | None, matched: int) -> None:
    if expected is None:
        raise Invalid(
            "expected_count",
            "Call this without `confirm` first, and send the `matched` that it answers here.",
        )
    if expected != matched:
        raise Invalid(
            "expected_count",
            f"This is about {matched} tasks now, not {expected}. Call it without `confirm` to see which.",
        )


async def _answer(uow: UnitOfWork, outcomes: Sequence[Outcome], *, is_rehearsal: bool) -> Many:
    changed = sum(outcome.changed for outcome in outcomes)
    ids = [outcome.id for outcome in outcomes[:FOLLOWED_MAX]]
    return Many(
        dry_run=is_rehearsal,
        matched=len(outcomes),
        changed=changed,
        message=_message(len(outcomes), changed, is_rehearsal=is_rehearsal),
        items=_items(outcomes, {} if is_rehearsal else await _successors(uow, ids)),
        undo=str(uow.command_id) if changed and not is_rehearsal else None,
    )


def _items(outcomes: Sequence[Outcome], follows: Mapping[UUID, Next]) -> list[Item]:
    room, items = _TITLES_TOKENS_MAX, []
    for outcome in outcomes:
        title = shortened(outcome.title)
        room -= tokens_at_most(f',"title":"{title}"')
        items.append(
            Item(
                id=str(outcome.id),
                title=title if room > 0 else None,
                changed=outcome.changed,
                next=follows.get(outcome.id),
            )
        )
    return items


def _message(matched: int, changed: int, *, is_rehearsal: bool) -> str:
    if is_rehearsal:
        return (
            f"Nothing has changed yet: this would change {changed} of {matched} tasks. Call it again with "
            f"confirm: true and expected_count: {matched}, when the person wants that."
        )
    return f"Changed {changed} of {matched}." if changed else "They are so already: nothing changed."


async def _successors(uow: UnitOfWork, task_ids: Sequence[UUID]) -> dict[UUID, Next]:
    """What follows those of the tasks that are occurrences and closed."""
    found = {}
    for task in await uow.tasks.many(task_ids):
        if task.series_id is None or task.completed_at is None:
            continue
        follows = await successor(uow, task)
        if isinstance(follows, Foreseen):
            due = Due.model_validate(due_document(follows.due))
            found[task.id] = Next(id=str(follows.id), due=due, pending=True)
        elif follows is not None:
            (made,) = await uow.tasks.many([follows])
            if made.due is not None:
                due = Due.model_validate(due_document(made.due))
                found[task.id] = Next(id=str(made.id), due=due)
    return found


def _at_its_time(wanted: DueDate | None, task: Task) -> DueDate | None:
    """The wanted day at the time of day that a task has, unless another time is wanted."""
    if wanted is None or wanted.time is not None or task.due is None:
        return wanted
    return DueDate(wanted.date, task.due.time, task.due.timezone)


_CONFIRM = (
    f"By a filter or with more than {UNASKED_MAX} ids, nothing changes until it is called again with "
    "`confirm` and the count seen. All or nothing. Answers what became of each, and an id for `undo`."
)

MANY_TASKS = (
    Tool(
        name="update_tasks",
        title="Change many tasks",
        description=f"Give tasks a priority, tags, a project or a due date. {_CONFIRM}",
        arguments=ChangeOfMany,
        answer=Many,
        scope=Scope.WRITE,
        does=update_tasks,
        is_destructive=True,
    ),
    Tool(
        name="complete_tasks",
        title="Complete tasks",
        description="Complete tasks with their open subtasks; of one that repeats, `next` is what follows. "
        + _CONFIRM,
        arguments=Completing,
        answer=Many,
        scope=Scope.WRITE,
        does=complete_tasks,
    ),
    Tool(
        name="reopen_tasks",
        title="Reopen tasks",
        description=f"Open completed tasks again; a filter has to say “completed”. {_CONFIRM}",
        arguments=ByIdsOrFilter,
        answer=Many,
        scope=Scope.WRITE,
        does=reopen_tasks,
    ),
    Tool(
        name="reschedule_tasks",
        title="Reschedule tasks",
        description=f"Move tasks to another day or time; one that repeats keeps its rule. {_CONFIRM}",
        arguments=Rescheduling,
        answer=Many,
        scope=Scope.WRITE,
        does=reschedule_tasks,
    ),
    Tool(
        name="delete_tasks",
        title="Delete tasks",
        description=f"Put tasks with their subtasks into the trash. {_CONFIRM}",
        arguments=ByIdsOrFilter,
        answer=Many,
        scope=Scope.WRITE,
        does=delete_tasks,
        is_destructive=True,
    ),
    Tool(
        name="restore_tasks",
        title="Restore tasks",
        description="Take tasks out of the trash, with what went there together with them; list_tasks with "
        f"the view `trash` finds them. {_CONFIRM}",
        arguments=ByIds,
        answer=Many,
        scope=Scope.WRITE,
        does=restore_tasks,
    ),
)
