"""The sheet of keys: the one list of shortcuts, which a test compares with assets/client/keyboard.js."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from components.elements import icon_button


@dataclass(frozen=True, slots=True)
class Shortcut:
    """What some keys do; each of ``keys`` works by itself unless they are pressed together or in turn."""

    does: str
    keys: tuple[str, ...]
    joined: str = ""  # "then" for keys in turn, "+" for keys held together


GROUPS: tuple[tuple[str, tuple[Shortcut, ...]], ...] = (
    (
        "Anywhere",
        (
            Shortcut("Add a task", ("q",)),
            Shortcut("Search", ("/",)),
            Shortcut("Filter", ("f",)),
            Shortcut("Sort", ("s",)),
            Shortcut("Notifications", ("n",)),
            Shortcut("Assistant", ("a",)),
            Shortcut("Undo", ("z",)),
            Shortcut("Keyboard shortcuts", ("?",)),
            Shortcut("Close what is open", ("Escape",)),
        ),
    ),
    (
        "Go to",
        (
            Shortcut("Today", ("g", "t"), "then"),
            Shortcut("Upcoming", ("g", "u"), "then"),
            Shortcut("Inbox", ("g", "i"), "then"),
            Shortcut("All", ("g", "a"), "then"),
            Shortcut("Completed", ("g", "c"), "then"),
        ),
    ),
    (
        "In a list",
        (
            Shortcut("Next task", ("j", "ArrowDown")),
            Shortcut("Previous task", ("k", "ArrowUp")),
            Shortcut("Open", ("e",)),
            Shortcut("Complete", ("c",)),
            Shortcut("Date", ("d",)),
            Shortcut("Priority", ("p",)),
            Shortcut("Tags", ("t",)),
            Shortcut("More", ("m",)),
            Shortcut("Repeat", ("r",)),
            Shortcut("Skip to the next", (">",)),
            Shortcut("Delete", ("Delete", "Backspace")),
            Shortcut("Select", ("x",)),
            Shortcut("Select all", ("Ctrl", "a"), "+"),
        ),
    ),
    (
        "In manual order",
        (
            Shortcut("Move up", ("Alt", "ArrowUp"), "+"),
            Shortcut("Move down", ("Alt", "ArrowDown"), "+"),
        ),
    ),
)
_SHOWN = {"ArrowUp": "↑", "ArrowDown": "↓", "Escape": "Esc", "Delete": "Del"}


def keys_sheet() -> rx.Component:
    """The dialog that assets/client/shell.js opens."""
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2("Keyboard shortcuts", class_name="dialog-title"),
            icon_button("x", "Close", custom_attrs={"data-do": "close-dialog"}),
            class_name="dialog-head",
        ),
        rx.el.div(
            rx.el.div(*(_group(title, shortcuts) for title, shortcuts in GROUPS), class_name="keys"),
            class_name="dialog-body",
        ),
        id="keys-sheet",
        class_name="dialog",
        custom_attrs={"aria-label": "Keyboard shortcuts", "data-size": "wide"},
    )


def _group(title: str, shortcuts: tuple[Shortcut, ...]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(title, class_name="keys-title"),
        rx.el.dl(*(_line(shortcut) for shortcut in shortcuts)),
        class_name="keys-group",
    )


def _line(shortcut: Shortcut) -> rx.Component:
    keys = [rx.el.kbd(_SHOWN.get(key, key)) for key in shortcut.keys]
    return rx.el.div(
        rx.el.dt(shortcut.does),
        rx.el.dd(*(_with_then(keys) if shortcut.joined == "then" else keys)),
        class_name="keys-line",
    )


def _with_then(keys: list[rx.Component]) -> list[rx.Component | str]:
    return [keys[0], *(part for key in keys[1:] for part in ("then", key))]
