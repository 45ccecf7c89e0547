"""The tags of a task or of the selected ones, to search, check and create."""

from __future__ import annotations

import reflex as rx

from components.react import Popover, TagPicker
from state.shell import ShellState
from state.tag_menu import TagMenuState


def tag_menu() -> rx.Component:
    """The popover ``menu-tags``."""
    return Popover.create(
        TagPicker.create(
            tags=ShellState.tags,
            checked=TagMenuState.checked,
            mixed=TagMenuState.mixed,
            error=TagMenuState.error,
            on_toggle=TagMenuState.toggle,
            on_make=TagMenuState.make,
        ),
        id="menu-tags",
        label="Tags",
        on_open=TagMenuState.open,
    )
