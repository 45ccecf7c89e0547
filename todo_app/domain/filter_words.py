"""The words for what a list is filtered by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from todo_app.domain.labels import PRIORITY_NAMES, day_in_sentence
from todo_app.domain.task import Priority, Status
from todo_app.domain.views import DueRange, Filters, TagMatch


class FilterKind(StrEnum):
    """The kinds of filter; each is one chip above the list."""

    STATUS = "status"
    PRIORITY = "priority"
    TAGS = "tags"
    DUE = "due"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class FilterWords:
    """One kind of filter in words."""

    kind: FilterKind
    text: str


_STATUS_NAMES = {Status.OPEN: "Open", Status.COMPLETED: "Completed"}
_RANGE_NAMES = {
    DueRange.OVERDUE: "Overdue",
    DueRange.TODAY: "Due today",
    DueRange.WEEK: "Due in the next 7 days",
    DueRange.NONE: "No date",
}


def words_for(filters: Filters, *, tag_names: Mapping[UUID, str], today: date) -> list[FilterWords]:
    """What is set, in the order of the filter panel."""
    said = (
        (FilterKind.STATUS, _STATUS_NAMES[filters.status] if filters.status else ""),
        (FilterKind.PRIORITY, _priorities(filters)),
        (FilterKind.TAGS, _tags(filters, tag_names)),
        (FilterKind.DUE, _due(filters, today)),
        (FilterKind.QUERY, filters.query),
    )
    return [FilterWords(kind, text) for kind, text in said if text]


def without(filters: Filters, kind: FilterKind) -> Filters:
    """The same filters but one kind."""
    match kind:
        case FilterKind.STATUS:
            return replace(filters, status=None)
        case FilterKind.PRIORITY:
            return replace(filters, priorities=frozenset())
        case FilterKind.TAGS:
            return replace(filters, tag_ids=frozenset(), tag_match=TagMatch.ANY)
        case FilterKind.DUE:
            return replace(filters, due=None, due_after=None, due_before=None)
        case FilterKind.QUERY:
            return replace(filters, query="")


def range_of(filters: Filters, *, today: date) -> DueRange | None:
    """The name of the due range that is set, if any; fixed days have one while they are those of the name."""
    days = filters.due_days(today)
    if filters.due or days == (None, None):
        return filters.due
    return next((due for due in DueRange if Filters(due=due).due_days(today) == days), None)


def _priorities(filters: Filters) -> str:
    order: tuple[Priority | None, ...] = (*Priority, None)
    return _joined([PRIORITY_NAMES[each] for each in order if each in filters.priorities], "or")


def _tags(filters: Filters, names: Mapping[UUID, str]) -> str:
    known = sorted((names.get(tag_id, "a deleted tag") for tag_id in filters.tag_ids), key=str.casefold)
    match filters.tag_match:
        case TagMatch.ANY:
            return _joined(known, "or")
        case TagMatch.ALL:
            return _joined(known, "and")
        case TagMatch.NONE:
            return f"Not {_joined(known, 'or')}" if known else ""


def _due(filters: Filters, today: date) -> str:
    named = range_of(filters, today=today)
    if named is not None:
        return _RANGE_NAMES[named]
    first = day_in_sentence(filters.due_after, today=today) if filters.due_after else ""
    last = day_in_sentence(filters.due_before, today=today) if filters.due_before else ""
    match first, last:
        case "", "":
            return ""
        case _, "":
            return f"Due from {first}"
        case "", _:
            return f"Due by {last}"
        case _ if first == last:
            return f"Due {first}"
        case _:
            return f"Due {first} to {last}"


def _joined(names: list[str], word: str) -> str:
    """“High, Medium or Low”: only the first keeps its capital where they are words, not names."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"
