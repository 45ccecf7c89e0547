"""What the page shows of a list and its sidebar, worked out once for all tabs that show the same."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from state.handlers import Handlers
from state.rows import Group, Labels, groups_of
from todo_app.db.models import Project, SavedFilter, Tag
from todo_app.db.repositories.task_lists import Window
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.filter_language import Unreadable
from todo_app.domain.filter_language.known import KnownNames
from todo_app.domain.filter_words import range_of, words_for
from todo_app.domain.views import ListName, View
from todo_app.services import lists

COUNT_SHOWN_MAX = 99
COUNTED_LISTS = ("today", "inbox", "all", "trash")

_TITLES = {
    ListName.TODAY: "Today",
    ListName.UPCOMING: "Upcoming",
    ListName.INBOX: "Inbox",
    ListName.ALL: "All tasks",
    ListName.COMPLETED: "Completed",
    ListName.TRASH: "Trash",
    ListName.SEARCH: "Search",
}


@dataclass(frozen=True)
class WindowKey:
    """Which stretch of which list; tabs with the same key share one load."""

    view: View
    start: str | None
    limit: int


@dataclass(frozen=True)
class SidebarItem:
    """A project, tag or saved filter in the sidebar."""

    id: str
    name: str
    count: str
    color: str = ""


@dataclass(frozen=True)
class FilterChip:
    """One kind of filter that is set, in words."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """Values of vars, by the vars' names. Tabs that show the same share one picture, compared by identity."""

    _not_vars: ClassVar[frozenset[str]] = frozenset()

    def vars(self) -> dict[str, Any]:
        """Every var by name."""
        return {
            each.name: getattr(self, each.name) for each in fields(self) if each.name not in self._not_vars
        }


@dataclass(frozen=True, kw_only=True, eq=False)
class ListPicture(Picture):
    """A window on a list."""

    title: str
    subtitle: str
    groups: list[Group]
    more_before: bool
    more_after: bool
    filter_chips: list[FilterChip]
    due_range: str
    query_error: str
    query_note: str
    cursors: tuple[str, ...]

    _not_vars: ClassVar[frozenset[str]] = frozenset({"cursors"})


@dataclass(frozen=True, kw_only=True, eq=False)
class SidebarPicture(Picture):
    """The sidebar, and what projects, tags and filters are by id."""

    email: str
    timezone: str
    is_operator: bool
    counts: dict[str, str]
    projects: list[SidebarItem]
    tags: list[SidebarItem]
    filters: list[SidebarItem]
    projects_by_id: dict[UUID, Project]
    tags_by_id: dict[UUID, Tag]
    filters_by_id: dict[UUID, SavedFilter]
    known_names: KnownNames

    _not_vars: ClassVar[frozenset[str]] = frozenset(
        {"projects_by_id", "tags_by_id", "filters_by_id", "known_names"}
    )


# Five hundred tabs that go from one picture to the next ask the same question.
@functools.lru_cache(maxsize=32)
def changes(earlier: Picture | None, picture: Picture) -> dict[str, Any]:
    """The vars by which a picture differs from the one shown before; all of them when there was none."""
    if earlier is None:
        return picture.vars()
    return {name: value for name, value in picture.vars().items() if getattr(earlier, name) != value}


class ShowsPicture(Handlers, mixin=True):
    """A state whose vars are those of a picture."""

    # In a tuple, since Reflex would wrap the picture itself to watch for changes of it.
    _shown: tuple[Picture, ...] = ()

    def _show_picture(self, picture: Picture) -> None:
        """Set those vars that differ: assigning marks a var as changed, and a changed var is sent whole."""
        earlier = self._shown[0] if self._shown else None
        for name, value in changes(earlier, picture).items():
            setattr(self, name, value)
        self._shown = (picture,)


