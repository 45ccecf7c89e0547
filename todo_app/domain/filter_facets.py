"""What is chosen in the filter panel, in the language of filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from todo_app.domain.filter_language import Expression, Name
from todo_app.domain.filter_language.spans import Span
from todo_app.domain.filter_language.tree import (
    Dated,
    HasPriority,
    Holds,
    InProject,
    Is,
    Moment,
    Not,
    Relation,
    State,
    Tagged,
    all_of,
    any_of,
)
from todo_app.domain.task import Priority, Status
from todo_app.domain.text import words_of
from todo_app.domain.views import DueRange, Filters, ListName, TagMatch, View

_PRIORITIES: tuple[Priority | None, ...] = (*Priority, None)
_STATES = {Status.OPEN: State.OPEN, Status.COMPLETED: State.COMPLETED}
_WEEK = timedelta(days=6)


def facets(filters: Filters, *, today: date) -> list[Expression]:
    """The chosen priorities and due dates, as conditions that all have to hold."""
    chosen = [HasPriority(each) for each in _PRIORITIES if each in filters.priorities]
    return ([any_of(chosen)] if chosen else []) + _due(filters, today)


def status_facet(filters: Filters) -> list[Expression]:
    """The chosen status, as the same."""
    return [Is(_STATES[filters.status])] if filters.status else []


def tag_facets(filters: Filters, *, named: Callable[[UUID], str]) -> list[Expression]:
    """The chosen tags by their names, as the same."""
    chosen = [Tagged(Name.of(named(tag_id))) for tag_id in sorted(filters.tag_ids)]
    if not chosen:
        return []
    match filters.tag_match:
        case TagMatch.ALL:
            return [all_of(chosen)]
        case TagMatch.NONE:
            return [Not(any_of(chosen))]
        case TagMatch.ANY:
            return [any_of(chosen)]


def scope(view: View, *, today: date, named: Callable[[UUID], str]) -> list[Expression]:
    """What the list itself shows, as far as a filter can say it.

    Args:
        view: the list.
        today: the day it is.
        named: the name of a tag or project.
    """
    match view.list, view.id:
        case ListName.TODAY, _:
            return [any_of([Is(State.OVERDUE), Is(State.TODAY)])]
        case ListName.UPCOMING, _:
            return [_dated(Relation.FROM, today, "today")]
        case ListName.INBOX, _:
            return [Is(State.NO_PROJECT)]
        case ListName.COMPLETED, _:
            return [Is(State.COMPLETED)]
        case ListName.PROJECT, UUID() as project_id:
            return [InProject(Name.of(named(project_id)))]
        case ListName.TAG, UUID() as tag_id:
            return [Tagged(Name.of(named(tag_id)))]
        case ListName.SEARCH, _ if words_of(view.search):
            return [Holds(view.search.replace('"', " "))]
        case _:
            return []


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
