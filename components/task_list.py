"""The list in the middle: heading, groups, what stands there when it is empty, the bar for a selection."""

from __future__ import annotations

import reflex as rx

from components.elements import icon, icon_button
from components.task_row import task_row, trashed_row
from state.details import DetailsState
from state.filters import FiltersState
from state.list import ListState
from state.rows import Group, Row

_EMPTY = {
    "today": (
        "calendar-check-2",
        "Nothing left for today",
        "Add a task with q, or see what is coming up with g u.",
    ),
    "upcoming": ("calendar-days", "Nothing is coming up", "Give a task a date and it shows here."),
    "inbox": ("inbox", "The inbox is empty", "Tasks without a project collect here. Press q to add one."),
    "all": ("layers", "No open tasks", "Press q to add the first one."),
    "completed": ("circle-check", "Nothing completed yet", "What you complete is kept here."),
    "trash": ("trash-2", "The trash is empty", "Deleted tasks wait here for 30 days."),
    "search": ("search", "Nothing found", "Try the beginning of a word, or fewer words."),
    "tag": ("tag", "No open task has this tag", "Add one with q; it gets the tag by itself."),
    "filter": ("list-filter", "No task passes this filter", "What passes it later shows up here by itself."),
    "project": ("folder", "This project has no open tasks", "Press q to add one."),
}


def page_head() -> rx.Component:
    """The name of the list."""
    return rx.el.div(
        rx.el.h1(ListState.title, class_name="page-title"),
        rx.cond(ListState.list_name != "filter", rx.el.span(ListState.subtitle, class_name="page-count")),
        rx.cond(
            (ListState.list_name == "trash") & (ListState.groups.length() > 0),
            rx.el.div(
                rx.el.button(
                    "Empty trash",
                    type="button",
                    class_name="button button-plain button-danger-quiet button-small",
                    on_click=ListState.empty_trash,
                    custom_attrs={"aria-busy": rx.cond(ListState.emptying, "true", "false")},
                ),
                class_name="page-actions",
            ),
        ),
        rx.cond(
            (ListState.list_name == "filter") & (ListState.subtitle != ""),
            rx.el.div(
                icon_button(
                    "pencil", "Edit the filter", on_click=FiltersState.begin_editing(ListState.list_id)
                ),
                class_name="page-actions",
            ),
        ),
        class_name="page-head",
    )


def page_note() -> rx.Component:
    """What a saved filter says, and which names in the filters of the list nothing has."""
    says = (ListState.list_name == "filter") & (ListState.subtitle != "")
    return rx.cond(
        says | (ListState.query_note != ""),
        rx.el.div(
            rx.cond(says, rx.el.p(ListState.subtitle, class_name="filter-text")),
            rx.cond(ListState.query_note, rx.el.p(ListState.query_note, role="status")),
            class_name="page-note",
        ),
    )


def task_list() -> rx.Component:
    """The window on the list."""
    return rx.el.div(
        rx.cond(ListState.more_before, _more("Show earlier tasks", "before", ListState.load_previous)),
        rx.cond(
            ListState.loaded,
            rx.cond(ListState.groups.length() > 0, rx.foreach(ListState.groups, _group), _empty()),
            rx.el.ul(
                *(rx.el.li(class_name="skeleton") for _ in range(8)),
                class_name="skeletons",
                custom_attrs={"aria-busy": "true", "aria-label": "Loading tasks"},
            ),
        ),
        rx.cond(ListState.more_after, _more("Show more tasks", "after", ListState.load_more)),
        custom_attrs={
            "data-task-list": "",
            "data-sort": ListState.sort,
            "data-descending": rx.cond(ListState.descending, "true", "false"),
            "data-selecting": rx.cond(ListState.selected.length() > 0, "true", "false"),
        },
    )


def _group(group: rx.Var[Group]) -> rx.Component:
    return rx.el.section(
        rx.cond(
            group.title,
            rx.el.div(
                rx.el.h2(group.title, class_name="group-title"),
                rx.cond(
                    group.title == "Overdue",
                    rx.el.button(
                        "Reschedule to today",
                        type="button",
                        class_name="link-button",
                        on_click=ListState.reschedule_overdue,
                    ),
                ),
                class_name="group-head",
            ),
        ),
        rx.el.ul(
            rx.cond(
                ListState.list_name == "trash",
                rx.foreach(group.rows, trashed_row),
                rx.foreach(group.rows, _row),
            ),
            class_name="task-list",
            custom_attrs={
                "data-sort": ListState.sort,
                "data-selecting": rx.cond(ListState.selected.length() > 0, "true", "false"),
            },
        ),
        class_name="group",
        key=group.title,
        custom_attrs={
            "data-state": rx.cond(group.title == "Overdue", "overdue", ""),
            "aria-label": group.title,
        },
    )


