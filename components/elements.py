"""Small parts that every component uses: icons, buttons that are icons, the open menu's task."""

from __future__ import annotations

from typing import Any

import reflex as rx


def icon(name: str) -> rx.Component:
    """A Lucide icon; the stylesheet gives it its size."""
    return rx.icon(name, size=16, stroke_width=1.5, custom_attrs={"aria-hidden": "true"})


def icon_button(name: str, label: str | rx.Var[str], *, kind: str = "", **props: Any) -> rx.Component:
    """A button that is an icon; ``label`` is what screen readers say."""
    attributes = {"aria-label": label, **props.pop("custom_attrs", {})}
    return rx.el.button(
        icon(name), type="button", class_name=f"icon-button {kind}".strip(), custom_attrs=attributes, **props
    )


def switch(
    *, on: rx.Var[bool], on_click: rx.event.EventSpec, **attributes: str | rx.Var[str]
) -> rx.Component:
    """On or off, at once; ``attributes`` name it."""
    checked = rx.cond(on, "true", "false")
    return rx.el.button(
        type="button",
        role="switch",
        class_name="switch",
        on_click=on_click,
        custom_attrs={
            "aria-checked": checked,
            **{name.replace("_", "-"): text for name, text in attributes.items()},
        },
    )


def target() -> rx.Var[str]:
    """The task for which the open menu was opened (assets/client/menus.js)."""
    return rx.Var("globalThis.punctual.target", _var_type=str)
