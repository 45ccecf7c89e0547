"""The message at the corner, and the banner when the server is not reachable."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from components.elements import icon, icon_button
from state.list import ListState
from state.toasts import ToastState


def toast(*, after_undo: list[rx.EventHandler] | None = None) -> rx.Component:
    """At most one message; assets/client/toast.js puts it away after its time.

    A modal dialog puts the rest of the page out of reach, so one that changes things shows it too.
    """
    message = ToastState.toast
    return rx.el.div(
        rx.cond(
            message.text,
            rx.el.div(
                rx.cond(message.is_error, icon("circle-alert")),
                rx.el.span(message.text, class_name="toast-text"),
                rx.cond(
                    message.undo_id,
                    rx.el.button(
                        "Undo",
                        type="button",
                        class_name="toast-action",
                        on_click=[ListState.undo(message.undo_id), *(after_undo or [])],
                        custom_attrs={"data-do": "undo"},
                    ),
                ),
                icon_button(
                    "x",
                    "Dismiss",
                    on_click=ToastState.dismiss_toast,
                    custom_attrs={"data-do": "dismiss-toast"},
                ),
                class_name="toast",
                key=message.key,
                custom_attrs={
                    "data-key": message.key,
                    "data-kind": rx.cond(message.is_error, "error", "done"),
                },
            ),
        ),
        class_name="toasts",
        role="status",
        custom_attrs={"aria-live": "polite"},
    )


def offline_banner() -> rx.Component:
    """Says that the server is away; it goes by itself when the server is back."""
    return rx.cond(
        has_connection_errors,
        rx.el.div(
            icon("wifi-off"),
            rx.el.span("No connection to the server. What you see may be old; trying again…"),
            class_name="banner",
            role="alert",
        ),
    )
