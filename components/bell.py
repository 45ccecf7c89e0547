"""The bell in the top bar, the list behind it, and reminders at the corner of the page."""

from __future__ import annotations

import reflex as rx

from components.elements import icon, icon_button, target
from components.menus import menu, menu_item
from components.react import Popover
from state.bell import BellState, Note

_ICONS = (
    ("reminder", "alarm-clock"),
    ("overdue", "clock-alert"),
    ("digest", "sun"),
    ("problem", "circle-alert"),
)
_SNOOZES = (("10min", "10 minutes"), ("1h", "1 hour"), ("tomorrow", "Tomorrow 9:00"))


def bell_button() -> rx.Component:
    """Opens the list; says how many are unread."""
    return rx.el.button(
        icon("bell"),
        rx.cond(BellState.unread, rx.el.span(BellState.unread, class_name="badge")),
        type="button",
        class_name="icon-button bell-button",
        custom_attrs={
            "data-menu": "menu-bell",
            "data-do": "bell",
            "aria-label": rx.cond(
                BellState.unread, f"Notifications, {BellState.unread} unread", "Notifications"
            ),
            "aria-haspopup": "dialog",
            "aria-expanded": "false",
        },
    )


def bell() -> rx.Component:
    """What belongs to the bell and floats."""
    return rx.fragment(_panel(), _toasts(), _snooze_menu())


def _panel() -> rx.Component:
    return Popover.create(
        rx.el.div(
            rx.el.h2("Notifications", class_name="bell-title"),
            rx.el.button(
                "Mark all as read",
                type="button",
                class_name="button button-plain button-small",
                disabled=BellState.unread == "",
                on_click=BellState.read_all,
            ),
            class_name="bell-head",
        ),
        rx.cond(
            BellState.loaded & (BellState.notes.length() == 0),
            rx.el.div(
                icon("bell"),
                rx.el.p("Nothing yet", class_name="empty-line"),
                rx.el.p("Reminders of your tasks will be listed here.", class_name="empty-hint"),
                class_name="empty",
            ),
            rx.el.ol(rx.foreach(BellState.notes, _note), class_name="notes"),
        ),
        rx.cond(
            BellState.has_newer | BellState.has_older,
            rx.el.nav(
                _turn("Newer", BellState.newer, enabled=BellState.has_newer),
                _turn("Older", BellState.older, enabled=BellState.has_older),
                class_name="bell-foot",
                custom_attrs={"aria-label": "Pages of notifications"},
            ),
        ),
        id="menu-bell",
        label="Notifications",
        on_open=BellState.open_bell,
        class_name="bell-panel",
    )


def _turn(label: str, handler: rx.EventHandler, *, enabled: rx.Var[bool]) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        class_name="button button-plain button-small",
        disabled=~enabled,
        on_click=handler,
    )


def _note(note: rx.Var[Note]) -> rx.Component:
    return rx.el.li(
        _kind(note),
        rx.el.button(
            rx.el.span(note.title, class_name="note-title"),
            rx.cond(note.when, rx.el.span(note.when, class_name="note-when")),
            rx.cond(note.body, rx.el.span(note.body, class_name="note-body")),
            type="button",
            class_name="note-open",
            on_click=BellState.go_to(note.id),
            custom_attrs={"data-choose": ""},
        ),
        rx.el.div(
            rx.el.time(note.came, date_time=note.instant),
            rx.el.div(
                rx.cond(
                    note.acts,
                    rx.fragment(
                        icon_button(
                            "circle-check",
                            f"Complete: {note.title}",
                            kind="icon-button-small",
                            on_click=BellState.complete(note.id),
                        ),
                        icon_button(
                            "alarm-clock",
                            f"Snooze: {note.title}",
                            kind="icon-button-small",
                            on_click=BellState.begin_snooze(note.id),
                            custom_attrs={
                                "aria-expanded": rx.cond(BellState.snoozing == note.id, "true", "false")
                            },
                        ),
                    ),
                ),
                rx.cond(
                    note.unread,
                    icon_button(
                        "check",
                        f"Mark as read: {note.title}",
                        kind="icon-button-small",
                        on_click=BellState.read(note.id),
                    ),
                ),
                class_name="note-actions",
            ),
            class_name="note-end",
        ),
        rx.cond(
            BellState.snoozing == note.id,
            rx.el.div(
                *(
                    rx.el.button(
                        label,
                        type="button",
                        class_name="button button-small",
                        on_click=BellState.snooze(note.id, how),
                    )
                    for how, label in _SNOOZES
                ),
                class_name="note-snooze",
                role="group",
                custom_attrs={"aria-label": "Remind me again in"},
            ),
        ),
        class_name="note",
        key=note.id,
        custom_attrs={"data-unread": rx.cond(note.unread, "true", "false"), "data-reason": note.reason},
    )


def _kind(note: rx.Var[Note]) -> rx.Component:
    return rx.el.span(
        rx.match(note.reason, *((reason, icon(name)) for reason, name in _ICONS), icon("bell")),
        rx.cond(note.unread, rx.el.span("Unread", class_name="visually-hidden")),
        class_name="note-kind",
    )


def _toasts() -> rx.Component:
    return rx.el.div(
        rx.foreach(BellState.toasts, _toast),
        rx.cond(
            BellState.toasts.length() > 1,
            rx.el.div(
                rx.cond(
                    BellState.more_toasts > 0,
                    rx.el.span(f"and {BellState.more_toasts} more behind the bell"),
                ),
                rx.el.button(
                    "Dismiss all",
                    type="button",
                    class_name="button button-small",
                    on_click=BellState.dismiss_all,
                ),
                class_name="reminders-foot",
            ),
        ),
        class_name="reminders",
        role="status",
        custom_attrs={"aria-live": "polite", "aria-label": "Reminders"},
    )


def _toast(note: rx.Var[Note]) -> rx.Component:
    return rx.el.div(
        _kind(note),
        rx.el.div(
            rx.el.span(note.title, rx.cond(note.when, f" — {note.when}", "")),
            rx.cond(note.body, rx.el.span(note.body, class_name="note-body")),
            class_name="reminder-text",
        ),
        icon_button("x", f"Dismiss: {note.title}", on_click=BellState.dismiss(note.id)),
        rx.el.div(
            rx.cond(
                note.acts,
                rx.fragment(
                    rx.el.button(
                        "Complete",
                        type="button",
                        class_name="reminder-action",
                        on_click=BellState.complete(note.id),
                    ),
                    rx.el.button(
                        "Snooze",
                        type="button",
                        class_name="reminder-action",
                        custom_attrs={
                            "data-menu": "menu-snooze",
                            "data-target": note.id,
                            "data-align": "start",
                            "aria-haspopup": "menu",
                            "aria-expanded": "false",
                        },
                    ),
                ),
            ),
            rx.el.button(
                "Open", type="button", class_name="reminder-action", on_click=BellState.go_to(note.id)
            ),
            class_name="reminder-actions",
        ),
        class_name="reminder",
        key=note.id,
        custom_attrs={"data-reason": note.reason},
    )


def _snooze_menu() -> rx.Component:
    return menu(
        "snooze",
        "Remind me again in",
        *(
            menu_item(
                icon("alarm-clock"),
                rx.el.span(label, class_name="menu-label"),
                on_click=BellState.snooze(target(), how),
            )
            for how, label in _SNOOZES
        ),
    )
