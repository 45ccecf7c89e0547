"""The window on a list that a tab shows: loading it, sliding it, bringing it up to date."""

from __future__ import annotations

from state.pictures import (
    FilterChip,
    ListPicture,
    ShowsPicture,
    SidebarPicture,
    WindowKey,
    picture_list,
    picture_sidebar,
)
from state.rows import Group
from state.shell import ShellState
from state.tabs import Tab, open_tabs
from todo_app.db.repositories.accounts import digest
from todo_app.db.repositories.task_lists import WINDOW_MAX
from todo_app.db.unit_of_work import UnitOfWork
from todo_app.domain.views import Filters, ListName, View
from todo_app.services import lists

PAGE = 50


class ListWindow(ShowsPicture, mixin=True):
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
    due_range: str = ""
    filter_chips: list[FilterChip] = []
    filter_error: str = ""
    query: str = ""
    query_error: str = ""
    query_note: str = ""
    # Of what has just been typed; the address holds only what can be read.
    query_refused: str = ""
    search_text: str = ""

    groups: list[Group] = []
    more_before: bool = False
    more_after: bool = False
    selected: list[str] = []

    _view: View = View()
    # The same once its rows have been read: going on to another address ends what the last one has begun.
    _opened: View | None = None
    # The connection by which it was read.
    _socket: str = ""
    _start: str | None = None
    _limit: int = PAGE
    _cursors: tuple[str, ...] = ()
    # With a first day after the last one, until one of the two is mended.
    _refused: Filters | None = None
    # Where the search that is open began, to go back to.
    _before_search: str = ""

    async def _open(self, view: View) -> None:
        if view != self._view:
            self.selected, self.filter_error, self.query_refused = [], "", ""
        if view.list is not ListName.SEARCH:
            self._before_search = ""
        self._opened = None
        self._view, self._start, self._limit = view, None, PAGE
        self._describe(view)
        await self._reload()
        self._opened, self.loaded = view, True

    async def _leave_list(self) -> None:
        """Another page is shown now: no list is the current one, but the sidebar lives on."""
        self.list_name = self.list_id = ""
        await self._reload()

    async def _reload(self) -> None:
        notices = open_tabs.notices
        async with self._read() as uow:
            sidebar = await picture_sidebar(uow)
            picture = await picture_list(uow, self._window_key, sidebar)
        if not self._watch(uow, as_of=notices):
            return await self._reload()
        await self._show(picture, sidebar)
        return None

    async def _show(self, picture: ListPicture, sidebar: SidebarPicture) -> None:
        """Make the vars those of what was read; the only place that sets them."""
        shell = await self.get_state(ShellState)
        shell._show(sidebar)
        self._show_picture(picture)
        self._cursors = picture.cursors
        if self.selected:
            shown = set(self._shown_ids())
            self._assign(selected=[task_id for task_id in self.selected if task_id in shown])

    def _shown_ids(self) -> list[str]:
        return [row["id"] for group in self.groups for row in group["rows"]]

    def _watch(self, uow: UnitOfWork, *, as_of: int) -> bool:
        """Note that this tab is open; false when it has to read again, having missed a change.

        Only its own reads say whose it is; a push never does.
        """
        if uow.identity.session_id is None:
            return True
        tab = Tab(
            token=self.router.session.client_token,
            user_id=uow.user_id,
            session_id=uow.identity.session_id,
            session_digest=digest(self._caller().secret),
            window=self._window_key,
        )
        return open_tabs.watch(tab, as_of=as_of)

    @property
    def _window_key(self) -> WindowKey:
        # The view itself, not the proxy that Reflex reads it through: so comparing two keys is no work.
        return WindowKey(self.get_value("_view"), self._start, self._limit)

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
            self._start = await lists.start_of_previous(uow, self._view, start=self._start, rows=PAGE)
        await self._reload()

    def _describe(self, view: View) -> None:
        filters = view.filters
        self.list_name, self.list_id = view.list, str(view.id or "")
        self.sort, self.descending, self.search_text = view.sort, view.descending, view.search
        self.filter_count, self.status = filters.count, filters.status or ""
        self.priorities = sorted(priority or "none" for priority in filters.priorities)
        self.tag_ids = sorted(str(tag_id) for tag_id in filters.tag_ids)
        self.tag_match, self.query = filters.tag_match, filters.query
        self._describe_days(filters)

    def _describe_days(self, filters: Filters, *, refused: bool = False) -> None:
        self._refused = filters if refused else None
        self.due_after = filters.due_after.isoformat() if filters.due_after else ""
        self.due_before = filters.due_before.isoformat() if filters.due_before else ""
