"""The question before something large: what will happen, and two answers."""

from __future__ import annotations

import reflex as rx

from components.react import Modal


def confirm(
    *,
    is_open: rx.Var[bool],
    title: rx.Var[str] | str,
    text: rx.Var[str] | str | rx.Component,
    action: rx.Var[str] | str,
    on_confirm: object,
    on_cancel: object,
) -> rx.Component:
    """A dialog that asks; Escape and a click beside it mean no."""
    return Modal.create(
        rx.el.div(rx.el.h2(title, class_name="dialog-title"), class_name="dialog-head"),
        rx.el.div(rx.el.p(text), class_name="dialog-body"),
        rx.el.div(
            rx.el.button("Cancel", type="button", class_name="button", auto_focus=True, on_click=on_cancel),
            rx.el.button(action, type="button", class_name="button button-danger", on_click=on_confirm),
            class_name="dialog-foot",
        ),
        open=is_open,
        on_close=on_cancel,
        label=title,
        role="alertdialog",
        size="small",
        class_name="dialog",
    )
