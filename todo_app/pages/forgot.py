"""A forgotten password: a link by mail, or the operator's command."""

from __future__ import annotations

import reflex as rx

from components.auth_forms import auth_foot, auth_page, forgot_form, link, without_mail
from state.sign_in import SignInState


def add(app: rx.App) -> None:
    """Add the page."""
    app.add_page(page, route="/forgot", title="Forgotten password · Punctual", on_load=SignInState.open_page)


def page() -> rx.Component:
    """The address to send a link to."""
    return auth_page(
        "Forgotten password",
        rx.cond(SignInState.sends_mail, forgot_form(), without_mail()),
        auth_foot(link("Back to log in", "/login")),
        lead=rx.cond(
            SignInState.sends_mail,
            "Write your address and we send you a link to choose a new one.",
            "It can't be read back, only replaced.",
        ),
    )
