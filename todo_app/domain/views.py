"""What a list shows: which tasks, filtered how, in which order; a view is what its URL says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from todo_app.domain.errors import Invalid
from todo_app.domain.task import Priority, Status

SEARCH_MAX = 200
# More than a filter may have, so that a longer one is refused and not cut.
QUERY_SHOWN_MAX = 1_001
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


class ListName(StrEnum):
    """The lists of the sidebar; ``project``, ``tag`` and ``filter`` come with the id of one."""

    TODAY = "today"
    UPCOMING = "upcoming"
    INBOX = "inbox"
    ALL = "all"
    COMPLETED = "completed"
    TRASH = "trash"
    PROJECT = "project"
    TAG = "tag"
    FILTER = "filter"
    SEARCH = "search"


class Sort(StrEnum):
    """The orders a list can have."""

    DUE = "due"
    CREATED = "created"
    PRIORITY = "priority"
    TITLE = "title"
    MANUAL = "manual"
    COMPLETED = "completed"
    DELETED = "deleted"
    RELEVANCE = "relevance"


class TagMatch(StrEnum):
    """How several chosen tags work together."""

    ANY = "any"
    ALL = "all"
    NONE = "none"


class DueRange(StrEnum):
    """The due ranges that have a name. Which days that are depends on the day on which the list is read."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the filter panel narrows a list by; an empty field does not narrow.

    Due dates are filtered by a name in ``due``, which stays true tomorrow, or else by fixed days.
    """

    status: Status | None = None
    priorities: frozenset[Priority | None] = frozenset()
    tag_ids: frozenset[UUID] = frozenset()
    tag_match: TagMatch = TagMatch.ANY
    due: DueRange | None = None
    due_after: date | None = None
    due_before: date | None = None
    # In the language of filters.
    query: str = ""

    @property
    def count(self) -> int:
        """How many kinds of filter are set."""
        return sum(
            (
                self.status is not None,
                bool(self.priorities),
                bool(self.tag_ids),
                bool(self.due or self.due_after or self.due_before),
                bool(self.query),
            )
        )

    def due_days(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day on which a task may be due, read on a day; ``None`` where it is open."""
        match self.due:
            case DueRange.OVERDUE:
                return None, today - timedelta(1)
            case DueRange.TODAY:
                return today, today
            case DueRange.WEEK:
                return today, today + timedelta(6)
            case DueRange.NONE:
                return None, None
            case None:
                return self.due_after, self.due_before


def within(filters: Filters, due: DueRange) -> Filters:
    """The same filters with a due range that has a name."""
    return replace(filters, due=due, due_after=None, due_before=None)


_OWN_SORT = {
    ListName.COMPLETED: Sort.COMPLETED,
    ListName.TRASH: Sort.DELETED,
    ListName.SEARCH: Sort.RELEVANCE,
}
_WITH_ID = {ListName.PROJECT, ListName.TAG, ListName.FILTER}
CHOSEN_SORTS = (Sort.DUE, Sort.PRIORITY, Sort.CREATED, Sort.TITLE, Sort.MANUAL)
_NEWEST_FIRST = {Sort.COMPLETED, Sort.DELETED}


@dataclass(frozen=True, slots=True)
class View:
    """One list with its filters and order."""

    list: ListName = ListName.TODAY
    id: UUID | None = None
    search: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.DUE
    descending: bool = False

    @classmethod
    def of(cls, list_name: ListName, list_id: UUID | None = None) -> View:
        """The list in its default order without filters."""
        sort = _OWN_SORT.get(list_name, Sort.DUE)
        return cls(list=list_name, id=list_id, sort=sort, descending=sort in _NEWEST_FIRST)

    def filtered(self, filters: Filters) -> View:
        """The same list with other filters."""
        return replace(self, filters=filters)

    def sorted_by(self, sort: Sort, *, descending: bool) -> View:
        """The same list in another order."""
        return replace(self, sort=sort, descending=descending)

    @property
    def url(self) -> str:
        """Path and query that lead back here."""
        path = f"/{self.list}" + (f"/{self.id}" if self.id else "")
        query = urlencode(_query_of(self))
        return f"{path}?{query}" if query else path


