"""The frame of every page: sidebar, top bar, the column in the middle."""

from __future__ import annotations

import reflex as rx

from components.assistant import assistant, assistant_button
from components.bell import bell_button
from components.elements import icon, icon_button
from components.projects import project_item, project_name_field
from components.react import Anchor, FollowField, Link
from components.saved_filters import filter_item
from state.assistant import AssistantState
from state.details import DetailsState
from state.filters import FiltersState
from state.list import ListState
from state.pictures import SidebarItem
from state.projects import ProjectsState
from state.shell import ShellState
from state.tags import TagsState

_SEARCH_PAUSE_MS = 120
_LISTS = (
    ("today", "Today", "calendar-check-2"),
    ("upcoming", "Upcoming", "calendar-days"),
    ("inbox", "Inbox", "inbox"),
    ("all", "All", "layers"),
    ("completed", "Completed", "circle-check"),
    ("trash", "Trash", "trash-2"),
)


def shell(*column: rx.Component, aside: rx.Component | None = None, tools: bool = False) -> rx.Component:
    """The frame around a page's own column.

    Args:
        column: what stands in the middle.
        aside: the panel beside it.
        tools: whether the top bar offers to sort and filter, which only lists can be.
    """
    return rx.el.div(
        Anchor.create("Skip to the tasks", href="#main", class_name="skip-link"),
        _sidebar(),
        rx.el.div(class_name="scrim", custom_attrs={"data-for": "drawer", "data-do": "close-drawer"}),
        rx.el.div(
            _top_bar(tools=tools),
            rx.el.main(*column, class_name="column", id="main", tab_index=-1),
            class_name="main",
        ),
        aside or rx.fragment(),
        assistant(),
        class_name="app",
        custom_attrs={
            "data-drawer": "closed",
            "data-assistant": rx.cond(AssistantState.is_open, "open", "closed"),
            "data-details": rx.cond(DetailsState.task.id, "open", "closed") if aside else "closed",
        },
    )


def _sidebar() -> rx.Component:
    return rx.el.nav(
        rx.el.div(
            Link.create(icon("clock-check"), "Punctual", to="/today", class_name="wordmark"),
            icon_button(
                "x", "Close the sidebar", kind="drawer-close", custom_attrs={"data-do": "close-drawer"}
            ),
            class_name="sidebar-head",
        ),
        rx.el.div(
            rx.el.ul(*(_list_item(*item) for item in _LISTS)),
            _section(
                "projects",
                "Projects",
                [
                    icon_button(
                        "plus",
                        "New project",
                        kind="icon-button-small",
                        on_click=ProjectsState.begin_naming("new"),
                    )
                ],
                rx.cond(
                    ProjectsState.naming == "new",
                    project_name_field("", on_send=ProjectsState.create, label="Name of the new project"),
                ),
                rx.el.ul(rx.foreach(ShellState.projects, project_item)),
            ),
            _section(
                "tags",
                "Tags",
                [
                    icon_button(
                        "settings-2", "Manage tags", kind="icon-button-small", on_click=TagsState.open_manager
                    )
                ],
                rx.el.ul(rx.foreach(ShellState.tags, _tag_item)),
            ),
            _section(
                "filters",
                "Filters",
                [
                    icon_button(
                        "plus",
                        "New filter",
                        kind="icon-button-small",
                        on_click=FiltersState.begin_new,
                    )
                ],
                rx.el.ul(rx.foreach(ShellState.filters, filter_item)),
            ),
            class_name="sidebar-scroll",
        ),
        rx.el.div(
            Link.create(
                rx.el.span(
                    ShellState.email[:1].upper(), class_name="avatar", custom_attrs={"aria-hidden": "true"}
                ),
                rx.el.span(ShellState.email, class_name="nav-label"),
                icon("settings"),
                to="/settings",
                class_name="nav-item",
                custom_attrs={"aria-label": "Settings and account"},
            ),
            class_name="sidebar-foot",
        ),
        class_name="sidebar",
        id="sidebar",
        custom_attrs={"aria-label": "Lists"},
    )