async def picture_sidebar(uow: UnitOfWork) -> SidebarPicture:
    """Read what the sidebar shows."""
    counts = await lists.counts(uow)
    projects, tags, saved = await uow.projects.all(), await uow.tags.all(), await uow.filters.all()
    known = KnownNames(_by_name(tags), _by_name(projects))
    counts |= await lists.filter_counts(uow, saved, known)
    return SidebarPicture(
        email=uow.identity.email,
        timezone=uow.identity.timezone,
        is_operator=uow.identity.is_operator,
        counts={name: _shown(counts.get(name, 0)) for name in COUNTED_LISTS},
        projects=_items(projects, counts, kind="project"),
        tags=_items(tags, counts, kind="tag"),
        filters=_items(saved, counts, kind="filter"),
        projects_by_id={project.id: project for project in projects},
        tags_by_id={tag.id: tag for tag in tags},
        filters_by_id={each.id: each for each in saved},
        known_names=known,
    )


async def picture_list(uow: UnitOfWork, key: WindowKey, sidebar: SidebarPicture) -> ListPicture:
    """Read a window and put it into words.

    Raises:
        Invalid: when the window's start is no place in the list.
    """
    window, query_error = Window(), ""
    try:
        window = await lists.window(uow, key.view, start=key.start, limit=key.limit)
    except Unreadable as error:
        query_error = str(error)
    today = lists.today(uow)
    names = {tag.id: tag.name for tag in sidebar.tags_by_id.values()}
    words = words_for(key.view.filters, tag_names=names, today=today)
    return ListPicture(
        title=_title(key.view, sidebar),
        subtitle=_subtitle(key.view, sidebar, today),
        groups=groups_of(window.tasks, labels(uow, key.view, sidebar)),
        more_before=window.more_before,
        more_after=window.more_after,
        filter_chips=[FilterChip(each.kind, each.text) for each in words],
        due_range=range_of(key.view.filters, today=today) or "",
        query_error=query_error,
        query_note=_unknown_names(uow, key.view, sidebar),
        cursors=tuple(task.cursor for task in window.tasks),
    )


def labels(uow: UnitOfWork, view: View, sidebar: SidebarPicture) -> Labels:
    """What the words of a view's rows depend on."""
    return Labels(
        view=view,
        now=uow.now,
        zone=uow.identity.zone,
        projects=sidebar.projects_by_id,
        tags=sidebar.tags_by_id,
    )


def _by_name(named: Sequence[Project] | Sequence[Tag]) -> dict[str, UUID]:
    return {each.name_folded: each.id for each in named}


def _items(
    named: Sequence[Project] | Sequence[Tag] | Sequence[SavedFilter], counts: dict[str, int], *, kind: str
) -> list[SidebarItem]:
    return [
        SidebarItem(
            str(each.id), each.name, _shown(counts.get(f"{kind}:{each.id}", 0)), getattr(each, "color", "")
        )
        for each in named
    ]


def _title(view: View, sidebar: SidebarPicture) -> str:
    if view.id is None:
        return _TITLES[view.list]
    lists_by_id = (sidebar.projects_by_id, sidebar.tags_by_id, sidebar.filters_by_id)
    return next((named[view.id].name for named in lists_by_id if view.id in named), "Not found")


def _subtitle(view: View, sidebar: SidebarPicture, today: date) -> str:
    if view.list is ListName.TODAY:
        return f"{today:%A} {today.day} {today:%B}"
    saved = _saved(view, sidebar)
    return saved.query if saved else ""


def _saved(view: View, sidebar: SidebarPicture) -> SavedFilter | None:
    return sidebar.filters_by_id.get(view.id) if view.list is ListName.FILTER and view.id else None


def _unknown_names(uow: UnitOfWork, view: View, sidebar: SidebarPicture) -> str:
    """That something is missing which the filters of a view name, so that nobody wonders what they find."""
    saved, unknown = _saved(view, sidebar), list[str]()
    for query in (saved.query if saved else "", view.filters.query):
        with contextlib.suppress(Unreadable):
            unknown += sidebar.known_names.unknown_in(lists.read_filter(uow, query)) if query else []
    return f"Nothing is called {' or '.join(dict.fromkeys(unknown))}." if unknown else ""


def _shown(count: int) -> str:
    if count <= 0:
        return ""
    return str(count) if count <= COUNT_SHOWN_MAX else f"{COUNT_SHOWN_MAX}+"
