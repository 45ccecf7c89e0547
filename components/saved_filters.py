"""Saved filters: in the sidebar, their menu, and the dialog in which they are made and changed."""

from __future__ import annotations

import reflex as rx

from components.elements import icon, icon_button, target
from components.menus import menu, menu_item
from components.react import FilterForm, Link, Modal
from state.filters import FiltersState
from state.list import ListState
from state.pictures import SidebarItem


def filter_item(saved: rx.Var[SidebarItem]) -> rx.Component:
    """One saved filter."""
    return rx.el.li(
        Link.create(
            icon("list-filter"),
            rx.el.span(saved.name, class_name="nav-label"),
            rx.cond(saved.count, rx.el.span(saved.count, class_name="count")),
            to=f"/filter/{saved.id}",
            class_name="nav-item",
            custom_attrs={"aria-current": rx.cond(ListState.list_id == saved.id, "page", "false")},
        ),
        icon_button(
            "ellipsis",
            f"More for {saved.name}",
            custom_attrs={
                "data-menu": "menu-saved-filter",
                "data-target": saved.id,
                "aria-haspopup": "menu",
            },
        ),
        class_name="nav-row",
        key=saved.id,
    )


def filter_menu() -> rx.Component:
    """What can be done to a saved filter."""
    return menu(
        "saved-filter",
        "Saved filter",
        _item("pencil", "Edit", FiltersState.begin_editing(target())),
        _item("arrow-up", "Move up", FiltersState.move_up(target())),
        _item("arrow-down", "Move down", FiltersState.move_down(target())),
        _item("trash-2", "Delete", FiltersState.delete(target()), attributes={"data-danger": "true"}),
    )


def _item(icon_name: str, label: str, on_click: object, **props: object) -> rx.Component:
    return menu_item(icon(icon_name), rx.el.span(label, class_name="menu-label"), on_click=on_click, **props)


def filter_dialog() -> rx.Component:
    """The dialog for a new filter or a saved one."""
    title = rx.cond(FiltersState.draft.id, "Edit filter", "New filter")
    return Modal.create(
        rx.el.div(
            rx.el.h2(title, class_name="dialog-title"),
            icon_button("x", "Close", on_click=FiltersState.close),
            class_name="dialog-head",
        ),
        FilterForm.create(
            opened=FiltersState.opened,
            stored=FiltersState.draft,
            foreseen=FiltersState.foreseen,
            name_error=FiltersState.name_error,
            refused=FiltersState.refused,
            on_consider=FiltersState.consider,
            on_save=FiltersState.save,
            on_close=FiltersState.close,
        ),
        id="filter-dialog",
        open=FiltersState.is_open,
        label=title,
        class_name="dialog",
        on_close=FiltersState.close,
    )