def _section(name: str, title: str, buttons: list[rx.Component], *content: rx.Component) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title, class_name="nav-section-title", id=f"nav-{name}"),
            *buttons,
            class_name="nav-section-head",
        ),
        *content,
        class_name="nav-section",
        custom_attrs={"aria-labelledby": f"nav-{name}"},
    )


def _list_item(name: str, label: str, icon_name: str) -> rx.Component:
    return rx.el.li(
        Link.create(
            icon(icon_name),
            rx.el.span(label, class_name="nav-label"),
            _count(ShellState.counts[name].to(str)),
            to=f"/{name}",
            class_name="nav-item",
            custom_attrs={
                "data-list": name,
                "aria-current": rx.cond(
                    (ListState.list_name == name) & (ListState.list_id == ""), "page", "false"
                ),
            },
        )
    )


def _tag_item(tag: rx.Var[SidebarItem]) -> rx.Component:
    return rx.el.li(
        Link.create(
            rx.el.span(class_name="dot", custom_attrs={"data-color": tag.color}),
            rx.el.span(tag.name, class_name="nav-label"),
            _count(tag.count),
            to=f"/tag/{tag.id}",
            class_name="nav-item",
            custom_attrs={"aria-current": rx.cond(ListState.list_id == tag.id, "page", "false")},
        ),
        class_name="nav-row",
    )


def _count(count: rx.Var[str]) -> rx.Component:
    return rx.cond(count, rx.el.span(count, class_name="count"))


def _top_bar(*, tools: bool) -> rx.Component:
    return rx.el.header(
        rx.el.div(
            icon_button(
                "menu",
                "Open the sidebar",
                kind="menu-button",
                custom_attrs={"data-do": "open-drawer", "aria-controls": "sidebar"},
            ),
            class_name="topbar-start",
        ),
        rx.el.div(
            rx.el.div(
                icon("search"),
                FollowField.create(
                    id="search-input",
                    type="search",
                    label="Search",
                    placeholder="Search",
                    value=ListState.search_text,
                    pause=_SEARCH_PAUSE_MS,
                    max_length=200,
                    clear_label="Clear the search",
                    on_type=ListState.search,
                    on_leave=ListState.leave_search,
                ),
                rx.el.kbd("/", custom_attrs={"aria-hidden": "true"}),
                class_name="search",
                role="search",
            ),
            *(_list_tools() if tools else []),
            class_name="topbar-middle",
        ),
        rx.el.div(
            assistant_button(),
            bell_button(),
            icon_button("moon", "Light or dark", kind="wide-only", custom_attrs={"data-do": "theme"}),
            icon_button(
                "circle-question-mark",
                "Keyboard shortcuts",
                kind="wide-only",
                custom_attrs={"data-do": "help"},
            ),
            Link.create(
                rx.el.span(
                    ShellState.email[:1].upper(), class_name="avatar", custom_attrs={"aria-hidden": "true"}
                ),
                to="/settings",
                class_name="icon-button",
                custom_attrs={"aria-label": "Settings and account"},
            ),
            class_name="topbar-end",
        ),
        class_name="topbar",
    )


def _list_tools() -> list[rx.Component]:
    return [
        icon_button(
            "arrow-up-down",
            "Sort",
            custom_attrs={
                "data-menu": "menu-sort",
                "data-do": "sort",
                "aria-haspopup": "menu",
                "aria-expanded": "false",
            },
        ),
        rx.el.button(
            icon("list-filter"),
            rx.cond(ListState.filter_count > 0, rx.el.span(ListState.filter_count, class_name="badge")),
            type="button",
            class_name="icon-button",
            custom_attrs={
                "data-menu": "menu-filter",
                "data-do": "filter",
                "aria-label": rx.cond(
                    ListState.filter_count > 0, f"Filter, {ListState.filter_count} set", "Filter"
                ),
                "aria-haspopup": "dialog",
                "aria-expanded": "false",
            },
        ),
    ]