def _row(row: rx.Var[Row]) -> rx.Component:
    return task_row(
        row=row,
        selected=ListState.selected.contains(row.id),
        opened=DetailsState.task.id == row.id,
        key=row.id,
    )


def _more(label: str, side: str, handler: rx.EventHandler) -> rx.Component:
    return rx.el.button(
        label, type="button", class_name="load-more", on_click=handler, custom_attrs={"data-more": side}
    )


def _empty() -> rx.Component:
    cases = [(name, _empty_state(*words)) for name, words in _EMPTY.items()]
    return rx.cond(
        ListState.query_error,
        rx.el.div(
            icon("circle-alert"),
            rx.el.p("This filter can't be read", class_name="empty-line"),
            rx.el.p(ListState.query_error, class_name="empty-hint"),
            class_name="empty",
        ),
        _nothing(cases),
    )


def _nothing(cases: list[tuple[str, rx.Component]]) -> rx.Component:
    return rx.cond(
        ListState.filter_count > 0,
        rx.el.div(
            icon("list-filter"),
            rx.el.p("No task passes these filters", class_name="empty-line"),
            rx.el.button(
                "Clear the filters", class_name="link-button", type="button", on_click=ListState.clear_filters
            ),
            class_name="empty",
        ),
        rx.match(ListState.list_name, *cases, rx.fragment()),
    )


def _empty_state(icon_name: str, line: str, hint: str) -> rx.Component:
    return rx.el.div(
        icon(icon_name),
        rx.el.p(line, class_name="empty-line"),
        rx.el.p(hint, class_name="empty-hint"),
        class_name="empty",
    )


def bulk_bar() -> rx.Component:
    """What can be done to the selected tasks."""
    return rx.cond(
        ListState.selected.length() > 0,
        rx.el.div(
            rx.el.span(f"{ListState.selected.length()} selected", class_name="bulk-count", role="status"),
            rx.el.span(class_name="bulk-rule"),
            _bulk("circle-check", "Complete", "selected-complete", on_click=ListState.complete("selected")),
            _bulk_menu("calendar", "Date", "date"),
            _bulk_menu("flag", "Priority", "priority"),
            _bulk_menu("tag", "Tags", "tags"),
            _bulk_menu("folder", "Project", "projects"),
            _bulk("trash-2", "Delete", "selected-delete", on_click=ListState.delete("selected")),
            rx.el.span(class_name="bulk-rule"),
            icon_button(
                "x",
                "Clear the selection",
                on_click=ListState.clear_selection,
                custom_attrs={"data-do": "clear-selection"},
            ),
            class_name="bulk-bar",
            role="toolbar",
            custom_attrs={"aria-label": "Selected tasks"},
        ),
    )


def _bulk(icon_name: str, label: str, action: str, **props: object) -> rx.Component:
    attributes = {"data-do": action, "aria-label": label, **props.pop("attributes", {})}
    return rx.el.button(
        icon(icon_name),
        rx.el.span(label),
        type="button",
        class_name="button button-plain",
        custom_attrs=attributes,
        **props,
    )


def _bulk_menu(icon_name: str, label: str, menu: str) -> rx.Component:
    attributes = {"data-menu": f"menu-{menu}", "data-target": "selected", "aria-haspopup": "menu"}
    return _bulk(icon_name, label, f"selected-{menu}", attributes=attributes)


def gestures() -> rx.Component:
    """Hidden forms that dragging and shift-clicking send, and the button behind Ctrl-A."""
    return rx.fragment(
        rx.el.form(
            *(rx.el.input(type="hidden", name=name) for name in ("task_id", "after_id", "before_id")),
            id="move-task",
            on_submit=ListState.move,
            hidden=True,
        ),
        rx.el.form(
            rx.el.input(type="hidden", name="task_ids"),
            id="select-range",
            on_submit=ListState.select_range,
            hidden=True,
        ),
        rx.el.button(
            hidden=True, type="button", on_click=ListState.select_all, custom_attrs={"data-do": "select-all"}
        ),
    )
