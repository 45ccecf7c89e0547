"""Logging in."""

from __future__ import annotations

import reflex as rx

from components.auth_forms import auth_page, log_in_foot, log_in_form
from state.sign_in import SignInState


def add(app: rx.App) -> None:
    """Add the page."""
    app.add_page(page, route="/login", title="Log in · Punctual", on_load=SignInState.open_page)


def page() -> rx.Component:
    """E-mail and password."""
    return auth_page("Log in", log_in_form(), log_in_foot())
