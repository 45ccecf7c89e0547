"""What programs say about which tasks they want, as a query for them."""

from __future__ import annotations

from datetime import datetime, time

from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.filter_language import Expression, is_about_status
from todo_app.domain.task_query import Kept, TaskQuery
from todo_app.services.moments import wall_of


def kept_by(found: Expression | None) -> frozenset[Kept]:
    """Where the tasks are kept that a filter means: open ones unless it says otherwise, without one all."""
    says_it = found is None or is_about_status(found)
    return TaskQuery().kept if says_it else frozenset({Kept.OPEN})


def wall(uow: UnitOfWork, text: str | None, *, field: str, of_day: time) -> datetime | None:
    """A moment on the user's wall clock; a day is its beginning or its end.

    Raises:
        Invalid: when it is none.
    """
    if text is None:
        return None
    moment = wall_of(text, field=field)
    if not isinstance(moment, datetime):
        return datetime.combine(moment, of_day)
    try:
        return moment.astimezone(uow.identity.zone).replace(tzinfo=None) if moment.tzinfo else moment
    except OverflowError:
        raise Invalid(field, "There is no such moment.") from None
