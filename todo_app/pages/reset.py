"""A new password, with the link from the mail."""

from __future__ import annotations

import reflex as rx

from components.auth_forms import auth_foot, auth_page, link, reset_form


def add(app: rx.App) -> None:
    """Add the page."""
    app.add_page(page, route="/reset", title="Choose a new password · Punctual")


def page() -> rx.Component:
    """The new password."""
    return auth_page(
        "Choose a new password",
        reset_form(),
        auth_foot("The link is too old? ", link("Ask for a new one", "/forgot")),
        lead="You will be logged out everywhere else.",
    )
