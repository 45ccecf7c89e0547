"""The menus that all rows share; assets/client/menus.js opens one beside the button that asks for it."""

from __future__ import annotations

import reflex as rx

from components.elements import icon, target
from state.list import ListState
from state.projects import ProjectsState
from state.recurrence import RecurrenceState
from state.shell import ShellState

_PRIORITIES = (
    ("high", "High", "1"),
    ("medium", "Medium", "2"),
    ("low", "Low", "3"),
    ("none", "No priority", "4"),
)
_SORTS = (
    ("due", "Due date", "calendar"),
    ("priority", "Priority", "flag"),
    ("created", "Date added", "clock"),
    ("title", "Alphabetical", "a-large-small"),
    ("manual", "Manual", "grip-vertical"),
)


def menus() -> rx.Component:
    """Every shared menu."""
    return rx.fragment(_priority_menu(), _projects_menu(), _more_menu(), _sort_menu(), _project_menu())


def menu(name: str, label: str, *items: rx.Component) -> rx.Component:
    """A menu that floats; ``name`` is what buttons call it by."""
    return rx.el.div(
        *items,
        id=f"menu-{name}",
        class_name="popover menu",
        role="menu",
        custom_attrs={"popover": "auto", "aria-label": label},
    )


def menu_item(*content: rx.Component | rx.Var[str] | str, **props: object) -> rx.Component:
    """One thing to choose."""
    attributes = {"data-choose": "", **props.pop("attributes", {})}
    return rx.el.button(
        *content,
        type="button",
        role=props.pop("role", "menuitem"),
        class_name="menu-item",
        custom_attrs=attributes,
        **props,
    )


def _priority_menu() -> rx.Component:
    return menu(
        "priority",
        "Priority",
        *(
            menu_item(
                rx.el.span(icon("flag"), class_name="flag", custom_attrs={"data-priority": value}),
                rx.el.span(label, class_name="menu-label"),
                rx.el.kbd(key, custom_attrs={"aria-hidden": "true"}),
                on_click=ListState.set_priority(target(), value),
            )
            for value, label, key in _PRIORITIES
        ),
    )


def _projects_menu() -> rx.Component:
    return menu(
        "projects",
        "Project",
        menu_item(
            icon("inbox"),
            rx.el.span("Inbox", class_name="menu-label"),
            on_click=ListState.set_project(target(), ""),
        ),
        rx.foreach(
            ShellState.projects,
            lambda project: menu_item(
                icon("folder"),
                rx.el.span(project.name, class_name="menu-label"),
                on_click=ListState.set_project(target(), project.id),
                key=project.id,
            ),
        ),
    )


def _more_menu() -> rx.Component:
    return menu(
        "more",
        "More",
        menu_item(
            icon("pencil"),
            rx.el.span("Edit", class_name="menu-label"),
            on_click=ListState.open_task(target()),
        ),
        rx.el.button(
            icon("folder"),
            rx.el.span("Move to project", class_name="menu-label"),
            type="button",
            class_name="menu-item",
            role="menuitem",
            custom_attrs={"data-menu": "menu-projects", "data-keep-target": ""},
        ),
        menu_item(
            icon("repeat"),
            rx.el.span("Repeat…", class_name="menu-label"),
            on_click=RecurrenceState.open(target()),
        ),
        rx.el.button(
            icon("bell"),
            rx.el.span("Reminders", class_name="menu-label"),
            type="button",
            class_name="menu-item",
            role="menuitem",
            custom_attrs={"data-menu": "menu-reminders", "data-keep-target": ""},
        ),
        menu_item(
            icon("skip-forward"),
            rx.el.span("Skip this one", class_name="menu-label"),
            on_click=ListState.skip(target()),
            attributes={"data-if": "skip"},
        ),
        menu_item(
            icon("trash-2"),
            rx.el.span("Delete", class_name="menu-label"),
            on_click=ListState.delete(target()),
            attributes={"data-danger": "true"},
        ),
    )


def _sort_menu() -> rx.Component:
    return menu(
        "sort",
        "Sort by",
        *(
            menu_item(
                icon(icon_name),
                rx.el.span(label, class_name="menu-label"),
                rx.cond(
                    ListState.sort == value,
                    rx.cond(ListState.descending, icon("arrow-down"), icon("arrow-up")),
                ),
                role="menuitemradio",
                on_click=ListState.sort_by(value),
                attributes={"aria-checked": rx.cond(ListState.sort == value, "true", "false")},
            )
            for value, label, icon_name in _SORTS
        ),
    )


def _project_menu() -> rx.Component:
    return menu(
        "project",
        "Project",
        menu_item(
            icon("pencil"),
            rx.el.span("Rename", class_name="menu-label"),
            on_click=ProjectsState.begin_naming(target()),
        ),
        menu_item(
            icon("trash-2"),
            rx.el.span("Delete with its tasks", class_name="menu-label"),
            on_click=ProjectsState.begin_deleting(target()),
            attributes={"data-danger": "true"},
        ),
    )
