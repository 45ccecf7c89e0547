"""What is chosen in the filter panel, in the language of filters."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from todo_app.domain.filter_language import Expression
from todo_app.domain.filter_language.spans import Span
from todo_app.domain.filter_language.tree import (
    Dated,
    HasPriority,
    Is,
    Moment,
    Relation,
    State,
    any_of,
)
from todo_app.domain.task import Priority
from todo_app.domain.views import DueRange, Filters

_PRIORITIES: tuple[Priority | None, ...] = (*Priority, None)
_WEEK = timedelta(days=6)


def facets(filters: Filters, *, today: date) -> list[Expression]:
    """The chosen priorities and due dates, as conditions that all have to hold."""
    chosen = [HasPriority(each) for each in _PRIORITIES if each in filters.priorities]
    return ([any_of(chosen)] if chosen else []) + _due(filters, today)


def _due(filters: Filters, today: date) -> list[Expression]:
    match filters.due:
        case DueRange.OVERDUE:
            return [Is(State.OVERDUE)]
        case DueRange.TODAY:
            return [Is(State.TODAY)]
        case DueRange.WEEK:
            last = _dated(Relation.BY, today + _WEEK, f"+{_WEEK.days} days")
            return [_dated(Relation.FROM, today, "today"), last]
        case DueRange.NONE:
            return [Is(State.NO_DATE)]
        case None:
            bounds = ((Relation.FROM, filters.due_after), (Relation.BY, filters.due_before))
            return [_dated(relation, day, day.isoformat()) for relation, day in bounds if day]


def _dated(relation: Relation, day: date, phrase: str) -> Dated:
    start = datetime.combine(day, time())
    return Dated(Moment.DUE, relation, phrase, Span(start, start + timedelta(days=1)))
