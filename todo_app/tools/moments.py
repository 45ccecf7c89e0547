"""Days and times as agents write them: in plain words, or as in ISO 8601."""

from __future__ import annotations

from datetime import datetime, time

from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.errors import Invalid
from todo_app.domain.quick_add import parse_due
from todo_app.domain.task import Due
from todo_app.services.moments import wall_of
from todo_app.services.task_fields import check_due


def due_of(uow: UnitOfWork, text: str, *, field: str = "due") -> Due:
    """A due date, on the wall clock of the user.

    Raises:
        Invalid: when it is none.
    """
    found = parse_due(text, now=uow.now, timezone=uow.identity.zone) or _iso(uow, text)
    if found is None:
        advice = "Write it as “tomorrow 9am”, “next friday”, 2026-12-01 or 2026-12-01T09:00."
        raise Invalid(field, f"“{text[:40]}” is no day or time. {advice}")
    check_due(found)
    return found


def wall(uow: UnitOfWork, text: str | None, *, field: str, of_day: time) -> datetime | None:
    """A moment on the user's wall clock; of a day alone, the given time of it.

    Raises:
        Invalid: when it is none.
    """
    if text is None:
        return None
    due = due_of(uow, text, field=field)
    return datetime.combine(due.date, due.time or of_day)


def _iso(uow: UnitOfWork, text: str) -> Due | None:
    try:
        moment = wall_of(text.strip(), field="due")
        if not isinstance(moment, datetime):
            return Due(moment)
        local = moment.astimezone(uow.identity.zone) if moment.tzinfo else moment
    except (Invalid, OverflowError):
        return None
    return Due(local.date(), local.time().replace(microsecond=0))
