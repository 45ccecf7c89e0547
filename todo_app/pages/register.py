"""Signing up."""

from __future__ import annotations

import reflex as rx

from components.auth_forms import auth_foot, auth_page, closed_sign_up, link, register_form
from state.sign_in import SignInState


def add(app: rx.App) -> None:
    """Add the page."""
    app.add_page(page, route="/register", title="Create an account · Punctual", on_load=SignInState.open_page)


def page() -> rx.Component:
    """E-mail, password and time zone, where sign-up is open."""
    return auth_page(
        "Create an account",
        rx.cond(SignInState.sign_up_open, register_form(), closed_sign_up()),
        auth_foot("Have an account? ", link("Log in", "/login")),
        lead="Your tasks stay on this server.",
    )
