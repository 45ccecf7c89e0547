"""Every list, on one route: going from one to another keeps what is typed and where one is."""

from __future__ import annotations

import reflex as rx

from components.details import details
from components.menus import menus
from components.quick_add import quick_add
from components.shell import shell
from components.task_list import bulk_bar, gestures, page_head, task_list
from components.toast import offline_banner, toast
from state.list import ListState


def add(app: rx.App) -> None:
    """Add the page."""
    app.add_page(page, route="/[[...splat]]", title="Punctual", on_load=ListState.open_page)


def page() -> rx.Component:
    """The list in its frame."""
    return rx.fragment(
        offline_banner(),
        shell(page_head(), quick_add(), task_list(), aside=details(), tools=True),
        bulk_bar(),
        menus(),
        gestures(),
        toast(),
    )
