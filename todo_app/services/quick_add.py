"""Adding a task from one typed line, in the list that the person looks at."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from todo_app.db.models import Task
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.quick_add import QuickAdd, TokenKind, parse
from todo_app.domain.task import Due
from todo_app.domain.views import ListName, View
from todo_app.services import projects, tags, tasks
from todo_app.services.lists import today
from todo_app.services.tasks import AddTask

LINE_MAX = 10_000
# What a line can say but a task can't hold yet stays in the title: nothing typed is lost.
_STORED = {TokenKind.DUE, TokenKind.PRIORITY, TokenKind.TAG, TokenKind.PROJECT}

Span = tuple[int, int]


def read(text: str, *, now: datetime, zone: ZoneInfo, ignored: Collection[Span] = ()) -> QuickAdd:
    """What a line says; ``ignored`` are the spans that the person wants left in the title.

    Raises:
        Invalid: when the line is longer than ``LINE_MAX`` characters.
    """
    if len(text) > LINE_MAX:
        raise Invalid("title", f"This is {len(text):,} characters long; at most {LINE_MAX:,} fit.")
    said = parse(text, now=now, timezone=zone, ignored=ignored)
    left = {(token.start, token.end) for token in said.tokens if token.kind not in _STORED}
    return parse(text, now=now, timezone=zone, ignored={*ignored, *left}) if left else said


async def add(uow: UnitOfWork, text: str, *, view: View, ignored: Collection[Span] = ()) -> Task:
    """Add the task that a line describes; what it does not say comes from the list it is added to.

    Raises:
        Invalid: when the title, a name or the date can't be so.
        NotFound: when the list's own project or tag is gone.
    """
    said = read(text, now=uow.now, zone=uow.identity.zone, ignored=ignored)
    tag_ids = await tags.ensure(uow, said.tags)
    project = await projects.ensure(uow, said.project) if said.project else None
    here = view.id if view.list is ListName.PROJECT else None
    command = AddTask(
        title=said.title,
        priority=said.priority,
        due=said.due or _due_of_list(uow, view),
        project_id=project.id if project else here,
        tag_ids=tag_ids | ({view.id} if view.list is ListName.TAG and view.id else set()),
    )
    return await tasks.add(uow, command)


def _due_of_list(uow: UnitOfWork, view: View) -> Due | None:
    return Due(today(uow)) if view.list is ListName.TODAY else None