def view_from_url(path: str, query: str) -> View:
    """The view that an address names.

    Raises:
        Invalid: when the address names no list, or a parameter has a value that can't be.
    """
    parts = [part for part in path.split("/") if part]
    view = _list_from_path(parts)
    parameters = parse_qsl(query, keep_blank_values=True)
    return _with_parameters(view, parameters)


def _list_from_path(parts: list[str]) -> View:
    if not parts:
        return View.of(ListName.TODAY)
    match parts:
        case [name, list_id] if name in _WITH_ID and _is_uuid(list_id):
            return View.of(ListName(name), UUID(list_id))
        case [name] if name in set(ListName) - _WITH_ID:
            return View.of(ListName(name))
        case _:
            raise Invalid("address", "There is no such page.")


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _query_of(view: View) -> list[tuple[str, str]]:
    default = View.of(view.list, view.id)
    filters = view.filters
    query: list[tuple[str, str]] = []
    if view.search:
        query.append(("q", view.search))
    if filters.status:
        query.append(("status", filters.status))
    query.extend(("priority", priority) for priority in sorted(p or "none" for p in filters.priorities))
    query.extend(("tag", str(tag_id)) for tag_id in sorted(filters.tag_ids))
    if filters.tag_match is not TagMatch.ANY:
        query.append(("tags", filters.tag_match))
    if filters.due:
        query.append(("due", filters.due))
    if filters.due_after:
        query.append(("due_after", filters.due_after.isoformat()))
    if filters.due_before:
        query.append(("due_before", filters.due_before.isoformat()))
    if filters.query:
        query.append(("filter", filters.query))
    if (view.sort, view.descending) != (default.sort, default.descending):
        query.append(("sort", f"-{view.sort}" if view.descending else view.sort))
    return query


def _with_parameters(view: View, parameters: list[tuple[str, str]]) -> View:
    for name, value in parameters:
        try:
            view = _with_parameter(view, name, value)
        except ValueError:
            raise Invalid(name, f"“{value[:40]}” is no value for {name}.") from None
    return view


def _with_parameter(view: View, name: str, value: str) -> View:
    match name:
        case "q":
            return replace(view, search=" ".join(value.replace("\0", " ").split())[:SEARCH_MAX])
        case "sort":
            sort = Sort(value.removeprefix("-"))
            if sort not in CHOSEN_SORTS and sort is not View.of(view.list, view.id).sort:
                raise ValueError(value)
            return view.sorted_by(sort, descending=value.startswith("-"))
        case _:
            return view.filtered(_filters_with(view.filters, name, value))


def _filters_with(filters: Filters, name: str, value: str) -> Filters:
    match name:
        case "status":
            return replace(filters, status=Status(value))
        case "priority":
            priority = None if value == "none" else Priority(value)
            return replace(filters, priorities=filters.priorities | {priority})
        case "tag":
            return replace(filters, tag_ids=filters.tag_ids | {UUID(value)})
        case "tags":
            return replace(filters, tag_match=TagMatch(value))
        # Of a name and days, which can't both hold, the last one counts.
        case "due":
            return within(filters, DueRange(value))
        case "due_after":
            return replace(filters, due=None, due_after=_day(value))
        case "due_before":
            return replace(filters, due=None, due_before=_day(value))
        case "filter":
            return replace(filters, query=value.strip()[:QUERY_SHOWN_MAX])
        case _:
            return filters  # another module's parameter, e.g. the open task


def _day(text: str) -> date:
    """A day of the years in which tasks can be due; further out the calendar itself ends."""
    day = date.fromisoformat(text)
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(text)
    return day
