"""The window on a list that a tab shows: loading it, sliding it, bringing it up to date."""

from __future__ import annotations

from dataclasses import dataclass

from state.handlers import Handlers
from state.rows import Group, groups_of
from state.shell import ShellState, Sidebar, load_sidebar
from state.tabs import Tab, open_tabs
from todo_app.db.repositories.accounts import digest
from todo_app.db.repositories.task_lists import WINDOW_MAX, Window
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.filter_words import range_of, words_for
from todo_app.domain.views import ListName, View
from todo_app.services import lists

PAGE = 50

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
class FilterChip:
    """One kind of filter that is set, in words."""

    kind: str
    text: str


class ListWindow(Handlers, mixin=True):
    """A window of at most ``WINDOW_MAX`` rows, since Reflex sends a changed var whole."""

    loaded: bool = False
    list_name: str = ""
    list_id: str = ""
    title: str = ""
    subtitle: str = ""
    sort: str = "due"
    descending: bool = False
    filter_count: int = 0
    status: str = ""
    priorities: list[str] = []
    tag_ids: list[str] = []
    tag_match: str = "any"
    due_after: str = ""
    due_before: str = ""
    no_due: bool = False
    due_range: str = ""
    filter_chips: list[FilterChip] = []
    filter_error: str = ""
    search_text: str = ""

    groups: list[Group] = []
    more_before: bool = False
    more_after: bool = False
    selected: list[str] = []

    _view: View = View()
    _start: str | None = None
    _limit: int = PAGE
    _cursors: list[str] = []
    # Where the search that is open began, to go back to.
    _before_search: str = ""

    async def _open(self, view: View) -> None:
        if view != self._view:
            self.selected, self.filter_error = [], ""
        if view.list is not ListName.SEARCH:
            self._before_search = ""
        self._view, self._start, self._limit = view, None, PAGE
        self._describe(view)
        await self._reload()
        self.loaded = True

    async def _leave_list(self) -> None:
        """Another page is shown now: no list is the current one, but the sidebar lives on."""
        self.list_name = self.list_id = ""
        await self._reload()

    async def _reload(self) -> None:
        async with self._read() as uow:
            sidebar = await load_sidebar(uow)
            window = await lists.window(uow, self._view, start=self._start, limit=self._limit)
            await self._show(uow, window, sidebar)

    async def _show(self, uow: UnitOfWork, window: Window, sidebar: Sidebar) -> None:
        """Make the vars those of a freshly read window; the only place that sets them."""
        self._watch(uow)
        shell = await self.get_state(ShellState)
        shell._show_sidebar(uow.identity, sidebar)
        self._assign(
            title=self._title(sidebar),
            subtitle=self._subtitle(uow),
            groups=groups_of(window.tasks, shell._labels(self._view, uow)),
            more_before=window.more_before,
            more_after=window.more_after,
            filter_chips=self._filter_chips(uow, sidebar),
            due_range=range_of(self._view.filters, today=lists.today(uow)) or "",
        )
        self._cursors = [task.cursor for task in window.tasks]
        shown = set(self._shown_ids())
        if any(task_id not in shown for task_id in self.selected):
            self.selected = [task_id for task_id in self.selected if task_id in shown]

    def _shown_ids(self) -> list[str]:
        return [row.id for group in self.groups for row in group.rows]

    def _watch(self, uow: UnitOfWork) -> None:
        tab = Tab(
            token=self.router.session.client_token,
            identity=uow.identity,
            session_digest=digest(self._caller().secret),
            window=self._window_key,
        )
        open_tabs.watch(tab)

    @property
    def _window_key(self) -> WindowKey:
        return WindowKey(self._view, self._start, self._limit)

    async def _slide_down(self) -> None:
        if not self.more_after:
            return
        if self._limit < WINDOW_MAX:
            self._limit = WINDOW_MAX
        elif len(self._cursors) > PAGE:
            self._start = self._cursors[PAGE]
        await self._reload()

    async def _slide_up(self) -> None:
        if not self.more_before or self._start is None:
            return
        async with self._read() as uow:
            self._start = await uow.lists.start_of_previous(
                self._view, today=lists.today(uow), start=self._start, rows=PAGE
            )
        await self._reload()

    def _describe(self, view: View) -> None:
        filters = view.filters
        self.list_name, self.list_id = view.list, str(view.id or "")
        self.sort, self.descending, self.search_text = view.sort, view.descending, view.search
        self.filter_count, self.status = filters.count, filters.status or ""
        self.priorities = sorted(priority or "none" for priority in filters.priorities)
        self.tag_ids = sorted(str(tag_id) for tag_id in filters.tag_ids)
        self.tag_match, self.no_due = filters.tag_match, filters.no_due
        self.due_after = filters.due_after.isoformat() if filters.due_after else ""
        self.due_before = filters.due_before.isoformat() if filters.due_before else ""

    def _filter_chips(self, uow: UnitOfWork, sidebar: Sidebar) -> list[FilterChip]:
        names = {tag.id: tag.name for tag in sidebar.tags.values()}
        said = words_for(self._view.filters, tag_names=names, today=lists.today(uow))
        return [FilterChip(words.kind, words.text) for words in said]

    def _subtitle(self, uow: UnitOfWork) -> str:
        day = lists.today(uow)
        return f"{day:%A} {day.day} {day:%B}" if self._view.list is ListName.TODAY else ""

    def _title(self, sidebar: Sidebar) -> str:
        view = self._view
        named = sidebar.projects if view.list is ListName.PROJECT else sidebar.tags
        if view.id is not None:
            return named[view.id].name if view.id in named else "Not found"
        return _TITLES[view.list]
