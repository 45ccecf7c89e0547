"""The activity of the account."""

from __future__ import annotations

import reflex as rx

from components.activity import activity
from components.bell import bell
from components.keys_sheet import keys_sheet
from components.menus import menus
from components.projects import project_deletion
from components.saved_filters import filter_dialog, filter_menu
from components.shell import shell
from components.tag_manager import tag_manager
from components.toast import offline_banner, toast
from state.activity import ActivityState
from state.bell import BellState


def add(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route="/activity",
        title="Activity · Punctual",
        on_load=[ActivityState.open_page, BellState.arrive],
    )


def page() -> rx.Component:
    """The activity in the frame."""
    return rx.fragment(
        offline_banner(),
        shell(activity()),
        menus(),
        filter_menu(),
        filter_dialog(),
        tag_manager(),
        project_deletion(),
        keys_sheet(),
        bell(),
        toast(),
    )
