"""The parts that every setting is made of: a section, and a name with its control."""

from __future__ import annotations

import reflex as rx


def section(name: str, title: str, *content: rx.Component, lead: str = "", kind: str = "") -> rx.Component:
    """Settings that belong together."""
    return rx.el.section(
        rx.el.h2(title, class_name="settings-title", id=f"settings-{name}"),
        *([rx.el.p(lead, class_name="settings-lead")] if lead else []),
        *content,
        class_name=f"settings-section {kind}".strip(),
        custom_attrs={"aria-labelledby": f"settings-{name}"},
    )


def setting(
    name: str,
    control: rx.Component,
    *,
    anchor: str,
    hint: str | rx.Var[str] = "",
    tall: bool = False,
) -> rx.Component:
    """One setting; its control is labelled by ``anchor`` and described by ``anchor`` with ``-hint``."""
    hints = [] if isinstance(hint, str) and not hint else [hint]
    return rx.el.div(
        rx.el.div(
            rx.el.div(name, class_name="setting-name", id=anchor),
            *(rx.el.p(each, class_name="hint", id=f"{anchor}-hint") for each in hints),
        ),
        rx.el.div(control, class_name="setting-control"),
        class_name="setting",
        custom_attrs={"data-top": "true"} if tall else {},
    )
