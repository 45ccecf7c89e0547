"""Every list, on one route: going from one to another keeps what is typed and where one is."""

from __future__ import annotations

import reflex as rx

from components.bell import bell
from components.date_picker import date_picker
from components.details import details
from components.filters import filter_line, filter_panel
from components.keys_sheet import keys_sheet
from components.menus import menus
from components.projects import project_deletion
from components.quick_add import quick_add
from components.recurrence import recurrence_dialog
from components.reminders import reminder_menu
from components.saved_filters import filter_dialog, filter_menu
from components.shell import shell
from components.tag_manager import tag_manager
from components.tag_menu import tag_menu
from components.task_list import bulk_bar, gestures, page_head, page_note, task_list
from components.toast import offline_banner, toast
from state.bell import BellState
from state.list import ListState


def add(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route="/[[...splat]]",
        title="Punctual",
        on_load=[ListState.open_page, BellState.arrive],
    )


def page() -> rx.Component:
    """The list in its frame."""
    return rx.fragment(
        offline_banner(),
        shell(
            page_head(),
            filter_line(),
            page_note(),
            quick_add(),
            task_list(),
            bulk_bar(),
            rx.el.div(
                menus(),
                filter_menu(),
                date_picker(),
                tag_menu(),
                reminder_menu(),
                filter_panel(),
                class_name="menus",
            ),
            aside=details(),
            tools=True,
        ),
        tag_manager(),
        recurrence_dialog(),
        project_deletion(),
        filter_dialog(),
        keys_sheet(),
        gestures(),
        bell(),
        toast(),
    )
