"""The pages: which route shows which components and what loads its state. Wiring only."""

from __future__ import annotations

import reflex as rx

from components.auth_forms import keep_early_submit
from todo_app.pages import activity, forgot, lists, login, register, reset, settings

STYLESHEETS = (
    "tokens",
    "base",
    "shell",
    "tasks",
    "details",
    "dialogs",
    "forms",
    "bell",
    "repeating",
    "transfer",
    "assistant",
)


def add_pages(app: rx.App) -> None:
    """Give the app all its pages."""
    for page in (login, register, forgot, reset, settings, activity, lists):
        page.add(app)


def head() -> list[rx.Component]:
    """What stands in the head of every page."""
    return [
        rx.el.meta(
            name="viewport",
            content="width=device-width, initial-scale=1, viewport-fit=cover, "
            "interactive-widget=resizes-content",
        ),
        rx.el.link(rel="icon", type="image/svg+xml", href="/logo.svg"),
        keep_early_submit(),
        rx.el.script(src="/client/main.js", type="module"),
    ]
